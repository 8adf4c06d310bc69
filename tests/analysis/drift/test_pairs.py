"""What is certain of two distributions holds for scipy's numbers, whatever the values are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp, wasserstein_distance

from headway.analysis.drift.pairs import pair, refined
from headway.analysis.summaries.histograms import Histogram, Scale, Values

#: scipy's own sums round too.
CLOSE = 1e-9


def by_bucket(scale: Scale, values: Values) -> Histogram:
    return by_value(scale, values).coarsened()


def by_value(scale: Scale, values: Values) -> Histogram:
    found, n = np.unique(values, return_counts=True)
    return Histogram.of_values(scale, found, n)


def scipy_ks(a: Values, b: Values) -> float:
    return float(ks_2samp(a, b, method="asymp").statistic)


numbers = st.floats(-1e12, 1e12) | st.integers(-3, 3).map(float) | st.floats(-1e-6, 1e-6)
samples = st.lists(numbers, min_size=2, max_size=40).map(np.array)


@settings(max_examples=120, deadline=None)
@given(samples, samples, st.sampled_from([-6, 0, 6]))
def test_scipy_lies_in_the_bracket_and_refining_finds_it(
    a: Values, b: Values, coarseness: int
) -> None:
    scale = Scale(float(np.median(a)), 2.0**-coarseness)
    both = pair(by_bucket(scale, a), by_bucket(scale, b))
    ks, area = scipy_ks(a, b), float(wasserstein_distance(a, b))
    room = CLOSE * max(1.0, area) + 2 * both.slack
    assert both.ks().low - CLOSE <= ks <= both.ks().high + CLOSE
    assert both.wasserstein().low - room <= area <= both.wasserstein().high + room
    fine = both
    for bucket in np.union1d(both.unsure(), both.unmeasured()):
        part = np.array([bucket])
        sides = (by_value(scale, one[scale.bucket_of(one) == bucket]) for one in (a, b))
        fine = refined(fine, part, *sides)
    assert not len(fine.unsure())
    assert fine.ks().low == pytest.approx(ks, abs=CLOSE)
    assert fine.ks().high == pytest.approx(ks, abs=CLOSE)
    assert fine.wasserstein().low == pytest.approx(area, abs=room)
    assert fine.wasserstein().high == pytest.approx(area, abs=room)


@settings(max_examples=60, deadline=None)
@given(samples, samples)
def test_by_value_nothing_is_left_open(a: Values, b: Values) -> None:
    scale = Scale.of(a)
    both = pair(by_value(scale, a), by_value(scale, b))
    assert both.ks().low == both.ks().high == pytest.approx(scipy_ks(a, b), abs=CLOSE)


def test_values_far_from_zero_keep_their_differences() -> None:
    rng = np.random.default_rng(3)
    a, b = 1e9 + rng.normal(size=2000), 1e9 + rng.normal(0.2, 1, 2000)
    scale = Scale.of(a)
    bracket = pair(by_bucket(scale, a), by_bucket(scale, b)).wasserstein()
    assert bracket.low <= wasserstein_distance(a, b) <= bracket.high
    assert bracket.high - bracket.low < 1e-3


def test_a_spread_of_almost_nothing_does_not_leave_the_doubles() -> None:
    a, b = np.array([0.0, 5e-324, 5e-324]), np.array([0.0, 2.0**24])
    scale = Scale.of(a)
    assert pair(by_value(scale, a), by_value(scale, b)).ks().low == scipy_ks(a, b)


def test_integers_beyond_the_doubles_are_told_apart() -> None:
    """2^60 and 2^60 + 1 are one double; as integers all of one lies below all of the other."""
    a, b = (np.full(50, 2**60 + step, dtype=np.int64) for step in (0, 1))
    scale = Scale.of(a)
    assert pair(by_value(scale, a), by_value(scale, b)).ks().low == 1.0
    assert pair(by_bucket(scale, a), by_bucket(scale, b)).ks().low == 1.0


def test_histograms_of_other_scales_are_refused() -> None:
    a = np.arange(3.0)
    with pytest.raises(ValueError, match="different scales"):
        pair(by_value(Scale(), a), by_value(Scale(1.0), a))


def test_equal_data_have_no_distance() -> None:
    a = np.random.default_rng(1).normal(size=5000)
    both = pair(by_bucket(Scale.of(a), a), by_bucket(Scale.of(a), a))
    assert both.ks().low == 0.0
    assert both.wasserstein().low == 0.0
