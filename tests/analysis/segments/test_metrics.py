"""Metrics by segment are those of scikit-learn, and their errors are those of resampling."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.analysis.segments.conftest import CASE

from headway.analysis.segments.calibrating import bias, ece, noise, reliability, slope
from headway.analysis.segments.classes import class_metrics
from headway.analysis.segments.groupings import Grouping
from headway.analysis.segments.metrics import Judge, tally_of
from headway.analysis.segments.numbers import number_metrics
from headway.analysis.segments.segments import Question, segments
from headway.analysis.segments.tallies import binary_tally, class_tally, gathered, number_tally
from headway.analysis.segments.task import Columns, answers_of

QUESTIONS = {
    "binary": Columns("y", score="score"),
    "classes": Columns("kind", prediction="kind_given"),
    "numbers": Columns("number", prediction="number_given"),
}


@pytest.mark.parametrize("task", QUESTIONS)
def test_every_metric_of_every_segment_is_scikit_learns(task: str, table_of: Any) -> None:
    answer = segments(table_of(**CASE["columns"]), Question(QUESTIONS[task], by=("segment",)))
    assert answer.task == task
    told = {"all": answer.overall} | {one.parts["segment"]: one for one in answer.segments}
    for name, expected in CASE["expected"].items():
        for metric, value in expected[task].items():
            assert told[name].value(metric) == pytest.approx(value, abs=1e-12), (name, metric)


@pytest.mark.parametrize("task", QUESTIONS)
def test_errors_and_covariances_are_those_of_drawing_rows_again(task: str, table_of: Any) -> None:
    rng = np.random.default_rng(7)
    once = {name: np.tile(values, 8) for name, values in CASE["columns"].items()}
    once["score"] = np.clip(once["score"] + rng.normal(0, 0.05, 480), 0.01, 0.99)
    once["number_given"] = once["number_given"] + rng.normal(0, 1, 480)
    found = answers_of(table_of(**once), QUESTIONS[task])
    code = (once["segment"] == "c").astype(int)
    drawn: dict[str, list[tuple[float, float]]] = {}
    for _ in range(300):
        rows = rng.integers(0, found.n, found.n)
        told, whole = _both(_drawn(found, rows), code[rows])
        for name, metric in told.items():
            drawn.setdefault(name, []).append((metric.value[1], whole[name].value[0]))
    told, _ = _both(found, code)
    for name in set(drawn) - {"ece"}:  # the delta method reads high where bins are calibrated
        spread = np.cov(np.array(drawn[name]).T)
        assert spread[0, 0] / told[name].variance[1] == pytest.approx(1, abs=0.3), name
        assert spread[0, 1] / told[name].shared[1] == pytest.approx(1, abs=0.4), name


def _both(found: Any, code: Any) -> Any:
    """Return the metrics of two segments and of all rows."""
    judge = Judge.of(found, 0.95)
    grouping = Grouping(("g",), ("0", "1"), ({}, {}), code)
    return judge.measured(grouping, tally_of(found, code, 2)), judge.overall()[1]


def _drawn(found: Any, rows: Any) -> Any:
    held = {name: getattr(found, name) for name in ("truth", "given", "score", "chance")}
    return replace(found, **{n: None if one is None else one[rows] for n, one in held.items()})


def test_tallies_of_parts_add_up_to_that_of_the_whole() -> None:
    rng = np.random.default_rng(1)
    code, truth = rng.integers(0, 3, 50), rng.random(50) < 0.4
    parts = binary_tally(code, 3, truth, truth, rng.random(50))
    whole = gathered(parts, np.zeros(3, dtype=int), 1)
    assert whole["n"][0] == 50
    assert whole["confusion"][0, 3] == truth.sum()
    assert whole["bin_n"].sum() == 50


def test_a_class_that_is_not_there_has_no_part_in_the_mean() -> None:
    tally = class_tally(
        np.zeros(4, dtype=int), 1, np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0]), 3
    )
    found = class_metrics(tally, tally, 0.95)
    assert found["recall_macro"].value[0] == pytest.approx(0.75)
    assert found["f1_macro"].value[0] == pytest.approx((0.8 + 2 / 3) / 2)


def test_all_right_is_not_certain() -> None:
    tally = class_tally(np.zeros(6, dtype=int), 1, np.arange(6) % 3, np.arange(6) % 3, 3)
    found = class_metrics(tally, tally, 0.95)["f1_macro"].at(0)
    assert found.value == found.high == 1.0
    assert found.low is not None
    assert found.low < 0.6


def test_r2_of_a_truth_that_does_not_move_is_no_number() -> None:
    tally = number_tally(np.zeros(3, dtype=int), 1, np.ones(3), np.array([1.0, 2, 3]))
    found = number_metrics(tally, tally, 0.95)
    assert found["r2"].at(0).value is None
    assert found["rmse"].at(0).value == pytest.approx((5 / 3) ** 0.5)


def test_one_row_has_a_value_and_no_interval() -> None:
    tally = number_tally(np.zeros(1, dtype=int), 1, np.array([1.0]), np.array([3.0]))
    found = number_metrics(tally, tally, 0.95)["mae"].at(0)
    assert (found.value, found.low, found.high) == (2.0, None, None)


def test_reliability_tells_each_bin_and_chance_alone_gives_some_error() -> None:
    chance = np.array([0.05, 0.05, 0.95, 1.0])
    tally = binary_tally(np.zeros(4, dtype=int), 1, np.array([0, 1, 1, 1], bool), None, chance)
    table = reliability(tally, 0, 0.95)
    assert [(row["from"], row["to"], row["n"], row["share"]) for row in table] == [
        (0.0, 0.1, 2, 0.5),
        (0.9, 1.0, 2, 1.0),
    ]
    # |0.5 - 0.05| and |1 - 0.975|, each on half of the rows
    assert ece(tally, tally, 0.95).value[0] == pytest.approx(0.2375)
    assert bias(tally, tally, 0.95).value[0] == pytest.approx((2.05 - 3) / 4)
    assert noise(tally)[0] > 0


def test_the_slope_of_calibrated_labels_is_1_and_of_sure_scores_below() -> None:
    score = np.linspace(0.02, 0.98, 49)
    exact = slope(score, 100 * score, np.full(49, 100.0))
    assert exact is not None
    assert exact[:2] == (pytest.approx(0, abs=1e-9), pytest.approx(1, abs=1e-9))
    logit = np.log(score / (1 - score))
    truth = 1 / (1 + np.exp(-(0.3 + 0.5 * logit)))
    found = slope(score, 100 * truth, np.full(49, 100.0))
    assert found is not None
    assert found[:2] == (pytest.approx(0.3, abs=1e-9), pytest.approx(0.5, abs=1e-9))
    assert slope(np.array([0.2, 0.8]), np.array([0.0, 5.0]), np.array([5.0, 5.0])) is None
