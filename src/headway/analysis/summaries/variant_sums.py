"""Sums and cross products by variant and look: one question where nothing is missing, two else.

Sums are taken about 0, and again about the mean only where digits would be lost: the same numbers
on every engine. Nulls, NaN and infinity show in the first answer; only then each metric is asked
for the units that have all it needs.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headway.analysis.summaries.moments import Array, Moments, is_precise
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

if TYPE_CHECKING:
    import ibis

#: The largest finite float.
_LARGEST = sys.float_info.max
VARIANT, LOOK = "hw_variant", "hw_look"
_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One metric: the places of its slots in the order value, denominator, covariate."""

    slots: tuple[int, ...]
    has_denominator: bool
    has_covariate: bool
    is_binary: bool
    columns: tuple[str, ...]

    @property
    def needed(self) -> tuple[int, ...]:
        """Return the slots that a unit must have to count: all but the covariate."""
        return self.slots[:-1] if self.has_covariate else self.slots


@dataclass(frozen=True, slots=True)
class Held:
    """The rows to be summed, one a unit: variant (null: outside), look, slots s0, s1, …: floats."""

    table: Table
    rows: ibis.Table
    has_looks: bool
    metrics: tuple[Asked, ...]

    @property
    def slots(self) -> int:
        """Return how many slots there are."""
        return 1 + max(slot for metric in self.metrics for slot in metric.slots)

    def grouped(self, rows: ibis.Table, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the aggregates of each group, as rows of Python values."""
        keys = [VARIANT, LOOK] if self.has_looks else [VARIANT]
        answer = self.table.ask(rows.group_by(keys).aggregate(n=rows.count(), **wanted))
        return answer.to_pylist()  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Lost:
    """Units whose value does not count, and why; `covariate` had no covariate and took its mean."""

    null: int = 0
    nan: int = 0
    infinite: int = 0
    covariate: int = 0

    @property
    def units(self) -> int:
        """Return how many units did not count."""
        return self.null + self.nan + self.infinite


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """The answer: see `variants.Variants`. `outside` rows had no variant, `counted` are all."""

    names: tuple[str, ...]
    looks: tuple[str, ...]
    units: NDArray[np.int64]
    moments: tuple[tuple[tuple[Moments, ...], ...], ...]
    lost: tuple[tuple[Lost, ...], ...]
    counted: int
    outside: int


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a group's answer belongs."""

    names: tuple[str, ...]
    looks: tuple[Any, ...]

    def of(self, row: _Row) -> tuple[int, int]:
        """Return (variant, look) of a row."""
        return self.names.index(row[VARIANT]), self.looks.index(row.get(LOOK))

    def grid(self, cells: Mapping[tuple[int, int], Moments], width: int) -> tuple[Any, ...]:
        """Return moments[v][k]; a variant without units at a look has none."""
        none = Moments(0, np.zeros(width), np.zeros((width, width)))
        return tuple(
            tuple(cells.get((v, k), none) for k in range(len(self.looks)))
            for v in range(len(self.names))
        )


def sums(held: Held) -> Sums:
    """Return what the rows add up to. Raises Invalid for values that a metric can't have."""
    rows, centres = _plain(held)
    inside = [row for row in rows if row[VARIANT] is not None]
    _require_looks(held, inside)
    names = tuple(sorted({row[VARIANT] for row in inside}))
    looks = tuple(sorted({row.get(LOOK) for row in inside}, key=lambda look: (look is None, look)))
    places = _Places(names, looks)
    units = np.zeros((len(names), max(len(looks), 1)), dtype=np.int64)
    for row in inside:
        units[places.of(row)] = row["n"]
    moments, lost = [], []
    for metric in held.metrics:
        if _is_whole(inside, metric):
            _require_values(held, inside, metric, "")
            moments.append(places.grid(_cells(inside, metric, centres, places), len(metric.slots)))
            lost.append(tuple(Lost() for _ in names))
        else:
            grid, missing = _masked(held, metric, places)
            moments.append(grid)
            lost.append(missing)
    counted = sum(row["n"] for row in rows)
    outside = counted - int(units.sum())
    shown = tuple(str(look) for look in looks) if held.has_looks else ()
    return Sums(names, shown, units, tuple(moments), tuple(lost), counted, outside)


def _plain(held: Held) -> tuple[list[dict[str, Any]], Array]:
    """Return each group's sums and products, as if nothing were missing, and the centres."""
    centres = np.zeros(held.slots)
    rows = held.grouped(held.rows, _plain_sums(held, centres))
    binary = {metric.slots[0] for metric in held.metrics if metric.is_binary}
    lost = [slot for slot in range(held.slots) if slot not in binary and _loses(rows, slot)]
    if not lost:
        return rows, centres
    centres[lost] = _means(rows, lost)
    return held.grouped(held.rows, _plain_sums(held, centres)), centres


def _plain_sums(held: Held, centres: Array) -> dict[str, Any]:
    at = [_about(held.rows[f"s{slot}"], centres[slot]) for slot in range(held.slots)]
    wanted: dict[str, Any] = {}
    for slot, value in enumerate(at):
        wanted[f"n{slot}"] = held.rows[f"s{slot}"].count()
        wanted[f"a{slot}"] = value.sum()
    for i, j in sorted({pair for metric in held.metrics for pair in _pairs(metric.slots)}):
        wanted[f"p{i}_{j}"] = (at[i] * at[j]).sum()
    for metric in held.metrics:
        for name, slot in _limited(metric):
            wanted[f"{name}{slot}"] = getattr(held.rows[f"s{slot}"], name)()
    return wanted


def _about(value: Any, centre: float) -> Any:
    return value - float(centre) if centre else value


def _pairs(slots: Sequence[int]) -> Iterator[tuple[int, int]]:
    return combinations_with_replacement(sorted(slots), 2)


def _limited(metric: Asked) -> Iterator[tuple[str, int]]:
    """Yield which extremes have to be known: of a proportion both, of a denominator the least."""
    if metric.is_binary:
        yield from (("min", metric.slots[0]), ("max", metric.slots[0]))
    if metric.has_denominator:
        yield "min", metric.slots[1]


def _means(rows: Sequence[_Row], slots: Sequence[int]) -> Array:
    """Return the mean of each of `slots` over all rows, from sums about 0."""
    counts = [max(sum(row[f"n{slot}"] for row in rows), 1) for slot in slots]
    totals = [math.fsum(row[f"a{slot}"] or 0.0 for row in rows) for slot in slots]
    return np.array(totals) / np.array(counts, dtype=np.float64)


def _loses(rows: Sequence[_Row], slot: int) -> bool:
    """Say whether sums about 0 lose digits of the slot's variance, in any group.

    What is not finite is not summed again: it is masked.
    """
    own = [(row[f"n{slot}"], row[f"a{slot}"] or 0.0, row[f"p{slot}_{slot}"] or 0.0) for row in rows]
    if not all(math.isfinite(a) and math.isfinite(p) for _, a, p in own):
        return False
    return not all(is_precise(n, a, p) for n, a, p in own)


def _is_whole(rows: Sequence[_Row], metric: Asked) -> bool:
    """Say whether every unit has all that the metric reads, and finite."""
    return all(
        row[f"n{slot}"] == row["n"]
        and math.isfinite(row[f"a{slot}"])
        and math.isfinite(row[f"p{slot}_{slot}"])
        for row in rows
        for slot in metric.slots
    )


def _cells(
    rows: Sequence[_Row], metric: Asked, centres: Array, places: _Places
) -> dict[tuple[int, int], Moments]:
    at = list(metric.slots)
    return {
        places.of(row): Moments.of_sums(
            row["n"],
            centres[at],
            np.array([row[f"a{slot}"] for slot in at]),
            np.array([[row[f"p{min(i, j)}_{max(i, j)}"] for j in at] for i in at]),
        )
        for row in rows
    }


def _masked(held: Held, metric: Asked, places: _Places) -> tuple[Any, tuple[Lost, ...]]:
    """Return moments and losses of one metric over the units that have what it needs."""
    width = len(metric.slots)
    centres = np.zeros(width)
    inside = _masked_rows(held, metric, centres)
    lost = [slot for slot in range(int(metric.is_binary), width) if _loses(inside, slot)]
    if lost:
        centres[lost] = _means(inside, lost)
        inside = _masked_rows(held, metric, centres)
    _require_values(held, inside, metric, "masked")
    away = float(_means(inside, [width - 1])[0])
    cells = {places.of(row): _completed(row, metric, centres, away) for row in inside}
    return places.grid(cells, width), _losses(inside, metric, places)


def _masked_rows(held: Held, metric: Asked, centres: Array) -> list[dict[str, Any]]:
    """Return sums over the units whose value (and denominator) is a finite number."""
    import ibis

    rows = held.rows
    own = [rows[f"s{slot}"] for slot in metric.slots]
    needed = own[: len(metric.needed)]
    # Not `notnull() & isnan()`: for Spark Ibis holds a NaN to be null there, and no test for
    # infinity is left of it; a null is neither, or unknown, and is not counted by a condition.
    nan = _any(value.isnan() for value in needed)
    here = _all(value.notnull() for value in needed)
    counts = _all(_is_finite(value) for value in needed)
    paired = _all(_is_finite(value) for value in own)
    marks = {
        "hw_counts": counts,
        "hw_paired": paired,
        "hw_nan": nan,
        "hw_inf": here & ~nan & ~counts,
    }
    none = ibis.null("float64")
    for place, value in enumerate(own):
        mark = counts if place < len(needed) else paired
        marks[f"m{place}"] = ibis.ifelse(mark, _about(value, centres[place]), none)
        if place < len(needed):
            marks[f"w{place}"] = ibis.ifelse(paired, _about(value, centres[place]), none)
    marked = rows.mutate(**marks)
    wanted: dict[str, Any] = {
        name: marked.count(where=marked[f"hw_{name}"])
        for name in ("nan", "inf", "counts", "paired")
    }
    for place in range(len(own)):
        wanted[f"n{place}"] = marked[f"m{place}"].count()
        wanted[f"a{place}"] = marked[f"m{place}"].sum()
        if place < len(needed):
            wanted[f"b{place}"] = marked[f"w{place}"].sum()
            wanted[f"min{place}"] = own[place].min(where=counts)
            wanted[f"max{place}"] = own[place].max(where=counts)
    for i, j in _pairs(range(len(own))):
        wanted[f"p{i}_{j}"] = (marked[f"m{i}"] * marked[f"m{j}"]).sum()
    return [row for row in held.grouped(marked, wanted) if row[VARIANT] is not None]


def _is_finite(value: Any) -> Any:
    """Say whether a value is a number that can be added up, never null; by comparison."""
    return value.notnull() & value.between(-_LARGEST, _LARGEST)


def _any(tests: Iterator[Any]) -> Any:
    return reduce(operator.or_, tests)


def _all(tests: Iterator[Any]) -> Any:
    return reduce(operator.and_, tests)


def _completed(row: _Row, metric: Asked, centres: Array, away: float) -> Moments:
    """Return a group's moments; a unit without a covariate takes its mean, `away` from the centre.

    Any constant would leave the comparison unbiased; the mean of all units keeps θ as it is.
    """
    n, width = row["counts"], len(metric.slots)
    sums_ = np.array([row[f"a{place}"] or 0.0 for place in range(width)])
    products = np.zeros((width, width))
    for i, j in _pairs(range(width)):
        products[i, j] = products[j, i] = row[f"p{i}_{j}"] or 0.0
    if metric.has_covariate:
        last, without = width - 1, n - row["paired"]
        for place in range(last):
            alone = sums_[place] - (row[f"b{place}"] or 0.0)
            products[place, last] += away * alone
            products[last, place] = products[place, last]
        sums_[last] += without * away
        products[last, last] += without * away * away
    return Moments.of_sums(n, centres, sums_, products)


def _losses(rows: Sequence[_Row], metric: Asked, places: _Places) -> tuple[Lost, ...]:
    found = [np.zeros(4, dtype=np.int64) for _ in places.names]
    for row in rows:
        bad = row["n"] - row["counts"]
        without = row["counts"] - row["paired"] if metric.has_covariate else 0
        found[places.of(row)[0]] += [bad - row["nan"] - row["inf"], row["nan"], row["inf"], without]
    return tuple(Lost(*map(int, one)) for one in found)


def _require_values(held: Held, rows: Sequence[_Row], metric: Asked, how: str) -> None:
    """Refuse a proportion that is not 0 or 1, and a denominator below 0."""
    value, other = (0, 1) if how else (metric.slots[0], (*metric.slots, 0)[1])
    for row in rows:
        if metric.is_binary and row[f"n{value}"]:
            _require_binary(held, row, metric, value)
        least = row[f"min{other}"] if metric.has_denominator else None
        if least is not None and least < 0:
            sentence = (
                f"Column {metric.columns[1]!r} of {held.table.name} has the value {least:g}; the "
                "denominator of a ratio counts something and is not negative."
            )
            raise Invalid(sentence)


def _require_binary(held: Held, row: _Row, metric: Asked, value: int) -> None:
    low, high = row[f"min{value}"], row[f"max{value}"]
    # Within 0 and 1, squares are no larger than values: equal sums mean that all are 0 or 1.
    if low < 0 or high > 1 or row[f"a{value}"] != row[f"p{value}_{value}"]:
        odd = f"the value {low if low < 0 else high:g}" if low < 0 or high > 1 else "values between"
        sentence = (
            f"Column {metric.columns[0]!r} of {held.table.name} has {odd}; a proportion is 0 or 1 "
            "(or true and false) for each unit. Use :mean for amounts, :ratio=DENOM for shares."
        )
        raise Invalid(sentence)


def _require_looks(held: Held, rows: Sequence[_Row]) -> None:
    lost = sum(row["n"] for row in rows if held.has_looks and row[LOOK] is None)
    if lost:
        sentence = (
            f"{held.table.name} has {lost:,} rows without a time; the looks can't be put in order. "
            "Correct them, or leave --time out."
        )
        raise Invalid(sentence)
