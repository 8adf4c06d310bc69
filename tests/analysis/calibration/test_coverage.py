"""How past forecasts are judged: laws of coverage, loss and correction."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.calibration.correction import ENOUGH, Correction, bias, correction
from headway.analysis.calibration.coverage import (
    BEYOND,
    Case,
    Coverage,
    by_horizon,
    coverage,
    pinball,
    wilson,
)


def case(end: float, p50: float | None = 100, p80: float | None = 110, horizon: float = 7) -> Case:
    return Case(p50, p80, end, horizon)


@given(st.integers(1, 400), st.data())
def test_the_interval_holds_the_share_and_stays_between_0_and_1(
    judged: int, data: st.DataObject
) -> None:
    held = data.draw(st.integers(0, judged))
    low, high = wilson(held, judged)
    assert 0.0 <= low <= held / judged + 1e-12
    assert held / judged - 1e-12 <= high <= 1.0


def test_wilsons_interval_is_the_published_one() -> None:
    low, high = wilson(7, 9)
    assert (low, high) == (pytest.approx(0.4526, abs=1e-3), pytest.approx(0.9368, abs=1e-3))


def test_the_day_itself_holds_and_never_does_not() -> None:
    found = coverage([case(110), case(111), case(90), case(90, p80=None)], 80)
    assert (found.held, found.judged, found.share) == (2, 4, 0.5)


def test_a_verdict_needs_cases_that_rule_something_out() -> None:
    assert Coverage(80, 0, 0).verdict == "unknown"
    assert Coverage(80, 3, 5).verdict == "calibrated"
    assert Coverage(80, 30, 60).verdict == "hopeful"
    assert Coverage(80, 60, 60).verdict == "padded"
    assert Coverage(80, 0, 0).interval is None


def test_horizons_are_told_nearest_first_and_only_where_there_is_a_case() -> None:
    found = by_horizon([case(105, horizon=200), case(105, horizon=3), case(105, horizon=14)])
    assert list(found) == ["up to 2 weeks ahead", BEYOND]
    assert found["up to 2 weeks ahead"][1].judged == 2


def test_a_late_miss_of_a_p80_costs_four_times_an_early_one() -> None:
    assert pinball([case(120)], 80) == pytest.approx(8.0)
    assert pinball([case(100)], 80) == pytest.approx(2.0)
    assert pinball([case(106)], 50) == pytest.approx(3.0)
    assert pinball([], 80) is None
    assert pinball([case(1, p80=None)], 80) is None


def test_the_true_quantile_has_the_least_loss() -> None:
    ends = np.random.default_rng(0).normal(100, 10, 4_000)
    true = float(np.quantile(ends, 0.8))
    losses = [pinball([case(float(e), p80=true + off) for e in ends], 80) for off in (-6, 0, 6)]
    assert losses[1] == min(losses, key=lambda loss: loss or math.inf)


@given(st.lists(st.floats(50, 200), min_size=ENOUGH, max_size=60))
def test_ranges_stretched_by_the_factor_would_have_held_four_in_five(ends: list[float]) -> None:
    found = correction([case(end) for end in ends])
    assert found is not None
    stretched = [case(end, p80=100 + found.factor * 10 + 1e-6) for end in ends]
    if found.factor < 10:
        assert (coverage(stretched, 80).share or 0) >= 0.8


def test_hopeful_ranges_are_told_by_how_much() -> None:
    found = correction([case(end) for end in (105, 108, 109, 110, 104, 110, 114, 114, 115, 130)])
    assert found is not None
    assert found.sentence == (
        "Your P80s held 60 % of 10 cases: ranges widened to ×1.4 would have held 80 %."
    )
    assert Correction(1.05, 0.8, 10).sentence.endswith("the ranges are as wide as they have to be.")
    assert "narrowed to ×0.5" in Correction(0.5, 1.0, 10).sentence


def test_few_cases_teach_no_correction() -> None:
    assert correction([case(105)] * (ENOUGH - 1)) is None
    assert correction([case(105, p80=None)] * 20) is None


def test_a_certain_forecast_that_was_missed_asks_for_a_finite_factor() -> None:
    found = correction([case(150, p80=100)] * ENOUGH)
    assert found is not None
    assert found.factor == 10.0


def test_bias_is_median_and_p80_of_what_is_sound() -> None:
    found = bias("ann", [1.0, 2.0, 1.5, math.nan, math.inf, -1.0, 0.0])
    assert found is not None
    assert (found.count, found.median, found.p80) == (3, 1.5, 2.0)
    assert not found.is_enough
    assert bias("nobody", []) is None
