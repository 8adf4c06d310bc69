"""Builders: what a table of a trial holds, without a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from headway.analysis.summaries.moments import Moments
from headway.analysis.summaries.variant_sums import Lost
from headway.analysis.summaries.variants import Variants


def arm(n: int, mean: float, sd: float = 1.0) -> Moments:
    """Return the moments of `n` units of one column."""
    return Moments(n, np.array([mean]), np.array([[sd * sd]]))


def variants(
    metrics: Sequence[Mapping[str, Sequence[Moments]]], looks: Sequence[str] = ("",)
) -> Variants:
    """Return the variants with these moments: for each metric, by variant, one a look."""
    names = tuple(metrics[0])
    return Variants(
        rows=sum(one.n for parts in metrics[0].values() for one in parts),
        names=names,
        looks=tuple(looks),
        units=np.array([[one.n for one in metrics[0][name]] for name in names], dtype=np.int64),
        moments=tuple(tuple(tuple(metric[name]) for name in names) for metric in metrics),
        lost=tuple(tuple(Lost() for _ in names) for _ in metrics),
        unassigned=0,
        exposed=0,
    )


def of_columns(control: Sequence[ArrayLike], treatment: Sequence[ArrayLike]) -> Variants:
    """Return the variants of one metric with these columns of values."""
    return variants([{"control": [Moments.of(*control)], "new": [Moments.of(*treatment)]}])
