"""Risks that take time out of the calendar."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers, plan_of

from headway.analysis.schedule.closures import Closed, ClosedPeriod
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.sensitivity import drivers
from headway.analysis.schedule.simulation import Settings, simulate, without_risk
from headway.errors import Invalid

#: Ten days of work from 0; certainly closed from 4 to 7.
SURE = "{id: Z, probability: 1, closes: {lasts: 3, from: 4, to: 7}}"


def _closed(*risks: str, items: tuple[str, ...] = ("id: A, estimate: 10, cost: 1",)) -> Plan:
    return numbers(*items, more=f"risks: [{', '.join(risks)}]")


def _finish(plan: Plan, trials: int = 50, **options: bool) -> float:
    found = np.unique(simulate(plan, Settings(trials=trials, **options)).finish)
    assert len(found) == 1
    return float(found[0])


def test_work_that_a_closure_falls_into_is_held_up_for_its_length() -> None:
    assert _finish(_closed(SURE)) == 13.0


def test_work_that_would_begin_meanwhile_begins_after_it() -> None:
    items = ("id: A, estimate: 5, not_before: 5",)
    assert _finish(_closed(SURE, items=items)) == 12.0


def test_work_before_and_after_it_keeps_its_times() -> None:
    assert _finish(_closed(SURE, items=("id: A, estimate: 4",))) == 4.0
    assert _finish(_closed(SURE, items=("id: A, estimate: 2, not_before: 7",))) == 9.0


def test_a_milestone_is_not_held_up() -> None:
    items = ("id: A, estimate: 4", "id: M, kind: milestone, after: A")
    assert _finish(_closed(SURE, items=items)) == 4.0


def test_closures_that_overlap_count_once() -> None:
    other = "{id: Y, probability: 1, closes: {lasts: 3, from: 5, to: 8}}"
    assert _finish(_closed(SURE, other)) == 14.0
    inside = "{id: Y, probability: 1, closes: {lasts: 1, from: 5, to: 6}}"
    assert _finish(_closed(SURE, inside)) == 13.0


def test_only_the_named_items_and_resources_are_held_up() -> None:
    items = ("id: A, estimate: 10", "id: B, estimate: 10, needs: {gpu: 1}", "id: C, estimate: 10")
    closes = "lasts: 3, from: 4, to: 7, items: [A], resources: [gpu]"
    plan = numbers(
        *items,
        more=f"resources: {{gpu: {{capacity: 1}}}}\n"
        f"risks: [{{id: Z, probability: 1, closes: {{{closes}}}}}]",
    )
    run = simulate(plan, Settings(trials=5)).run
    assert [float(end[0]) for end in run.finishes] == [13.0, 13.0, 10.0]


def test_what_is_closed_is_not_paid_for() -> None:
    plan = numbers(
        "id: A, estimate: 10, needs: {p: 1}",
        more=f"resources: {{p: {{capacity: 1, rate: 1/hour}}}}\nrisks: [{SURE}]",
    )
    futures = simulate(plan, Settings(trials=5))
    assert set(np.broadcast_to(futures.cost, 5)) == {80.0}


def test_probability_zero_changes_nothing_and_a_window_is_kept() -> None:
    never = SURE.replace("probability: 1", "probability: 0")
    assert _finish(_closed(never)) == 10.0
    wide = "{id: Z, probability: 1, closes: {lasts: [1, 2, 4], from: 3, to: 9}}"
    (risk,) = simulate(_closed(wide), Settings(trials=500)).draws.risks
    assert risk.closes is not None
    assert (risk.closes.begins >= 3.0).all()
    assert (risk.closes.begins + risk.closes.lasts <= 9.0 + 1e-9).all()


def test_a_longer_closure_than_its_window_begins_with_it() -> None:
    assert _finish(_closed("{id: Z, probability: 1, closes: {lasts: 6, from: 4, to: 5}}")) == 16.0


def test_a_mitigation_shortens_it() -> None:
    softer = SURE.replace("to: 7}", "to: 7}, mitigated: {delay: 1}")
    assert _finish(_closed(softer)) == 13.0
    assert _finish(_closed(softer), mitigated=True) == 11.0


def test_removing_it_in_the_tornado_is_running_without_it() -> None:
    plan = _closed(SURE.replace("probability: 1", "probability: 0.5"))
    (driver,) = (one for one in drivers(simulate(plan)) if one.kind == "risk")
    assert driver.delta_p80 == 3.0
    assert _finish(without_risk(plan, "Z")) == 10.0


def test_with_limited_resources_the_ones_behind_wait_longer_too() -> None:
    items = ("id: A, estimate: 5, needs: {p: 1}", "id: B, estimate: 5, needs: {p: 1}")
    plan = numbers(*items, more=f"resources: {{p: {{capacity: 1}}}}\nrisks: [{SURE}]")
    assert _finish(plan, respect_resources=True) == 13.0


def test_days_of_a_closure_are_working_days() -> None:
    risk = "{id: Z, probability: 1, closes: {lasts: 2, from: 2026-01-08, to: 2026-01-09}}"
    plan = dated("id: A, estimate: 5", more=f"risks: [{risk}]")
    futures = simulate(plan, Settings(trials=3))
    assert futures.frame.time.date_of_finish(float(futures.finish[0])) == date(2026, 1, 13)


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), min_size=1, max_size=4),
    st.integers(0, 20),
    st.integers(1, 10),
)
def test_work_takes_exactly_the_open_time(
    periods: list[tuple[int, int]], begin: int, work: int
) -> None:
    closed = Closed.of(
        ClosedPeriod((0,), np.array([float(at)]), np.array([float(long)])) for at, long in periods
    )
    shut = {tick for at, long in periods for tick in range(at, at + long)}
    open_ticks = [tick for tick in range(begin, 100) if tick not in shut][:work]
    start = closed.opens(np.array([float(begin)]))
    assert start[0] == open_ticks[0]
    assert closed.worked_until(start, start + work)[0] == open_ticks[-1] + 1


@pytest.mark.parametrize(
    ("closes", "sentence"),
    [
        ("{lasts: 3, from: 7, to: 4}", "ends 4.0 before it begins 7.0"),
        ("{lasts: 3, from: 4, to: 7, items: [Q]}", "there is no item 'Q'"),
        ("{lasts: 3, from: 4, to: 7, resources: [q]}", "there is no resource 'q'"),
        ("{lasts: [-1, 2, 3], from: 4, to: 7}", "has to lie between 0"),
        ("{from: 4, to: 7}", "`closes` lacks `lasts`"),
        ("{lasts: 3, from: 4, to: 7, resource: [gpu]}", "did you mean 'resources'?"),
    ],
)
def test_a_closure_that_makes_no_sense_is_refused_with_its_value(
    closes: str, sentence: str
) -> None:
    text = (
        "plan: P\ncalendar: none\nitems: [{id: A, estimate: 1}]\n"
        f"risks: [{{id: Z, probability: 1, closes: {closes}}}]"
    )
    with pytest.raises(Invalid) as refused:
        plan_of(text)
    told = str(refused.value) + " ".join(one.sentence for one in refused.value.problems)
    assert sentence in told
