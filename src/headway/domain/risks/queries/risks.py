"""The register of risks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.analysis.calibration.brier import Brier, brier
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.queries import rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import from_minor, meant
from headway.domain.risks.models import Risk
from headway.domain.risks.rules import RiskFacts, Said
from headway.errors import NotFound

_RANGES = ("delay", "cost", "mitigated_delay", "mitigated_cost", "closes_days")
#: The columns that an open risk is ranked by.
_ODDS = (
    *("id", "program_id", "key", "probability", "delay"),
    *("is_mitigated", "mitigated_probability", "mitigated_delay"),
)
#: The columns that hold a risk: what its facts name, with its price in minor units.
_COLUMNS = [
    "mitigation_cost_minor" if field.name == "mitigation_cost" else field.name
    for field in fields(RiskFacts)
]


def risks_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[RiskFacts]:
    """Return the risks of a program, closed ones too, by key."""
    return risks_by_program(actor, [program], at)[program.id]


def risks_by_program(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    at: datetime | None = None,
    *,
    only: Collection[UUID] | None = None,
) -> Mapping[UUID, Sequence[RiskFacts]]:
    """Return the risks of many programs by program id, each by key; `only` those ids; one query."""
    asked = {program.id: program for program in programs}
    for program in asked.values():
        require(actor, Permission.VIEW, program)
    found: dict[UUID, list[RiskFacts]] = {program_id: [] for program_id in asked}
    mine: dict[str, object] = {"program_id__in": list(asked)}
    if only is not None:
        mine["id__in"] = list(only)
    for row in _columns(at, workspace_id=actor.workspace_id, **mine):
        found[row["program_id"]].append(_facts(row, asked[row["program_id"]].currency))
    return {one: sorted(rows, key=lambda row: row.key) for one, rows in found.items()}


def _columns(at: datetime | None, **conditions: object) -> Sequence[dict[str, Any]]:
    """Return the columns of risks, now or as known `at`; one query."""
    if at is None:  # a row of Django's for each costs most of the time
        rows: Any = Risk.objects.filter(**conditions)
        return list(rows.values(*_COLUMNS))
    return [_columns_of(row) for row in rows_at(Risk, at, **conditions)]


def _columns_of(row: Risk) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _COLUMNS}


def risk_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> RiskFacts:
    """Return the risk of a program with this key; NotFound with the nearest key."""
    require(actor, Permission.VIEW, program)
    mine = {"workspace_id": actor.workspace_id, "program_id": program.id}
    if at is None and (row := Risk.objects.filter(key=key, **mine).first()) is not None:
        return risk_facts(row, program.currency)
    known = {risk.key: risk for risk in risks_of(actor, program, at)}
    if key not in known:
        sentence = f"There is no risk '{key}' in {program.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]


def risk_facts(row: Risk, currency: str) -> RiskFacts:
    """Return a risk as a frozen value."""
    return _facts(_columns_of(row), currency)


def _facts(columns: dict[str, Any], currency: str) -> RiskFacts:
    for name in _RANGES:
        if columns[name] is not None:
            columns[name] = tuple(columns[name])
    price = from_minor(columns.pop("mitigation_cost_minor"), currency)
    return RiskFacts(**{**columns, "mitigation_cost": price, "said": Said.read(columns["said"])})


@dataclass(frozen=True, slots=True)
class OpenOdds:
    """What an open risk is ranked by: its chance and delay as things stand."""

    id: UUID
    program_id: UUID
    key: str
    chance: float
    delay: Sequence[float] | None


def open_odds(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Sequence[OpenOdds]:
    """Return what the open risks of many programs are ranked by, in no order; one query."""
    asked = list(programs)
    for program in asked:
        require(actor, Permission.VIEW, program)
    mine = {"workspace_id": actor.workspace_id, "program_id__in": [one.id for one in asked]}
    if at is None:
        rows: Iterable[Any] = Risk.objects.filter(state="open", **mine).values_list(*_ODDS)
    else:
        past = rows_at(Risk, at, **mine)
        rows = ([getattr(one, name) for name in _ODDS] for one in past if one.state == "open")
    return [_odds(*row) for row in rows]


def _odds(  # noqa: PLR0913 - columns in their order
    risk_id: UUID,
    program_id: UUID,
    key: str,
    probability: float,
    delay: Sequence[float] | None,
    is_mitigated: bool,  # noqa: FBT001
    softer: float | None,
    shorter: Sequence[float] | None,
) -> OpenOdds:
    chance = softer if is_mitigated and softer is not None else probability
    lasting = shorter if is_mitigated and shorter else delay
    return OpenOdds(risk_id, program_id, key, chance, lasting)


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
    asked = list(programs)
    for program in asked:
        require(actor, Permission.VIEW, program)
    mine = {"workspace_id": actor.workspace_id, "program_id__in": [one.id for one in asked]}
    if at is None:  # of a register most are open, and nothing was kept of those
        ended = Risk.objects.filter(**mine).exclude(state="open")
        held = list(ended.values_list("said", flat=True))
    else:
        held = [row.said for row in rows_at(Risk, at, **mine)]
    told = [said for said in map(Said.read, held) if said is not None]
    return brier([(one.probability, one.occurred) for one in told])
