"""Reading what a person or a program typed into a field: one reader per sort of value.

A reader takes the field's name (for the message) and a raw value, and returns a clean one or
raises Invalid. Raw values come from forms (text), from JSON (numbers, null) and from code.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from difflib import get_close_matches

from headway.errors import Invalid

Reader = Callable[[str, object], object]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NAME_KEY = re.compile(r"\S(?:[^\x00-\x1f\x7f]*\S)?")
CURRENCY = re.compile(r"[A-Z]{3}")

#: Currencies whose minor unit is not a hundredth (ISO 4217, list one), by number of decimals.
_DECIMALS = dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"), 0) | (
    dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
)

#: A million millions: far beyond any program, far within what a column holds in minor units.
LARGEST_AMOUNT = Decimal(10) ** 12


def clean(values: Mapping[str, object], readers: Mapping[str, Reader]) -> dict[str, object]:
    """Read each of `values` by its reader. Raises Invalid for a field that nobody knows."""
    for field in values:
        if field not in readers:
            known = ", ".join(sorted(readers))
            sentence = f"There is no field '{field}'{meant(field, readers)}. Known are: {known}."
            raise Invalid(sentence)
    return {field: readers[field](field, value) for field, value in values.items()}


def meant(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the nearest of `known`, or nothing when none is near."""
    near = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""


def text(limit: int, *, required: bool = False) -> Reader:
    """Return a reader of text without control characters, at most `limit` characters."""

    def read(field: str, value: object) -> str:
        # Browsers end the lines of a text area with CR LF.
        found = "" if value is None else str(value).replace("\r\n", "\n").strip()
        if required and not found:
            sentence = f"The {_said(field)} is empty; write one."
            raise Invalid(sentence)
        if len(found) > limit:
            sentence = f"The {_said(field)} has {len(found)} characters; at most {limit} fit."
            raise Invalid(sentence)
        if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in found):
            sentence = f"The {_said(field)} {found!r} holds control characters; take them out."
            raise Invalid(sentence)
        return found

    return read


def texts(most: int, limit: int) -> Reader:
    """Return a reader of a list of `most` texts; one text is parted at its commas."""
    read_one = text(limit, required=True)

    def read(field: str, value: object) -> list[str]:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple | None):
            sentence = f"The {_said(field)} are {str(value)[:60]!r}; write a list."
            raise Invalid(sentence)
        found = [part for part in parts or () if str(part).strip()]
        if len(found) > most:
            sentence = f"There are {len(found)} {_said(field)}; at most {most} fit."
            raise Invalid(sentence)
        return [read_one(field, part) for part in found]  # type: ignore[misc]

    return read


def shaped(pattern: re.Pattern[str], rule: str, limit: int = 60) -> Reader:
    """Return a reader of text that `pattern` matches whole; `rule` says the pattern in words."""

    def read(field: str, value: object) -> str:
        found = "" if value is None else str(value).strip()
        if len(found) > limit or not pattern.fullmatch(found):
            sentence = (
                f"The {_said(field)} {found[:80]!r} does not fit: {rule}, at most {limit} signs."
            )
            raise Invalid(sentence)
        return found

    return read


slug = shaped(SLUG, "use small letters, digits and single hyphens")
key = shaped(KEY, "use letters, digits, dots, hyphens and underscores")
#: Keys that plan files bring along: any words.
name_key = shaped(NAME_KEY, "write something, on one line")
currency = shaped(CURRENCY, "use the three capitals of ISO 4217, for example USD", 3)


def fresh_key(words: str, taken: Iterable[str], limit: int = 40) -> str:
    """Return a key made of `words` that is not `taken`: "Vendor B is late" is vendor-b-is-late."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].rstrip("-") or "entry"
    known, number = set(taken), 1
    found = stem
    while found in known:
        number += 1
        found = f"{stem}-{number}"
    return found


def choice(*allowed: str) -> Reader:
    """Return a reader of one word out of `allowed`."""

    def read(field: str, value: object) -> str:
        found = "" if value is None else str(value).strip()
        if found not in allowed:
            shown = ", ".join(word or "(empty)" for word in allowed)
            sentence = f"The {_said(field)} {found!r} is none of: {shown}."
            raise Invalid(sentence)
        return found

    return read


def day(field: str, value: object) -> date | None:
    """Read a day: a date, ISO text, or nothing."""
    if value is None or value == "":
        return None
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        sentence = f"The {_said(field)} {str(value)[:40]!r} is not a day; write it as 2026-03-15."
        raise Invalid(sentence) from None


def number(low: float = -math.inf, high: float = math.inf, *, required: bool = False) -> Reader:
    """Return a reader of a finite number from `low` to `high`, or nothing unless `required`."""

    def read(field: str, value: object) -> float | None:
        if value is None or value == "":
            if not required:
                return None
            sentence = f"The {_said(field)} is empty; write a number."
            raise Invalid(sentence)
        found = _finite(field, value)
        if not low <= found <= high:
            sentence = f"The {_said(field)} is {found:g}; it must be {_bounds(low, high)}."
            raise Invalid(sentence)
        return found

    return read


def whole(low: int, high: int = 2**31 - 1) -> Reader:
    """Return a reader of a whole number from `low` to `high`, or nothing."""
    read_number = number(low, high)

    def read(field: str, value: object) -> int | None:
        found = read_number(field, value)
        if found is None:
            return None
        count = float(str(found))
        if not count.is_integer():
            sentence = f"The {_said(field)} is {found}; it must be a whole number."
            raise Invalid(sentence)
        return int(count)

    return read


def flag(field: str, value: object) -> bool:
    """Read yes or no: a bool, or the words of a form."""
    if isinstance(value, bool):
        return value
    word = str(value or "").strip().lower()
    if word in {"", "no", "false", "off", "0"}:
        return False
    if word in {"yes", "true", "on", "1"}:
        return True
    sentence = f"The {_said(field)} is {word!r}; write yes or no."
    raise Invalid(sentence)


def decimal(field: str, value: object) -> Decimal:
    """Read an amount as an exact Decimal: text, int or Decimal; a float by its shortest text."""
    try:
        found = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite():
        sentence = f"The {_said(field)} {str(value)[:40]!r} is not an amount; write it as 12500.00."
        raise Invalid(sentence)
    return found


def decimals_of(currency_code: str) -> int:
    """Return how many decimals the minor unit of a currency has (ISO 4217): USD 2, JPY 0."""
    return _DECIMALS.get(currency_code, 2)


def to_minor(amount: Decimal, currency_code: str) -> int:
    """Return `amount` in whole minor units (cents), rounded half up. Raises Invalid when huge."""
    if abs(amount) > LARGEST_AMOUNT:
        sentence = f"The amount {amount:.4g} {currency_code} is larger than any budget; check it."
        raise Invalid(sentence)
    return int(amount.scaleb(decimals_of(currency_code)).quantize(Decimal(1), ROUND_HALF_UP))


def from_minor(minor: int, currency_code: str) -> Decimal:
    """Return minor units as an amount: 1250 USD cents are 12.50."""
    return Decimal(minor).scaleb(-decimals_of(currency_code))


def _finite(field: str, value: object) -> float:
    try:
        found = math.nan if isinstance(value, bool) else float(str(value).strip())
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        sentence = f"The {_said(field)} is {str(value)[:40]!r}; it must be a finite number."
        raise Invalid(sentence)
    return found


def _bounds(low: float, high: float) -> str:
    if low == -math.inf:
        return f"at most {high:g}"
    return f"at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"


def _said(field: str) -> str:
    """Return a field's name as a person says it."""
    return field.replace("_", " ")
