"""Queue time from history: a range only where there are enough answers, and no rosy one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.programs.rules.queue import (
    FEWEST,
    QueueTime,
    Wait,
    joint_range,
    queue_times,
    wait_of,
)

FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
waits = st.builds(
    Wait, st.just("privacy"), st.floats(0.5, 400, allow_nan=False), is_answered=st.booleans()
)


def answered(*days: float) -> list[Wait]:
    return [Wait("privacy", one, is_answered=True) for one in days]


def test_only_working_days_are_waited() -> None:
    monday = FRIDAY + timedelta(days=3)
    assert wait_of("legal", FRIDAY, monday, monday, {}).days == 1
    assert wait_of("legal", FRIDAY, FRIDAY + timedelta(hours=5), monday, {}).days == 0.5
    assert not wait_of("legal", FRIDAY, None, monday, {}).is_answered


def test_the_range_is_of_answers_that_were_seen() -> None:
    (found,) = queue_times(answered(2, 4, 5, 8, 9, 10, 11, 12, 14, 20))
    assert (found.n, found.estimate) == (10, (2, 9, 14))
    assert "2 to 14 working days, half of the time within 9 (10 answers)" in found.sentence


def test_too_few_answers_say_so() -> None:
    (found,) = queue_times(answered(3, 4))
    assert (found.estimate, found.sentence) == (
        None,
        "2 answers of privacy so far; a range takes 5.",
    )


def test_what_still_waits_is_no_quick_answer() -> None:
    (found,) = queue_times([*answered(1, 1, 2, 2, 3), Wait("privacy", 30, is_answered=False)])
    assert (found.pessimistic, found.waiting, found.longest) == (30, 1, 30)


@given(st.lists(waits, min_size=1, max_size=40))
def test_a_range_ascends_and_never_ends_before_what_waits(found: list[Wait]) -> None:
    (time,) = queue_times(found)
    assert (time.estimate is None) == (time.n < FEWEST)
    if time.estimate is not None:
        low, middle, high = time.estimate
        assert low <= middle <= high
        assert high >= (time.longest or 0)


def test_several_functions_at_once_take_as_long_as_the_slowest() -> None:
    quick, slow = QueueTime("legal", 9, 1, 2, 9), QueueTime("privacy", 9, 2, 5, 7)
    assert joint_range([quick, slow]) == (2, 5, 9)
    assert joint_range([quick, QueueTime("security", 1)]) is None
    assert joint_range([]) is None
