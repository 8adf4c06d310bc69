"""Bringing a time sheet: its hours become people's cost, at the rates of roles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from headway.connectors.tables import Grid, read_grid
from headway.connectors.tables.dates import day_in, order_in
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.actions.bills import record_bills
from headway.domain.costs.rules import BillDraft
from headway.domain.costs.rules.time_sheets import (
    MOST_HOURS,
    Rate,
    TimeEntry,
    columns_of,
    sheet_drafts,
)
from headway.domain.people.queries import people_of, resources_of
from headway.domain.people.queries.pay import rate_card
from headway.domain.people.rules import PersonFacts
from headway.domain.programs.models import Project
from headway.domain.programs.queries import programs_of, projects_by_program
from headway.errors import Invalid


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not counted, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportedSheet:
    """What became of a time sheet."""

    sha256: str
    rows: int
    recorded: int
    replaced: int
    already_known: int
    records: Sequence[int]
    bills: Sequence[BillDraft]
    refused: Sequence[Refused]

    def as_json(self) -> dict[str, Any]:
        """Return it as every door tells it, with the keys of a bill's import."""
        return {
            "format": "time sheet",
            "sha256": self.sha256,
            "rows": self.rows,
            "recorded": self.recorded,
            "replaced": self.replaced,
            "already_known": self.already_known,
            "records": list(self.records),
            "bills": [one.told() for one in self.bills],
            "refused": [{"line": one.line, "reason": one.reason} for one in self.refused],
            "refused_count": len(self.refused),
            "notes": list(self.bills[0].notes) if self.bills else [],
        }


def import_time_sheet(
    actor: Actor, data: bytes, name: str, at: datetime, *, team: str = "", dry_run: bool = False
) -> ImportedSheet:
    """Bring a time sheet (CSV, XLSX); a later one of the same `team` and month takes its place.

    Columns are person (a roster key, name or address), day, hours, and project or item
    (`project/KEY`). Rows that cannot be counted are named, and the rest is brought.
    """
    require(actor, Permission.EVIDENCE)
    grid = read_grid(data, name)
    people = {
        word.lower(): person
        for person in people_of(actor)
        for word in (person.key, person.name, getattr(person, "email", ""))
        if word
    }
    projects = Project.objects.filter(workspace_id=actor.workspace_id)
    known = {word.lower(): slug for slug, title in projects.values_list("slug", "name")
             for word in (slug, title)}  # fmt: skip
    entries: list[TimeEntry] = []
    refused: list[Refused] = []
    for line, read in _entries(grid, name, people, known):
        if isinstance(read, str):
            refused.append(Refused(line, read))
        else:
            entries.append(read)
    rate = role_rates(actor, at)
    file = (name[-300:], hashlib.sha256(data).hexdigest())
    drafts = sheet_drafts(entries, rate, file, team, len(refused))
    if dry_run or not drafts:
        return ImportedSheet(file[1], len(entries), 0, 0, 0, (), drafts, refused)
    done = record_bills(actor, drafts, at)
    return ImportedSheet(file[1], len(entries), *done, drafts, refused)


def role_rates(actor: Actor, at: datetime) -> Callable[[str, str], Rate]:
    """Return what an hour of a role costs in a project: by its program's resource, else the card.

    Of a role (not of a person): evidence is open to everybody.
    """
    card = rate_card(actor)
    programs = programs_of(actor, at)
    homes = projects_by_program(actor, programs, at)
    planned = {
        (project.slug, resource.name.lower()): Rate(resource.rate, program.currency)
        for program in programs
        for resource in resources_of(actor, program, at)
        if resource.kind == "people" and resource.rate
        for project in homes[program.id]
    }

    def rate(role: str, project: str) -> Rate:
        found = planned.get((project, role.lower()))
        if found is not None:
            return found
        hour = card.rate_of(role)
        return Rate(hour.amount, hour.currency)

    return rate


def _entries(
    grid: Grid, name: str, people: Mapping[str, PersonFacts], projects: Mapping[str, str]
) -> Iterator[tuple[int, TimeEntry | str]]:
    """Yield each row's entry, or why it has none, with its line."""
    places = columns_of(grid.header, name)
    order = order_in(row[places["day"]] for row in grid.rows) or "ymd"
    seen: dict[tuple[str, ...], int] = {}
    for line, row in zip(grid.lines, grid.rows, strict=True):
        cells = {field: row[at] for field, at in places.items()}
        key = tuple(cells.values())
        if key in seen:
            yield line, f"it is a copy of line {seen[key]}"
            continue
        seen[key] = line
        try:
            yield line, _entry(cells, order, people, projects)
        except Invalid as error:
            yield line, str(error)


def _entry(
    cells: Mapping[str, str],
    order: str,
    people: Mapping[str, PersonFacts],
    projects: Mapping[str, str],
) -> TimeEntry:
    person = people.get(cells["person"].strip().lower())
    if person is None:
        sentence = f"nobody on the roster is called ‘{cells['person'][:60]}’"
        raise Invalid(sentence)
    day = day_in(cells["day"], order)
    if day is None:
        sentence = f"‘{cells['day'][:40]}’ is not a day"
        raise Invalid(sentence)
    hours = _hours(cells["hours"])
    item = cells.get("item", "").strip()
    project = cells.get("project", "").strip()
    if not project and "/" in item:
        project, _, item = item.partition("/")
    slug = projects.get(project.lower())
    if slug is None:
        sentence = f"there is no project ‘{project[:60]}’"
        raise Invalid(sentence)
    return TimeEntry(person.role, day, hours, slug, item[:200])


def _hours(text: str) -> Decimal:
    told = text.strip().replace(",", ".")
    hours, colon, minutes = told.partition(":")
    try:
        found = Decimal(hours) + (Decimal(minutes) / 60 if colon else 0)
    except InvalidOperation:
        sentence = f"‘{text[:40]}’ is not a number of hours"
        raise Invalid(sentence) from None
    if not found.is_finite() or not 0 < found <= MOST_HOURS:
        sentence = f"{text[:40]} hours of one day are not 0 to {MOST_HOURS}"
        raise Invalid(sentence)
    return found.quantize(Decimal("0.0001"))
