"""Distances and odds against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency, false_discovery_control, fisher_exact, kstwo

from headway.analysis.drift.distances import (
    benjamini_hochberg,
    chi_square,
    jensen_shannon,
    kolmogorov_p,
    merged,
    proportions_p,
    psi,
)
from headway.analysis.drift.rules import Rules, beyond, js_noise, ks_noise
from headway.errors import Invalid

counts = st.lists(
    st.tuples(st.integers(30, 10**6), st.integers(30, 10**6)), min_size=2, max_size=60
)


@settings(max_examples=60, deadline=None)
@given(counts)
def test_chi_square_and_jensen_shannon_are_scipys(rows: list[tuple[int, int]]) -> None:
    f, g = np.array(rows).T
    expected = chi2_contingency([f, g], correction=False)
    if expected.expected_freq.min() >= 5:
        ours = chi_square(f, g)
        assert ours.statistic == pytest.approx(expected.statistic, rel=1e-12, abs=1e-12)
        assert ours.dof == expected.dof
        assert ours.p == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-300)
    assert jensen_shannon(f, g) == pytest.approx(
        jensenshannon(f / f.sum(), g / g.sum(), base=2), rel=1e-12, abs=1e-8
    )


def test_rare_levels_are_merged_until_enough_are_expected() -> None:
    f, g = merged(np.array([1000, 1, 1, 2, 3]), np.array([1000, 0, 1, 1, 3]))
    assert f.tolist() == [7, 1000]
    assert g.tolist() == [5, 1000]
    assert chi_square(np.array([3, 0]), np.array([0, 3])).p == 1.0
    assert chi_square(np.array([5]), np.array([9])).dof == 0
    assert chi_square(np.array([5, 5]), np.array([0, 0])).p == 1.0


def test_jensen_shannon_is_a_distance_in_base_two() -> None:
    assert jensen_shannon(np.array([5, 0]), np.array([0, 7])) == 1.0
    assert jensen_shannon(np.array([5, 5]), np.array([7, 7])) == 0.0


def test_the_psi_of_an_empty_bin_is_that_of_its_floor() -> None:
    assert psi(np.array([50, 50]), np.array([50, 50])) == 0.0
    told = psi(np.array([100, 0]), np.array([90, 10]))
    assert told == pytest.approx(-0.1 * np.log(0.9) + (0.1 - 1e-4) * np.log(0.1 / 1e-4))


@pytest.mark.parametrize(
    ("distance", "n", "m"),
    [(0.4, 20, 20), (0.2, 100, 100), (0.05, 1000, 500), (0.002, 10**6, 10**6)],
)
def test_the_odds_of_a_ks_distance_are_about_scipys(distance: float, n: int, m: int) -> None:
    told = kolmogorov_p(distance, n, m)
    assert told == pytest.approx(kstwo.sf(distance, round(n * m / (n + m))), abs=0.004)


def test_the_odds_fall_as_the_distance_grows() -> None:
    told = [kolmogorov_p(distance, 500, 400) for distance in np.linspace(0, 1, 200)]
    assert told == sorted(told, reverse=True)
    assert told[0] == 1.0
    assert told[-1] < 1e-100
    assert kolmogorov_p(0.5, 0, 10) == 1.0


def test_two_shares_are_tested_exactly_where_few_are_expected() -> None:
    assert proportions_p(0, 10_000, 6, 10_000) == pytest.approx(
        fisher_exact([[0, 10_000], [6, 9_994]])[1], rel=0.01
    )
    assert proportions_p(9_994, 10_000, 10_000, 10_000) == pytest.approx(0.03125, rel=1e-9)
    assert proportions_p(0, 10, 0, 10) == 1.0
    assert proportions_p(10, 10, 10, 10) == 1.0
    assert proportions_p(0, 0, 1, 10) == 1.0


@given(st.lists(st.floats(0, 1), max_size=30), st.sampled_from([0.01, 0.05, 0.2]))
def test_benjamini_hochberg_is_scipys(ps: list[float], q: float) -> None:
    rejected = benjamini_hochberg(np.array(ps), q)
    if ps:
        adjusted = false_discovery_control(ps)
        unclear = np.abs(adjusted - q) < 1e-12
        assert ((adjusted <= q) == rejected)[~unclear].all()


def test_noise_is_exceeded_about_once_in_a_thousand() -> None:
    """2,000 comparisons of equal data: at most a handful reach beyond the noise."""
    rng = np.random.default_rng(5)
    n, levels = 3000, 12
    f, g = (rng.multinomial(n, np.full(levels, 1 / levels), size=2000) for _ in range(2))
    above = sum(jensen_shannon(a, b) > js_noise(levels, n, n) for a, b in zip(f, g, strict=True))
    assert above <= 8
    draws = np.sort(rng.random((500, 2, 200)), axis=2)
    steps = [
        np.abs(np.searchsorted(a, both, "right") - np.searchsorted(b, both, "right")).max() / 200
        for a, b in draws
        for both in (np.concatenate([a, b]),)
    ]
    assert sum(step > ks_noise(200, 200) for step in steps) <= 4


def test_beyond_chance_is_what_noise_does_not_explain() -> None:
    assert beyond(0.05, 0.03) == pytest.approx(0.04)
    assert beyond(0.02, 0.03) == 0.0


def test_a_bound_that_nothing_meets_is_refused() -> None:
    with pytest.raises(Invalid, match="bound q is 0"):
        Rules(q=0)
