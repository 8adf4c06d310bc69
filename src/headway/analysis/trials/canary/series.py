"""The values of a side: CSV with the columns metric, time, value, or arrays that somebody has."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headway.errors import Invalid

COLUMNS = ("metric", "time", "value")
MOST_ROWS = 2_000_000
#: How a missing value is written: by people, by R and pandas, and by Prometheus.
MISSING = frozenset({"", "na", "nan", "null", "none", "+nan", "-nan"})
INFINITE = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one side: its finite `values` in order, and how many were something else.

    `gaps` were written as no value (empty, NaN); `infinite` were infinities. Neither is a number.
    `filled` are the values with every gap as NaN in its place, for who counts a gap as 0.
    """

    filled: Values
    gaps: int = 0
    infinite: int = 0

    @property
    def values(self) -> Values:
        """The finite values."""
        return self.filled[np.isfinite(self.filled)]

    @property
    def values_or_zero(self) -> Values:
        """The values with 0 for each gap."""
        return np.where(np.isfinite(self.filled), self.filled, 0.0)

    @classmethod
    def of(cls, values: ArrayLike) -> Series:
        """Return the series of an array of numbers, shape (n,). Raises Invalid for other shapes."""
        array = np.asarray(values, dtype=np.float64)
        if array.ndim != 1:
            sentence = f"A metric's values have shape {array.shape}; give one row of numbers."
            raise Invalid(sentence)
        infinite = np.isinf(array)
        gaps = int(np.isnan(array).sum())
        return cls(np.where(infinite, np.nan, array), gaps, int(infinite.sum()))


Side = Mapping[str, Series]


def side_of(values: Mapping[str, ArrayLike]) -> dict[str, Series]:
    """Return a side from arrays by metric."""
    return {name: Series.of(one) for name, one in values.items()}


def read_side(text: str, name: str) -> dict[str, Series]:
    """Return a side from CSV with a header that has metric, time and value; `name` is the file's.

    Times say which value is which, and in which order: one metric has one value a time. Raises
    Invalid naming file, line and column. A file without rows is a side without data, no error.
    """
    found: dict[str, dict[str, float]] = {}
    for count, (line, metric, time, value) in enumerate(_rows(text, name), start=1):
        if count > MOST_ROWS:
            sentence = f"{name} has more than {MOST_ROWS:,} rows; average them over longer steps."
            raise Invalid(sentence)
        at = found.setdefault(metric, {})
        if time in at:
            sentence = (
                f"{name}, line {line}: {metric!r} has a value at {time!r} already; give one value "
                "a metric and time, for example the mean over instances."
            )
            raise Invalid(sentence)
        at[time] = _number(value, f"{name}, line {line}")
    return {metric: Series.of(_in_order(at)) for metric, at in found.items()}


def _in_order(values: Mapping[str, float]) -> list[float]:
    """Return values by their times, which are numbers or ISO 8601; else in the file's order."""
    for read in (float, _moment):
        try:
            places = {time: read(time) for time in values}
        except ValueError:
            continue
        return [values[time] for time in sorted(values, key=lambda time: places[time])]
    return list(values.values())


def _moment(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _rows(text: str, name: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield (line, metric, time, value). Raises Invalid when it is no such table."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        places = _places(header, name)
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                sentence = (
                    f"{name}, line {reader.line_num}: {len(row)} cells under {len(header)} "
                    "headings; quote a value that holds a comma."
                )
                raise Invalid(sentence)
            metric, time, value = (row[place].strip() for place in places)
            if not metric:
                sentence = f"{name}, line {reader.line_num}: the column metric is empty."
                raise Invalid(sentence)
            yield reader.line_num, metric, time, value
    except csv.Error as error:
        sentence = f"{name}, line {reader.line_num}: this is no CSV ({error})."
        raise Invalid(sentence) from None


def _places(header: list[str], name: str) -> list[int]:
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        found = ", ".join(header)[:120] or "nothing"
        sentence = (
            f"{name} has no column {missing[0]!r} (its first line holds {found}); the table needs "
            "the columns metric, time and value, with commas between."
        )
        raise Invalid(sentence)
    twice = [column for column in COLUMNS if header.count(column) > 1]
    if twice:
        sentence = f"{name} has the column {twice[0]!r} twice; keep one."
        raise Invalid(sentence)
    return [header.index(column) for column in COLUMNS]


def _number(text: str, where: str) -> float:
    word = text.lower()
    if word in MISSING:
        return math.nan
    if word in INFINITE:
        return math.inf
    try:
        # float() alone takes 1_000 and digits of other scripts, which no exporter writes.
        if not text.isascii() or "_" in text:
            raise ValueError
        return float(text)
    except ValueError:
        sentence = f"{where}: the value {text[:40]!r} is no number; write 12.5, or leave it empty."
        raise Invalid(sentence) from None
