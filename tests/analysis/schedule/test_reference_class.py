"""Claims about the reference class: whose history is believed, and what it does to a number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.schedule.plan import Correlation, Item, Link, Plan
from headway.analysis.schedule.reference_class import (
    ENOUGH,
    FOREIGN,
    FOREIGN_PROJECT_P90,
    reference_class,
    shared_correlation,
)
from headway.analysis.schedule.simulation import Settings, simulate


def test_too_little_history_is_no_history() -> None:
    assert reference_class([1.5] * (ENOUGH - 1)) is FOREIGN
    assert "not your history" in FOREIGN.sentence


def test_the_default_is_the_one_that_is_stated() -> None:
    assert FOREIGN.widen(4.0).numbers == (2.0, 4.0, 8.0)


def test_enough_history_replaces_the_default_by_its_own_quantiles() -> None:
    ratios = [1 + n / 10 for n in range(ENOUGH + 1)]
    own = reference_class(ratios)
    assert not own.is_foreign
    assert own.count == ENOUGH + 1
    assert (own.p10, own.median, own.p90) == pytest.approx((1.2, 2.0, 2.8))


@given(st.lists(st.floats(-5, 50, allow_nan=False), max_size=60))
def test_a_class_is_always_a_range_that_never_closes(ratios: list[float]) -> None:
    own = reference_class(ratios)
    assert 0 < own.p10 < own.median < own.p90


@pytest.mark.parametrize("count", [10, 30, 100])
def test_the_correlation_gives_the_sum_of_a_project_the_stated_p90(count: int) -> None:
    keys = tuple(f"T{n}" for n in range(count))
    # One after the other, so that the finish is the sum of the durations.
    items = tuple(
        Item(key, estimate=FOREIGN.widen(4.0), after=(Link(keys[n - 1]),) if n else ())
        for n, key in enumerate(keys)
    )
    plan = Plan("sum", items, correlations=(Correlation(keys, shared_correlation(count)),))
    outcome = simulate(plan, Settings(trials=4_000, seed=3))
    sums = np.asarray(outcome.finish)
    ratio = float(np.quantile(sums, 0.9) / np.quantile(sums, 0.5))
    assert ratio == pytest.approx(FOREIGN_PROJECT_P90, abs=0.08)


def test_one_task_has_nothing_to_correlate_with() -> None:
    assert shared_correlation(1) == 0.0
