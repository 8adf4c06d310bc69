"""Seeded tables: 30 numeric columns of many shapes, 8 categories, and ten planted drifts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from headway.analysis.summaries import Kind
from headway.analysis.summaries.histograms import Counts, Gaps, Histogram, Scale, Values
from headway.analysis.summaries.profiles import Profile, Summary

Draw = Callable[[np.random.Generator, int], Values]

SHAPES: tuple[Draw, ...] = (
    lambda rng, n: rng.normal(size=n),
    lambda rng, n: rng.lognormal(0, 1, n),
    lambda rng, n: rng.gamma(2, 3, n),
    lambda rng, n: rng.integers(0, 100, n).astype(float),
    lambda rng, n: np.round(rng.normal(50, 10, n), 2),
    lambda rng, n: rng.uniform(0, 1, n),
    lambda rng, n: rng.standard_t(2, n),
    lambda rng, n: np.where(rng.random(n) < 0.6, 0.0, rng.exponential(5, n)),
    lambda rng, n: 1e9 + rng.normal(size=n),
    lambda rng, n: np.concatenate([rng.normal(-4, 0.1, n // 2), rng.normal(4, 0.1, n - n // 2)]),
)
CATEGORIES = (2, 5, 12, 50, 200, 1000, 3, 5000)

#: What drifts: seven numeric columns and three categories.
PLANTED = ("n00", "n01", "n02", "n03", "n04", "n05", "n06", "c00", "c02", "c03")


def table(seed: int, rows: int, *, drifts: bool) -> pa.Table:
    """Return a table of 38 columns; with `drifts`, those of PLANTED have moved."""
    rng = np.random.default_rng(seed)
    columns: dict[str, pa.Array] = {}
    for number in range(30):
        name = f"n{number:02}"
        values = SHAPES[number % len(SHAPES)](rng, rows)
        if drifts and name in PLANTED:
            values = _moved(number, values)
        columns[name] = pa.array(values, mask=rng.random(rows) < 0.02)
    for number, levels in enumerate(CATEGORIES):
        name = f"c{number:02}"
        odds = 1 / np.arange(1, levels + 1)
        if drifts and name in PLANTED:
            odds[0] *= 1.5
        words = np.array([f"v{level}" for level in range(levels)])
        columns[name] = pa.array(words[rng.choice(levels, rows, p=odds / odds.sum())])
    return pa.table(columns)


def _moved(number: int, values: Values) -> Values:
    """Return values moved by about a tenth to a fifth of their spread, or spread wider."""
    if number == 3:
        return np.minimum(values + 6, 99.0)
    if number == 6:
        return values * 1.3
    return values + (0.15, 0.2, 0.6, 0.0, 2.0, 0.08)[number]


def counted(rows: pa.Table, like: Profile | None = None) -> Profile:
    """Return the profile of a table counted here, by bucket, as an engine would."""
    columns = {}
    for name in rows.column_names:
        values, gaps = rows[name].drop_null(), Gaps(rows[name].null_count)
        if name.startswith("c"):
            told = {one["values"]: one["counts"] for one in values.value_counts().to_pylist()}
            columns[name] = Summary(name, Kind.TEXT, rows.num_rows, gaps, counts=Counts(told))
            continue
        known = values.to_numpy()
        scale = Scale.of(known[:4096])
        if like is not None and like.columns[name].histogram is not None:
            scale = like.columns[name].histogram.scale
        found = Histogram.of_values(scale, *np.unique(known, return_counts=True)).coarsened()
        columns[name] = Summary(name, Kind.NUMBER, rows.num_rows, gaps, histogram=found)
    return Profile("rows", rows.num_rows, columns)
