"""The compatible judge gives Kayenta's own expectations, its own blind spots included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headway.analysis.trials.canary import judge_as_kayenta, read_config, side_of
from headway.analysis.trials.canary.answer import (
    Found,
    MetricAnswer,
    MetricVerdict,
    Stats,
    by_threshold,
)
from headway.analysis.trials.canary.config import CanaryConfig, MetricConfig
from headway.analysis.trials.canary.kayenta import (
    Asked,
    classify,
    group_scores,
    summary_score,
    without_outliers,
)
from headway.analysis.trials.canary.shift import cles, location_shift

CASES = json.loads((Path(__file__).parents[3] / "cases/canary/kayenta.json").read_text())
NAN = float("nan")


def config_of(canary: dict[str, Any], **more: Any) -> CanaryConfig:
    metric = {"name": "m", "groups": ["g"], "analysisConfigurations": {"canary": canary}}
    return read_config(json.dumps({"metrics": [metric], **more}))


@pytest.mark.parametrize("case", CASES["shifts"], ids=lambda case: case["name"])
def test_the_shift_and_its_interval_are_kayentas_to_1e_6(case: dict[str, Any]) -> None:
    shift = location_shift(np.array(case["canary"]), np.array(case["control"]), case["confidence"])
    assert shift.low == pytest.approx(case["low"], abs=1e-6)
    assert shift.high == pytest.approx(case["high"], abs=1e-6)
    assert shift.estimate == pytest.approx(case["estimate"], abs=case["estimate_within"])


@pytest.mark.parametrize("case", CASES["classes"], ids=lambda case: case["name"])
def test_a_metric_is_classified_as_kayentas_suite_expects(case: dict[str, Any]) -> None:
    metric = config_of(case["config"]).metrics[0]
    asked = Asked(case["confidence"], case["tolerance"])
    found = classify(metric, np.array(case["control"]), np.array(case["canary"]), asked)
    assert found.label == case["classification"]
    if "critical" in case:
        assert found.is_critical is case["critical"]


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([21, 23, 24, 25, 50, 29, 23, 21], [21, 23, 24, 25, 29, 23, 21]),
        ([10.0] * 99 + [500.0] * 3, [10.0] * 99 + [500.0] * 3),
        ([10.0] * 150 + [500.0], [10.0] * 150),
        ([], []),
    ],
)
def test_outliers_go_beyond_the_widened_fences_only(values: list[float], kept: list[float]) -> None:
    assert without_outliers(np.array(values, dtype=float), 3.0).tolist() == kept


def test_the_effect_in_pairs_is_that_of_kayentas_suite() -> None:
    assert cles(np.arange(5.0), np.arange(5.0)) == 0.5
    assert cles(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 0.0


def metric_said(label: str, group: str = "g", *, critical: bool = False) -> MetricAnswer:
    verdict = {"Pass": "pass", "High": "high", "Low": "low", "Error": "error"}.get(label, "no data")
    nothing = Stats(0, 0, 0, None, None, None, None)
    config = MetricConfig(label, groups=(group,), is_critical=critical)
    is_fatal = critical and label != "Pass"
    return MetricAnswer(
        config, MetricVerdict(verdict), "", label, is_fatal, Found("meanRatio"), nothing, nothing
    )


@pytest.mark.parametrize(
    ("said", "weights", "score"),
    [
        ("g:Pass", {}, 100),
        ("g:High", {}, 0),
        ("g:Nodata", {}, 0),
        ("p:Pass p:Pass n:Nodata", {}, 100),
        ("g:Pass g:High", {}, 50),
        ("g:Pass g:High g:Low", {}, 33.33),
        ("1:Pass 1:Pass 2:High", {"1": 75.0, "2": 25.0}, 75),
        ("1:Pass 1:High 2:High", {"1": 50.0, "2": 50.0}, 25),
        ("1:Pass 1:Nodata 2:High", {"1": 50.0, "2": 50.0}, 50),
        ("g:Pass g:High!", {}, 0),
        ("g:Low g:Pass!", {}, 50),
        ("g:Pass g:Nodata!", {}, 0),
        ("1:High 1:Low 1:Pass 2:High", {"1": 15.0, "2": 85.0}, 5),
        ("g:Pass g:NodataFailMetric", {}, 50),
        ("1:Pass 2:High 3:High", {"1": 60.0}, 60),
        ("1:Pass 2:Error", {}, 100),
    ],
)
def test_groups_add_up_to_the_score_of_kayentas_suite(
    said: str, weights: dict[str, float], score: float
) -> None:
    metrics = []
    for one in said.split():
        group, label = one.rstrip("!").split(":")
        metrics.append(metric_said(label, group, critical=one.endswith("!")))
    config = CanaryConfig((), weights)
    assert summary_score(metrics, group_scores(metrics, config))[0] == score


def test_a_group_without_data_scores_0_itself_and_counts_100_in_the_whole() -> None:
    metrics = [metric_said("Pass", "p"), metric_said("Pass", "p"), metric_said("Nodata", "n")]
    groups = {group.name: group.score for group in group_scores(metrics, CanaryConfig(()))}
    assert groups == {"p": 100.0, "n": 0.0}


@pytest.mark.parametrize(("score", "said"), [(95, "pass"), (94.99, "marginal"), (74.99, "fail")])
def test_a_threshold_is_reached_from_itself_on(score: float, said: str) -> None:
    assert by_threshold(score, CanaryConfig(())).value == said


def test_the_known_blind_spot_is_reproduced() -> None:
    """A 70-fold rise passes when three of ten points are as before (spinnaker issue 6278)."""
    blind, control = [100.0] * 7 + [1.0] * 3, [1.0] * 10
    answer = judge_as_kayenta(side_of({"m": control}), side_of({"m": blind}), config_of({}))
    found = answer.metrics[0].found
    assert (answer.verdict.value, answer.score) == ("pass", 100)
    assert found.effect == pytest.approx(70.3)
    # Kayenta's solver stops at a width of 1e-4, so its interval is (0.00007, 99), not (0, 99).
    assert (found.low, found.high) == pytest.approx((0, 99), abs=1e-4)
    assert found.estimate == pytest.approx(99, abs=1e-4)
    seen = [100.0] * 8 + [1.0] * 2
    answer = judge_as_kayenta(side_of({"m": control}), side_of({"m": seen}), config_of({}))
    assert (answer.metrics[0].label, answer.score) == ("High", 0)


def test_two_constants_get_noise_that_is_seeded_and_said() -> None:
    sides = side_of({"m": [1.0] * 10}), side_of({"m": [10.0] * 10})
    answers = [judge_as_kayenta(*sides, config_of({}), seed=seed) for seed in (3, 3, 4)]
    first, again, other = (answer.metrics[0].found for answer in answers)
    assert first == again != other
    assert any("seed 3" in note for note in answers[0].notes)
    assert {answer.metrics[0].label for answer in answers} == {"High"}


def test_gaps_are_dropped_or_zero_as_configured() -> None:
    sides = side_of({"m": [1.0, 2.0, NAN]}), side_of({"m": [NAN, NAN, 5.0]})
    removing = judge_as_kayenta(*sides, config_of({"nanStrategy": "remove"}))
    replacing = judge_as_kayenta(*sides, config_of({"nanStrategy": "replace"}))
    assert [removing.metrics[0].canary.n, replacing.metrics[0].canary.n] == [1, 3]
    assert replacing.metrics[0].canary.min == 0


def test_a_pass_without_data_is_noted() -> None:
    answer = judge_as_kayenta(side_of({"m": [1.0]}), {}, config_of({"nanStrategy": "replace"}))
    assert answer.verdict.value == "pass"
    assert any("has no data" in note for note in answer.notes)


def test_half_of_the_metrics_without_data_fail_the_canary() -> None:
    answer = judge_as_kayenta(side_of({"m": [1.0]}), {}, config_of({}))
    assert (answer.verdict.value, answer.score) == ("fail", 0)
    assert "NODATA" in answer.sentence


def test_a_muted_metric_is_told_and_not_counted() -> None:
    config = read_config(
        json.dumps(
            {
                "metrics": [
                    {"name": "a", "groups": ["g"]},
                    {
                        "name": "b",
                        "groups": ["g"],
                        "analysisConfigurations": {"canary": {"muted": True, "critical": True}},
                    },
                ]
            }
        )
    )
    control, canary = {"a": [1.0, 2.0], "b": [1.0] * 9}, {"a": [2.0, 1.0], "b": [9.0] * 9}
    answer = judge_as_kayenta(side_of(control), side_of(canary), config)
    assert (answer.verdict.value, answer.score) == ("pass", 100)
    assert [metric.label for metric in answer.metrics] == ["Pass", "High"]
