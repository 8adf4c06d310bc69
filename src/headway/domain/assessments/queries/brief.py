"""The Monday brief of one program as a document: the odds then and now, why, and what is due.

Decisions are those that wait, with what each option would do; blockers stand by age, actions are
those overdue, promises all that are open, those that ask for somebody first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries.rhythm import (
    ActionLine,
    BlockerLine,
    Ground,
    PromiseLine,
    ReleaseLine,
    team_rhythm,
)
from headway.domain.checkins.queries import NotCheckedIn, not_checked_in
from headway.domain.evidence.queries import ExpiringEvidence
from headway.domain.people.queries import names_of
from headway.domain.plans.queries import decisions_of, latest_forecast, odds_bridge
from headway.domain.plans.rules import BridgeLine, DecisionFacts, OptionFacts
from headway.domain.programs.queries import projects_of, releases_of
from headway.domain.programs.rules import ProgramFacts


@dataclass(frozen=True, slots=True)
class Odds:
    """P(on time) of the two forecasts; None where there is no target or no forecast."""

    then: float | None
    now: float | None


@dataclass(frozen=True, slots=True)
class Days:
    """The P80 finish of the two forecasts."""

    then: date | None
    now: date | None


@dataclass(frozen=True, slots=True)
class Cause:
    """What one cause did to P80: calendar days, money in the program's currency."""

    cause: str
    days_p80: float | None
    money_p80: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class BriefOption:
    """An option with what it would do at P80: calendar days and money, negative when it helps."""

    key: str
    name: str
    p_on_time: float | None
    finish_p80: date | None
    days_p80: int | None
    money_p80: float | None


@dataclass(frozen=True, slots=True)
class BriefDecision:
    """A decision that waits; `waiting_days` is what one more week adds at P80."""

    key: str
    question: str
    owner: str
    due: date | None
    recommended: str
    waiting_days: int | None
    waiting_money: float | None
    options: Sequence[BriefOption]


@dataclass(frozen=True, slots=True)
class BriefBlocker:
    """An open blocker. `age_days` are working days; `week_…` is what one further week costs at P80.

    `level` counts the steps of its escalation path that its age has passed, to `escalated_to`.
    """

    key: str
    name: str
    items: Sequence[str]
    waits_for: str
    owner: str
    since: date
    age_days: int
    level: int
    escalated_to: str
    week_days: int | None
    week_money: float | None


@dataclass(frozen=True, slots=True)
class BriefAction:
    """An overdue action, by calendar days, and what it came from."""

    key: str
    name: str
    owner: str
    due: date | None
    days_overdue: int
    source_kind: str
    source_key: str


@dataclass(frozen=True, slots=True)
class BriefPromise:
    """An open promise: the float in working days, and the days that P80 moves as promised.

    `chance` is that of what we give. `asks` is why somebody should look: overdue, late, undated,
    unconfirmed, unlikely; empty where nobody has to.
    """

    key: str
    name: str
    direction: str
    giver: str
    taker: str
    items: Sequence[str]
    needed_by: date | None
    promised: date | None
    is_confirmed: bool
    float_days: int | None
    days_p80: int | None
    chance: float | None
    asks: str


@dataclass(frozen=True, slots=True)
class BriefRelease:
    """A release that is due within two weeks, the stage it stands in, and what it is due for."""

    system: str
    name: str
    project: str
    stage: str
    due: date
    what: str


@dataclass(frozen=True, slots=True)
class ProgramBrief:
    """The answer of `headway brief`. The days of `bridge` add up to those between the finishes.

    `problem` says why there is no bridge, empty where there is one.
    """

    program: str
    since: datetime
    at: datetime
    p_on_time: Odds
    finish_p80: Days
    bridge: Sequence[Cause]
    currency: str
    problem: str
    decisions: Sequence[BriefDecision]
    blockers: Sequence[BriefBlocker]
    actions: Sequence[BriefAction]
    promises: Sequence[BriefPromise]
    expiring: Sequence[ExpiringEvidence]
    not_checked_in: Sequence[NotCheckedIn]
    releases: Sequence[BriefRelease]

    @property
    def is_quiet(self) -> bool:
        """Say whether nothing of it needs anybody."""
        asking = [one for one in self.promises if one.asks]
        waits = (self.decisions, self.blockers, self.actions, asking, self.expiring, self.releases)
        return not any(waits) and not self.not_checked_in


def program_brief(
    actor: Actor, program: ProgramFacts, since: datetime, at: datetime, *, live: bool = True
) -> ProgramBrief:
    """Return what changed between `since` and `at`, and the evidence that goes stale in a week.

    With `live` false the evidence is that known at `at`. Raises Invalid unless since < at.
    """
    found = odds_bridge(actor, program, since, at)
    known_at = None if live else at
    rhythm = team_rhythm(actor, [program], _ground(actor, program, known_at), at, known_at)
    return ProgramBrief(
        program=program.slug,
        since=since,
        at=at,
        p_on_time=Odds(found.then.p_on_time, found.now.p_on_time),
        finish_p80=Days(found.then.finish_p80, found.now.finish_p80),
        bridge=[_cause(line) for line in found.lines],
        currency=program.currency,
        problem=found.problem,
        decisions=[_decision(one) for one in decisions_of(actor, program, known_at) if one.is_open],
        not_checked_in=not_checked_in(actor, at, program),
        blockers=[_blocker(line) for line in rhythm.blockers],
        actions=[_action(line) for line in rhythm.actions],
        promises=[_promise(line) for line in rhythm.promises],
        expiring=rhythm.expiring,
        releases=[_release(line) for line in rhythm.releases],
    )


def _ground(actor: Actor, program: ProgramFacts, known_at: datetime | None) -> Ground:
    return Ground(
        projects={program.id: projects_of(actor, program, known_at)},
        forecasts={program.id: latest_forecast(actor, program, known_at)},
        releases=releases_of(actor, known_at),
        names=names_of(actor),
    )


def _cause(line: BridgeLine) -> Cause:
    return Cause(line.cause, _number(line.days_p80), _number(line.money_p80), line.sentence)


def _decision(one: DecisionFacts) -> BriefDecision:
    waiting = one.waiting
    return BriefDecision(
        one.key,
        one.question,
        one.owner,
        one.due,
        one.recommended,
        waiting.waiting_days if waiting else None,
        _number(waiting.waiting_money) if waiting else None,
        [_option(one, option) for option in one.options],
    )


def _option(one: DecisionFacts, option: OptionFacts) -> BriefOption:
    found = one.outlook.of(option.key) if one.outlook else None
    if found is None:
        return BriefOption(option.key, option.name, None, None, None, None)
    return BriefOption(
        option.key,
        option.name,
        found.p_on_time,
        found.finish_p80,
        found.days_p80,
        _number(found.money_p80),
    )


def _blocker(line: BlockerLine) -> BriefBlocker:
    held, outlook = line.standing.blocker, line.standing.outlook
    week = outlook.first if outlook else None
    return BriefBlocker(
        held.key,
        held.name,
        [one.address for one in line.standing.items],
        held.waits_for,
        held.owner,
        held.since,
        held.age_days,
        held.level,
        held.escalated_to,
        week.days_p80 if week else None,
        _number(week.money_p80) if week else None,
    )


def _action(line: ActionLine) -> BriefAction:
    held = line.action
    return BriefAction(
        held.key,
        held.name,
        held.owner,
        held.due,
        line.days_overdue,
        held.source_kind,
        held.source_key,
    )


def _promise(line: PromiseLine) -> BriefPromise:
    one, held = line.standing, line.standing.promise
    return BriefPromise(
        held.key,
        held.name,
        held.direction,
        held.giver,
        held.taker,
        [item.address for item in one.items],
        one.needed_by,
        held.promised,
        held.is_confirmed,
        one.float_days,
        one.effect.days_p80 if one.effect else None,
        one.chance,
        line.asks,
    )


def _release(line: ReleaseLine) -> BriefRelease:
    held = line.release
    return BriefRelease(
        held.system_slug, held.name, line.project.slug, held.stage, line.due, line.what
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
