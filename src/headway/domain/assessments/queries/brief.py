"""The Monday brief of one program as a document: the odds then and now, why, and what is due.

Decisions are those that wait, with what each option would do. Blockers, actions and promises are
lists for what the rhythm of a team writes down; nothing keeps them yet, so that they are empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from headway.domain.accounts.rules import Actor
from headway.domain.checkins.queries import NotCheckedIn, not_checked_in
from headway.domain.evidence.queries import ExpiringEvidence, expiring_evidence
from headway.domain.plans.queries import decisions_of, odds_bridge
from headway.domain.plans.rules import BridgeLine, DecisionFacts, OptionFacts
from headway.domain.programs.queries import projects_of
from headway.domain.programs.rules import ProgramFacts

#: How far ahead evidence that goes stale is told of.
SOON = timedelta(days=7)


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
    blockers: Sequence[str]
    actions: Sequence[str]
    promises: Sequence[str]
    expiring: Sequence[ExpiringEvidence]
    not_checked_in: Sequence[NotCheckedIn]


def program_brief(
    actor: Actor, program: ProgramFacts, since: datetime, at: datetime, *, live: bool = True
) -> ProgramBrief:
    """Return what changed between `since` and `at`, and the evidence that goes stale in a week.

    With `live` false the evidence is that known at `at`. Raises Invalid unless since < at.
    """
    found = odds_bridge(actor, program, since, at)
    known_at = None if live else at
    projects = [project.id for project in projects_of(actor, program, known_at)]
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
        blockers=[],
        actions=[],
        promises=[],
        expiring=expiring_evidence(actor, projects, at, at + SOON),
        not_checked_in=not_checked_in(actor, at, program),
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


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
