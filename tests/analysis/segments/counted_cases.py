"""A messy table and what is asked of it, for engines that have to give the same answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from headway.analysis.segments.answer import Answer
from headway.analysis.segments.segments import Question
from headway.analysis.segments.task import Columns

BY = ("region", "new", "grade", "day")

QUESTIONS = {
    "binary": Question(Columns("y", score="p"), BY, pairs=True, floors={"auc": 0.6}),
    "prediction": Question(Columns("word", prediction="said", positive="yes"), BY),
    "margin": Question(Columns("y", score="margin", threshold=0.0), ("region",)),
    "classes": Question(Columns("kind", prediction="kind_said"), BY, pairs=True),
    "numbers": Question(Columns("number", prediction="number_said"), BY, max_gap=1.0),
}


def messy(n: int = 700) -> dict[str, Any]:
    """Columns with nulls, NaN and infinity, booleans, whole floats, texts and dates."""
    rng = np.random.default_rng(4)
    truth = rng.random(n) < 0.4
    logit = rng.normal(size=n) + 1.3 * truth
    score = 1 / (1 + np.exp(-logit))
    score[3:6] = [np.nan, np.inf, -np.inf]
    kind = rng.integers(0, 3, n)
    number = np.round(rng.normal(50, 20, n), 3)
    said = number + rng.normal(0, 5, n)
    said[9] = np.nan
    return {
        "y": [None if at % 71 == 0 else int(one) for at, one in enumerate(truth)],
        "p": score,
        "margin": logit,
        "word": [None if at % 83 == 0 else "yes" if one else "no" for at, one in enumerate(truth)],
        "said": ["yes" if one > 0.6 else "no" for one in np.nan_to_num(score)],
        "kind": kind,
        "kind_said": np.where(rng.random(n) < 0.7, kind, rng.integers(0, 3, n)),
        "number": number,
        "number_said": said,
        "region": [None if at % 50 == 0 else f"r{at % 3}" for at in range(n)],
        "new": [at % 2 == 0 for at in range(n)],
        "grade": [float(at % 4) if at % 60 else float("nan") for at in range(n)],
        "day": [date(2026, 1, 15) + timedelta(days=at // 10) for at in range(n)],
    }


def assert_same(one: Answer, other: Answer) -> None:
    """Hold two answers to the same names and counts, numbers to 1e-9, areas within buckets."""
    assert (one.rows, one.overall.n, one.missing) == (other.rows, other.overall.n, other.missing)
    told = {segment.name: segment for segment in other.segments}
    assert {segment.name: segment.n for segment in one.segments} == {
        name: segment.n for name, segment in told.items()
    }
    for segment in (one.overall, *one.segments):
        same = told.get(segment.name, other.overall)
        for metric, found in segment.metrics.items():
            value = same.value(metric)
            if found.value is None or value is None:
                assert found.value == value
            elif metric == "auc":
                assert abs(found.value - value) < 0.01
            else:
                assert abs(found.value - value) <= 1e-9 * max(1, abs(found.value)), metric
