from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.chance import uniforms
from headway.analysis.schedule.plan import Correlation, Distribution, Estimate
from headway.analysis.schedule.sampling import (
    beyond,
    correlated,
    correlation_matrix,
    is_positive_semidefinite,
    median,
    probability_below,
    quantiles,
)

GRID = (np.arange(100_000) + 0.5) / 100_000
PERT, LOGNORMAL = Distribution.PERT, Distribution.LOGNORMAL
RANGE = Estimate(3.0, 5.0, 9.0)

ranges = st.tuples(*[st.floats(0.1, 100.0)] * 3).map(lambda numbers: Estimate(*sorted(numbers)))


def test_the_triangular_mean_is_the_mean_of_its_corners() -> None:
    draws = quantiles(RANGE, Distribution.TRIANGULAR, GRID)
    assert draws.mean() == pytest.approx((3 + 5 + 9) / 3, abs=1e-4)
    assert draws.var() == pytest.approx((9 + 25 + 81 - 15 - 27 - 45) / 18, rel=1e-3)


def test_the_pert_mean_is_malcolms() -> None:
    assert quantiles(RANGE, PERT, GRID).mean() == pytest.approx((3 + 20 + 9) / 6, abs=1e-4)


def test_lognormal_ends_are_p10_and_p90_around_its_median() -> None:
    estimate = Estimate(2.0, 4.0, 8.0)
    low, middle, high = quantiles(estimate, LOGNORMAL, np.array([0.1, 0.5, 0.9]))
    assert (low, middle, high) == pytest.approx((2.0, 4.0, 8.0), rel=1e-4)


def test_a_lopsided_lognormal_keeps_its_median_and_its_spread() -> None:
    low, middle, high = quantiles(Estimate(3.0, 4.0, 12.0), LOGNORMAL, np.array([0.1, 0.5, 0.9]))
    assert middle == pytest.approx(4.0)
    assert math.log(high / low) == pytest.approx(math.log(4.0), rel=1e-4)


def test_uniform_ignores_the_mode() -> None:
    draws = quantiles(RANGE, Distribution.UNIFORM, GRID)
    assert draws.mean() == pytest.approx(6.0)


def test_an_item_may_have_a_distribution_of_its_own() -> None:
    own = Estimate(0.0, 0.0, 6.0, Distribution.UNIFORM)
    assert median(own, PERT) == pytest.approx(3.0)


@given(ranges, st.sampled_from(list(Distribution)))
def test_quantiles_rise_with_probability(estimate: Estimate, kind: Distribution) -> None:
    draws = quantiles(estimate, kind, np.linspace(0.001, 0.999, 999))
    assert (np.diff(draws) >= -1e-6 * estimate.pessimistic).all()


@given(ranges, st.sampled_from(list(Distribution)), st.floats(0.02, 0.98))
def test_the_probability_below_a_quantile_is_its_own(
    estimate: Estimate, kind: Distribution, u: float
) -> None:
    if estimate.pessimistic - estimate.optimistic > 1e-3:
        value = float(quantiles(estimate, kind, np.array([u]))[0])
        assert probability_below(estimate, kind, value) == pytest.approx(u, abs=2e-3)


def test_what_has_taken_six_days_takes_more_than_six() -> None:
    draws = beyond(RANGE, PERT, 6.0, GRID)
    plain = quantiles(RANGE, PERT, GRID)
    assert draws.min() >= 6.0
    assert draws.mean() == pytest.approx(plain[plain > 6.0].mean(), abs=1e-3)


def test_what_has_taken_longer_than_its_range_stands_where_it_is() -> None:
    assert (beyond(RANGE, PERT, 10.0, GRID) == 10.0).all()


@pytest.mark.parametrize("rho", [-0.9, -0.3, 0.0, 0.5, 0.95, 1.0])
def test_the_copula_has_the_spearman_correlation_that_was_asked(rho: float) -> None:
    independent = {name: uniforms(1, name, 40_000) for name in ("a", "b")}
    joined = correlated([Correlation(("a", "b"), rho)], independent)
    ranks = [np.argsort(np.argsort(joined[name])) for name in ("a", "b")]
    assert np.corrcoef(*ranks)[0, 1] == pytest.approx(rho, abs=0.015)
    assert joined["b"].mean() == pytest.approx(0.5, abs=0.01)


def test_correlations_that_contradict_each_other_are_no_matrix() -> None:
    pairs = [Correlation(("a", "b"), 0.9), Correlation(("b", "c"), 0.9)]
    possible = [*pairs, Correlation(("a", "c"), 0.7)]
    impossible = [*pairs, Correlation(("a", "c"), -0.9)]
    assert is_positive_semidefinite(correlation_matrix(possible, "abc"))
    assert not is_positive_semidefinite(correlation_matrix(impossible, "abc"))


@given(st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=3))
def test_positive_semidefinite_agrees_with_the_eigenvalues(rho: list[float]) -> None:
    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    correlations = [Correlation(pair, value) for pair, value in zip(pairs, rho, strict=True)]
    matrix = correlation_matrix(correlations, "abc")
    smallest = float(np.linalg.eigvalsh(matrix)[0])
    if abs(smallest) > 1e-6:
        assert is_positive_semidefinite(matrix) == (smallest > 0)
