"""The published and peer-checked numbers of each formula, to 1e-6."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headway.analysis.trials.bayes import posterior
from headway.analysis.trials.estimates import Estimate, difference
from headway.analysis.trials.method import absolute_look
from headway.analysis.trials.sample_ratio import chi_square_p, log_bayes_factor
from headway.analysis.trials.sequential import (
    AlwaysValid,
    always_valid_p,
    half_width,
    log_e_value,
    rho,
)

EVEN = {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize(
    ("counts", "shares", "p", "within"),
    [
        ((5000, 5200), (0.5, 0.5), 0.047670, 1e-6),
        ((50000, 51500), (0.5, 0.5), 2.4987e-6, 1e-10),
        ((8950, 1100), (0.9, 0.1), 1.5843e-3, 1e-7),
        ((334, 333, 400), (1 / 3, 1 / 3, 1 / 3), 0.015839, 1e-6),
    ],
)
def test_the_fixed_sample_ratio_is_that_of_gbstats(
    counts: tuple[int, ...], shares: tuple[float, ...], p: float, within: float
) -> None:
    named = dict(zip("abc", counts, strict=False))
    assert chi_square_p(named, dict(zip("abc", shares, strict=False))) == pytest.approx(
        p, abs=within
    )


@pytest.mark.parametrize(
    ("a", "b", "share", "log"),
    [(5000, 5200, 0.5, 0.57778), (50000, 51500, 0.5, 8.66093), (8950, 1100, 0.9, 3.18824)],
)
def test_the_sequential_sample_ratio_is_that_of_lindon_and_malek(
    a: int, b: int, share: float, log: float
) -> None:
    found = log_bayes_factor({"a": a, "b": b}, {"a": share, "b": 1 - share}, 1000.0)
    assert found == pytest.approx(log, abs=5.1e-6)


def test_the_reciprocals_of_the_bayes_factors_are_the_p_values() -> None:
    assert math.exp(-log_bayes_factor({"a": 50000, "b": 51500}, EVEN)) == pytest.approx(
        1.732e-4, abs=5e-8
    )
    uneven = log_bayes_factor({"a": 8950, "b": 1100}, {"a": 0.9, "b": 0.1})
    assert math.exp(-uneven) == pytest.approx(0.041245, abs=1e-6)


def test_rho_is_tuned_as_published() -> None:
    assert rho(0.05) == pytest.approx(0.03984007, abs=1e-8)
    assert rho(0.1) == pytest.approx(0.03557769, abs=1e-8)


@pytest.mark.parametrize(
    ("n", "half"), [(500, 0.172403), (1000, 0.106375), (5000, 0.042924), (20000, 0.022112)]
)
def test_the_confidence_sequence_is_that_of_gbstats(n: int, half: float) -> None:
    assert half_width(1.0 / math.sqrt(n), n, 0.05) == pytest.approx(half, abs=1e-6)


@pytest.mark.parametrize(("value", "p"), [(0.03, 0.0595789), (0.04, 0.00221387)])
def test_the_always_valid_p_is_that_of_gbstats(value: float, p: float) -> None:
    assert always_valid_p(value, 0.01, 10_000, rho(0.05)) == pytest.approx(p, abs=1e-7)


def test_the_confidence_sequence_is_the_mixture_sprt() -> None:
    scale, n, se = rho(0.05), 10_000, 0.01
    tau2 = se * se * n * scale * scale
    v = se * se
    ratio = math.sqrt(v / (v + tau2)) * math.exp(tau2 * 0.03**2 / (2 * v * (v + tau2)))
    assert ratio == pytest.approx(math.exp(log_e_value(0.03, se, n, scale)), rel=1e-12)


def test_the_interval_ends_where_p_reaches_alpha() -> None:
    method = AlwaysValid(0.05)
    effect = difference(Estimate(5000, 1.0, 1.0), Estimate(5000, 1.0, 1.0))
    low, high = method.interval(absolute_look(effect), 0.05)
    assert always_valid_p(high, effect.se, effect.n, rho(0.05)) == pytest.approx(0.05, rel=1e-9)
    assert low == -high


def test_the_one_sided_p_is_where_the_bound_reaches_the_null() -> None:
    method = AlwaysValid(0.05)
    effect = difference(Estimate(5000, 1.0, 1.0), Estimate(5000, 1.08, 1.0))
    look = absolute_look(effect)
    lower, _ = method.bounds(look, 0.05)
    assert method.p_above(look, lower, 0.05) == pytest.approx(0.05, rel=1e-8)
    assert method.p_above(look, 0.2, 0.05) == 1.0


@pytest.mark.parametrize(("value", "prior"), [(0.02, None), (-0.05, 0.3), (0.1, 0.01)])
def test_the_risk_is_the_mean_loss_of_the_posterior(value: float, prior: float | None) -> None:
    believed = posterior(value, 0.03, prior)
    if prior is not None:
        weight = 0.03**-2 / (0.03**-2 + prior**-2)
        assert believed.mean == pytest.approx(weight * value)
        assert believed.sd == pytest.approx(math.sqrt(1 / (0.03**-2 + prior**-2)))
    at = believed.mean + believed.sd * np.linspace(-12, 12, 200_001)
    density = np.exp(-0.5 * ((at - believed.mean) / believed.sd) ** 2)
    density /= density.sum()
    assert believed.loss_of_choosing(1) == pytest.approx(
        float(density @ np.maximum(-at, 0)), rel=1e-6
    )
    assert believed.loss_of_choosing(-1) == pytest.approx(
        float(density @ np.maximum(at, 0)), rel=1e-6
    )
    assert believed.chance_above(0.0) == pytest.approx(float(density[at > 0].sum()), abs=1e-4)
