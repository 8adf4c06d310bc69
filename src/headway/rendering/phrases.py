"""How Headway says a number, a date, a sum: the one wording for pages, documents and terminals.

Every door shows the same words because every door calls these functions. They are pure: values in,
text out, no locale of the machine. Percent exists only here and in templates; shares come as 0–1.

The honesty rules of the product stand in code here: nothing unfinished is "100 %" (`share` says
`> 95 %` and `< 5 %`), and what is undefined is "n/a", never 0. Spaces are ordinary; a layout that
must not break a phrase between figure and unit passes it through `unbroken`.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from headway.errors import Invalid

#: What is said where a value does not exist.
NOT_AVAILABLE = "n/a"

#: A figure never breaks from its unit (U+00A0), a negative one has a real minus (U+2212).
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: Currencies whose minor unit is not a hundredth (ISO 4217, list one), by number of decimals.
_DECIMALS = dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"), 0) | (
    dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
)
_SCALES = ((Decimal(10) ** 3, "k"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 9, "B"))

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_AGES = (
    (2 * _MINUTE, 1, "just now", "just now"),
    (2 * _HOUR, _MINUTE, "minute", "minutes"),
    (2 * _DAY, _HOUR, "hour", "hours"),
    (60 * _DAY, _DAY, "day", "days"),
    (730 * _DAY, 30.44 * _DAY, "month", "months"),
    (math.inf, 365.25 * _DAY, "year", "years"),
)


def absent(reason: str = "") -> str:
    """Return "n/a", with the `reason` when there is one: `n/a (no cost recorded yet)`."""
    return f"{NOT_AVAILABLE} ({reason})" if reason else NOT_AVAILABLE


def share(value: float | None, *, exact: bool = False) -> str:
    """Say a share 0–1 as percent: 0.434 → "43 %", above 0.95 "> 95 %", below 0.05 "< 5 %".

    With `exact` a measured share of what is finished is said with one decimal and no clamp
    (0.9723 → "97.2 %"), and may lie outside 0–1 (spent against budget). None and NaN are "n/a".
    Raises Invalid for a chance outside 0–1.
    """
    if value is None or math.isnan(value):
        return NOT_AVAILABLE
    if exact:
        return f"{number(float(Decimal(str(value)) * 100), 1)} %"
    if not -1e-9 <= value <= 1 + 1e-9:
        sentence = f"{value} is not a share: give a number from 0 to 1, for example 0.43 for 43 %."
        raise Invalid(sentence)
    if value > 0.95:
        return "> 95 %"
    if value < 0.05:
        return "< 5 %"
    return f"{_rounded(Decimal(str(value)) * 100, 0)} %"


def money(amount: Decimal | None, currency: str, *, exact: bool = False) -> str:
    """Say an `amount` with its ISO `currency`: "USD 1.20 M", "USD 36.4 k", "USD 6,000".

    From 10,000 three figures and k, M or B; below that whole units; below 100 the minor unit too.
    With `exact` every minor unit: "USD 1,200,000.00". None is "n/a".
    """
    if amount is None or not amount.is_finite():
        return NOT_AVAILABLE
    size = abs(amount)
    if exact or size < 100:
        text = f"{_rounded(size, _DECIMALS.get(currency, 2)):,}"
    elif size < 10_000:
        text = f"{_rounded(size, 0):,}"
    else:
        text = _scaled(size)
    sign = MINUS if amount < 0 and any(digit in text for digit in "123456789") else ""
    return f"{currency} {sign}{text}"


def number(value: float | None, digits: int = 3) -> str:
    """Say a `value` with exactly `digits` decimals, grouped by commas; None and NaN are "n/a"."""
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    rounded = _rounded(Decimal(str(value)), digits)
    return f"{abs(rounded):,}" if rounded >= 0 else f"{MINUS}{abs(rounded):,}"


def points(change: float | None) -> str:
    """Say the difference of two shares 0–1 in percentage points: 0.031 → "+3.1 points"."""
    if change is None or math.isnan(change):
        return NOT_AVAILABLE
    said = number(change * 100, 1)
    sign = "+" if change > 0 and any(digit in said for digit in "123456789") else ""
    return f"{sign}{said} points"


def quantity(amount: int, singular: str, plural: str = "") -> str:
    """Say how many: `quantity(1, "record")` → "1 record", 1200 → "1,200 records"."""
    return f"{amount:,} {singular if abs(amount) == 1 else plural or singular + 's'}"


def day(value: date | None) -> str:
    """Say a day as "14 Mar 2027"; None is "n/a"."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if value else NOT_AVAILABLE


def short_day(value: date | None) -> str:
    """Say a day where the year is plain from the place, as "14 Mar"; None is "n/a"."""
    return f"{value.day} {_MONTHS[value.month - 1]}" if value else NOT_AVAILABLE


def moment(value: datetime | None, zone: tzinfo = UTC) -> str:
    """Say an aware time in `zone`: "14 Mar 2027, 09:05 UTC"; None is "n/a"; Invalid when naive."""
    if value is None:
        return NOT_AVAILABLE
    local = _aware(value).astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M} {local.tzname() or ''}".strip()


def age(then: datetime | None, now: datetime) -> str:
    """Say how long ago `then` was, seen from `now`: "just now", "5 hours", "12 days", "3 months".

    The unit is the largest that still gives at least two. A time after `now` is "in the future";
    None is "n/a". Raises Invalid when a time is naive.
    """
    if then is None:
        return NOT_AVAILABLE
    seconds = (_aware(now) - _aware(then)).total_seconds()
    if seconds < -_MINUTE:
        return "in the future"
    for limit, unit, singular, plural in _AGES:
        if seconds < limit:
            return singular if unit == 1 else quantity(int(seconds // unit), singular, plural)
    return NOT_AVAILABLE  # unreachable: the last limit is infinite


def span(p50: date | None, p80: date | None) -> str:
    """Say a forecast's two dates: "14 Mar 2027 at P50, 2 May 2027 at P80".

    A percentile that falls into "never" is None and is said, not hidden: "no date at P80".
    """
    if p50 is None and p80 is None:
        return "no date at P50 or P80"
    parts = (f"{day(p)} at P{q}" if p else f"no date at P{q}" for p, q in ((p50, 50), (p80, 80)))
    return ", ".join(parts)


def shift(days: int | None) -> str:
    """Say how a date moved: 17 → "17 days later", -1 → "1 day earlier", 0 → "unchanged"."""
    if days is None:
        return NOT_AVAILABLE
    if days == 0:
        return "unchanged"
    return f"{quantity(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def unbroken(phrase: str) -> str:
    """Return `phrase` with no-break spaces, so that a layout keeps figure and unit together."""
    return phrase.replace(" ", NO_BREAK_SPACE)


def _rounded(value: Decimal, digits: int) -> Decimal:
    """Round half away from zero, as people do on paper, to `digits` decimals."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _scaled(size: Decimal) -> str:
    """Say `size` (at least 10,000) with three figures and its scale; 999,999 is "1.00 M"."""
    for (scale, letter), (following, _) in pairwise((*_SCALES, (Decimal("Infinity"), ""))):
        scaled = _three_figures(size / scale)
        if scaled * scale < following:
            return f"{scaled:,} {letter}"
    return f"{size:,}"  # unreachable: the last scale has no successor


def _three_figures(value: Decimal) -> Decimal:
    for digits, limit in ((2, 10), (1, 100)):
        rounded = _rounded(value, digits)
        if rounded < limit:
            return rounded
    return _rounded(value, 0)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        text = value.isoformat()
        sentence = f"The time {text} has no zone; give an aware time, for example {text}Z."
        raise Invalid(sentence)
    return value
