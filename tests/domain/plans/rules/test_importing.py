from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Attempts,
    Calendar,
    Distribution,
    Estimate,
    Item,
    Plan,
    Rate,
    Unit,
)
from headway.domain.plans.rules.importing import (
    LONGEST_KEY,
    dated,
    days_per_unit,
    hourly,
    item_fields,
    numbers,
    require_fitting_ids,
    unit_notes,
)
from headway.errors import Invalid

SHORT = Calendar("short", weekdays=(0, 1, 2), windows=((8.0, 12.0), (13.0, 15.0)))
PLAN = Plan("P", (Item("A", estimate=Estimate(1, 2, 3)),), date(2026, 1, 5), calendar=WEEKDAYS)


@pytest.mark.parametrize(
    ("unit", "calendar", "days", "notes"),
    [
        (Unit.DAYS, WEEKDAYS, 1.0, ()),
        (Unit.HOURS, WEEKDAYS, 1 / 8, ("Durations in hours were read as 8 h a working day.",)),
        (Unit.HOURS, SHORT, 1 / 6, ("Durations in hours were read as 6 h a working day.",)),
        (Unit.WEEKS, WEEKDAYS, 5.0, ("Durations in weeks were read as 5 working days a week.",)),
        (Unit.WEEKS, SHORT, 3.0, ("Durations in weeks were read as 3 working days a week.",)),
    ],
)
def test_a_unit_is_the_calendars_and_is_said_where_it_is_not_days(
    unit: Unit, calendar: Calendar, days: float, notes: tuple[str, ...]
) -> None:
    plan = replace(PLAN, unit=unit, calendar=calendar)
    assert days_per_unit(plan) == days
    assert unit_notes(plan) == notes


@pytest.mark.parametrize(
    ("rate", "an_hour"),
    [(Rate(Decimal(60)), 60), (Rate(Decimal(60), "day"), 10), (Rate(Decimal(180), "week"), 10)],
)
def test_a_rate_becomes_one_of_an_hour(rate: Rate, an_hour: int) -> None:
    assert hourly(rate, SHORT) == an_hour
    assert hourly(None, SHORT) == 0


def test_a_plan_with_dates_keeps_them() -> None:
    assert dated(PLAN, date(2030, 1, 1), SHORT) is PLAN


def test_a_plan_without_dates_begins_on_the_day_given_and_has_no_target() -> None:
    bare = replace(PLAN, start=None, calendar=None, target=20.0)
    found = dated(bare, date(2026, 3, 2), SHORT)
    assert (found.start, found.calendar, found.target) == (date(2026, 3, 2), SHORT, None)


@pytest.mark.parametrize("field", ["not_before", "deadline", "started", "finished"])
def test_a_moment_that_is_a_number_is_named_with_item_and_line(field: str) -> None:
    item = replace(Item("A", line=7), **{field: 3.0})  # type: ignore[arg-type]
    with pytest.raises(Invalid, match=r"Item A, line 7: 3\.0 is a number of days"):
        dated(Plan("P", (item,)), date(2026, 1, 5), WEEKDAYS)


@given(st.text(min_size=1, max_size=2 * LONGEST_KEY))
def test_an_id_fits_up_to_its_length(key: str) -> None:
    plan = Plan("P", (Item(key, line=3),))
    if len(key) <= LONGEST_KEY:
        require_fitting_ids(plan)
    else:
        with pytest.raises(Invalid, match=f"the id has {len(key)} characters"):
            require_fitting_ids(plan)


def test_a_range_is_scaled_and_nothing_stays_nothing() -> None:
    assert numbers(Estimate(1, 2, 3), 0.5) == [0.5, 1.0, 1.5]
    assert numbers(None) is None


def test_the_columns_of_an_item_hold_all_of_it() -> None:
    attempts = Attempts(
        Estimate(0.2, 0.5, 0.9), 3, Estimate(2, 4, 8), 0.9, Decimal("1.25"), date(2026, 5, 1), "F"
    )
    item = Item(
        "A",
        estimate=Estimate(1, 2, 3, Distribution.UNIFORM),
        cost=Decimal("99.99"),
        attempts=attempts,
        deadline=date(2026, 4, 1),
    )
    found = item_fields(item, 4, 0.5, "USD")
    assert (found["name"], found["order"], found["cost_minor"]) == ("A", 4, 9999)
    assert (found["estimate"], found["distribution"]) == ([0.5, 1.0, 1.5], "uniform")
    assert (found["deadline"], found["finished"]) == (date(2026, 4, 1), None)
    assert found["attempts"] == {
        "success": [0.2, 0.5, 0.9],
        "feasible": 0.9,
        "max": 3,
        "each": [1.0, 2.0, 4.0],
        "cost_minor": 125,
        "stop_by": "2026-05-01",
        "fallback": "F",
    }
