"""What may be asked of a row, as plain values: terms and the conditions made of them.

They hold no engine's words. `expressions` turns them into Ibis, with one meaning everywhere: a
condition over a null, or over a NaN, is neither true nor false; dividing by zero gives null.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Value = bool | int | float | Decimal | str | date | datetime


@dataclass(frozen=True, slots=True)
class Named:
    """The value of a column."""

    name: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that was written."""

    value: Value


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers added, subtracted, multiplied, divided or taken modulo: + - * / %."""

    sign: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one value: abs, length, lower, upper."""

    function: str
    of: Term


Term = Named | Fixed | Arithmetic | Call


@dataclass(frozen=True, slots=True)
class Compare:
    """Two terms compared: = != < <= > >=."""

    sign: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Among:
    """A term that is one of some values."""

    of: Term
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """A text in which a pattern is found (see `quality.patterns` for what a pattern may be)."""

    of: Term
    pattern: str


@dataclass(frozen=True, slots=True)
class IsNull:
    """A term without a value: null, or NaN. The only condition that is never unknown."""

    of: Term


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown where its part is."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One part at least holds."""

    parts: tuple[Condition, ...]


Condition = Compare | Among | Matches | IsNull | Not | Every | Any


def columns_of(part: Condition | Term) -> Iterator[str]:
    """Yield the name of each column that a condition or term reads, in order, with repeats."""
    match part:
        case Named(name):
            yield name
        case Arithmetic(_, left, right) | Compare(_, left, right):
            yield from columns_of(left)
            yield from columns_of(right)
        case Call(_, of) | Among(of, _) | Matches(of, _) | IsNull(of):
            yield from columns_of(of)
        case Not(inner):
            yield from columns_of(inner)
        case Every(parts) | Any(parts):
            for one in parts:
                yield from columns_of(one)
        case Fixed():
            return
