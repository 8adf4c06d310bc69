"""Actions of programs: what is to be done, by whom, by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.programs.queries import entry_named, facts, register_rows
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.models import Action
from headway.domain.risks.rules import ActionFacts


def actions_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[ActionFacts]]:
    """Return the actions of many programs: open ones first, by due day; one query."""
    found = register_rows(actor, Action, programs, at)
    return {one: [action_facts(row) for row in sorted(found[one], key=_place)] for one in found}


def actions_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[ActionFacts]:
    """Return the actions of a program: open ones first, by due day."""
    return actions_by_program(actor, [program], at)[program.id]


def action_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> ActionFacts:
    """Return the action of a program with this key; NotFound with the nearest key."""
    return entry_named(actions_of(actor, program, at), key, "action", program)


def action_facts(row: Action) -> ActionFacts:
    """Return an action as a frozen value."""
    return facts(ActionFacts, row)


def _place(row: Action) -> tuple[bool, date, str]:
    return (row.state != "open", row.due or date.max, row.key)
