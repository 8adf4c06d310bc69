"""Assumptions of programs. What evidence says of the watched ones is judged in `assessments`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.programs.queries import entry_named, facts, register_rows
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.models import Assumption
from headway.domain.risks.rules import AssumptionFacts


def assumptions_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[AssumptionFacts]]:
    """Return the assumptions of many programs: open ones first, by review day; one query."""
    found = register_rows(actor, Assumption, programs, at)
    return {one: [assumption_facts(row) for row in sorted(found[one], key=_place)] for one in found}


def assumptions_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[AssumptionFacts]:
    """Return the assumptions of a program: open ones first, by review day."""
    return assumptions_by_program(actor, [program], at)[program.id]


def assumption_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> AssumptionFacts:
    """Return the assumption of a program with this key; NotFound with the nearest key."""
    return entry_named(assumptions_of(actor, program, at), key, "assumption", program)


def assumption_facts(row: Assumption) -> AssumptionFacts:
    """Return an assumption as a frozen value."""
    return facts(AssumptionFacts, row)


def _place(row: Assumption) -> tuple[bool, date, str]:
    return (row.state != "open", row.review_on or date.max, row.key)
