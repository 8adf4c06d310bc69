"""A business case: target metric → quantities a year → money a year, each with its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, day, flag, number, text
from headway.domain.programs.rules.fields import clean as clean_fields
from headway.domain.programs.rules.fields import key as read_key
from headway.domain.programs.rules.ranges import read_range
from headway.errors import Invalid

#: Quantities of one case: more than a page carries.
MOST_LINES = 12
#: Beyond this a yearly quantity or what a unit is worth is a slip of the pen.
LARGEST = 1e12

_quantity = number(0.0, LARGEST, required=True)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A quantity a year that the model changes; `worth` is money for one unit.

    `at_target` and `worth` are ranges, ascending.
    """

    key: str
    name: str
    unit: str
    start: float
    at_target: tuple[float, float, float]
    worth: tuple[float, float, float]
    less_is_better: bool


@dataclass(frozen=True, slots=True)
class BusinessCaseFacts:
    """The business case of a project. `criterion` is the key of its target metric."""

    id: UUID
    workspace_id: UUID
    project_id: UUID
    criterion: str
    lines: Sequence[CaseLine]
    running: Sequence[float] | None
    launch: date | None
    version: int

    def line(self, key: str) -> CaseLine | None:
        """Return the line with this key."""
        return next((one for one in self.lines if one.key == key), None)


def _needed_range(field: str, value: object) -> list[float]:
    found = read_range(field, value, low=0.0, high=LARGEST)
    if found is None:
        sentence = f"The {field.replace('_', ' ')} is empty; write three numbers, or one."
        raise Invalid(sentence)
    return found


LINE_FIELDS: Mapping[str, Reader] = {
    "key": read_key,
    "name": text(200, required=True),
    "unit": text(40),
    "start": _quantity,
    "at_target": _needed_range,
    "worth": _needed_range,
    "less_is_better": flag,
}


def read_line(value: Mapping[str, object]) -> dict[str, object]:
    """Read a line as JSON to keep. Raises Invalid for a field that is missing or does not fit."""
    given = {"unit": "", "less_is_better": True, **value}
    given.setdefault("name", given.get("key"))
    missing = [field for field in LINE_FIELDS if field not in given]
    if missing:
        sentence = f"A line of a business case needs {', '.join(missing)}."
        raise Invalid(sentence)
    return clean_fields(given, LINE_FIELDS)


def read_lines(field: str, value: object) -> list[dict[str, object]]:
    """Read all lines of a case as JSON to keep; each key once."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        sentence = f"The {field} of a business case are a list of lines with key, start and ranges."
        raise Invalid(sentence)
    if len(value) > MOST_LINES:
        sentence = f"There are {len(value)} lines; at most {MOST_LINES} fit a business case."
        raise Invalid(sentence)
    found = [read_line(one) for one in value]
    keys = [str(one["key"]) for one in found]
    for twice in sorted({key for key in keys if keys.count(key) > 1}):
        sentence = f"Two lines have the key '{twice}'; give each its own."
        raise Invalid(sentence)
    return found


def _running(field: str, value: object) -> list[float] | None:
    return read_range(field, value, low=0.0, high=LARGEST)


CASE_FIELDS: Mapping[str, Reader] = {
    "criterion": text(60),
    "lines": read_lines,
    "running": _running,
    "launch": day,
}


def lines_of(held: Sequence[Mapping[str, Any]]) -> list[CaseLine]:
    """Return the lines kept as JSON."""
    return [
        CaseLine(**{**one, "at_target": tuple(one["at_target"]), "worth": tuple(one["worth"])})
        for one in held
    ]
