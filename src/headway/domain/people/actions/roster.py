"""Taking a roster from a file, and forgetting somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from headway.connectors.tables import read_grid
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.actions.skills import person_to_change, set_skills
from headway.domain.people.models import (
    Certification,
    GrowthPlan,
    Pay,
    Person,
    SkillLevel,
    TimeSheet,
    WorkingTime,
)
from headway.domain.people.queries import people_of, person_facts
from headway.domain.people.queries.skills import skills_of
from headway.domain.people.rules import PERSON_FIELDS, PersonFacts
from headway.domain.people.rules.roster_file import RosterImport, headings_of
from headway.domain.people.rules.skills import read_skills
from headway.domain.programs.actions.rows import apply_changes
from headway.domain.programs.rules.fields import clean, fresh_key
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import HeadwayError, Invalid
from headway.rendering.cells import is_live

#: Keys that are addresses of pages.
TAKEN = frozenset(
    {
        "allocations",
        "capacity",
        "compute",
        "hiring",
        "import",
        "operations",
        "rates",
        "requests",
        "skills",
    }
)
#: What of somebody stays when they are forgotten: their key, which names nobody.
NOBODY: Mapping[str, object] = {
    "name": "Erased",
    "role": "",
    "level": "",
    "team": "",
    "place": "",
    "manager": "",
    "starts_on": None,
    "ends_on": None,
    "full_time_share": 1.0,
    "email": "",
    "time_zone": "",
    "check_in_day": None,
    "check_in_at": None,
    "away_until": None,
    "is_asked": False,
}


def import_roster(
    actor: Actor, data: bytes, name: str, at: datetime, *, dry_run: bool = False
) -> RosterImport:
    """Put everybody in a CSV or XLSX file on the roster, or change them; a second time nothing.

    Somebody is known by key, else by address, else by name. A row that cannot be taken is refused
    with its line, and the others are taken. `dry_run` says what would happen and changes nothing.
    """
    require(actor, Permission.PROGRAM)
    grid = read_grid(data, name)
    headings = headings_of(grid.header)
    if "name" not in headings.columns:
        sentence = f"{name} has no column for the name; head one of them 'name'."
        raise Invalid(sentence)
    taking = _Taking(actor, at)
    with transaction.atomic():
        for line, cells in zip(grid.lines, grid.rows, strict=True):
            row = {field: _armed(cells[place]) for field, place in headings.columns.items()}
            taking.take(line, row)
        if dry_run:
            transaction.set_rollback(True)
    return RosterImport(
        taking.done["created"],
        taking.done["changed"],
        taking.done["unchanged"],
        taking.refused,
        [*grid.notes, *headings.notes],
    )


def _armed(cell: str) -> str:
    """Return a cell as it was before an export kept a spreadsheet from computing it."""
    return cell[1:] if cell.startswith("'") and is_live(cell[1:]) else cell


class _Taking:
    """An import under way: who is known, and what happened to each row."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.actor, self.at = actor, at
        people = people_of(actor)
        self.keys = {one.key for one in people}
        self.rows = {row.key: row for row in Person.objects.filter(workspace_id=actor.workspace_id)}
        self.skills = skills_of(actor)
        self.names: dict[str, set[str]] = {}
        self.addresses: dict[str, set[str]] = {}
        for one in people:
            self.names.setdefault(one.name.strip().lower(), set()).add(one.key)
            self.addresses.setdefault(one.email, set()).add(one.key)
        self.seen: dict[str, int] = {}
        self.done: dict[str, list[str]] = {"created": [], "changed": [], "unchanged": []}
        self.refused: list[tuple[int, str]] = []

    def take(self, line: int, row: Mapping[str, str]) -> None:
        """Take one row, or say why not."""
        try:
            key = self._key(row)
            if key in self.seen:
                sentence = f"'{key}' stands on line {self.seen[key]} already; keep one of them."
                raise Invalid(sentence)
            self.done[self._write(key, row)].append(key)
            self.seen[key] = line
        except HeadwayError as error:
            self.refused.append((line, str(error)))

    def _key(self, row: Mapping[str, str]) -> str:
        """Return whom a row means: by key, else by address, else by name; a new key for nobody."""
        if row.get("key"):
            return str(read_slug("key", row["key"]))
        address, name = row.get("email", "").lower(), row["name"].strip().lower()
        for known, word in ((self.addresses, address), (self.names, name)):
            keys = known.get(word, ()) if word else ()
            if len(keys) > 1:
                sentence = f"{len(keys)} on the roster are '{word[:60]}'; give the row its key."
                raise Invalid(sentence)
            if keys:
                return next(iter(keys))
        key = fresh_key(row["name"], self.keys | TAKEN | set(self.seen))
        # The same words on a later line mean the same person, who stands twice in the file.
        if name:
            self.names[name] = {key}
        if address:
            self.addresses[address] = {key}
        return key

    def _write(self, key: str, row: Mapping[str, str]) -> str:
        told = {field: cell for field, cell in row.items() if field not in ("key", "skills")}
        fields = clean(told, PERSON_FIELDS)
        skills = read_skills("skills", row["skills"]) if "skills" in row else None
        held = self.rows.get(key)
        if held is None:
            if key in TAKEN:
                sentence = f"'{key}' is the address of a page; choose another key."
                raise Invalid(sentence)
            held = Person(workspace_id=self.actor.workspace_id, key=key, **fields)
            held.save(force_insert=True)
            outcome, names = "created", sorted(fields)
        else:
            names = sorted(apply_changes(self.actor, held, fields, self.at))
            outcome = "changed" if names else "unchanged"
        if names:
            write_audit(self.actor, "set_person", f"person {key}", self.at, fields=names)
        if skills is not None and skills != self.skills.get(key, {}):
            set_skills(self.actor, key, skills, self.at)
            outcome = "changed" if outcome == "unchanged" else outcome
        return outcome


@transaction.atomic
def forget_person(actor: Actor, key: str, at: datetime) -> PersonFacts:
    """Erase all that is known of somebody on the roster; plans keep the key, which names nobody.

    Pay, skills, certificates, growth plan and working time go, with the history of the last; drafts
    of time sheets too, and of submitted ones whose they were. It cannot be undone. Needs the
    permission to remove members.
    """
    require(actor, Permission.MEMBERS)
    row = person_to_change(actor, key)
    for model in (Pay, SkillLevel, Certification, GrowthPlan, WorkingTime):
        model._default_manager.filter(person_id=row.id).delete()
    history: type = WorkingTime.history.model
    history._default_manager.filter(person_id=row.id).delete()  # type: ignore[attr-defined]
    sheets = TimeSheet.objects.filter(person_id=row.id)
    sheets.filter(state="draft").delete()
    sheets.update(person=None)
    told: Sequence[str] = sorted(apply_changes(actor, row, NOBODY, at))
    write_audit(actor, "forget_person", f"person {key}", at, fields=told)
    return person_facts(row)
