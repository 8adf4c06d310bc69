"""When money is meant to be spent: an amount spread over months, exact to the minor unit.

What does not divide is placed by the one rule of `analysis.cost.apportioning`, to the minor unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from headway.analysis.cost import apportion
from headway.domain.programs.rules.fields import decimal
from headway.errors import Invalid

#: How an amount lies between its first and its last month: alike, or growing or falling evenly.
SHAPES = ("even", "front", "back")

#: Twenty years: longer is no budget.
MOST_MONTHS = 240

_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-01)?")

Months = Mapping[date, Decimal]


def split_amount(amount: Decimal, weights: Sequence[int]) -> tuple[Decimal, ...]:
    """Return `amount` in parts as `weights` (0 or more), which add up to it exactly.

    The smallest unit is that of the amount's own last decimal. Weights of 0 throughout count alike.
    """
    sign, digits, exponent = amount.as_tuple()
    units = int("".join(map(str, digits)))
    parts = apportion(-units if sign else units, weights)
    return tuple(Decimal(part).scaleb(int(exponent)) for part in parts)


@lru_cache(maxsize=4_096)
def month_of(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """Return the months from `first` to `last`, both included."""
    found = [month_of(first)]
    while found[-1] < month_of(last):
        found.append(next_month(found[-1]))
    return found


def read_month(field: str, value: object) -> date:
    """Read a month: 2026-11, or the first day of it."""
    found = _MONTH.fullmatch(str(value or "").strip())
    if found and 1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) <= 2199:
        return date(int(found[1]), int(found[2]), 1)
    sentence = f"The {field} {str(value)[:40]!r} is not a month; write it as 2026-11."
    raise Invalid(sentence)


def month_text(month: date) -> str:
    """Return a month as 2026-11."""
    return f"{month.year:04}-{month.month:02}"


def read_phasing(field: str, value: object) -> dict[str, object]:
    """Read how an amount is phased: nothing, "even 2026-08 2027-05", or months with amounts.

    Months may be text ("2026-08: 1200, 2026-09: 800.50") or a mapping {"months": {"2026-08":
    "1200"}}; a shape may be a mapping {"shape", "from", "to"}. Returns the JSON that is kept.
    """
    match value:
        case _ if not value:
            return {}
        case Mapping() if "months" in value and set(value) == {"months"}:
            return _months(field, value["months"])
        case Mapping() if set(value) == {"shape", "from", "to"}:
            return _shape(field, [value["shape"], value["from"], value["to"]])
        case str() if ":" in value:
            return _months(field, _pairs(field, value))
        case str():
            return _shape(field, list(value.replace("–", " ").replace("to", " ").split()))
        case _:
            raise Invalid(_help(field, value))


def phasing_text(held: Mapping[str, object]) -> str:
    """Return a phasing as `read_phasing` reads it."""
    if "shape" in held:
        return f"{held['shape']} {held['from']} {held['to']}"
    months = held.get("months")
    pairs = months.items() if isinstance(months, Mapping) else ()
    return ", ".join(f"{month}: {amount}" for month, amount in pairs)


def phased(amount: Decimal, held: Mapping[str, object]) -> Months:
    """Return `amount` by month, adding up to it exactly; nothing where it is not phased.

    Months that were written with amounts keep them; when the line's amount has changed since, they
    are scaled to it by the rule of this module.
    """
    return _phased(amount, phasing_text(held)) if held else {}


@lru_cache(maxsize=16_384)
def _phased(amount: Decimal, told: str) -> Months:
    held = read_phasing("phasing", told)
    months = held.get("months")
    if isinstance(months, Mapping):
        names = [read_month("month", month) for month in months]
        weights = _units(months.values())
    else:
        names = months_between(read_month("from", held["from"]), read_month("to", held["to"]))
        weights = _weights(str(held["shape"]), len(names))
    return dict(zip(names, split_amount(amount, weights), strict=True))


def explicit(months: Months) -> dict[str, object]:
    """Return months with their amounts as the JSON that is kept; months of nothing fall out."""
    kept = {month_text(one): f"{months[one]:f}" for one in sorted(months) if months[one]}
    return {"months": kept} if kept else {}


def sum_of(held: Mapping[str, object]) -> Decimal | None:
    """Return what written months add up to; None for a shape, which always adds up."""
    months = held.get("months")
    if not isinstance(months, Mapping):
        return None
    return sum((Decimal(str(amount)) for amount in months.values()), Decimal(0))


def rephased(months: Months, change: Decimal, now: date) -> Months:
    """Return the months after the amount changed by `change`, agreed in the month `now`.

    What is past stays: the change is spread over the months from `now` on as they stand (all of
    them alike where they hold nothing; `now` itself where there is none). What those cannot give
    is taken from the latest past months first. Never below 0 while the sum can pay for it.
    """
    found = dict(months)
    ahead = [month for month in sorted(found) if month >= month_of(now)]
    if change >= 0:
        ahead = ahead or [month_of(now)]
        given = {month: found.get(month, Decimal(0)) for month in ahead}
        parts = split_amount(change, _units(given.values()))
        return found | {
            month: given[month] + part for month, part in zip(ahead, parts, strict=True)
        }
    there = sum((found[month] for month in ahead), Decimal(0))
    taken = min(-change, there)
    if ahead and taken:
        parts = split_amount(there - taken, _units(found[month] for month in ahead))
        found |= dict(zip(ahead, parts, strict=True))
    left = -change - taken
    for month in sorted((one for one in found if one not in ahead), reverse=True):
        step = min(left, found[month])
        found[month] -= step
        left -= step
    return found


def _units(amounts: Iterable[object]) -> list[int]:
    """Return amounts as whole numbers in the same ratio."""
    told = [Decimal(str(amount)) for amount in amounts]
    places = min((int(one.as_tuple().exponent) for one in told), default=0)
    return [int(one.scaleb(-min(places, 0))) for one in told]


def _weights(shape: str, count: int) -> list[int]:
    if shape == "even":
        return [1] * count
    rising = list(range(1, count + 1))
    return rising if shape == "back" else rising[::-1]


def _shape(field: str, parts: Sequence[object]) -> dict[str, object]:
    if len(parts) != 3 or str(parts[0]) not in SHAPES:
        raise Invalid(_help(field, " ".join(map(str, parts))))
    first, last = read_month("first month", parts[1]), read_month("last month", parts[2])
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 1 <= count <= MOST_MONTHS:
        sentence = (
            f"The {field} runs from {month_text(first)} to {month_text(last)}: its last month "
            f"cannot come before its first, and at most {MOST_MONTHS} months fit."
        )
        raise Invalid(sentence)
    return {"shape": str(parts[0]), "from": month_text(first), "to": month_text(last)}


def _pairs(field: str, value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in re.split(r",(?!\d{3}(?:\D|$))|[;\n]", value):
        if part.strip():
            month, _, amount = part.partition(":")
            if month.strip() in found:
                sentence = f"The {field} names {month.strip()} twice; write each month once."
                raise Invalid(sentence)
            found[month.strip()] = amount
    return found


def _months(field: str, value: object) -> dict[str, object]:
    if not isinstance(value, Mapping) or len(value) > MOST_MONTHS:
        sentence = f"The {field} holds at most {MOST_MONTHS} months, each with its amount."
        raise Invalid(sentence)
    found: dict[date, Decimal] = {}
    for word, amount in value.items():
        month = read_month("month", word)
        found[month] = decimal(f"amount of {month_text(month)}", amount)
        if found[month] < 0:
            sentence = f"The {field} holds {found[month]} in {month_text(month)}; 0 or more fits."
            raise Invalid(sentence)
    if len(found) < len(value):
        sentence = f"The {field} names a month twice; write each once."
        raise Invalid(sentence)
    return explicit(found)


def _help(field: str, value: object) -> str:
    return (
        f"The {field} {str(value)[:60]!r} cannot be read; write 'even 2026-08 2027-05' (or front, "
        "back), or months with amounts as '2026-08: 1200, 2026-09: 800'."
    )
