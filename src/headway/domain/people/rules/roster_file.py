"""The roster as a table: which headings mean which fields, and the rows that are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from headway.domain.people.rules import PersonFacts

#: Fields of a roster file in the order that they are written; skills stand in one cell.
COLUMNS = (
    "key",
    "name",
    "role",
    "level",
    "team",
    "place",
    "manager",
    "starts_on",
    "ends_on",
    "full_time_share",
    "email",
    "time_zone",
    "skills",
)
#: What other tools call them, in small letters with single spaces.
_ALSO = {
    "id": "key",
    "person": "name",
    "full name": "name",
    "job title": "role",
    "title": "role",
    "grade": "level",
    "department": "team",
    "location": "place",
    "office": "place",
    "reports to": "manager",
    "start": "starts_on",
    "start date": "starts_on",
    "end": "ends_on",
    "end date": "ends_on",
    "fte": "full_time_share",
    "mail": "email",
    "e mail": "email",
    "timezone": "time_zone",
}
#: Headings of what a roster does not hold, and where it belongs: it is told, never read.
_PAY = re.compile(r"\b(salary|pay|wage|compensation|cost|rate|bonus)\b")


@dataclass(frozen=True, slots=True)
class Headings:
    """Which column of a file each field stands in, and what is said of the others."""

    columns: Mapping[str, int]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What a roster file did, or would do: keys, and refused rows as (line, why)."""

    created: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]
    refused: Sequence[tuple[int, str]]
    notes: Sequence[str] = field(default=())


def headings_of(header: Sequence[str]) -> Headings:
    """Return which columns are read. Pay is not: a file of it would be a door past the function."""
    columns: dict[str, int] = {}
    notes: list[str] = []
    for place, heading in enumerate(header):
        words = re.sub(r"[\W_]+", " ", heading.lower()).strip()
        name = _ALSO.get(words, words.replace(" ", "_"))
        if name in COLUMNS and name not in columns:
            columns[name] = place
        elif _PAY.search(words):
            notes.append(f"'{heading[:40]}' is not read: pay is written on each person's page.")
        else:
            notes.append(f"'{heading[:40]}' is not read.")
    return Headings(columns, notes)


def roster_rows(
    people: Sequence[PersonFacts], skills: Mapping[str, Mapping[str, int]]
) -> list[list[object]]:
    """Return the roster as rows below COLUMNS, which an import takes back unchanged."""
    return [[_cell(one, name, skills.get(one.key, {})) for name in COLUMNS] for one in people]


def _cell(person: PersonFacts, name: str, skills: Mapping[str, int]) -> object:
    if name == "skills":
        return skills_text(skills)
    value = getattr(person, name)
    return "" if value is None else value if isinstance(value, float) else str(value)


def skills_text(skills: Mapping[str, int]) -> str:
    """Return skills with their levels in one line: "Python 3; SQL 2"."""
    return "; ".join(f"{skill} {level}" for skill, level in sorted(skills.items()))


def skill_words(skills: Mapping[str, int], most: int = 2) -> list[str]:
    """Return the best skills with their level, shortly, and how many more there are."""
    ordered = sorted(skills.items(), key=lambda one: (-one[1], one[0].lower()))
    held = [f"{skill.partition(' (')[0]} {level}" for skill, level in ordered if level]
    return [*held[:most], *([f"{len(held) - most} more"] if len(held) > most else [])]
