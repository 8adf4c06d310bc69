"""Numbers and lengths of time as cells hold them: "1.234,5", "2w 3d", "4 Std.", "5?"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache

from headway.connectors.tables.words import plain

#: Working days of a unit, by the first letters of its name in several languages.
_DAYS = {
    **dict.fromkeys(("d", "day", "days", "dy", "dys", "t", "tag", "tage", "tagen"), 1.0),
    **dict.fromkeys(("j", "jour", "jours", "dia", "dias", "giorni", "giorno", "dag", "dagen"), 1.0),
    **dict.fromkeys(
        ("ed", "eday", "edays", "dni", "dn", "日", "天", "일", "д", "дн", "days?"), 1.0
    ),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks", "woche", "wochen", "semaine"), 5.0),
    **dict.fromkeys(
        ("semaines", "sem", "semana", "semanas", "settimane", "weken", "週", "周"), 5.0
    ),
    **dict.fromkeys(("mo", "mon", "mons", "month", "months", "monat", "monate", "mois"), 20.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"), 0.125),
    **dict.fromkeys(("heure", "heures", "hora", "horas", "ore", "uur", "小时", "時間", "ч"), 0.125),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten"), 0.125 / 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 0.125 / 3600),
}
#: Working days of one of a mapping's units; a point has no length of its own.
DAYS_OF = {
    "days": 1.0,
    "weeks": 5.0,
    "hours": 0.125,
    "minutes": 0.125 / 60,
    "seconds": 0.125 / 3600,
    "points": 1.0,
}
_PART = re.compile(r"([-+]?[\d.,'\u202f\u00a0 ]*\d)\s*([^\W\d]*)")
#: Two numbers without a sign, then what both count.
_SPAN = re.compile(
    r"(?P<low>\d[\d.,]*)\s*(?:[-–—~]|to|bis|à|a)\s*(?P<high>\d[\d.,]*)\s*(?P<word>[^\W\d]*\.?)",
    re.I,
)
#: Longest length that is believed, in working days: about forty years.
_LONGEST = 10_000.0


def number_in(text: str, *, comma: bool) -> float | None:
    """Return a finite number, however its thousands and decimals are marked; None otherwise."""
    bare = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace("'", "")
    if comma and "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    elif re.fullmatch(r"[-+]?\d+,\d+", bare):
        bare = bare.replace(",", ".")
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", bare):
        return None
    value = float(bare)
    return value if math.isfinite(value) else None


@lru_cache(maxsize=20_000)
def length_in(text: str, unit: str, *, comma: bool) -> float | None:
    """Return a length in working days (points for "points"), None where the cell is no length.

    A number alone counts `unit`; "2w 3d" counts its own.
    """
    cell = text.strip().rstrip("?").strip()
    alone = number_in(cell, comma=comma)
    if alone is not None:
        return alone * DAYS_OF[unit]
    if cell.startswith("-"):
        inner = length_in(cell[1:], unit, comma=comma)
        return None if inner is None else -inner
    parts = _PART.findall(cell)
    rest = _PART.sub("", cell).strip(" .,;+/&")
    if not parts or rest or any(number.startswith("-") for number, _ in parts[1:]):
        return None
    total = 0.0
    for number, word in parts:
        name = plain(word).rstrip(".")
        value = number_in(number.strip(), comma=comma)
        if value is None or name and name not in _DAYS and name not in {"sp", "points", "pts"}:
            return None
        total += value * _DAYS.get(name, DAYS_OF[unit])
    return total


def span_in(text: str, unit: str, *, comma: bool) -> tuple[float, float] | None:
    """Return the two ends of a length said as a range ("2-3 days"), in working days; else None."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        return None
    word = match["word"]
    low, high = (
        length_in(f"{match[end]} {word}".strip(), unit, comma=comma) for end in ("low", "high")
    )
    return (low, high) if low is not None and high is not None and low <= high else None


def is_believable(days: float) -> bool:
    """Say whether a length is one that work may have."""
    return 0 <= days <= _LONGEST


def writes_commas(cells: Iterable[str]) -> bool:
    """Say whether the numbers of `cells` write decimals with a comma ("1,5", "1.234,5")."""
    votes = 0
    for cell in cells:
        if re.search(r"\d,\d{1,2}\b(?!\d)", cell) and not re.search(r",\d{3}\b", cell):
            votes += 1
        elif re.search(r"\d\.\d", cell):
            votes -= 1
    return votes > 0
