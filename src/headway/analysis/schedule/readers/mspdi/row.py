"""Typed values of one element of a Microsoft Project file: a fault is noted, and reading goes on.

Types by the Project XML Data Interchange Schema: xsd:dateTime, xsd:duration, booleans as 0 and 1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from headway.analysis.schedule.readers.xml_tree import Element
from headway.errors import Problem

LONGEST = 200
FIRST_YEAR, LAST_YEAR = 1900, 2200
_NUMBER = re.compile(r"[+-]?(\d{1,30}\.?\d{0,30}|\.\d{1,30})([eE][+-]?\d{1,3})?")
_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?:(?P<hours>\d{1,12}(?:\.\d{1,9})?)H)?(?:(?P<minutes>\d{1,12}(?:\.\d{1,9})?)M)?"
    r"(?:(?P<seconds>\d{1,12}(?:\.\d{1,9})?)S)?)?"
)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?"
)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?")
_FLAGS = {"1": True, "0": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Row:
    """One `element`, `where` it stands for people, and the problems of the whole file."""

    element: Element
    where: str
    problems: list[Problem]

    def note(self, sentence: str) -> None:
        """Remember a problem of this element."""
        self.problems.append(Problem(f"{self.where}, line {self.element.line}", sentence))

    def rows(self, tag: str) -> Iterator[Row]:
        """Yield the children of that name, which stand where this element does."""
        return (Row(child, self.where, self.problems) for child in self.element.all(tag))

    def within(self, outer: str, tag: str) -> Iterator[Row]:
        """Yield the children of that name in the first child named `outer`."""
        held = self.element.within(outer, tag)
        return (Row(child, self.where, self.problems) for child in held)

    def has(self, tag: str) -> bool:
        """Say whether something is written under `tag`."""
        return bool(self.element.value(tag))

    def name(self, tag: str) -> str:
        """Return a name: one line of at most 200 characters that can be printed."""
        words = " ".join(self.element.value(tag).split())
        return "".join(sign for sign in words if sign.isprintable())[:LONGEST].strip()

    def whole(self, tag: str, default: int | None = None) -> int | None:
        """Return the whole number under `tag`."""
        number = self.number(tag)
        if number is None or number == int(number):
            return default if number is None else int(number)
        self.note(f"{tag} is {self.shown(tag)}; it has to be a whole number.")
        return default

    def number(self, tag: str) -> float | None:
        """Return the number under `tag`; words, NaN and infinity are noted."""
        text = self.element.value(tag)
        if not text:
            return None
        if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        self.note(f"{tag} is {self.shown(tag)}; it has to be a finite number.")
        return None

    def amount(self, tag: str) -> Decimal:
        """Return the number under `tag` exactly as written; 0 where there is none."""
        return Decimal(0) if self.number(tag) is None else Decimal(self.element.value(tag))

    def flag(self, tag: str, *, default: bool = False) -> bool:
        """Return the boolean under `tag`."""
        text = self.element.value(tag).lower()
        if text and text not in _FLAGS:
            self.note(f"{tag} is {self.shown(tag)}; it has to be 0 or 1.")
        return _FLAGS.get(text, default)

    def moment(self, tag: str) -> datetime | None:
        """Return the date and time under `tag`, as the clock on the wall showed it."""
        text = self.element.value(tag)
        if not text or text == "NA":
            return None
        written = _MOMENT.fullmatch(text)
        found = _moment(written) if written else None
        if found is None:
            self.note(f"{tag} is {self.shown(tag)}; it has to be a date, like 2026-06-30T08:00:00.")
        elif not FIRST_YEAR <= found.year <= LAST_YEAR:
            years = f"{FIRST_YEAR} to {LAST_YEAR}"
            self.note(f"{tag} is {self.shown(tag)}; a plan's dates are in the years {years}.")
            return None
        return found

    def day(self, tag: str) -> date | None:
        """Return the date under `tag`."""
        found = self.moment(tag)
        return None if found is None else found.date()

    def hour(self, tag: str) -> float | None:
        """Return the time of day under `tag` in hours from midnight."""
        text = self.element.value(tag)
        written = _TIME.fullmatch(text) or _TIME.fullmatch(text.rpartition("T")[2])
        if text and written:
            hours, minutes, seconds = (int(part or 0) for part in written.groups())
            if hours <= 24 and minutes < 60 and seconds < 60:
                return hours + minutes / 60 + seconds / 3600
        self.note(f"{tag} is {self.shown(tag)}; it has to be a time of day, like 08:00:00.")
        return None

    def minutes(self, tag: str) -> float | None:
        """Return the duration under `tag` in minutes."""
        text = self.element.value(tag)
        if not text:
            return None
        found = minutes_of(text)
        if found is None:
            self.note(f"{tag} is {self.shown(tag)}; it has to be a duration, like PT8H0M0S.")
        return found

    def shown(self, tag: str) -> str:
        """Return what is written under `tag`, shortened for a message."""
        text = self.element.value(tag)
        return repr(text if len(text) <= 60 else text[:57] + "…")


def minutes_of(text: str) -> float | None:
    """Return a duration like PT8H0M0S in minutes; None when `text` is none."""
    written = _DURATION.fullmatch(text)
    if written is None or len(text) < 3 or text.endswith("T"):
        return None
    parts = {key: float(written[key] or 0) for key in ("days", "hours", "minutes", "seconds")}
    minutes = parts["days"] * 1440 + parts["hours"] * 60 + parts["minutes"] + parts["seconds"] / 60
    return -minutes if written["sign"] else minutes


def _moment(written: re.Match[str]) -> datetime | None:
    try:
        day = date.fromisoformat(written[1])
        clock = time.fromisoformat(f"{written[2]}:{written[3] or '00'}") if written[2] else time()
    except ValueError:
        return None
    return datetime.combine(day, clock)
