"""One look at a table: what is known of it so far, and what a rule has to know besides."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from headway.analysis.quality.rules import Bound
from headway.analysis.summaries import Column, Kind, Table
from headway.analysis.summaries.conditions import Value
from headway.analysis.summaries.expressions import as_float
from headway.analysis.summaries.scalars import (
    Answer,
    Highest,
    IsFinite,
    Least,
    Lowest,
    Measure,
    Most,
    NanCount,
    NullCount,
    Rows,
)
from headway.errors import Invalid

#: Gives the table of a file that a rule names. Without it, rules may name none.
Beside = Callable[[str], Table]
LARGEST = 1.7976931348623157e308


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a table was before: its name, and its rows."""

    name: str
    rows: int


@dataclass(slots=True)
class Look:
    """A table, what was measured of it, the moment of checking, and what stands beside it."""

    table: Table
    at: datetime
    baseline: Baseline | None = None
    beside: Beside | None = None
    examples: int = 5
    facts: dict[Measure, Answer] = field(default_factory=dict)
    #: What the footer told: found without a scan.
    footer: frozenset[Measure] = frozenset()

    def learn(self, facts: Mapping[Measure, Answer]) -> None:
        """Keep what was measured; a sum that is finite says that no value is NaN."""
        self.facts |= facts
        for measure, value in facts.items():
            if isinstance(measure, IsFinite) and value is not False:
                self._has_no_nan(measure.column)

    def _has_no_nan(self, name: str) -> None:
        self.facts[NanCount(name)] = 0
        for raw, end in ((Lowest(name), Least(name)), (Highest(name), Most(name))):
            if raw in self.facts:
                self.facts[end] = self.facts[raw]

    def count(self, measure: Measure) -> int:
        """Return a count that was measured."""
        value = self.facts[measure]
        return int(value) if isinstance(value, int | float | Decimal) else 0

    @property
    def rows(self) -> int:
        """Return how many rows there are."""
        return self.count(Rows())

    def holes(self, name: str) -> tuple[int, int]:
        """Return how many rows have null in a column, and how many have NaN."""
        nans = self.count(NanCount(name)) if self.has_nans(name) else 0
        return self.count(NullCount(name)), nans

    def has_nans(self, name: str) -> bool:
        """Return whether NaN may stand in a column."""
        return self.table.columns[name].kind is Kind.NUMBER

    def from_footer(self, name: str) -> bool:
        """Return whether the footer told all of a column's holes, without a scan."""
        return NullCount(name) in self.footer and not self.has_nans(name)

    def counting_holes(self, name: str) -> list[Measure]:
        """Return what is still to be measured for `holes`.

        The sum of the column is the cheapest way to know that no value is NaN; only if it is not
        finite are they counted.
        """
        wanted: list[Measure] = [NullCount(name)]
        if self.has_nans(name) and NanCount(name) not in self.facts:
            wanted.append(NanCount(name) if IsFinite(name) in self.facts else IsFinite(name))
        return [one for one in wanted if one not in self.facts]


def bound_for(column: Column, bound: Bound) -> Value:
    """Return a bound as it meets a column. Raises Invalid when the two can't be compared."""
    if isinstance(bound, int | Decimal):
        if column.kind.is_numeric:
            return as_float(bound, column.type) if column.kind is Kind.NUMBER else bound
    elif column.kind is Kind.TIME or (column.kind is Kind.DATE and not isinstance(bound, datetime)):
        return bound
    sentence = (
        f"{column.name} is {column.kind.value} ({column.type}), which can't be compared with "
        f"{bound}. Write a bound of that kind, or make the column one of numbers or dates."
    )
    raise Invalid(sentence)


def value_for(column: Column, text: str) -> Value:
    """Return a value of a set as it meets a column. Raises Invalid when it can't be one of it."""
    read = _READ.get(column.kind)
    try:
        if read is not None:
            return read(text)
    except (ValueError, InvalidOperation, KeyError):
        pass
    sentence = (
        f"{column.name} is {column.kind.value} ({column.type}), so {text!r} can't be among its "
        "values. Correct the set, or give the column the type `text`."
    )
    raise Invalid(sentence)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


_READ: Mapping[Kind, Callable[[str], Value]] = {
    Kind.INTEGER: int,
    Kind.NUMBER: _float,
    Kind.DECIMAL: Decimal,
    Kind.TEXT: str,
    Kind.BOOLEAN: {"true": True, "false": False}.__getitem__,
    Kind.DATE: date.fromisoformat,
    Kind.TIME: datetime.fromisoformat,
}


def utc(moment: object) -> datetime | None:
    """Return a date or moment in UTC; a date is its beginning. None for anything else."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if isinstance(moment, date):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return None
