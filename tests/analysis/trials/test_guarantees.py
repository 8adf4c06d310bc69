"""What the methods promise, tried by simulation: 50 looks at nothing, and at something."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headway.analysis.trials.multiplicity import Correction, adjusted
from headway.analysis.trials.sample_ratio import log_bayes_factor
from headway.analysis.trials.sequential import FEWEST, half_width
from headway.analysis.trials.spending import Spending, boundaries

ALPHA, LOOKS, TRIALS, EACH = 0.05, 50, 2000, 200
ALLOWED = ALPHA + 3 * math.sqrt(ALPHA * (1 - ALPHA) / TRIALS)
UNITS = 2 * EACH * np.arange(1, LOOKS + 1)


def _z(shift: float, seed: int) -> np.ndarray:
    """Return the z-statistic of each trial (rows) at each look; units have standard deviation 1."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(shift * EACH, math.sqrt(2 * EACH), (TRIALS, LOOKS))
    difference = steps.cumsum(axis=1) / (UNITS / 2)
    return difference / np.sqrt(4 / UNITS)


@pytest.fixture(scope="module")
def nothing() -> np.ndarray:
    return _z(0.0, 20261123)


def _always_valid() -> np.ndarray:
    assert UNITS[0] / 2 >= FEWEST
    return np.array([half_width(math.sqrt(4 / n), int(n), ALPHA) / math.sqrt(4 / n) for n in UNITS])


def test_fifty_looks_at_nothing_raise_no_more_alarms_than_alpha(nothing: np.ndarray) -> None:
    assert (np.abs(nothing) > _always_valid()).any(axis=1).mean() <= ALLOWED


def test_fifty_looks_of_a_fixed_test_do(nothing: np.ndarray) -> None:
    assert (np.abs(nothing) > 1.96).any(axis=1).mean() > 0.25


@pytest.mark.parametrize("spending", list(Spending))
def test_group_sequential_boundaries_spend_alpha_over_their_looks(
    nothing: np.ndarray, spending: Spending
) -> None:
    bounds = boundaries(tuple((k + 1) / LOOKS for k in range(LOOKS)), ALPHA, spending)
    found = (np.abs(nothing) > np.array(bounds)).any(axis=1).mean()
    assert ALPHA - (ALLOWED - ALPHA) <= found <= ALLOWED


def test_an_effect_is_found_and_by_group_sequential_looks_as_often_as_by_one_at_the_end() -> None:
    seen = _z(0.05, 7)
    fixed = (np.abs(seen[:, -1]) > 1.96).mean()
    bounds = boundaries(tuple((k + 1) / LOOKS for k in range(LOOKS)), ALPHA)
    planned = (np.abs(seen) > np.array(bounds)).any(axis=1).mean()
    anytime = (np.abs(seen) > _always_valid()).any(axis=1).mean()
    assert fixed > 0.9
    assert fixed - 0.05 < planned < fixed + 0.02
    assert 0.5 < anytime < planned


def test_looking_at_the_split_daily_does_not_make_it_wrong() -> None:
    rng = np.random.default_rng(3)
    control = rng.binomial(400, 0.5, (300, LOOKS)).cumsum(axis=1)
    total = 400 * np.arange(1, LOOKS + 1)
    shares = {"a": 0.5, "b": 0.5}
    worst = [
        max(
            log_bayes_factor({"a": int(a), "b": int(n - a)}, shares)
            for a, n in zip(row, total, strict=True)
        )
        for row in control
    ]
    assert np.mean(np.array(worst) > math.log(1 / 0.05)) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 300)


def test_holm_keeps_the_chance_of_any_false_claim_and_bh_their_share() -> None:
    rng = np.random.default_rng(8)
    any_false, share = 0, 0.0
    for _ in range(400):
        nulls = rng.uniform(size=10)
        strong = rng.uniform(size=10) * 1e-4
        any_false += min(adjusted(nulls.tolist(), Correction.HOLM)) < ALPHA
        claims = np.array(adjusted([*nulls, *strong], Correction.BH)) < ALPHA
        share += claims[:10].sum() / max(claims.sum(), 1)
    assert any_false / 400 <= ALPHA + 3 * math.sqrt(ALPHA * (1 - ALPHA) / 400)
    assert share / 400 <= ALPHA


def test_adjusted_values_are_those_of_the_textbook() -> None:
    values = [0.01, 0.04, 0.03, 0.005]
    assert adjusted(values, Correction.HOLM) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert adjusted(values, Correction.BH) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert adjusted([], Correction.HOLM) == []
