"""Boundaries as published, and the error that they keep."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headway.analysis.trials.distributions import normal_quantile
from headway.analysis.trials.method import Look
from headway.analysis.trials.spending import (
    GroupSequential,
    Spending,
    boundaries,
    crossing,
    inflation_of_looks,
)
from headway.errors import Invalid

FIVE = (0.2, 0.4, 0.6, 0.8, 1.0)


@pytest.mark.parametrize(
    ("spending", "published"),
    [
        (Spending.OBRIEN_FLEMING, (4.877, 3.357, 2.680, 2.290, 2.031)),
        (Spending.POCOCK, (2.438, 2.427, 2.410, 2.397, 2.386)),
    ],
)
def test_five_looks_have_the_boundaries_of_lan_and_demets(
    spending: Spending, published: tuple[float, ...]
) -> None:
    assert boundaries(FIVE, 0.05, spending) == pytest.approx(published, abs=6e-4)


@pytest.mark.parametrize(
    ("looks", "error"), [(1, 0.05), (2, 0.083), (3, 0.107), (4, 0.126), (5, 0.142), (10, 0.193)]
)
def test_peeking_costs_what_armitage_mcpherson_and_rowe_computed(looks: int, error: float) -> None:
    assert inflation_of_looks(looks, 0.05) == pytest.approx(error, abs=6e-4)


def test_the_classical_boundaries_of_the_textbook_spend_alpha() -> None:
    """Jennison and Turnbull (2000), tables 2.1 and 2.3: C_P(5) = 2.413, C_B(5) = 2.040."""
    assert crossing(FIVE, [2.413] * 5).sum() == pytest.approx(0.05, abs=1e-4)
    falling = [2.040 / math.sqrt(fraction) for fraction in FIVE]
    assert crossing(FIVE, falling).sum() == pytest.approx(0.05, abs=1e-4)


def test_the_textbook_inflation_factor_gives_the_power() -> None:
    """Jennison and Turnbull, table 2.2: R_P(5, 0.05, 0.2) = 1.228."""
    drift = (normal_quantile(0.975) + normal_quantile(0.8)) * math.sqrt(1.228)
    assert crossing(FIVE, [2.413] * 5, drift).sum() == pytest.approx(0.8, abs=2e-3)


@pytest.mark.parametrize("spending", list(Spending))
@pytest.mark.parametrize("fractions", [FIVE, (0.1, 0.15, 0.9, 1.0), tuple(np.arange(1, 51) / 50)])
def test_any_boundaries_spend_alpha_by_the_end(
    spending: Spending, fractions: tuple[float, ...]
) -> None:
    bounds = boundaries(tuple(map(float, fractions)), 0.05, spending)
    assert crossing(fractions, bounds).sum() == pytest.approx(0.05, abs=1e-8)


def test_the_repeated_p_is_alpha_on_the_boundary() -> None:
    method = GroupSequential(0.05, FIVE)
    z = boundaries(FIVE, 0.05)[2]
    assert method.p(Look(z + 1e-9, 1.0, math.inf, 600, 300, 2)) == pytest.approx(0.05, rel=2e-4)
    low, _ = method.interval(Look(z, 1.0, math.inf, 600, 300, 2), 0.05)
    assert low == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("fractions", [(), (0.5, 0.4), (0.0, 1.0), (0.5, 1.2)])
def test_looks_that_do_not_rise_to_the_end_are_refused(fractions: tuple[float, ...]) -> None:
    with pytest.raises(Invalid, match="looks"):
        boundaries(fractions, 0.05)
