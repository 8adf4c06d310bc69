"""When a metric reaches its target: on the sample's measured runs, and the laws of the method."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.attainment.answer import attain
from headway.analysis.attainment.draws import normals
from headway.analysis.attainment.history import Z95, History, Question, Run
from headway.analysis.attainment.learning import LearningCurve, points_of
from headway.analysis.attainment.luck import level_now
from headway.analysis.attainment.outlook import backtest, outlook
from headway.analysis.attainment.table import days_of
from headway.errors import Invalid

EVIDENCE = Path(__file__).parents[3] / "src/headway/domain/installation/demo/evidence"
NOW = days_of(datetime.fromisoformat("2026-11-23T09:00Z"))


def evaluated(project: str, metric: str) -> list[tuple[Mapping[str, Any], Run]]:
    """Return the measured runs of a sample project: the tracker's run, and what it reached."""
    lines = (EVIDENCE / f"{project}.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    told = {row["subject"]: row["payload"] for row in rows if row["kind"] == "run"}
    found = []
    for row in rows:
        said = row["payload"]
        if row["kind"] != "evaluation" or said["metric"] != metric or said["low"] is None:
            continue
        run = Run(
            days_of(datetime.fromisoformat(row["observed_at"])),
            said["value"],
            said["dataset_digest"],
            (said["high"] - said["low"]) / (2 * Z95),
            said["context"].get("labels"),
        )
        found.append((told.get(row["subject"], {"tags": {"purpose": "candidate"}}), run))
    return found


def candidates(project: str, metric: str) -> list[Run]:
    return [
        run
        for told, run in evaluated(project, metric)
        if told["tags"].get("purpose") == "candidate"
    ]


@pytest.fixture(scope="module")
def meters() -> list[Run]:
    return candidates("meter-reading", "macro_recall")


@pytest.fixture(scope="module")
def scores() -> list[Run]:
    return candidates("severity-score", "r2")


RECALL = Question(0.97, ideal=1.0, now=NOW)
R2 = Question(0.60, ideal=1.0, now=NOW)


def test_the_curve_up_to_800_labels_tells_what_1257_reach(meters: list[Run]) -> None:
    history = History.of(meters, RECALL)
    assert [point.effort for point in points_of(history, RECALL)] == [120, 240, 480, 640, 800]
    laboratory = next(
        run
        for told, run in evaluated("meter-reading", "macro_recall")
        if told.get("name") == "svc-1257-laboratory-set"
    )
    later = History.of([*meters, replace(laboratory, at=NOW)], RECALL)
    tested = backtest(later, RECALL, 1)
    assert tested is not None
    assert tested.held
    assert tested.middle == pytest.approx(laboratory.value, abs=0.003)
    assert tested.high - tested.low < 0.04


@pytest.mark.parametrize("hidden", [1, 3, 6])
def test_the_band_held_over_the_samples_last_runs(
    meters: list[Run], scores: list[Run], hidden: int
) -> None:
    for runs, question in ((meters, RECALL), (scores, R2)):
        tested = backtest(History.of(runs, question), question, hidden)
        assert tested is not None
        assert tested.held


def test_eleven_models_below_the_promise_are_a_plateau_without_a_date(scores: list[Run]) -> None:
    document: Any = attain(scores, R2).as_json()
    assert (document["best"], document["plateau"]) == (0.48906, True)
    assert document["when"] == {"p50": None, "p80": None}
    assert document["p_reached"] < 0.1
    assert document["sentence"].startswith("Plateau at 0.48906 against 0.6: no date.")


def test_the_meters_have_a_date_and_the_same_bits_by_seed(meters: list[Run]) -> None:
    document: Any = attain(meters, RECALL).as_json()
    assert document["when"]["p50"] == "2026-12-16"
    assert document["p_reached"] == 0.8255
    assert attain(meters[::-1], RECALL).as_json() == document
    assert attain(meters, replace(RECALL, seed=1)).as_json()["band"] != document["band"]


def test_the_best_of_many_equal_models_is_drawn_back_to_their_mean() -> None:
    noise = 0.02 * normals(3, "noise", 40)
    runs = [Run(float(day), 0.8 + float(miss), error=0.02) for day, miss in enumerate(noise)]
    history = History.of(runs, Question(0.9))
    level = level_now(history, Question(0.9))
    assert history.best.value > 0.83
    assert level.score < history.best.value - 0.01
    assert (level.how, level.among > 5) == ("shrunk", True)


def test_held_out_data_counts_instead_of_the_lucky_measurement() -> None:
    runs = [Run(float(day), 0.8 + 0.05 * day, error=0.01) for day in range(4)]
    lucky = [*runs, Run(5.0, 0.99, error=0.01, confirmed=0.93)]
    found = attain(lucky, Question(0.97, ideal=1.0), dated=False)
    assert found.outlook.level.score == 0.93
    assert not found.as_json()["reached"]
    assert any("held-out data, which counts" in note for note in found.notes)


def test_the_history_breaks_where_the_evaluation_changes() -> None:
    old = [Run(float(day), 0.99, "easy") for day in range(5)]
    new = [Run(10.0 + day, 0.5 + 0.02 * day, "hard") for day in range(4)]
    found = attain([*old, *new], Question(0.9), dated=False)
    assert (found.as_json()["best"], found.as_json()["set_aside"]) == (0.56, 5)


def test_two_runs_date_nothing_and_one_that_is_there_needs_no_date() -> None:
    few = attain([Run(1.0, 0.5), Run(2.0, 0.6)], Question(0.9), dated=False)
    assert few.as_json()["when"] == {"p50": None, "p80": None}
    assert "Fewer than three runs say nothing of the next; no date." in few.notes
    there = attain([Run(1.0, 0.95)], Question(0.9), dated=False)
    assert there.as_json()["reached"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_metric_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(Invalid, match="metric is"):
        attain([Run(1.0, value)], Question(0.9))


def test_a_power_law_is_found_again() -> None:
    efforts = [100.0 * 2**step for step in range(7)]
    runs = [
        Run(float(place), 1 - (0.02 + 4.0 / effort), effort=effort)
        for place, effort in enumerate(efforts)
    ]
    curve = LearningCurve.of(History.of(runs, RECALL), RECALL)
    assert curve is not None
    assert curve.fitted == pytest.approx((0.02, 4.0, 1.0), rel=0.05)


values = st.lists(st.floats(0.3, 0.9), min_size=3, max_size=12)


@settings(max_examples=12)
@given(values, st.floats(0.3, 0.99), st.booleans())
def test_minimising_is_maximising_turned_over(
    found: list[float], target: float, effort: bool
) -> None:
    question = Question(target, ideal=1.0, draws=100)
    turned = Question(-target, maximise=False, ideal=-1.0, draws=100)
    runs = [
        Run(float(day), value, error=0.01, effort=100.0 * (day + 1) if effort else None)
        for day, value in enumerate(found)
    ]
    up = outlook(runs, question)
    down = outlook([replace(run, value=-run.value) for run in runs], turned)
    assert np.array_equal(up.days, down.days)


@settings(max_examples=12)
@given(values, st.floats(0.5, 0.95))
def test_a_higher_target_is_never_reached_sooner_and_odds_never_fall(
    found: list[float], target: float
) -> None:
    runs = [Run(float(day), value, error=0.01) for day, value in enumerate(found)]
    near = outlook(runs, Question(target, ideal=1.0, draws=200))
    far = outlook(runs, Question(target + 0.03, ideal=1.0, draws=200))
    assert np.all(far.days >= near.days)
    odds = [near.p_by(days) for days in (0.0, 10.0, 100.0, 1000.0)]
    assert odds == sorted(odds)


@settings(max_examples=12)
@given(values, st.integers(1, 4))
def test_a_backtest_never_promises_less_than_what_was_measured(
    found: list[float], hidden: int
) -> None:
    runs = [Run(float(day), value, error=0.02) for day, value in enumerate(found)]
    question = Question(0.95, ideal=1.0, draws=200)
    tested = backtest(History.of(runs, question), question, hidden)
    if tested is not None:
        assert max(found[: len(found) - hidden]) <= tested.low <= tested.high <= 1.0
