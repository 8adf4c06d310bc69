"""The stated rule of each of the other five dimensions. Thresholds are here and nowhere else.

schedule    P(on time): good from 0.8, at risk from 0.5, bad below (DECISIONS, Status)
cost        P80 of the cost against the budget, then P50
data        every data check of the newest look passed on more than zero rows
risk        every open threat has an owner and a review ahead; expected loss within contingency
compliance  the approvals the system's tier asks for, from the integration stage on
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from headway.domain.assessments.rules.combine import all_of
from headway.domain.assessments.rules.verdicts import Assessment, Level, Verdict, level_of

#: P(on time) from which a schedule is good, and from which it is at risk rather than bad.
GOOD_ODDS, FAIR_ODDS = 0.8, 0.5

#: A forecast older than this says nothing about today.
FORECAST_LASTS = timedelta(days=8)

#: A data check without an expiry of its own counts this long.
CHECK_LASTS = timedelta(days=30)

#: Approvals asked for by tier, and the stages before which they are not due.
APPROVALS: Mapping[str, tuple[str, ...]] = {
    "high": ("legal", "privacy", "security"),
    "standard": ("security",),
}
EARLY_STAGES = ("frame", "data", "experiment", "validate")


@dataclass(frozen=True, slots=True)
class ScheduleStanding:
    """What the stored forecast says of finishing on time. `problem` says why there is none."""

    p_on_time: float | None
    target: date | None
    p50: date | None = None
    p80: date | None = None
    p_never: float = 0.0
    made_at: datetime | None = None
    problem: str = ""
    what: str = "the target"


@dataclass(frozen=True, slots=True)
class CostStanding:
    """Budget against forecast, in one currency. None: not known."""

    budget: Decimal | None
    p50: Decimal | None
    p80: Decimal | None
    spent: Decimal
    currency: str
    records: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check as it last ran."""

    record: int
    subject: str
    name: str
    passed: bool | None
    rows: int | None
    is_error: bool
    sentence: str
    observed_at: datetime
    valid_until: datetime | None = None
    standing: str = ""  # of a monitor: what its runs say together


@dataclass(frozen=True, slots=True)
class RiskStanding:
    """One open threat. `expected_loss` is probability × mean cost."""

    key: str
    name: str
    owner: str
    review_on: date | None
    expected_loss: Decimal


def assess_schedule(standing: ScheduleStanding, at: datetime) -> Assessment:
    """Good from 80 % odds of the target, at risk from 50 %, bad below; no forecast is unknown."""
    rule = "schedule: P(on time) ≥ 0.8 good, ≥ 0.5 at risk"
    if standing.problem:
        return Assessment(Verdict.ERROR, Level.UNKNOWN, standing.problem, rule)
    if standing.made_at is None:
        sentence = "No forecast yet: there is no plan with ranges to simulate."
        return Assessment(Verdict.MISSING, Level.UNKNOWN, sentence, rule)
    if standing.target is None or standing.p_on_time is None:
        sentence = "No target date is set, so nothing can be on time or late."
        return Assessment(Verdict.MISSING, Level.UNKNOWN, sentence, rule)
    if at - standing.made_at > FORECAST_LASTS:
        sentence = f"The last forecast is of {standing.made_at:%-d %b %Y}; it is too old to say."
        return Assessment(Verdict.STALE, Level.UNKNOWN, sentence, rule)
    odds = _odds(standing.p_on_time)
    ends = f"P50 {_day(standing.p50)}, P80 {_day(standing.p80)}"
    sentence = f"{odds} to reach {standing.what} of {_day(standing.target)} ({ends})."
    if standing.p_on_time >= GOOD_ODDS:
        return Assessment(Verdict.MET, Level.GOOD, sentence, rule)
    level = Level.AT_RISK if standing.p_on_time >= FAIR_ODDS else Level.BAD
    return Assessment(Verdict.UNMET, level, sentence, rule)


def assess_cost(standing: CostStanding) -> Assessment:
    """Good when P80 of the cost fits the budget, at risk when only P50 does."""
    rule = "cost: P80 ≤ budget good, P50 ≤ budget at risk"
    if standing.budget is None:
        sentence = "No budget is set, so nothing can be over or under it."
        return Assessment(Verdict.MISSING, Level.UNKNOWN, sentence, rule, standing.records)
    if standing.p50 is None or standing.p80 is None:
        sentence = "No forecast of the cost yet."
        return Assessment(Verdict.MISSING, Level.UNKNOWN, sentence, rule, standing.records)
    gap = standing.p80 - standing.budget
    money = f"{standing.currency} {abs(gap):,.0f}"
    side = "over" if gap > 0 else "under"
    sentence = f"P80 of the cost is {money} {side} the budget of {standing.budget:,.0f}."
    if gap <= 0:
        return Assessment(Verdict.MET, Level.GOOD, sentence, rule, standing.records)
    level = Level.AT_RISK if standing.p50 <= standing.budget else Level.BAD
    return Assessment(Verdict.UNMET, level, sentence, rule, standing.records)


def assess_data(
    checks: Sequence[CheckFacts], at: datetime, datasets: Collection[str] = ()
) -> Assessment:
    """Every check must have passed, on more than zero rows, and not too long ago.

    `datasets` are the subjects that must have been checked: one that nobody reports on is missing,
    so that a check that falls silent does not turn the rest green.
    """
    rule = "data: every dataset checked, every check passed on rows, within 30 days or its expiry"
    heard = {check.subject for check in checks}
    silent = [
        Assessment(
            Verdict.MISSING,
            Level.UNKNOWN,
            f"No check has reported on {name}.",
            f"check of {name}",
        )
        for name in sorted(set(datasets) - heard)
    ]
    return all_of(
        [*(assess_check(check, at) for check in checks), *silent],
        rule=rule,
        nothing="No data check has reported yet.",
    )


def assess_check(check: CheckFacts, at: datetime) -> Assessment:
    """Judge one check: failed is unmet, no rows is no evidence, an old pass is stale.

    A monitor's check is judged by how the monitor stands: one bad look in between is no alert.
    """
    rule = f"check {check.name}"
    expires = check.valid_until or check.observed_at + CHECK_LASTS
    if check.standing and expires >= at:
        verdict, why = Verdict(check.standing), check.sentence or check.standing
    elif check.passed is None or check.rows == 0:
        verdict, why = Verdict.INSUFFICIENT, "ran on no rows, which is no evidence"
    elif expires < at:
        verdict, why = Verdict.STALE, f"last ran on {check.observed_at:%-d %b %Y}"
    elif check.passed:
        verdict, why = Verdict.MET, "passed"
    else:
        verdict, why = Verdict.UNMET, check.sentence or "failed"
    sentence = f"{check.name} of {check.subject}: {why.rstrip('.')}."
    return Assessment(
        verdict, level_of(verdict, is_due=check.is_error), sentence, rule, (check.record,)
    )


def assess_risk(
    threats: Sequence[RiskStanding], contingency: Decimal | None, currency: str, at: datetime
) -> Assessment:
    """Every open threat owned and reviewed in time, the expected loss within contingency."""
    rule = "risk: owned, reviewed, expected loss ≤ contingency"
    if not threats:
        sentence = "No open threat is written down, which is not the same as no risk."
        return Assessment(Verdict.MISSING, Level.UNKNOWN, sentence, rule)
    unowned = [threat.name for threat in threats if not threat.owner]
    if unowned:
        sentence = f"Nobody owns {_listed(unowned)}."
        return Assessment(Verdict.UNMET, Level.AT_RISK, sentence, rule)
    overdue = [t.name for t in threats if t.review_on is None or t.review_on < at.date()]
    if overdue:
        sentence = f"The review is overdue for {_listed(overdue)}."
        return Assessment(Verdict.STALE, Level.UNKNOWN, sentence, rule)
    loss = sum((threat.expected_loss for threat in threats), Decimal(0))
    if contingency is None:
        sentence = f"Expected loss {currency} {loss:,.0f}, and no contingency is set against it."
        return Assessment(Verdict.MISSING, Level.UNKNOWN, sentence, rule)
    sentence = (
        f"{len(threats)} open threats, expected loss {currency} {loss:,.0f} "
        f"against a contingency of {contingency:,.0f}."
    )
    if loss <= contingency:
        return Assessment(Verdict.MET, Level.GOOD, sentence, rule)
    return Assessment(Verdict.UNMET, Level.BAD, sentence, rule)


def assess_compliance(
    tier: str, stage: str, approvals: Mapping[str, tuple[str, int]], checks: Collection[Assessment]
) -> Assessment:
    """The approvals the tier asks for, by function; `approvals` maps function → (decision, record).

    Before the integration stage they are not due, but a refusal counts at once.
    """
    needed = APPROVALS.get(tier, APPROVALS["high"])
    is_due = stage not in EARLY_STAGES and stage != ""
    parts = [_approval(function, approvals.get(function), is_due=is_due) for function in needed]
    return all_of(
        [*parts, *checks],
        rule=f"compliance: {', '.join(needed)} approve a {tier}-tier system before integration",
        nothing="Nothing is asked for.",
    )


def _approval(function: str, given: tuple[str, int] | None, *, is_due: bool) -> Assessment:
    rule = f"approval by {function}"
    if given is None:
        verdict = Verdict.MISSING if is_due else Verdict.NOT_DUE
        when = "has not decided yet" if is_due else "decides before integration"
        return Assessment(verdict, Level.UNKNOWN, f"{function.capitalize()} {when}.", rule)
    decision, record = given
    sentences = {
        "approved": "approved",
        "conditions": "approved with conditions that are still open",
        "refused": "refused",
    }
    verdict = Verdict.MET if decision == "approved" else Verdict.UNMET
    level = Level.AT_RISK if decision == "conditions" else level_of(verdict)
    sentence = f"{function.capitalize()} {sentences[decision]}."
    return Assessment(verdict, level, sentence, rule, (record,))


def _odds(share: float) -> str:
    """Return odds in words that never promise certainty."""
    if share > 0.95:
        return "More than 95 % odds"
    if share < 0.05:
        return "Less than 5 % odds"
    return f"{share:.0%} odds".replace("%", " %")


def _day(day: date | None) -> str:
    return f"{day:%-d %b %Y}" if day else "n/a"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
