"""Every write of allocations: one by one, or many of a table in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Allocation, Person
from headway.domain.people.queries.allocations import allocation_facts
from headway.domain.people.rules.allocations import (
    ALLOCATION_FIELDS,
    AllocationFacts,
    allocation_key,
    read_allocation_key,
    require_amount,
)
from headway.domain.programs.actions.rows import (
    add_dated,
    add_row,
    change_row,
    drop_row,
    put_back,
    save_dated,
)
from headway.domain.programs.models import Program, Project
from headway.domain.programs.rules.fields import clean, meant
from headway.errors import HeadwayError, Invalid, NotFound

#: Rows of one import; larger tables come in parts.
MOST_IMPORTED = 20_000
#: What an allocation holds besides its key.
_WRITTEN = [
    "person_id",
    "program_id",
    "project_id",
    "item",
    "share",
    "weekly_hours",
    "starts_on",
    "ends_on",
    "is_tentative",
    "note",
]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many rows were read and what became of them, line by line."""

    read: int
    created: int
    updated: int
    unchanged: int
    skipped: Sequence[tuple[int, str]]  # line, reason


@dataclass(frozen=True, slots=True)
class Known:
    """Whom and what allocations of a workspace may name, by address."""

    people: Mapping[str, UUID]
    programs: Mapping[str, UUID]
    projects: Mapping[str, tuple[UUID, UUID]]  # project → its id, its program's

    @classmethod
    def of(cls, actor: Actor) -> Known:
        """Return them: three queries."""
        mine = {"workspace_id": actor.workspace_id}
        projects = Project.objects.filter(**mine).values_list("slug", "id", "program_id")
        return cls(
            dict(Person.objects.filter(**mine).values_list("key", "id")),
            dict(Program.objects.filter(**mine).values_list("slug", "id")),
            {slug: (one, program) for slug, one, program in projects},
        )

    def columns(self, fields: Mapping[str, object]) -> dict[str, Any]:
        """Return fields with ids for addresses. Raises NotFound for one that there is not."""
        held: dict[str, Any] = dict(fields)
        if "person" in held:
            held["person_id"] = _found("person", str(held.pop("person")), self.people)
        if "program" in held:
            name = str(held.pop("program"))
            held["program_id"] = _found("program", name, self.programs) if name else None
        if "project" in held:
            name = str(held.pop("project"))
            held["project_id"], program = (
                _found("project", name, self.projects) if name else (None, held.get("program_id"))
            )
            if held.get("program_id") not in (None, program):
                sentence = f"Project {name} belongs to another program; name that, or none."
                raise Invalid(sentence)
            if name:
                held["program_id"] = program
        return held


def _found(what: str, name: str, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an id, or two
    if name not in known:
        sentence = f"There is no {what} '{name}'{meant(name, known) or '.'}"
        raise NotFound(sentence)
    return known[name]


@transaction.atomic
def set_allocation(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> AllocationFacts:
    """Set an allocation (ALLOCATION_FIELDS): made when there is none of this key, else changed.

    An empty `key` is made of whose it is, where, and from when. A share takes the place of hours
    a week, and the other way round. Raises NotFound for a person or a place that there is not.
    """
    require(actor, Permission.PLAN)
    fields = clean(values, ALLOCATION_FIELDS)
    key = str(read_allocation_key("key", key or _made_key(fields)))
    columns = Known.of(actor).columns(fields)
    rows = Allocation.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = rows.filter(key=key).first()
    if row is None:
        row = Allocation(workspace_id=actor.workspace_id, key=key)
        _put(row, _whole(row, columns))
        add_row(actor, row, at, "set_allocation", **fields)
    else:
        change_row(actor, row, _whole(row, columns), at, "set_allocation", version)
    return allocation_facts(row)


@transaction.atomic
def drop_allocation(actor: Actor, key: str, at: datetime, *, version: int | None = None) -> int:
    """Take an allocation away and return its version, by which it can be brought back."""
    require(actor, Permission.PLAN)
    rows = Allocation.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = rows.filter(key=key).first()
    if row is None:
        sentence = f"There is no allocation '{key}'."
        raise NotFound(sentence)
    drop_row(actor, row, at, "drop_allocation", version)
    return int(row.version)


@transaction.atomic
def restore_allocation(actor: Actor, key: str, version: int, at: datetime) -> AllocationFacts:
    """Put an allocation back to its earlier `version`, or bring it back: the undo."""
    require(actor, Permission.PLAN)
    history: Any = Allocation.history  # simple_history is not typed
    past = history.filter(workspace_id=actor.workspace_id, key=key).order_by("-history_id").first()
    if past is None:
        sentence = f"There is no allocation '{key}'."
        raise NotFound(sentence)
    return allocation_facts(put_back(actor, Allocation, version, at, id=past.id))


@transaction.atomic
def import_allocations(
    actor: Actor, rows: Sequence[tuple[int, Mapping[str, object]]], at: datetime
) -> Imported:
    """Set many allocations, each with its line in a table; a bad row is skipped with its reason.

    The same table twice changes nothing the second time: a row without a key gets the one that
    `set_allocation` would make. One audit row tells of all.
    """
    require(actor, Permission.PLAN)
    if len(rows) > MOST_IMPORTED:
        sentence = f"The table has {len(rows):,} rows; at most {MOST_IMPORTED:,} are read at once."
        raise Invalid(sentence)
    work = _Importing(actor)
    for line, values in rows:
        work.take(line, values)
    for row in work.changed.values():
        row.version += 1
    add_dated(actor, Allocation, work.added.values(), at)
    save_dated(actor, Allocation, work.changed.values(), [*_WRITTEN, "version"], at)
    told = {"created": len(work.added), "updated": len(work.changed)}
    if any(told.values()):
        write_audit(actor, "import_allocations", "allocations", at, **told)
    return Imported(len(rows), unchanged=work.unchanged, skipped=work.skipped, **told)


class _Importing:
    """An import under way: what is there, and what each row of the table does to it."""

    def __init__(self, actor: Actor) -> None:
        self.workspace_id = actor.workspace_id
        self.known = Known.of(actor)
        mine = Allocation.objects.select_for_update().filter(workspace_id=actor.workspace_id)
        self.held = {row.key: row for row in mine}
        self.added: dict[str, Allocation] = {}
        self.changed: dict[str, Allocation] = {}
        self.skipped: list[tuple[int, str]] = []
        self.unchanged = 0

    def take(self, line: int, values: Mapping[str, object]) -> None:
        """Put one row of a table into place, or note why it is skipped."""
        try:
            key, columns = _read_row(values, self.known)
            row = self.added.get(key) or self.held.get(key)
            is_new = row is None
            row = row or Allocation(workspace_id=self.workspace_id, key=key)
            whole = _whole(row, columns)
        except HeadwayError as error:
            self.skipped.append((line, str(error)))
            return
        if is_new:
            self.added[key] = row
        elif all(getattr(row, name) == value for name, value in whole.items()):
            self.unchanged += 1
        elif key not in self.added:
            self.changed[key] = row
        _put(row, whole)


def _read_row(values: Mapping[str, object], known: Known) -> tuple[str, dict[str, Any]]:
    given = dict(values)
    key = str(given.pop("key", "") or "")
    fields = clean(given, ALLOCATION_FIELDS)
    key = str(read_allocation_key("key", key or _made_key(fields)))
    return key, known.columns(fields)


def _made_key(fields: Mapping[str, object]) -> str:
    person, first = fields.get("person"), fields.get("starts_on")
    if not person or not first:
        sentence = "A new allocation needs a person of the roster and its first and last day."
        raise Invalid(sentence)
    parts = [str(fields.get("project") or fields.get("program") or ""), str(fields.get("item", ""))]
    return allocation_key(str(person), "-".join(part for part in parts if part), first)  # type: ignore[arg-type]


def _whole(row: Allocation, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that a row will hold: what is given, beside what it has. Raises Invalid."""
    given = dict(columns)
    # One of the two amounts replaces the other where only one is told.
    if given.get("share") is not None and given.get("weekly_hours") is None:
        given["weekly_hours"] = None
    elif given.get("weekly_hours") is not None and given.get("share") is None:
        given["share"] = None
    whole = {name: given.get(name, getattr(row, name)) for name in _WRITTEN}
    if "program_id" in given and "project_id" not in given and row.project_id:
        whole["project_id"] = None
    require_amount(whole)
    if whole["person_id"] is None:
        sentence = "An allocation needs a person of the roster; write the key of one."
        raise Invalid(sentence)
    if whole["item"] and not whole["project_id"]:
        sentence = f"The item {whole['item']!r} needs its project; write that, too."
        raise Invalid(sentence)
    return whole


def _put(row: Allocation, whole: Mapping[str, Any]) -> None:
    for name, value in whole.items():
        setattr(row, name, value)
