"""The Monday brief of one program as a document: the odds then and now, why, and what is due.

Decisions, blockers, actions and promises are lists for what the rhythm of a team writes down; this
version keeps no such objects yet, so that they are empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.queries import ExpiringEvidence, expiring_evidence
from headway.domain.plans.queries import odds_bridge
from headway.domain.plans.rules import BridgeLine
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
    decisions: Sequence[str]
    blockers: Sequence[str]
    actions: Sequence[str]
    promises: Sequence[str]
    expiring: Sequence[ExpiringEvidence]


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
        decisions=[],
        blockers=[],
        actions=[],
        promises=[],
        expiring=expiring_evidence(actor, projects, at, at + SOON),
    )


def _cause(line: BridgeLine) -> Cause:
    return Cause(line.cause, _number(line.days_p80), _number(line.money_p80), line.sentence)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
