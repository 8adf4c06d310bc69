"""Registers: the lists that a program keeps by key (risks, actions, blockers, promises)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import Model

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.queries.past import rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound

Row = TypeVar("Row", bound=Model)


class Keyed(Protocol):
    """An entry of a register, as a frozen value."""

    @property
    def key(self) -> str:
        """What it is known by in its program."""


Entry = TypeVar("Entry", bound=Keyed)


def register_rows(
    actor: Actor, model: type[Row], programs: Iterable[ProgramFacts], at: datetime | None
) -> Mapping[UUID, list[Row]]:
    """Return the rows of a register of many programs by program id, each by key; one query."""
    asked = list(programs)
    for program in asked:
        require(actor, Permission.VIEW, program)
    found: dict[UUID, list[Row]] = {program.id: [] for program in asked}
    rows: list[Any] = rows_at(
        model, at, workspace_id=actor.workspace_id, program_id__in=[one.id for one in asked]
    )
    for row in sorted(rows, key=lambda row: str(row.key)):
        found[row.program_id].append(row)
    return found


def entry_named(entries: Iterable[Entry], key: str, sort: str, program: ProgramFacts) -> Entry:
    """Return the entry with this key; NotFound with the nearest key."""
    known = {entry.key: entry for entry in entries}
    if key not in known:
        sentence = f"There is no {sort} '{key}' in {program.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]
