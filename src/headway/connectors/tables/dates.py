"""Dates as people and tools write them: in any common order, with months in many languages.

The order of three numbers is decided once for a table, from all its dates: 25/12 settles it for
03/04. Where nothing settles it, `order_in` says so instead of choosing silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache

from headway.connectors.tables.words import plain

_YEARS = range(1990, 2200)
_THREE = re.compile(r"^\D{0,8}?(\d{1,4})\s?[./\-\s]\s?(\d{1,2})\s?[./\-\s]\s?(\d{1,4})(?![\d])")
_NAMED = re.compile(r"(\d{1,2})\W{0,3}\s?([^\W\d]{3,12})\.?\W{1,3}(\d{2,4})\b")
_NAMED_FIRST = re.compile(r"([^\W\d]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_ASIAN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
#: Excel counts days from here (its 1900 has a 29 February that never was).
_SERIAL_ZERO = date(1899, 12, 30)
#: Locales whose month names are known, besides English.
_LOCALES = (
    *("en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu"),
    *("ro", "tr", "ru", "uk", "el", "hr", "sl", "bg", "ca", "et", "lv", "lt", "id", "vi"),
)


@lru_cache(maxsize=100_000)
def day_in(text: str, order: str) -> date | None:
    """Return the day a cell names, its time of day left out; None where it names none.

    `order` ("ymd", "dmy", "mdy") tells the order of three numbers that do not tell it themselves.
    """
    for pattern in (_THREE, _ASIAN):
        found = pattern.search(text)
        if found:
            return _of_numbers(found[1], found[2], found[3], order)
    named = _NAMED.search(text)
    if named:
        return _day(named[3], _months().get(plain(named[2]), 0), named[1])
    named = _NAMED_FIRST.search(text)
    if named:
        return _day(named[3], _months().get(plain(named[1]), 0), named[2])
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and 25_000 <= float(text) <= 80_000:
        return _SERIAL_ZERO + timedelta(days=int(float(text)))
    if re.fullmatch(r"(19|20)\d{6}", text):
        return _day(text[:4], int(text[4:6]), text[6:])
    return None


def order_in(cells: Iterable[str]) -> str:
    """Return the order the dates of `cells` prove, "" where they prove none or contradict."""
    dmy = mdy = False
    for cell in cells:
        found = _THREE.search(cell)
        if not found:
            continue
        first, second = found[1], found[2]
        if len(first) == 4:
            continue
        dmy |= int(first) > 12
        mdy |= int(second) > 12
    if dmy is mdy:
        return ""
    return "dmy" if dmy else "mdy"


def is_ambiguous(text: str) -> bool:
    """Say whether the cell's day could be read in two orders, with two answers."""
    found = _THREE.search(text)
    if not found or len(found[1]) == 4:
        return False
    return int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]


def _of_numbers(first: str, second: str, third: str, order: str) -> date | None:
    if len(first) >= 3:
        return _day(first, int(second), third)
    if len(third) == 3 or len(third) == 1:
        return None
    if order == "mdy" and int(first) <= 12:
        return _day(third, int(first), second)
    if order == "ymd" and len(third) == 2 and int(first) > 12 and int(third) <= 31:
        return _day(first, int(second), third)
    return _day(third, int(second), first)


def _day(year: str, month: int, day: str) -> date | None:
    number = int(year) + (2000 if len(year) == 2 else 0)
    if number not in _YEARS:
        return None
    try:
        return date(number, month, int(day))
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Return month names, long and short, of all known languages, as they are compared."""
    from babel.dates import get_month_names

    names = {"mrz": 3, "sept": 9, "okt": 10, "dez": 12, "dic": 12, "ene": 1, "ago": 8, "set": 9}
    # The first language wins where two disagree: "listopad" is November in more of them.
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    names.setdefault(plain(name).strip("."), number)
    return names
