"""What programs tolerate of one risk, and where their matrices are cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import from_minor
from headway.domain.risks.models import RiskPolicy
from headway.domain.risks.rules import PolicyFacts

_BOUNDS = ("chance_bounds", "days_bounds", "money_bounds")


def policies_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, PolicyFacts]:
    """Return the risk policy of many programs by program id, the defaults where none; one query."""
    asked = {program.id: program for program in programs}
    for program in asked.values():
        require(actor, Permission.VIEW, program)
    rows = rows_at(RiskPolicy, at, workspace_id=actor.workspace_id, program_id__in=list(asked))
    held = {row.program_id: policy_facts(row, asked[row.program_id].currency) for row in rows}
    return {one: held.get(one) or PolicyFacts(one) for one in asked}


def policy_of(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> PolicyFacts:
    """Return the risk policy of a program; version 0 while nobody set any."""
    return policies_by_program(actor, [program], at)[program.id]


def policy_facts(row: RiskPolicy, currency: str) -> PolicyFacts:
    """Return a risk policy as a frozen value."""
    money = None if row.appetite_minor is None else from_minor(row.appetite_minor, currency)
    bounds = {name: tuple(getattr(row, name)) for name in _BOUNDS}
    return facts(PolicyFacts, row, appetite_money=money, **bounds)
