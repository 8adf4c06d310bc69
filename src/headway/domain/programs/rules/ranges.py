"""Three-point ranges as people type them and as columns hold them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from headway.errors import Invalid

#: A hyphen parts two numbers after a digit or between spaces; before a digit it is a minus.
_SEPARATORS = re.compile(r"\s+-\s+|(?<=\d)-|\.\.+|[\s,;/–…]+")

#: Beyond this a duration in days is a slip of the pen.
LARGEST = 1e6


def read_range(
    field: str, value: object, *, low: float = 0.0, high: float = LARGEST
) -> list[float] | None:
    """Read optimistic, most likely, pessimistic: three numbers, one (certain), or nothing.

    Takes a list, a number, or text such as "3 5 9", "3, 5, 9", "3/5/9", "3-5-9" or "5". Raises
    Invalid when the numbers are not one or three, out of order, or outside `low` to `high`.
    """
    said = field.replace("_", " ")
    numbers = _numbers(said, value)
    if not numbers:
        return None
    if len(numbers) == 1:
        numbers = numbers * 3
    if len(numbers) != 3:
        sentence = (
            f"The {said} has {len(numbers)} numbers; write three (optimistic, most likely, "
            "pessimistic), or one that is certain."
        )
        raise Invalid(sentence)
    shown = [f"{number:g}" for number in numbers]
    if not all(low <= number <= high for number in numbers):
        sentence = f"The {said} {' '.join(shown)} has to lie between {low:g} and {high:g}."
        raise Invalid(sentence)
    if not numbers[0] <= numbers[1] <= numbers[2]:
        sentence = (
            f"The {said} {' '.join(shown)} is out of order; write optimistic, most likely, "
            "pessimistic, ascending."
        )
        raise Invalid(sentence)
    return numbers


def shown(numbers: Sequence[float] | None) -> str:
    """Return a range as people read it: "3–5–9", "5" when certain, "none"."""
    if numbers is None:
        return "none"
    if len(set(numbers)) == 1:
        return f"{numbers[0]:g}"
    return "–".join(f"{number:g}" for number in numbers)


def _numbers(said: str, value: object) -> list[float]:
    if value is None or value == "" or value == []:
        return []
    if isinstance(value, str):
        parts: Sequence[object] = [part for part in _SEPARATORS.split(value.strip()) if part]
    elif isinstance(value, Sequence):
        parts = value
    else:
        parts = [value]
    return [_number(said, part) for part in parts]


def _number(said: str, part: object) -> float:
    try:
        found = math.nan if isinstance(part, bool) else float(str(part))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        sentence = f"The {said} holds {str(part)[:40]!r}, which is not a number; write 3 5 9."
        raise Invalid(sentence)
    return found
