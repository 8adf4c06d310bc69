"""Rules about a table, as plain values: what each asks, and how much may break it.

A share is a number from 0 to 1. Bounds are held as they were written (an integer, a Decimal, a
date, a moment) and meet a column's own type only when it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from headway.analysis.summaries.conditions import Condition

Bound = int | Decimal | date | datetime


class Severity(StrEnum):
    """What a broken rule does to the answer: an error makes it bad, a warning is told."""

    ERROR = "error"
    WARNING = "warning"


class Type(StrEnum):
    """The types that a rule may ask for; `number` takes integers and decimals too."""

    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"


class Direction(StrEnum):
    """How a column that is monotone goes."""

    INCREASING = "increasing"
    STRICTLY_INCREASING = "strictly increasing"
    DECREASING = "decreasing"
    STRICTLY_DECREASING = "strictly decreasing"


@dataclass(frozen=True, slots=True)
class About:
    """What every rule has: its name, the column it is about (or None), how bad, where written."""

    name: str
    column: str | None = None
    severity: Severity = Severity.ERROR
    line: int = 0


@dataclass(frozen=True, slots=True)
class Typed:
    """The column is of a type."""

    about: About
    type: Type


@dataclass(frozen=True, slots=True)
class Nulls:
    """At most this share of the rows has no value: null, or NaN."""

    about: About
    most: float


@dataclass(frozen=True, slots=True)
class Range:
    """Values lie from `low` to `high`, both included; at most the share `allow` does not."""

    about: About
    low: Bound | None
    high: Bound | None
    allow: float = 0.0


@dataclass(frozen=True, slots=True)
class OneOf:
    """Values are among these; each is the text that was written."""

    about: About
    values: tuple[str, ...]
    allow: float = 0.0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern is found in each value. `written` is the rule's, `pattern` is portable."""

    about: About
    written: str
    pattern: str
    allow: float = 0.0


@dataclass(frozen=True, slots=True)
class Unique:
    """No two rows have the same values in all of `columns`."""

    about: About
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """The newest value is at most `within` old."""

    about: About
    within: timedelta


@dataclass(frozen=True, slots=True)
class Outliers:
    """At most the share `most` lies beyond `fence` interquartile ranges from the quartiles."""

    about: About
    most: float
    fence: float = 3.0


@dataclass(frozen=True, slots=True)
class Monotone:
    """Values never go the other way, in the order of `by` (or of the file)."""

    about: About
    direction: Direction
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Refers:
    """Every value stands in column `other` of another file."""

    about: About
    file: str
    other: str
    allow: float = 0.0


@dataclass(frozen=True, slots=True)
class Where:
    """A condition holds for every row (but the share `allow`)."""

    about: About
    text: str
    condition: Condition
    allow: float = 0.0


@dataclass(frozen=True, slots=True)
class RowCount:
    """There are from `least` to `most` rows."""

    about: About
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """The number of rows differs from the baseline's by at most this share of it."""

    about: About
    share: float


@dataclass(frozen=True, slots=True)
class Columns:
    """The table has these columns; in this order and no others, where the rule says so."""

    about: About
    names: tuple[str, ...]
    ordered: bool
    extra: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Each segment has its share of the rows, less the part `within`, and `least` rows.

    `target` is the share of each value in the population, or the name of a file that holds it.
    """

    about: About
    of: tuple[str, ...]
    target: tuple[tuple[str, float], ...] | str
    within: float
    least: int


Rule = (
    Typed
    | Nulls
    | Range
    | OneOf
    | Pattern
    | Unique
    | Fresh
    | Outliers
    | Monotone
    | Refers
    | Where
    | RowCount
    | RowChange
    | Columns
    | Coverage
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a file, in its order, and the names of checks that are expected of it."""

    name: str
    rules: tuple[Rule, ...]
    expected: tuple[str, ...] = ()
