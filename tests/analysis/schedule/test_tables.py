"""The quantile tables against closed forms and published moments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.schedule.tables import look_up, normal_cdf, normal_quantile, pert_table

GRID = (np.arange(20_000) + 0.5) / 20_000


def test_normal_probabilities_agree_with_the_error_function() -> None:
    z = np.linspace(-8.0, 8.0, 4_001)
    expected = [0.5 * math.erfc(-value / math.sqrt(2.0)) for value in z]
    assert normal_cdf(z) == pytest.approx(expected, abs=1e-9)


def test_normal_quantiles_are_the_published_ones() -> None:
    u = np.array([0.5, 0.9, 0.95, 0.975, 0.995, 0.001])
    published = [0.0, 1.281552, 1.644854, 1.959964, 2.575829, -3.090232]
    assert normal_quantile(u) == pytest.approx(published, abs=2e-5)


def test_normal_quantiles_invert_the_probabilities() -> None:
    assert normal_cdf(normal_quantile(GRID)) == pytest.approx(GRID, rel=1e-4)


def test_pert_with_the_mode_at_the_end_has_a_closed_form() -> None:
    assert look_up(pert_table(0.0), GRID) == pytest.approx(1 - (1 - GRID) ** 0.2, abs=1e-4)
    assert look_up(pert_table(1.0), GRID) == pytest.approx(GRID**0.2, abs=1e-4)


def test_symmetric_pert_has_a_closed_form() -> None:
    q = look_up(pert_table(0.5), GRID)
    assert q**3 * (10 - 15 * q + 6 * q * q) == pytest.approx(GRID, abs=1e-5)


def test_any_pert_agrees_with_numerical_integration() -> None:
    for position in (0.03, 0.2, 0.371, 0.66, 0.985):
        alpha, beta = 1 + 4 * position, 5 - 4 * position
        x = (np.arange(400_000) + 0.5) / 400_000
        density = x ** (alpha - 1) * (1 - x) ** (beta - 1)
        below = np.cumsum(density) / density.sum()
        for percent in (1, 10, 50, 80, 99):
            expected = float(x[np.searchsorted(below, percent / 100)])
            found = float(look_up(pert_table(position), np.array([percent / 100]))[0])
            assert found == pytest.approx(expected, abs=1e-4), (position, percent)


@given(st.floats(0.0, 1.0))
def test_pert_has_the_published_mean_and_variance(position: float) -> None:
    draws = look_up(pert_table(position), GRID)
    mean = (1 + 4 * position) / 6
    assert draws.mean() == pytest.approx(mean, abs=1e-5)
    assert draws.var() == pytest.approx(mean * (1 - mean) / 7, abs=2e-5)


@given(st.floats(0.0, 1.0))
def test_quantiles_never_fall_and_stay_in_the_range(position: float) -> None:
    draws = look_up(pert_table(position), np.sort(np.concatenate([GRID, [1e-300, 1 - 2**-53]])))
    assert (np.diff(draws) >= -1e-8).all()
    assert draws[0] >= 0.0
    assert draws[-1] <= 1.0
