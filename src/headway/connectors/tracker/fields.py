"""Fields of a payload that may be missing, of another type, huge or nonsense.

Absent and null are None (or empty). What is there and cannot be read becomes a fault of the item,
named by its field, and never repeats the value: it may be long, or somebody's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from headway.errors import Problem

Thing = Mapping[str, object]

#: Longest name, and longest other text, that is kept of an item.
NAME_LENGTH = 300
TEXT_LENGTH = 200
#: Most entries of a list (labels, links) that are kept of an item.
LIST_LENGTH = 500
#: Largest estimate that is believed: points, or seconds (about thirty years).
_LARGEST = 1e9
_YEARS = range(1990, 2200)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


class Fields:
    """One item's payload and what could not be read of it; `where` names the item."""

    def __init__(self, where: str, payload: object) -> None:
        """Hold `payload`; anything but an object counts as an empty one."""
        self.where = where
        self.payload: Thing = payload if isinstance(payload, Mapping) else {}
        self.faults: list[Problem] = []

    def at(self, path: str) -> object:
        """Return what stands at `path`, its parts separated by `/`; None when nothing does."""
        value: object = self.payload
        for part in path.split("/"):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def text(self, path: str, *, longest: int = TEXT_LENGTH) -> str:
        """Return a text on one line, cut to `longest`; numbers are written out."""
        value = self.at(path)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not isinstance(value, str):
            self.blame(path, "is not a text")
        told = clean(value)
        if len(told) > longest:
            self.blame(path, f"has {len(told)} characters; the first {longest} were kept")
        return told[:longest]

    def person(self, path: str) -> str:
        """Return a display name; an e-mail address in its place is left out."""
        name = self.text(path)
        return "" if _EMAIL.search(name) else name

    def number(self, path: str) -> float | None:
        """Return a finite number from 0 on."""
        value = self.at(path)
        if value is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # NaN and infinity are in no range; a whole number may be too large to be a float at all.
        if not is_number or not 0 <= value <= _LARGEST:  # type: ignore[operator]
            self.blame(path, "is not a number from 0 on")
            return None
        return float(value)  # type: ignore[arg-type]

    def moment(self, path: str) -> datetime | None:
        """Return a moment in UTC."""
        value = self.at(path)
        told = moment_of(value)
        if value not in (None, "") and told is None:
            self.blame(path, "is not a date with a time zone")
        return told

    def day(self, path: str) -> date | None:
        """Return a date; of a moment, its date as written."""
        value = self.at(path)
        if value is None or value == "":
            return None
        try:
            told = date.fromisoformat(value[:10]) if isinstance(value, str) else None
        except ValueError:
            told = None
        if told is None or told.year not in _YEARS:
            self.blame(path, "is not a date between 1990 and 2199")
            return None
        return told

    def many(self, path: str) -> Sequence[object]:
        """Return the entries of a list, the first LIST_LENGTH at most."""
        value = self.at(path)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.blame(path, "is not a list")
            return ()
        if len(value) > LIST_LENGTH:
            self.blame(path, f"has {len(value)} entries; the first {LIST_LENGTH} were kept")
        return value[:LIST_LENGTH]

    def things(self, path: str) -> list[Thing]:
        """Return the objects of a list; anything else in it is left out."""
        held = self.many(path)
        found = [one for one in held if isinstance(one, Mapping)]
        if len(found) < len(held):
            self.blame(path, "has entries that are no objects")
        return found

    def url(self, path: str) -> str:
        """Return a web address, empty when it is none."""
        told = self.text(path, longest=2000)
        if told and not re.match(r"https?://[^\s\"'<>\\]+$", told):
            self.blame(path, "is not a web address")
            return ""
        return told

    def blame(self, path: str, reason: str) -> None:
        """Note that the field at `path` could not be read as it is."""
        sentence = f"Its {path.replace('/', '.')} {reason}; the item stands without the rest."
        self.faults.append(Problem(self.where, sentence))


def clean(value: object) -> str:
    """Return a text without control characters and with single spaces; empty for anything else."""
    if not isinstance(value, str):
        return ""
    kept = "".join(" " if unicodedata.category(one) in {"Cc", "Cs"} else one for one in value)
    return " ".join(kept.split())


def moment_of(value: object) -> datetime | None:
    """Return the moment an ISO 8601 text with a time zone names, in UTC; None otherwise."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        told = datetime.fromisoformat(value)
        return told.astimezone(UTC) if told.tzinfo and told.year in _YEARS else None
    except (ValueError, OverflowError):
        return None
