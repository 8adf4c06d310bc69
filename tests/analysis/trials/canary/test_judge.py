"""The judge of ours: worse is surely different and by enough; no data never passes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.trials.canary import judge_canary, plain_config, read_config, side_of
from headway.analysis.trials.canary.answer import CanaryAnswer
from headway.analysis.trials.canary.config import CanaryConfig
from headway.analysis.trials.canary.shift import inflation_of, p_value

NAN, INF = float("nan"), float("inf")
STEADY = [1.0, 1.1, 0.9, 1.0, 1.05, 0.95, 1.0, 1.1, 0.9, 1.0, 1.02, 0.98]


def config_of(options: dict[str, Any] | None = None, **metrics: dict[str, Any]) -> CanaryConfig:
    listed = [
        {"name": name, "groups": [name], "analysisConfigurations": {"canary": canary}}
        for name, canary in metrics.items()
    ]
    judge = {"judgeConfigurations": options or {}}
    return read_config(json.dumps({"metrics": listed, "judge": judge}))


def judged(control: Any, canary: Any, config: CanaryConfig | None = None) -> CanaryAnswer:
    return judge_canary(
        side_of({"m": control}), side_of({"m": canary}), config or plain_config(["m"])
    )


def test_the_rise_that_kayenta_lets_pass_fails() -> None:
    answer = judged([1.0] * 10, [100.0] * 7 + [1.0] * 3)
    assert (answer.verdict.value, answer.score) == ("fail", 0)
    assert answer.metrics[0].verdict.value == "high"
    assert "70.3 times" in answer.metrics[0].reason


def test_the_same_behaviour_passes_and_says_what_it_could_not_see() -> None:
    answer = judged(STEADY, list(reversed(STEADY)))
    assert (answer.verdict.value, answer.score) == ("pass", 100)
    assert "could go unseen" in answer.metrics[0].reason
    assert answer.metrics[0].found.detectable == pytest.approx(0.083, abs=0.01)


def test_a_sure_change_below_the_floor_passes() -> None:
    control = [100.0 + i % 3 for i in range(60)]
    canary = [105.0 + i % 3 for i in range(60)]
    assert judged(control, canary).verdict.value == "pass"
    floor = config_of({"effectFloor": 0.03}, m={})
    assert judged(control, canary, floor).verdict.value == "fail"
    own = config_of({}, m={"effectSize": {"allowedIncrease": 1.04}})
    assert judged(control, canary, own).verdict.value == "fail"


def test_only_the_bad_direction_counts() -> None:
    lower = [value / 2 for value in STEADY]
    assert judged(STEADY, lower).metrics[0].verdict.value == "low"
    assert judged(STEADY, lower, config_of(m={"direction": "increase"})).verdict.value == "pass"
    assert judged(STEADY, lower, config_of(m={"direction": "decrease"})).verdict.value == "fail"


def test_a_zero_control_is_held_against_a_floor_in_the_metrics_unit() -> None:
    zero, some = [0.0] * 12, [0.0] * 3 + [0.5] * 9
    answer = judged(zero, some)
    assert answer.metrics[0].verdict.value == "high"
    assert (answer.metrics[0].found.measure, answer.metrics[0].found.bound) == ("absolute", 0)
    assert judged(zero, some, config_of({"absoluteFloor": 0.4}, m={})).verdict.value == "pass"
    assert judged(zero, zero).verdict.value == "pass"


@pytest.mark.parametrize(
    ("control", "canary", "said"),
    [
        ([], STEADY, "no data"),
        (STEADY, [], "no data"),
        ([NAN] * 20, STEADY, "no data"),
        (STEADY, [INF] * 20, "no data"),
        (STEADY, STEADY[:9], "insufficient"),
        ([1e308] * 20, [1.7e308] * 20, "error"),
    ],
)
def test_what_cannot_be_judged_has_a_name_and_does_not_pass(
    control: list[float], canary: list[float], said: str
) -> None:
    answer = judged(control, canary)
    assert answer.metrics[0].verdict.value == said
    assert (answer.verdict.value, answer.score) == ("no data", None)


def test_too_few_values_for_the_test_ever_to_reject_say_nothing() -> None:
    config = config_of({"minimumSample": 3}, m={})
    answer = judged([1.0, 2.0, 3.0], [900.0, 901.0, 902.0], config)
    assert answer.metrics[0].verdict.value == "insufficient"
    assert "clean split" in answer.metrics[0].reason


def test_gaps_are_zeros_only_beside_a_measured_value() -> None:
    replace = config_of(m={"nanStrategy": "replace"})
    assert judged(STEADY, [NAN] * 20, replace).verdict.value == "no data"
    sparse = [NAN] * 10 + [3.0, 4.0]
    assert judged([NAN] * 11 + [3.0], sparse, replace).metrics[0].canary.n == 12


def test_a_critical_metric_fails_the_canary_alone() -> None:
    quiet = {f"m{i}": STEADY for i in range(30)}
    control, canary = {**quiet, "bad": STEADY}, {**quiet, "bad": [3 * one for one in STEADY]}
    plain = {name: dict[str, Any]() for name in quiet}
    answer = judge_canary(side_of(control), side_of(canary), config_of(**plain, bad={}))
    assert answer.verdict.value == "pass"
    critical = config_of(**plain, bad={"critical": True})
    answer = judge_canary(side_of(control), side_of(canary), critical)
    assert (answer.verdict.value, answer.score) == ("fail", 0)


@pytest.mark.parametrize("need", ["critical", "mustHaveData"])
def test_a_metric_that_has_to_answer_and_does_not_keeps_the_canary_from_passing(need: str) -> None:
    quiet = {f"m{i}": STEADY for i in range(30)}
    plain = {name: dict[str, Any]() for name in quiet}
    config = config_of(**plain, gone={need: True})
    answer = judge_canary(side_of(quiet), side_of(quiet), config)
    assert answer.verdict.value == "no data"
    assert "gone has to answer" in answer.sentence


def test_half_of_the_metrics_silent_is_no_answer_and_certain_failure_stays_one() -> None:
    config = config_of(a={}, b={}, c={}, d={})
    good = side_of({"a": STEADY, "b": STEADY})
    assert judge_canary(good, good, config).verdict.value == "no data"
    worse = side_of({name: [3 * one for one in STEADY] for name in "ab"})
    # Even were c and d good, 50 is below marginal: nothing that they say could save it.
    assert judge_canary(good, worse, config).verdict.value == "fail"


def test_groups_weigh_as_configured() -> None:
    listed = [{"name": name, "groups": [name]} for name in ("a", "b")]
    config = read_config(
        json.dumps({"metrics": listed, "classifier": {"groupWeights": {"a": 80.0}}})
    )
    control, canary = {"a": STEADY, "b": STEADY}, {"a": STEADY, "b": [9 * one for one in STEADY]}
    answer = judge_canary(side_of(control), side_of(canary), config)
    assert (answer.score, answer.verdict.value) == (80, "marginal")


def test_what_nobody_configured_is_named_and_not_judged() -> None:
    control = side_of({"m": STEADY, "other": STEADY})
    answer = judge_canary(control, control, plain_config(["m"]))
    assert [metric.config.name for metric in answer.metrics] == ["m"]
    assert "other" in answer.notes[0]


values = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False) | st.just(NAN), max_size=40)


@settings(max_examples=40, deadline=None)
@given(values, values, st.booleans())
def test_taking_data_away_never_makes_a_canary_pass(
    control: list[float], canary: list[float], from_canary: bool
) -> None:
    before = judged(control, canary).verdict.value
    sides = (control, []) if from_canary else ([], canary)
    assert judged(*sides).verdict.value == "no data"
    assert before in {"pass", "fail", "no data"}


def test_the_false_alarms_on_equal_sides_are_at_most_alpha() -> None:
    """500 pairs of equal sides, seeded: at most 2 % + 3 standard errors are called different."""
    rng = np.random.default_rng(7)
    alarms = sum(
        p_value(rng.lognormal(size=20), rng.lognormal(size=20)) <= 0.02 for _ in range(500)
    )
    assert alarms / 500 <= 0.02 + 3 * np.sqrt(0.02 * 0.98 / 500)


def following(rng: np.random.Generator, likeness: float, n: int = 60) -> Any:
    """Return values of which each resembles the one before it (a first-order autoregression)."""
    values = np.zeros(n)
    for place in range(1, n):
        values[place] = likeness * values[place - 1] + rng.normal()
    return values


@pytest.mark.parametrize(("likeness", "most"), [(0.0, 0.045), (0.5, 0.08), (0.8, 0.12)])
def test_values_that_resemble_their_neighbours_count_for_fewer(
    likeness: float, most: float
) -> None:
    """300 pairs of equal sides, seeded; unadjusted it would be 0.02, 0.13 and 0.42."""
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(300):
        control, canary = following(rng, likeness), following(rng, likeness)
        alarms += p_value(canary, control, inflation_of(control)) <= 0.02
    assert alarms / 300 <= most


def test_a_canary_that_gets_worse_half_way_is_not_excused_by_it() -> None:
    late = [*STEADY, *[1.5 * one for one in STEADY]]
    assert judged(STEADY * 2, late).verdict.value == "fail"
    assert inflation_of(np.array(late)) > 3


def test_too_few_values_that_follow_each_other_say_nothing() -> None:
    slow = np.linspace(1, 2, 12).tolist()
    answer = judged(slow, [9.0 + one for one in slow])
    assert answer.metrics[0].verdict.value == "insufficient"
    assert "follow each other so closely" in answer.metrics[0].reason
