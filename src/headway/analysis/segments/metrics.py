"""Every metric of every segment of a grouping, from one look at the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from headway.analysis.segments.binary import binary_metrics
from headway.analysis.segments.calibrating import bias, ece
from headway.analysis.segments.classes import class_metrics, macro_f1
from headway.analysis.segments.groupings import Grouping
from headway.analysis.segments.intervals import z_of
from headway.analysis.segments.measured import Measured, Numbers
from headway.analysis.segments.numbers import number_metrics
from headway.analysis.segments.ranking import Ranked, auc
from headway.analysis.segments.tallies import (
    BINS,
    Codes,
    Tally,
    binary_tally,
    class_tally,
    gathered,
    number_tally,
    summed,
)
from headway.analysis.segments.task import Answers, Counts, Task

_Kind = TypeVar("_Kind", np.float64, np.int64, np.bool_)

#: Metrics by task, in the order in which they are told; the first that there is is the main one.
METRICS: Mapping[Task, tuple[str, ...]] = {
    Task.BINARY: (
        "auc",
        "f1",
        "log_loss",
        "brier",
        "ece",
        "bias",
        "accuracy",
        "precision",
        "recall",
        "f1_macro",
    ),
    Task.CLASSES: ("f1_macro", "accuracy", "recall_macro"),
    Task.NUMBERS: ("rmse", "mae", "r2"),
}
EVERY = tuple(dict.fromkeys(name for names in METRICS.values() for name in names))
#: Segments of all columns crossed, up to which the rows are counted once for all groupings.
FINEST = 2**18


@dataclass(frozen=True, slots=True)
class Judge:
    """Rows that judge, counted: what any grouping of them is measured by."""

    answers: Answers
    confidence: float
    whole: Tally
    ranked: Ranked | None

    @classmethod
    def of(cls, answers: Answers, confidence: float) -> Judge:
        """Return the judge of these rows."""
        nobody = np.zeros(answers.items, dtype=np.int32)
        ranked = None
        if answers.score is not None:
            ranked = Ranked.of_rows(answers.score, answers.truth.astype(np.bool_))
        elif answers.counts is not None and answers.counts.place is not None:
            held = answers.counts
            ranked = Ranked.of_buckets(
                answers.counts.place,
                answers.truth.astype(np.bool_),
                held.n,
                np.zeros(held.places, np.bool_) if held.undecided is None else held.undecided,
            )
        return cls(answers, confidence, tally_of(answers, nobody, 1), ranked)

    def overall(self) -> tuple[Tally, Mapping[str, Measured]]:
        """Return tally and metrics of all rows, as one segment."""
        nobody = np.zeros(self.answers.items, dtype=np.int32)
        return self.whole, self._metrics(self.whole, nobody, 1)

    def measured(self, grouping: Grouping, tally: Tally) -> Mapping[str, Measured]:
        """Return the metrics of the segments of `grouping`, whose tally is given."""
        return self._metrics(tally, grouping.code, grouping.size)

    def _metrics(self, tally: Tally, code: Codes, size: int) -> Mapping[str, Measured]:
        found = metrics_of(self.answers.task, tally, self.whole, self.confidence)
        if self.ranked is None:
            return found
        area = auc(self.ranked, code, size + 1, z_of(self.confidence))
        return {"auc": _kept(area, size), **found}


def metrics_of(task: Task, tally: Tally, whole: Tally, confidence: float) -> Mapping[str, Measured]:
    """Return the metrics that a tally tells, all but the AUC; `whole` is the tally of all rows."""
    if task is Task.NUMBERS:
        return number_metrics(tally, whole, confidence)
    if task is Task.CLASSES:
        return class_metrics(tally, whole, confidence)
    found = dict(binary_metrics(tally, whole, confidence))
    if "confusion" in tally:
        found["f1_macro"] = macro_f1(_square(tally), _square(whole), z_of(confidence))
    if "score" in tally:
        found["ece"] = ece(tally, whole, confidence)
        found["bias"] = bias(tally, whole, confidence)
    return {name: found[name] for name in METRICS[Task.BINARY] if name in found}


def known_metrics(answers: Answers) -> list[str]:
    """Return the metrics that these rows can tell, the main one first."""
    names = METRICS[answers.task]
    if answers.task is not Task.BINARY:
        return list(names)
    absent = {
        "auc": not answers.ranks,
        **dict.fromkeys(("log_loss", "brier", "ece", "bias"), not answers.has_chance),
        **dict.fromkeys(
            ("f1", "accuracy", "precision", "recall", "f1_macro"), answers.given is None
        ),
    }
    return [name for name in names if not absent[name]]


def tally_of(answers: Answers, code: Codes, size: int) -> Tally:
    """Return what is counted of the rows by segment."""
    if answers.counts is not None:
        return counted_tally(answers, answers.counts, code, size)
    if answers.task is Task.NUMBERS:
        return number_tally(
            code, size, _as(answers.truth, np.float64), _as(answers.given, np.float64)
        )
    if answers.task is Task.CLASSES:
        truth, given = _as(answers.truth, np.int64), _as(answers.given, np.int64)
        return class_tally(code, size, truth, given, len(answers.classes))
    told = None if answers.given is None else _as(answers.given, np.bool_)
    return binary_tally(code, size, _as(answers.truth, np.bool_), told, answers.chance)


def counted_tally(answers: Answers, counts: Counts, code: Codes, size: int) -> Tally:
    """Return the same tally from cells of rows."""
    found = {"n": counts.n, **counts.sums}
    tally = {name: summed(code, size, values) for name, values in found.items()}
    if answers.task is Task.NUMBERS:
        return tally
    truth = _as(answers.truth, np.int64)
    kinds = len(answers.classes) if answers.task is Task.CLASSES else 2
    if answers.given is not None:
        cell = (code * np.int64(kinds) + truth) * np.int64(kinds) + _as(answers.given, np.int64)
        shape = (size, 4) if answers.task is Task.BINARY else (size, kinds, kinds)
        tally["confusion"] = summed(cell, size * kinds * kinds, counts.n).reshape(shape)
    if answers.task is Task.CLASSES:
        return tally
    tally["positive"] = summed(code, size, counts.n * truth)
    if counts.place is not None and "score" in counts.sums:
        binned = code * np.int64(BINS) + counts.place * BINS // counts.places
        for name, values in (
            ("bin_n", counts.n),
            ("bin_score", counts.sums["score"]),
            ("bin_positive", counts.n * truth),
        ):
            tally[name] = summed(binned, size * BINS, values).reshape(size, BINS)
    return tally


def tallies_of(answers: Answers, groupings: list[Grouping], singles: list[Grouping]) -> list[Tally]:
    """Return the tally of each grouping; `singles` are those by one column.

    Where all columns crossed make few enough segments, the rows are counted once by these.
    """
    finest = np.zeros(answers.items, dtype=np.int64)
    size = 1
    for single in singles:
        size *= single.size + 1
        if size > FINEST:
            return [_without_last(tally_of(answers, one.code, one.size + 1)) for one in groupings]
        finest = finest * (single.size + 1) + single.code
    first = np.zeros(size, dtype=np.int64)
    first[finest] = np.arange(answers.items)  # a row of each finest segment tells its coarser ones
    counted = tally_of(answers, finest, size)
    held = np.flatnonzero(counted["n"])
    kept = {name: values[held] for name, values in counted.items()}
    return [_without_last(gathered(kept, one.code[first[held]], one.size + 1)) for one in groupings]


def _without_last(tally: Tally) -> Tally:
    """Drop the last segment: the rows that a grouping leaves out."""
    return {name: values[:-1] for name, values in tally.items()}


def _kept(found: Measured, size: int) -> Measured:
    values = (found.n, found.value, found.low, found.high, found.variance, found.shared)
    return Measured(found.name, found.method, *(one[:size] for one in values))


def _square(tally: Tally) -> Numbers:
    """Return the confusion as [segment, truth, given]."""
    return tally["confusion"].reshape(-1, 2, 2)


def _as(values: NDArray[np.generic] | None, kind: type[_Kind]) -> NDArray[_Kind]:
    return np.asarray(values, dtype=kind)
