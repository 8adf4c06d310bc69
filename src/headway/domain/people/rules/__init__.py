"""Judgements about people: what a resource and a person on the roster may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from headway.domain.people.rules.moments import read_hour, read_weekday, read_zone
from headway.domain.programs.rules.fields import (
    Reader,
    choice,
    day,
    decimal,
    flag,
    number,
    text,
    texts,
)
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import Invalid

MICRO = Decimal(10) ** 6
DEAREST_RATE = Decimal(10) ** 9
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """People of one role, or a compute pool. `rate` is for one unit and hour."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    name: str
    kind: str
    capacity: float
    rate: Decimal
    steps: Sequence[Sequence[object]]  # [[day as ISO text, capacity from then on], …]
    calendar: str
    skills: Sequence[str]
    version: int


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody on the roster."""

    id: UUID
    workspace_id: UUID
    key: str
    name: str
    role: str
    email: str
    is_sample: bool
    version: int
    time_zone: str = ""
    check_in_day: int | None = None
    check_in_at: time | None = None
    away_until: date | None = None
    is_asked: bool = True
    level: str = ""
    team: str = ""
    place: str = ""
    manager: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    full_time_share: float = 1.0

    def is_employed(self, today: date) -> bool:
        """Say whether they work here on a day; a person without dates does."""
        begun = self.starts_on is None or self.starts_on <= today
        return begun and (self.ends_on is None or today <= self.ends_on)

    def is_away(self, today: date) -> bool:
        """Say whether they are off on the day `today` of their own calendar."""
        return self.away_until is not None and today < self.away_until


def meant_by_name(people: Iterable[PersonFacts]) -> Mapping[str, UUID]:
    """Return who is meant by a key, a name or an address, in small letters; by two, none."""
    meant: dict[str, set[UUID]] = {}
    for person in people:
        for name in {person.key, person.name.strip(), person.email}:
            meant.setdefault(name.lower(), set()).add(person.id)
    return {name: next(iter(ids)) for name, ids in meant.items() if name and len(ids) == 1}


def read_rate(field: str, value: object) -> Decimal:
    """Read a price per hour, not negative, to a millionth of the currency."""
    found = decimal(field, 0 if value in (None, "") else value)
    if not 0 <= found <= DEAREST_RATE:
        sentence = f"The {field} is {found} an hour; it must be from 0 to {DEAREST_RATE}."
        raise Invalid(sentence)
    return found


def to_micros(rate: Decimal) -> int:
    """Return a rate in millionths of the currency, rounded half up."""
    return int((rate * MICRO).quantize(Decimal(1), ROUND_HALF_UP))


def from_micros(micros: int) -> Decimal:
    """Return millionths of the currency as an amount."""
    return (Decimal(micros) / MICRO).normalize() + 0


def read_email(field: str, value: object) -> str:
    """Read an e-mail address, or nothing."""
    found = str(value or "").strip().lower()
    if found and (len(found) > 254 or not EMAIL.fullmatch(found)):
        sentence = f"The {field} {found[:80]!r} is not an address; write name@example.com."
        raise Invalid(sentence)
    return found


def read_steps(field: str, value: object) -> list[list[object]]:
    """Read a capacity that changes: pairs of a day and the capacity from then on, ascending.

    Text has commas between: "2026-03-02: 4, 2026-06-01: 6".
    """
    steps: list[list[object]] = []
    if isinstance(value, str):
        value = [part.split(":", 1) for part in value.split(",") if part.strip()]
    for pair in value if isinstance(value, list | tuple) else [value] if value else []:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            sentence = f"The {field} hold {str(pair)[:60]!r}; write a day and a capacity for each."
            raise Invalid(sentence)
        since = day(f"day of the {field}", pair[0])
        units = number(0, 1e6, required=True)(f"capacity of the {field}", pair[1])
        if since is None or (steps and since.isoformat() <= str(steps[-1][0])):
            sentence = f"The {field} are out of order; write each day once, ascending."
            raise Invalid(sentence)
        steps.append([since.isoformat(), units])
    return steps


RESOURCE_FIELDS: Mapping[str, Reader] = {
    "kind": choice("people", "compute"),
    "capacity": number(0, 1e6, required=True),
    "rate": read_rate,
    "steps": read_steps,
    "calendar": text(100),
    "skills": texts(50, 100),
}


def _level(field: str, value: object) -> str:
    return str(read_slug(field, value)) if value else ""


def _manager(field: str, value: object) -> str:
    return str(read_slug(field, value)) if value else ""


def _share(field: str, value: object) -> float:
    """Read which part of full time somebody works, above 0 up to 1; empty: all of it."""
    found = number(0.01, 1)(field, value)
    return float(str(found)) if found is not None else 1.0


#: What people may say of themselves: when they are asked to check in, and whether at all.
RHYTHM_FIELDS: Mapping[str, Reader] = {
    "time_zone": read_zone,
    "check_in_day": read_weekday,
    "check_in_at": read_hour,
    "away_until": day,
    "is_asked": flag,
}
PERSON_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "role": text(100),
    "level": _level,
    "team": text(100),
    "place": text(100),
    "manager": _manager,
    "starts_on": day,
    "ends_on": day,
    "full_time_share": _share,
    "email": read_email,
    **RHYTHM_FIELDS,
}
resource_name = text(100, required=True)
