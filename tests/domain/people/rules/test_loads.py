"""Loads are sums of whole numbers: laws that hold for every allocation, in every order."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.domain.people.rules.heat import BLAMES, Blame, Heat, overtime
from headway.domain.people.rules.loads import (
    HOUR,
    MILLION,
    Hours,
    Portion,
    Weeks,
    Worker,
    by_week,
    days_off_of_all,
    hours_of,
    loads,
    pattern,
    summed,
)
from headway.domain.people.rules.working_time import WorkingTimeFacts
from headway.domain.programs.rules.calendars import calendar_from

WEEKS = Weeks.of(date(2026, 12, 24), 6)
NOBODY = UUID(int=0)


def told(**fields: object) -> WorkingTimeFacts:
    given = {"schedule": {}, "changes": [], "absences": [], "version": 1} | fields
    return WorkingTimeFacts(NOBODY, NOBODY, NOBODY, "dana", "Dana", "", **given)  # type: ignore[arg-type]


PART_TIME = {"name": "part", "weekdays": [0, 1, 2], "windows": [[9, 13]], "holidays": []}
LATER = {**PART_TIME, "weekdays": [0, 1, 2, 3, 4]}
PEOPLE = [
    Worker(),
    Worker(told(absences=[["2026-12-28", "2027-01-03"]])),
    Worker(told(schedule=PART_TIME, changes=[["2027-01-11", LATER]]), share=0.6),
    Worker(share=0.5, starts=date(2026, 12, 23), ends=date(2027, 1, 12)),
]
HOURS = hours_of(PEOPLE, frozenset({date(2026, 12, 25)}), WEEKS)

portions = st.builds(
    lambda row, days, amount: Portion(row, min(days), max(days), **amount),
    st.integers(0, len(PEOPLE) - 1),
    st.tuples(st.integers(0, WEEKS.days), st.integers(0, WEEKS.days)),
    st.one_of(
        st.fixed_dictionaries({"share": st.integers(1, 2 * MILLION)}),
        st.fixed_dictionaries({"minutes": st.integers(1, 7_200)}),
    ),
)


@settings(max_examples=25)
@given(st.lists(portions, max_size=8), st.randoms())
def test_cells_add_up_to_allocations_in_any_order(some: list[Portion], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    cells = [
        summed(loads(order, HOURS, WEEKS), [one.row for one in order], len(PEOPLE))
        for order in (some, shuffled)
    ]
    assert (cells[0] == cells[1]).all()
    by_hand = sum(
        int(HOURS.minutes[one.row, day]) * one.share + int(HOURS.parts[one.row, day]) * one.minutes
        for one in some
        for day in range(one.begin, one.end)
    )
    assert int(cells[0].sum()) == by_hand


@settings(max_examples=25)
@given(portions, st.integers(0, WEEKS.days))
def test_splitting_an_allocation_at_any_day_changes_no_cell(whole: Portion, day: int) -> None:
    cut = min(max(day, whole.begin), whole.end)
    amount = {"share": whole.share, "minutes": whole.minutes}
    parts = [
        Portion(whole.row, whole.begin, cut, **amount),
        Portion(whole.row, cut, whole.end, **amount),
    ]
    together = loads(parts, HOURS, WEEKS).sum(axis=0)
    assert (together == loads([whole], HOURS, WEEKS)[0]).all()


cells = st.lists(st.integers(0, 80 * HOUR), min_size=4, max_size=4)


@settings(max_examples=25)
@given(cells, cells, cells, cells)
def test_only_firm_work_above_capacity_is_red(
    there: list[int], here: list[int], others: list[int], maybe: list[int]
) -> None:
    arrays = [np.array([one], dtype=np.int64) for one in (there, here, others, maybe)]
    heat, without = Heat(*arrays), Heat(*arrays[:3], np.zeros((1, 4), dtype=np.int64))
    assert (heat.shade == without.shade).all()
    assert (heat.percent == without.percent).all()
    for place, (room, mine, theirs) in enumerate(zip(there, here, others, strict=True)):
        red = mine + theirs > room
        assert bool(heat.is_above[0, place]) == red
        assert (int(heat.percent[0, place]) > 100) == red
        blame = BLAMES[int(heat.blame[0, place])]
        expected = Blame.TOGETHER
        if not red:
            expected = Blame.NONE
        elif theirs > room:
            expected = Blame.OTHERS
        elif mine > room:
            expected = Blame.HERE
        assert blame == expected


def test_part_time_absence_and_days_off_leave_fewer_hours() -> None:
    assert by_week(np.zeros((0, 14), dtype=np.int64)).shape == (0, 2)  # nobody is here yet
    hours = by_week(HOURS.minutes) / 60
    assert hours[0].tolist() == [32, 40, 40, 40, 40, 40]
    assert hours[1].tolist() == [32, 0, 40, 40, 40, 40]
    assert hours[2].tolist() == [12, 12, 12, 20, 20, 20]  # a told week goes before a share
    assert hours[3].tolist() == [8, 20, 20, 8, 0, 0]


def test_hours_a_week_shrink_with_a_short_week_so_that_a_holiday_is_no_overload() -> None:
    found = loads([Portion(0, 0, WEEKS.days, minutes=2_400)], HOURS, WEEKS)[0]
    assert (found / HOUR).tolist() == [32, 40, 40, 40, 40, 40]


def test_a_day_is_off_for_all_only_where_every_calendar_rests() -> None:
    first = calendar_from({"name": "a", "weekdays": [0], "windows": [[9, 17]],
                           "holidays": ["2026-12-24", "2026-12-25"]})  # fmt: skip
    second = calendar_from({"name": "b", "weekdays": [0], "windows": [[9, 17]],
                            "holidays": ["2026-12-25"]})  # fmt: skip
    assert days_off_of_all([first, second]) == {date(2026, 12, 25)}
    assert days_off_of_all([]) == frozenset()


def test_weeks_begin_on_monday_and_cut_what_lies_outside() -> None:
    assert WEEKS.first == date(2026, 12, 21)
    assert WEEKS.place(date(2020, 1, 1)) == 0
    assert WEEKS.place(date(2030, 1, 1)) == WEEKS.days
    assert WEEKS.mondays[1] - WEEKS.mondays[0] == timedelta(days=7)


def test_what_is_asked_where_nothing_is_there_counts_as_above() -> None:
    none = np.zeros((1, 1), dtype=np.int64)
    heat = Heat(none, none + HOUR, none, none)
    assert (int(heat.percent[0, 0]), int(heat.shade[0, 0])) == (999, 6)
    assert int(Heat(none, none, none, none).shade[0, 0]) == -1
    assert overtime(150, 100) == 50 / 150
    assert overtime(0, 100) is None


def test_a_calendar_without_working_hours_gives_no_parts() -> None:
    minutes, parts = pattern(calendar_from({"name": "none", "weekdays": []}), WEEKS)
    assert int(minutes.sum()) == int(parts.sum()) == 0
    assert Hours(minutes[None, :], parts[None, :]).worked.shape == (1, WEEKS.days + 1)
