"""The register of risks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.analysis.calibration.brier import Brier, brier
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import from_minor, meant
from headway.domain.risks.models import Risk
from headway.domain.risks.rules import RiskFacts, Said
from headway.errors import NotFound

_RANGES = ("delay", "cost", "mitigated_delay", "mitigated_cost", "closes_days")


def risks_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[RiskFacts]:
    """Return the risks of a program, closed ones too, by key."""
    return risks_by_program(actor, [program], at)[program.id]


def risks_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[RiskFacts]]:
    """Return the risks of many programs by program id, each by key; one query."""
    asked = {program.id: program for program in programs}
    for program in asked.values():
        require(actor, Permission.VIEW, program)
    found: dict[UUID, list[RiskFacts]] = {program_id: [] for program_id in asked}
    rows = rows_at(Risk, at, workspace_id=actor.workspace_id, program_id__in=list(asked))
    for row in sorted(rows, key=lambda row: row.key):
        found[row.program_id].append(risk_facts(row, asked[row.program_id].currency))
    return found


def risk_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> RiskFacts:
    """Return the risk of a program with this key; NotFound with the nearest key."""
    known = {risk.key: risk for risk in risks_of(actor, program, at)}
    if key not in known:
        sentence = f"There is no risk '{key}' in {program.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]


def risk_facts(row: Risk, currency: str) -> RiskFacts:
    """Return a risk as a frozen value."""
    ranges: dict[str, Any] = {name: getattr(row, name) for name in _RANGES}
    frozen = {name: None if value is None else tuple(value) for name, value in ranges.items()}
    price = from_minor(row.mitigation_cost_minor, currency)
    said = Said.read(row.said)
    return facts(RiskFacts, row, mitigation_cost=price, said=said, **frozen)


@dataclass(frozen=True, slots=True)
class RiskVersion:
    """What was said of a risk from a moment on."""

    at: datetime
    chance: float
    state: str
    delay: tuple[float, ...] | None
    cost: tuple[float, ...] | None


def risk_past(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> Sequence[RiskVersion]:
    """Return how the chance and the ranges of a risk went, oldest first; a version for each change.

    What changed nothing of them is left out.
    """
    held = risk_named(actor, program, key, at)
    versions: Any = Risk.history.filter(id=held.id)
    if at is not None:
        versions = versions.filter(history_date__lte=at)
    found: list[RiskVersion] = []
    for past in versions.order_by("history_date", "history_id"):
        one = risk_facts(past.instance, program.currency)
        told = RiskVersion(past.history_date, one.chance, one.state, one.delay, one.cost)
        if not found or replace(told, at=found[-1].at) != found[-1]:
            found.append(told)
    return found


def risk_calibration(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Brier:
    """Return how good the probabilities of ended risks were, over all `programs` together.

    One that occurred came true; one closed without occurring did not. Never by person.
    """
    cases = [
        (risk.said.probability, risk.said.occurred)
        for rows in risks_by_program(actor, programs, at).values()
        for risk in rows
        if risk.said is not None
    ]
    return brier(cases)
