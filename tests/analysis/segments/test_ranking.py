"""The area under the curve is its definition, and says how sure it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.segments.intervals import newcombe, z_of
from headway.analysis.segments.ranking import Ranked, auc, spreads

Z = z_of(0.95)
ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 6)), min_size=1, max_size=60
)


def arrays(rows: list[tuple[int, bool, int]]) -> tuple[Any, Any, Any]:
    code, positive, score = (np.array(column) for column in zip(*rows, strict=True))
    return code, positive.astype(bool), score / 7


def by_definition(positive: Any, score: Any) -> float:
    """P(positive above negative) + P(equal) / 2, pair by pair."""
    pairs = np.sign(score[positive][:, None] - score[~positive][None, :])
    return float((pairs + 1).mean() / 2) if pairs.size else np.nan


@settings(max_examples=50)
@given(ROWS)
def test_the_area_of_every_segment_is_the_share_of_pairs_in_order(rows: Any) -> None:
    code, positive, score = arrays(rows)
    found = auc(Ranked.of_rows(score, positive), code, 3, Z)
    for segment in range(3):
        chosen = code == segment
        expected = by_definition(positive[chosen], score[chosen])
        assert found.value[segment] == pytest.approx(expected, abs=1e-12, nan_ok=True)


@settings(max_examples=50)
@given(ROWS)
def test_the_interval_holds_the_area_and_stays_between_0_and_1(rows: Any) -> None:
    code, positive, score = arrays(rows)
    found = auc(Ranked.of_rows(score, positive), code, 3, Z)
    for low, value, high in zip(found.low, found.value, found.high, strict=True):
        assert np.isnan(value) or 0 <= low <= value <= high <= 1


@settings(max_examples=50)
@given(ROWS, st.integers(2, 5))
def test_the_area_lies_within_what_buckets_leave_open(rows: Any, buckets: int) -> None:
    code, positive, score = arrays(rows)
    place = np.minimum((score * buckets).astype(int), buckets - 1)
    alone = np.array([len(np.unique(score[place == one])) <= 1 for one in range(buckets)])
    ranked = Ranked.of_buckets(place, positive, np.ones(len(place)), ~alone)
    near, width = auc(ranked, code, 3, Z), spreads(ranked, code, 3)
    exact = auc(Ranked.of_rows(score, positive), code, 3, Z)
    for segment in np.flatnonzero(np.isfinite(exact.value)):
        away = abs(near.value[segment] - exact.value[segment])
        assert away <= width[segment] + 1e-12


@settings(max_examples=50)
@given(ROWS)
def test_rows_that_stand_for_several_count_as_often(rows: Any) -> None:
    code, positive, score = arrays(rows)
    place = (score * 7).round().astype(int)
    times = np.arange(len(rows)) % 3 + 1
    once = np.zeros(7, dtype=bool)
    weighted = auc(Ranked.of_buckets(place, positive, times.astype(float), once), code, 3, Z)
    repeated = Ranked.of_rows(np.repeat(score, times), np.repeat(positive, times))
    plain = auc(repeated, np.repeat(code, times), 3, Z)
    assert weighted.value == pytest.approx(plain.value, abs=1e-12, nan_ok=True)
    assert weighted.variance == pytest.approx(plain.variance, abs=1e-12, nan_ok=True)


def test_delongs_variance_is_the_one_computed_by_hand() -> None:
    # positives 3, 2; negatives 2, 1, 0: V10 = (1, 5/6), V01 = (3/4, 1, 1), area 11/12
    score, positive = np.array([3.0, 2, 2, 1, 0]), np.array([1, 1, 0, 0, 0], dtype=bool)
    found = auc(Ranked.of_rows(score, positive), np.zeros(5, dtype=int), 1, Z)
    assert found.value[0] == pytest.approx(11 / 12, abs=1e-15)
    assert found.variance[0] == pytest.approx((1 / 72) / 2 + (1 / 48) / 3, abs=1e-15)
    assert found.shared[0] == pytest.approx((1 / 72) / 4 + (1 / 24) / 9, abs=1e-15)


def test_one_class_has_no_area() -> None:
    found = auc(
        Ranked.of_rows(np.array([0.1, 0.2]), np.array([True, True])), np.zeros(2, int), 1, Z
    )
    assert found.at(0).value is None
    assert found.at(0).low is None


def test_a_perfect_order_of_few_is_not_certain() -> None:
    low, high = newcombe(1.0, 10, 10, Z)
    assert high == 1.0
    assert 0.7 < low < 0.95
    assert newcombe(1.0, 1000, 1000, Z)[0] > 0.99
    mirrored = newcombe(0.0, 10, 10, Z)
    assert mirrored == (0.0, pytest.approx(1 - low, abs=1e-12))


def test_intervals_hold_the_true_area_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    code = np.repeat(np.arange(400), 80)
    positive = rng.random(len(code)) < 0.5
    score = rng.normal(size=len(code)) + positive  # P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt 2)
    found = auc(Ranked.of_rows(score, positive), code, 400, Z)
    held = ((found.low <= 0.7602499389) & (found.high >= 0.7602499389)).mean()
    assert 0.92 <= held <= 0.98
