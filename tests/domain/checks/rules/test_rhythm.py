"""When a monitor runs by itself, and from when on its silence counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from headway.domain.checks.rules.rhythm import due_at, read_rhythm, rhythm_of, silent_at
from headway.errors import Invalid

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_hours_count_from_the_last_run() -> None:
    rhythm = rhythm_of(read_rhythm("rhythm", {"hours": "24"}))
    assert due_at(rhythm, MONDAY, MONDAY) == MONDAY + timedelta(hours=24)
    assert due_at(rhythm, None, MONDAY) == MONDAY


def test_days_are_turns_of_the_calendar_and_none_is_run_before_its_hour() -> None:
    rhythm = rhythm_of(read_rhythm("rhythm", {"days": ["thu", "Monday"], "hour": "10:30"}))
    assert due_at(rhythm, None, MONDAY) == MONDAY.replace(hour=10, minute=30)
    assert due_at(rhythm, MONDAY.replace(hour=11), MONDAY) == datetime(
        2026, 11, 26, 10, 30, tzinfo=UTC
    )
    assert rhythm.period == timedelta(days=4)
    assert rhythm.words() == "mon, thu at 10:30 UTC"


def test_a_weekly_monitor_is_silent_after_one_missed_turn() -> None:
    rhythm = rhythm_of({"days": ["mon"], "hour": "06:00"})
    silent = silent_at(rhythm, MONDAY, MONDAY)
    assert silent == datetime(2026, 12, 7, 6, tzinfo=UTC)


def test_a_monitor_without_a_rhythm_is_never_due_nor_silent() -> None:
    rhythm = rhythm_of(read_rhythm("rhythm", None))
    assert due_at(rhythm, None, MONDAY) is None
    assert silent_at(rhythm, None, MONDAY) is None
    assert rhythm.words() == "only when asked"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"hours": 1, "days": ["mon"]}, "both"),
        ({"hours": 0}, "at least 1|from 1"),
        ({"days": ["tuseday", "xyz"]}, "no day"),
        ({"days": ["mon"], "hour": "25:00"}, "time of day"),
        ({"every": 3}, "write hours"),
        ("daily", "write hours"),
    ],
)
def test_a_rhythm_that_is_none_is_refused_in_words(value: object, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_rhythm("rhythm", value)
