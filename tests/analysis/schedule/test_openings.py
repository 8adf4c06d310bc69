"""People still to be hired: what waits for them, what they cost, and that nothing else moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.schedule.bridge import Cause, Stand, bridge
from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.openings import months_of
from headway.analysis.schedule.plan import WEEKDAYS, Estimate, Item, Link, Opening, Plan
from headway.analysis.schedule.simulation import Settings, simulate

LAST = date(2026, 12, 31)
OPENING = Opening(
    "opening mle", date(2026, 1, 1), Estimate(45, 75, 120), "ML engineer",
    Estimate(4, 8, 12), 0.375, items=("p/b",), yearly=Decimal(120_000), until=LAST,
)  # fmt: skip
ITEMS = (
    Item("p/a", estimate=Estimate(3, 5, 9)),
    Item("p/b", estimate=Estimate(3, 5, 9), after=(Link("p/a"),)),
)
SETTINGS = Settings(trials=400, seed=7, as_of=date(2026, 1, 12))


def plan(*openings: Opening) -> Plan:
    return Plan("p", ITEMS, date(2026, 1, 5), calendar=WEEKDAYS, openings=openings)


def test_work_waits_until_they_have_come_and_made_up_for_what_they_had_to_learn() -> None:
    sure = replace(OPENING, lead=Estimate(60, 60, 60), ramp=Estimate(8, 8, 8))
    found = simulate(plan(sure), SETTINGS)
    begins = found.frame.time.date_of_start(float(found.run.starts[1][0]))
    assert begins == date(2026, 3, 23)  # 60 days and 0.375 of 8 weeks after 1 Jan
    assert np.allclose(found.cost, 10_000 * (12 - 2 - 1 / 31)), (
        "from 2 March to the end of the year"
    )


def test_a_lead_that_slips_moves_the_work_and_the_money_to_later() -> None:
    now = plan(OPENING)
    later = plan(replace(OPENING, lead=Estimate(85, 115, 160)))
    for before, after in zip(
        *(np.sort(one.finish) for one in (simulate(now, SETTINGS), simulate(later, SETTINGS))),
        strict=True,
    ):
        assert after > before + 20
    told = bridge(Stand(now, SETTINGS.as_of), Stand(later, SETTINGS.as_of), SETTINGS)
    (span,) = told.spans
    assert span.causes == (Cause.RESOURCES,)
    assert span.days is not None
    assert span.money is not None
    assert span.days > 35
    assert span.money < -12_000


def test_what_nobody_waits_for_leaves_every_date_its_bits() -> None:
    bare = simulate(plan(), SETTINGS)
    paid = simulate(plan(replace(OPENING, items=())), SETTINGS)
    assert np.array_equal(bare.finish, paid.finish)
    assert np.all(paid.cost > bare.cost + 70_000)
    free = simulate(plan(replace(OPENING, yearly=Decimal(0))), SETTINGS)
    assert np.array_equal(free.cost, bare.cost)


def test_where_nobody_is_found_what_waits_is_never_done_and_nobody_is_paid() -> None:
    found = forecast(plan(replace(OPENING, filled=0.7)), Options(SETTINGS))
    simulation = found.simulation
    never = ~np.isfinite(simulation.finish)
    assert 0.2 < never.mean() < 0.4
    assert np.array_equal(simulation.cost == 0, never)
    assert found.finish.p80 is None
    assert any("nobody is hired whom work waits for (ML engineer)" in one for one in found.notes)


def test_an_opening_that_is_still_open_brings_nobody_before_today() -> None:
    late = replace(SETTINGS, as_of=date(2026, 4, 10))  # 99 days have passed
    cost = simulate(plan(OPENING), late).cost
    assert cost.max() <= 120_000 / 12 * months_of(date(2026, 4, 10), LAST) + 1e-6
    overdue = simulate(plan(OPENING), replace(SETTINGS, as_of=date(2026, 8, 1))).cost
    assert np.allclose(overdue, 10_000 * 5), "past its longest lead they come at once"


def test_the_reason_and_the_driver_name_the_opening() -> None:
    found = forecast(plan(OPENING), Options(SETTINGS, drivers=1))
    assert "hired (ML engineer), who most likely comes on 2026-03-17" in (
        found.reasons["p/b"].start.sentence
    )
    first = found.drivers[0]
    assert (first.id, first.kind) == ("opening mle", "opening")
    assert first.delta_p80 is not None
    assert first.delta_p80 > 50
    assert found.cost is not None
    assert first.delta_cost_p80 == pytest.approx(found.cost.p80)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900), st.integers(0, 900))
def test_months_of_a_span_are_those_of_its_parts(first: date, one: int, two: int) -> None:
    middle = date.fromordinal(first.toordinal() + one)
    last = date.fromordinal(middle.toordinal() + two)
    after = date.fromordinal(middle.toordinal() + 1)
    assert months_of(first, middle) + months_of(after, last) == pytest.approx(
        months_of(first, last), abs=1e-9
    )
    assert months_of(last, first) == (0.0 if last > first else months_of(first, first))
