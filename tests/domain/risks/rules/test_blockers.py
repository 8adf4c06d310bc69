from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.programs.rules.calendars import working_days
from headway.domain.risks.rules import steps_of
from headway.domain.risks.rules.blockers import (
    MOST_STEPS,
    escalation_text,
    level_at,
    read_escalation,
)

DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))
STEPS = st.lists(st.integers(0, 520), max_size=MOST_STEPS, unique=True).map(
    lambda days: [{"who": f"person {n}", "after_days": day} for n, day in enumerate(sorted(days))]
)
HOLIDAYS = st.lists(DAYS.map(date.isoformat), max_size=20)


@given(STEPS, HOLIDAYS, DAYS, st.integers(0, 900), st.integers(0, 900))
def test_the_level_of_escalation_never_falls_as_time_passes(
    path: list[dict[str, object]], holidays: list[str], since: date, first: int, more: int
) -> None:
    calendar: dict[str, object] = {"weekdays": [0, 1, 2, 3, 4], "holidays": holidays}
    steps = steps_of(read_escalation("escalation", path))
    before = working_days(calendar, since, since + timedelta(days=first))
    after = working_days(calendar, since, since + timedelta(days=first + more))
    assert 0 <= level_at(steps, before) <= level_at(steps, after) <= len(steps)


@given(DAYS, st.integers(-30, 400))
def test_an_age_is_never_negative_nor_more_than_the_days_that_passed(
    since: date, days: int
) -> None:
    age = working_days({}, since, since + timedelta(days=days))
    assert 0 <= age <= max(0, days)


@given(STEPS)
def test_a_path_reads_back_as_it_is_shown(path: list[dict[str, object]]) -> None:
    steps = steps_of(path)
    assert steps_of(read_escalation("escalation", escalation_text(steps))) == steps
