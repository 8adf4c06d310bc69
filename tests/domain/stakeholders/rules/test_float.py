from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.stakeholders.rules import float_days

DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@pytest.mark.parametrize(
    ("needed", "promised", "days"),
    [
        ("2026-11-27", "2026-11-27", 0),
        ("2026-11-27", "2026-11-23", 4),
        ("2026-11-30", "2026-11-27", 1),  # Monday, Friday
        ("2026-11-27", "2026-11-30", -1),
        ("2026-11-29", "2026-11-27", 0),  # Sunday: no working day more
        ("2026-11-27", "2026-12-11", -10),
    ],
)
def test_the_float_is_in_working_days_between_two_ends_of_days(
    needed: str, promised: str, days: int
) -> None:
    assert float_days({}, date.fromisoformat(needed), date.fromisoformat(promised)) == days


def test_without_either_day_there_is_no_float() -> None:
    assert float_days({}, None, date(2026, 11, 27)) is None
    assert float_days({}, date(2026, 11, 27), None) is None


@given(DAYS, DAYS, st.integers(0, 400))
def test_an_earlier_promise_never_lowers_the_float(
    needed: date, promised: date, earlier: int
) -> None:
    late = float_days({}, needed, promised)
    early = float_days({}, needed, promised - timedelta(days=earlier))
    assert late is not None
    assert early is not None
    assert early >= late


@given(DAYS, DAYS)
def test_the_float_is_negative_only_when_the_promise_is_late(needed: date, promised: date) -> None:
    found = float_days({}, needed, promised)
    assert found is not None
    assert found >= 0 if promised <= needed else found <= 0
