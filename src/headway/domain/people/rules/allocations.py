"""How much of somebody work has, and requests for somebody: what they may hold, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from headway.domain.programs.rules.fields import (
    KEY,
    Reader,
    choice,
    day,
    flag,
    number,
    shaped,
    text,
)
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import Invalid

#: An allocation may last so many days; more than a working life of one is a slip of the pen.
LONGEST = 3_660
MOST_SKILLS = 12
HIGHEST_LEVEL = 5
OPEN, FILLED, WITHDRAWN = "open", "filled", "withdrawn"
read_allocation_key = shaped(KEY, "use letters, digits, dots, hyphens and underscores", 120)
_SKILL = re.compile(r"(?P<name>.*?)\s*(?:(?:>=|≥|:|\s)\s*(?P<level>[0-9]))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AllocationFacts:
    """How much of the person with key `person` a place has, both days included.

    One of `share` (of their working time) and `weekly_hours` (of a usual week) is set. `program`,
    `project` and `item` are addresses; without a program it is work outside of all of them.
    """

    id: UUID
    workspace_id: UUID
    key: str
    person_id: UUID
    person: str
    person_name: str
    program_id: UUID | None
    program: str
    project: str
    item: str
    request: str
    share: float | None
    weekly_hours: float | None
    starts_on: date
    ends_on: date
    is_tentative: bool
    note: str
    version: int

    @property
    def amount(self) -> str:
        """Return how much, in words."""
        return amount_words(self.share, self.weekly_hours)

    @property
    def place(self) -> str:
        """Return where, as an address; what lies outside of all programs by its note."""
        return place_words(self.program, self.project, self.item, self.note)


@dataclass(frozen=True, slots=True)
class Booking:
    """What a sum of weeks needs of an allocation, and nothing that takes long to read."""

    key: str
    person: str
    program: str
    project: str
    item: str
    share: float | None
    weekly_hours: float | None
    starts_on: date
    ends_on: date
    is_tentative: bool
    note: str

    @property
    def amount(self) -> str:
        """Return how much, in words."""
        return amount_words(self.share, self.weekly_hours)

    @property
    def place(self) -> str:
        """Return where, as an address; what lies outside of all programs by its note."""
        return place_words(self.program, self.project, self.item, self.note)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A need for somebody: a role, skills with their least level, how much, from when to when."""

    id: UUID
    workspace_id: UUID
    key: str
    program_id: UUID
    program: str
    project: str
    role: str
    skills: Sequence[tuple[str, int]]
    share: float | None
    weekly_hours: float | None
    starts_on: date
    ends_on: date
    state: str
    note: str
    version: int

    @property
    def amount(self) -> str:
        """Return how much, in words."""
        return amount_words(self.share, self.weekly_hours)

    @property
    def wanted(self) -> str:
        """Return who is wanted, in words."""
        skills = ", ".join(f"{name} ≥ {level}" if level else name for name, level in self.skills)
        return " with ".join(part for part in (self.role or "anybody", skills) if part)


def place_words(program: str, project: str, item: str, note: str) -> str:
    """Return where work lies, as an address; what lies outside of all programs by its note."""
    if not program:
        return note or "outside of all programs"
    return "/".join(part for part in (project or program, item) if part)


def amount_words(share: float | None, weekly_hours: float | None) -> str:
    """Return an amount of work in words."""
    if share is not None:
        return f"{share * 100:.4g} %"
    return f"{weekly_hours or 0:.4g} h a week"


def read_share(field: str, value: object) -> float | None:
    """Read a share of working time: 0.5, or 50 %; above 0, at most twice one's time."""
    if value is None or value == "":
        return None
    typed = str(value).strip()
    percent = typed.endswith("%")
    found = number(0, 1e6)(field, typed.removesuffix("%").strip() if percent else value)
    share = float(str(found)) / (100.0 if percent else 1.0)
    if not 0 < share <= 2:
        sentence = f"The {field} {typed[:20]!r} makes no sense; write 0.5 or 50 %, at most 200 %."
        raise Invalid(sentence)
    return round(share, 6)


def read_hours(field: str, value: object) -> float | None:
    """Read hours of a usual week, above 0."""
    found = number(0, 120)("hours a week", value)
    if found == 0:
        sentence = f"The {field.replace('_', ' ')} are 0; write how many, or remove the row."
        raise Invalid(sentence)
    return None if found is None else round(float(str(found)), 2)


def needed_day(field: str, value: object) -> date:
    """Read a day that has to be given."""
    found = day(field, value)
    if found is None:
        sentence = f"The {field.replace('_', ' ')} is empty; write a day such as 2026-03-15."
        raise Invalid(sentence)
    return found


def read_skills(field: str, value: object) -> list[list[object]]:
    """Read skills with the least level asked for: "NLP ≥ 3, Python", or pairs; 0 is any level."""
    parts = value.split(",") if isinstance(value, str) else value or ()
    if not isinstance(parts, list | tuple):
        sentence = f"The {field} are {str(value)[:60]!r}; write them as NLP 3, Python."
        raise Invalid(sentence)
    found = [one for part in parts if (one := _skill(field, part))]
    if len(found) > MOST_SKILLS or len({str(name).lower() for name, _ in found}) < len(found):
        sentence = f"The {field} are more than {MOST_SKILLS}, or one stands twice; name each once."
        raise Invalid(sentence)
    return found


def _skill(field: str, part: object) -> list[object]:
    if isinstance(part, str):
        matched = _SKILL.fullmatch(part.strip())
        part = (matched["name"], matched["level"] or 0) if matched else (part, 0)
    if not isinstance(part, list | tuple) or len(part) != 2:
        sentence = f"The {field} hold {str(part)[:60]!r}; write a skill and a level, such as NLP 3."
        raise Invalid(sentence)
    name = str(text(100)(field, part[0]))
    level = number(0, HIGHEST_LEVEL)(f"level of {name or field}", part[1])
    return [name, int(float(str(level or 0)))] if name else []


def _place(field: str, value: object) -> str:
    return "" if value is None or value == "" else str(read_slug(field, value))


_AMOUNT: Mapping[str, Reader] = {
    "share": read_share,
    "weekly_hours": read_hours,
    "starts_on": needed_day,
    "ends_on": needed_day,
    "note": text(500),
}
ALLOCATION_FIELDS: Mapping[str, Reader] = {
    "person": read_slug,
    "program": _place,
    "project": _place,
    "item": text(60),
    "is_tentative": flag,
    **_AMOUNT,
}
REQUEST_FIELDS: Mapping[str, Reader] = {
    "project": _place,
    "role": text(100),
    "skills": read_skills,
    "state": choice(OPEN, WITHDRAWN),
    **_AMOUNT,
}


def require_amount(values: Mapping[str, object]) -> None:
    """Raise Invalid unless there is one amount, and the last day is not before the first."""
    share, hours = values.get("share"), values.get("weekly_hours")
    if (share is None) == (hours is None):
        said = "both a share and hours" if share is not None else "neither a share nor hours"
        sentence = f"There is {said} a week; write one of them: how much of the working time."
        raise Invalid(sentence)
    first, last = values.get("starts_on"), values.get("ends_on")
    if not isinstance(first, date) or not isinstance(last, date):
        sentence = "The first and the last day are needed; write both, such as 2026-03-15."
        raise Invalid(sentence)
    if not 0 <= (last - first).days < LONGEST:
        sentence = f"From {first} to {last} makes no sense; the last day is on or after the first."
        raise Invalid(sentence)


def allocation_key(person: str, place: str, first: date) -> str:
    """Return the key of an allocation that was given none: whose, where and from when."""
    plain = re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-") or "elsewhere"
    return f"{person}-{plain}"[:108].rstrip("-") + f"-{first.isoformat()}"
