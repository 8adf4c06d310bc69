"""Openings: days at the odds, ramp-up, what they add to a resource, what they cost by month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.people.rules.hiring import (
    OpeningFacts,
    monthly_costs,
    triangular_quantile,
    with_steps,
)
from headway.errors import Invalid

HERE = UUID(int=1)
BAND = {"median": "120000", "on_cost": "1.25", "currency": "USD"}
OPENING = OpeningFacts(
    HERE, HERE, HERE, "x", "ML engineer", "mid", "", "ML engineer", 1.0, "open",
    date(2026, 11, 2), date(2027, 1, 11), None, (50, 75, 120), (4, 8, 12), 0.25, BAND, (), 1,
)  # fmt: skip


@given(st.lists(st.floats(0, 1000), min_size=3, max_size=3), st.floats(0.01, 0.99))
def test_a_quantile_has_so_much_of_the_triangle_below_it(span: list[float], odds: float) -> None:
    low, mode, high = sorted(span)
    found = triangular_quantile((low, mode, high), odds)
    assert low <= found <= high + 1e-9
    if high - low > 1:
        below = (
            (found - low) ** 2 / ((high - low) * (mode - low))
            if found <= mode and mode > low
            else 1 - (high - found) ** 2 / ((high - low) * (high - mode))
            if high > mode
            else 1.0
        )
        assert below == pytest.approx(odds, abs=1e-6)


def test_somebody_comes_by_the_day_at_the_odds_and_grows_into_the_work() -> None:
    assert OPENING.arrives(0.5) == date(2027, 1, 22)  # 80.3 days, the median of 50/75/120
    assert OPENING.arrives(0.8) == date(2027, 2, 5)
    assert OPENING.late_days == 25
    steps = OPENING.steps()
    assert steps[0] == ["2027-02-05", 0.25]
    assert len(steps) == 4
    assert sum(float(str(units)) for _, units in steps) == pytest.approx(1.0)
    assert OPENING.steps(later=28)[0][0] == "2027-03-05"
    known = replace(OPENING, state="filled", filled_on=date(2027, 1, 4), ramp=(0, 0, 0))
    assert known.steps() == [["2027-01-04", 1.0]]


def test_a_month_costs_from_the_day_they_come_and_a_filled_opening_nothing() -> None:
    costs = monthly_costs([OPENING], date(2027, 3, 31))
    whole = Decimal("12500.00")
    part = (whole * 10 / 31).quantize(Decimal("0.01"))
    assert [(one.month.month, one.amount) for one in costs] == [(1, part), (2, whole), (3, whole)]
    assert monthly_costs([replace(OPENING, state="filled")], date(2027, 3, 31)) == []
    other = replace(OPENING, band={**BAND, "currency": "EUR"})
    assert {one.currency for one in monthly_costs([OPENING, other], date(2027, 2, 1))} == {
        "EUR",
        "USD",
    }, "two currencies are never added"


days = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(str)
steps_of = st.dictionaries(days, st.integers(0, 80).map(lambda n: n / 8), max_size=5).map(
    lambda found: [[day, found[day]] for day in sorted(found)]
)


@given(st.integers(0, 40).map(lambda n: n / 8), steps_of, steps_of)
def test_taking_out_what_was_put_in_leaves_the_capacity_as_it_was(
    capacity: float, steps: list[list[object]], added: list[list[object]]
) -> None:
    told = with_steps(capacity, steps, [])  # without steps that change nothing
    more = with_steps(capacity, steps, added)
    assert with_steps(capacity, more, added, -1) == told


def test_capacity_never_falls_below_nothing() -> None:
    with pytest.raises(Invalid, match="look at its steps"):
        with_steps(0.5, [], [["2027-01-01", 1.0]], -1)
