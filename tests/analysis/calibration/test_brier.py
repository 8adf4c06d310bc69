from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.calibration.brier import LEAST, brier

CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60)


@given(CASES)
def test_the_score_lies_between_0_and_1_or_is_not_told(cases: list[tuple[float, bool]]) -> None:
    found = brier(cases)
    assert (found.score is None) == (len(cases) < LEAST)
    assert found.score is None or 0 <= found.score <= 1
    assert sum(one.cases for one in found.bins) == len(cases)
    assert sum(one.came_true for one in found.bins) == sum(true for _, true in cases)


def test_who_knows_it_scores_0_and_who_is_always_wrong_scores_1() -> None:
    sure = [(1.0, True), (0.0, False)] * 5
    assert brier(sure).score == 0
    assert brier([(said, not true) for said, true in sure]).score == 1


def test_a_half_said_every_time_scores_a_quarter_and_no_better_than_the_share() -> None:
    found = brier([(0.5, True), (0.5, False)] * 10)
    assert found.score == found.constant == 0.25
    assert [one.verdict for one in found.bins] == ["fits"]


def test_odds_that_the_interval_rules_out_are_said_so() -> None:
    found = brier([(0.1, True)] * 10 + [(0.9, False)] * 10)
    assert [one.verdict for one in found.bins] == ["said too low", "said too high"]


def test_below_ten_cases_it_is_said_how_many_are_missing() -> None:
    found = brier([(0.3, False)] * 4)
    assert (found.score, found.missing) == (None, 6)
    assert found.bins[0].said == pytest.approx(0.3)
