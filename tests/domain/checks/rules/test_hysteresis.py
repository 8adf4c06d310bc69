"""When a monitor alerts and clears: in a row, and never out of silence."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.checks.rules.hysteresis import Stand, Standing, after, fold, said

GOOD, BAD, NONE = True, False, None
OUTCOMES = st.lists(st.sampled_from([GOOD, BAD, NONE]), max_size=60)


def stands(outcomes: list[bool | None], k: int = 2, m: int = 2) -> list[Stand]:
    """Return how a monitor stood after each run."""
    return [fold(outcomes[: place + 1], k, m).stand for place in range(len(outcomes))]


def test_one_bad_run_is_no_alert_and_two_in_a_row_are() -> None:
    assert stands([GOOD, BAD, BAD]) == [Stand.CLEAR, Stand.CLEAR, Stand.ALERT]


def test_an_alert_clears_after_two_good_runs_in_a_row() -> None:
    seen = stands([BAD, BAD, GOOD, BAD, GOOD, GOOD])
    assert seen[1:] == [Stand.ALERT] * 4 + [Stand.CLEAR]


def test_a_monitor_that_begins_with_a_bad_run_is_not_called_good() -> None:
    assert fold([BAD], 2, 2).verdict == "insufficient"


def test_a_hundred_alternating_runs_are_no_flood() -> None:
    seen = stands([GOOD, BAD] * 50)
    changes = sum(before is not now for before, now in pairwise(seen))
    assert changes == 0


def test_good_runs_parted_by_missing_ones_never_clear() -> None:
    seen = stands([GOOD, NONE] + [GOOD, NONE] * 50)
    assert set(seen[1:]) == {Stand.UNKNOWN}


def test_missing_data_does_not_end_an_alert() -> None:
    assert stands([BAD, BAD, NONE, NONE])[-1] is Stand.ALERT


def test_a_missing_run_between_two_bad_ones_does_not_hide_them() -> None:
    assert stands([GOOD, BAD, NONE, BAD])[-1] is Stand.ALERT


@given(OUTCOMES, st.integers(1, 5), st.integers(1, 5))
def test_only_a_good_run_ever_makes_a_monitor_met(
    outcomes: list[bool | None], k: int, m: int
) -> None:
    standing = Standing()
    for outcome in outcomes:
        before, standing = standing, after(standing, outcome, k, m)
        if standing.stand is Stand.CLEAR and before.stand is not Stand.CLEAR:
            assert outcome is GOOD


@given(OUTCOMES, st.integers(1, 5), st.integers(1, 5))
def test_leaving_runs_out_of_the_end_never_turns_to_met(
    outcomes: list[bool | None], k: int, m: int
) -> None:
    whole = fold(outcomes, k, m)
    silent = fold([*outcomes, NONE], k, m)
    assert silent.stand is not Stand.CLEAR
    assert (silent.stand is Stand.ALERT) == (whole.stand is Stand.ALERT)


def test_what_is_waited_for_is_said() -> None:
    assert "1 of 2 bad runs" in said(fold([GOOD, BAD], 2, 2), 2, 2)
    assert "so far 1" in said(fold([BAD, BAD, GOOD], 2, 2), 2, 2)
    assert said(fold([GOOD], 2, 2), 2, 2) == ""
