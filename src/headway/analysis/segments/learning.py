"""A learning curve: does the model learn too much by heart, too little, and would more data help?

A table with a row for each size: `size` rows trained on, the metric in `train` and in `test`;
several rows of a size (folds) are averaged. The verdict is of the largest size. What another
doubling of the data brings is the slope of `test` on log2(size) over the upper half of the sizes,
at least three: an extrapolation, and said to be one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headway.analysis.segments.baseline import tolerance_of
from headway.analysis.segments.measured import MAXIMISED, Numbers
from headway.analysis.summaries.by_group import read_columns
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid


@dataclass(frozen=True, slots=True)
class Curve:
    """The verdict of a learning curve: good, over or under."""

    sizes: tuple[int, ...]
    train: tuple[float, ...]
    test: tuple[float, ...]
    gap: float
    per_doubling: float | None
    verdict: str
    sentence: str

    def as_json(self) -> Mapping[str, object]:
        """Return the keys of the JSON answer."""
        return {
            "sizes": list(self.sizes),
            "train": list(self.train),
            "test": list(self.test),
            "gap": self.gap,
            "per_doubling": self.per_doubling,
            "verdict": self.verdict,
            "sentence": self.sentence,
        }


def curve_of(table: Table, metric: str, target: float | None, max_gap: float | None) -> Curve:
    """Return what a table of sizes says. Raises Invalid for one with fewer than two sizes."""
    held = read_columns(table, ("size", "train", "test"))
    size, train, test = (held[name].numbers() for name in ("size", "train", "test"))
    known = np.isfinite(size) & np.isfinite(train) & np.isfinite(test) & (size > 0)
    sizes, at = np.unique(size[known], return_inverse=True)
    if len(sizes) < 2:
        sentence = (
            f"{table.name} has {len(sizes)} sizes with both a train and a test value; a learning "
            "curve takes two or more."
        )
        raise Invalid(sentence)
    folds = np.bincount(at)
    means = [np.bincount(at, values[known]) / folds for values in (train, test)]
    return _judged(sizes, means[0], means[1], metric, (target, max_gap))


def _judged(
    sizes: Numbers,
    train: Numbers,
    test: Numbers,
    metric: str,
    asked: tuple[float | None, float | None],
) -> Curve:
    target, max_gap = asked
    sign = 1.0 if metric in MAXIMISED else -1.0
    gap = sign * float(train[-1] - test[-1])
    most = tolerance_of(metric, float(train[-1])) if max_gap is None else max_gap
    slope = _per_doubling(sizes, test)
    rises = sign * slope > 0.1 * most if slope is not None else False
    verdict = "good"
    if gap > most:
        verdict = "over"
    elif target is not None and sign * float(train[-1]) < sign * target:
        verdict = "under"
    sentence = _said(verdict, int(sizes[-1]), gap, most, metric)
    if slope is not None:
        sentence += f" {_more(verdict, slope, rises=rises)}"
    return Curve(
        tuple(int(one) for one in sizes),
        tuple(float(one) for one in train),
        tuple(float(one) for one in test),
        gap,
        slope,
        verdict,
        sentence,
    )


def _per_doubling(sizes: Numbers, test: Numbers) -> float | None:
    """Return the slope of the test value on log2(size) over the upper half; None below 3 sizes."""
    count = max(3, (len(sizes) + 1) // 2)
    if len(sizes) < 3:
        return None
    x, y = np.log2(sizes[-count:]), test[-count:]
    away = x - x.mean()
    return float((away * (y - y.mean())).sum() / (away * away).sum())


def _said(verdict: str, size: int, gap: float, most: float, metric: str) -> str:
    with_ = f"With {size:,} rows the test is {gap:.3g} worse than training in {metric}"
    return {
        "over": f"{with_}, more than {most:.3g}: the model learns by heart.",
        "under": f"{with_}, and training itself does not reach the target: it learns too little.",
        "good": f"{with_}, at most {most:.3g} is accepted.",
    }[verdict]


def _more(verdict: str, slope: float, *, rises: bool) -> str:
    moves = f"{slope:+.3g} a doubling of the data, if it goes on like this"
    if rises:
        return f"The test still gets better: {moves}."
    if verdict == "under":
        return f"More data hardly helps ({moves}); a stronger model or other features may."
    return f"More data hardly helps ({moves})."
