"""Every read of stakeholders. The float that a plan leaves a promise is worked out in `plans`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.programs.queries import entry_named, facts, register_rows
from headway.domain.programs.rules import ProgramFacts
from headway.domain.stakeholders.models import Promise
from headway.domain.stakeholders.rules import PromiseFacts

__all__ = ["promise_facts", "promise_named", "promises_by_program", "promises_of"]


def promises_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[PromiseFacts]]:
    """Return the promises of many programs: open ones first, by promised day; one query."""
    found = register_rows(actor, Promise, programs, at)
    return {one: [promise_facts(row) for row in sorted(found[one], key=_place)] for one in found}


def promises_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[PromiseFacts]:
    """Return the promises of a program: open ones first, by promised day."""
    return promises_by_program(actor, [program], at)[program.id]


def promise_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> PromiseFacts:
    """Return the promise of a program with this key; NotFound with the nearest key."""
    return entry_named(promises_of(actor, program, at), key, "promise", program)


def promise_facts(row: Promise) -> PromiseFacts:
    """Return a promise as a frozen value."""
    return facts(PromiseFacts, row)


def _place(row: Promise) -> tuple[bool, date, str]:
    return (row.state != "open", row.promised or date.max, row.key)
