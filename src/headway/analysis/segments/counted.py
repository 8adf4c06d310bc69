"""Answers of a table too large to read: counted by the engine in cells, judged from these.

Counts are exact; sums agree to the rounding of the engine; an area lies within what its buckets
leave open, which widens its interval. Quantiles are the engine's approximation, and printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from headway.analysis.segments.groupings import FEW, MOST, Cut, by_key
from headway.analysis.segments.task import (
    THRESHOLD,
    Answers,
    Columns,
    Counts,
    Task,
    classes_of,
    in_the_same_words,
    is_number,
    places_in,
    positive_of,
    same_value,
)
from headway.analysis.summaries.by_group import Value
from headway.analysis.summaries.cells import (
    BUCKETS,
    MOST_CELLS,
    BinaryAsked,
    Cells,
    Key,
    Range,
    binary_cells,
    class_cells,
    inner_edges,
    missing_of,
    number_cells,
    range_of,
    values_of,
)
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

#: The most classes of a label.
CLASSES = 200
_NONE: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)


def counted(
    table: Table, columns: Columns, by: Sequence[str], bins: int
) -> tuple[Answers, list[Cut]]:
    """Return the answers as cells, and the segments of each column of `by`."""
    columns.names()
    keys, sizes = _keys_of(table, by, bins)
    labels = values_of(table, columns.label, CLASSES)
    given = values_of(table, columns.prediction, CLASSES) if columns.prediction else ()
    if columns.score is None and is_number(table.columns, columns, (labels, given)):
        found, cells = _numbers(table, columns, keys)
    elif labels is None or given is None:
        sentence = f"{columns.label} of {table.name} has more than {CLASSES} classes. Is it an id?"
        raise Invalid(sentence)
    elif columns.score is None and columns.positive is None and len(classes_of(labels, given)) > 2:
        in_the_same_words(given, labels, columns)
        found, cells = _classes(table, columns, keys, classes_of(labels, given))
    else:
        found, cells = _binary(table, columns, keys, (labels, given, sizes))
    n = cells.sums["n"]
    return found, [by_key(cells.keys[key.column.name], key, n) for key in keys]


def _keys_of(table: Table, by: Sequence[str], bins: int) -> tuple[list[Key], int]:
    """Return how each column is divided, and how many segments all crossed can make."""
    keys, sizes = [], []
    for name in by:
        column = table.column(name)
        values = values_of(table, name, FEW if column.kind.is_numeric else MOST)
        if column.kind.is_numeric and values is None:
            keys.append(Key(column, inner_edges(table, name, bins)))
            sizes.append(bins + 1)
            continue
        if values is None:
            sentence = (
                f"{name} of {table.name} has more than {MOST:,} values, and the table is too large "
                "to be read row by row. Leave it out, or group its values first."
            )
            raise Invalid(sentence)
        keys.append(Key(column, None))
        sizes.append(len(values) + 1)
    return keys, prod(sizes)


def _binary(
    table: Table,
    columns: Columns,
    keys: Sequence[Key],
    told: tuple[tuple[Value, ...], tuple[Value, ...], int],
) -> tuple[Answers, Cells]:
    labels, given, sizes = told
    positive = positive_of(table.name, labels, columns)
    if columns.prediction:
        in_the_same_words(given, labels, columns)
    ends = range_of(table, columns.score) if columns.score else Range(None, None)
    threshold = columns.threshold
    if columns.score and columns.prediction is None and threshold is None and ends.is_probability:
        threshold = THRESHOLD
    buckets = _buckets(sizes)
    asked = BinaryAsked(
        columns.label,
        same_value(labels, positive),
        columns.score,
        ends,
        columns.prediction,
        same_value(given, positive),
        threshold,
    )
    cells = binary_cells(table, asked, keys, buckets)
    place = _codes(cells, "place") if columns.score else None
    found = Answers(
        Task.BINARY,
        _NONE,
        {name: missing_of(table, name) for name in columns.names()},
        _codes(cells, "positive").astype(np.bool_),
        _codes(cells, "given").astype(np.bool_) if "given" in cells.keys else None,
        None,
        None,
        (),
        positive,
        None if columns.prediction else threshold,
        _notes(columns, ends),
        _counts(table, cells, place, buckets),
    )
    return found, cells


def _buckets(sizes: int) -> int:
    """Return how many buckets of a score can be asked for. Raises Invalid for too many segments."""
    buckets = min(BUCKETS, MOST_CELLS // (4 * sizes) // 10 * 10)
    if buckets < 100:
        sentence = (
            f"All columns crossed make {sizes:,} segments, too many for a table that is not read "
            "row by row. Name fewer columns, or ask for --method exact."
        )
        raise Invalid(sentence)
    return buckets


def _notes(columns: Columns, ends: Range) -> tuple[str, ...]:
    if ends.is_probability or ends.low is None or ends.high is None:
        return ()
    return (
        f"{columns.score} runs from {ends.low:.6g} to {ends.high:.6g}: it ranks, and is no "
        "probability. Log loss, Brier score and calibration are not told.",
    )


def _counts(table: Table, cells: Cells, place: NDArray[np.int64] | None, buckets: int) -> Counts:
    sums = {name: values for name, values in cells.sums.items() if name not in ("n", "low", "high")}
    if place is None:
        return Counts(table.rows(), cells.sums["n"], sums)
    low, high = np.full(buckets, np.inf), np.full(buckets, -np.inf)
    np.minimum.at(low, place, cells.sums["low"])
    np.maximum.at(high, place, cells.sums["high"])
    return Counts(table.rows(), cells.sums["n"], sums, place, buckets, low < high)


def _codes(cells: Cells, name: str) -> NDArray[np.int64]:
    return cells.keys[name].numbers().astype(np.int64)


def _classes(
    table: Table, columns: Columns, keys: Sequence[Key], classes: tuple[Value, ...]
) -> tuple[Answers, Cells]:
    cells = class_cells(table, columns.label, str(columns.prediction), keys)
    truth, given = (
        places_in(classes, one.values)[one.codes]
        for one in (cells.keys[name].coded() for name in ("truth", "given"))
    )
    found = Answers(
        Task.CLASSES,
        _NONE,
        {name: missing_of(table, name) for name in columns.names()},
        truth,
        given,
        None,
        None,
        classes,
        None,
        None,
        (),
        Counts(table.rows(), cells.sums["n"], {}),
    )
    return found, cells


def _numbers(table: Table, columns: Columns, keys: Sequence[Key]) -> tuple[Answers, Cells]:
    ends = range_of(table, columns.label)
    range_of(table, str(columns.prediction))
    centre = ((ends.low or 0.0) + (ends.high or 0.0)) / 2
    cells = number_cells(table, columns.label, str(columns.prediction), keys, centre)
    sums = {name: values for name, values in cells.sums.items() if name != "n"}
    n = cells.sums["n"]
    found = Answers(
        Task.NUMBERS,
        _NONE,
        {name: missing_of(table, name) for name in columns.names()},
        np.zeros(len(n)),
        np.zeros(len(n)),
        None,
        None,
        (),
        None,
        None,
        (),
        Counts(table.rows(), n, sums),
    )
    return found, cells
