"""Time and money together: laws of the frontier and of the joint chance."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.calendars import Times, WorkingTime
from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.joint import Joint, frontier, joint
from headway.analysis.schedule.plan import Plan, Unit
from headway.analysis.schedule.simulation import Settings, simulate

PLAN = dated(
    "id: A, estimate: [5, 8, 20], needs: {p: 1}",
    "id: B, estimate: [5, 8, 20], after: A, needs: {p: 1}, cost: 500",
    more="resources: {p: {capacity: 1, rate: 100/day}}\ntarget: 2026-02-02\n"
    "budget: {amount: 2400, currency: EUR}",
)
BARE = WorkingTime(Unit.DAYS)
trials = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=4, max_size=60)


def _told(plan: Plan = PLAN) -> Joint:
    found = forecast(plan, Options(Settings(trials=2_000), drivers=0)).joint
    assert found is not None
    return found


def _columns(rows: list[tuple[int, int]]) -> tuple[Times, Times]:
    table = np.array(rows, dtype=float)
    return table[:, 0], table[:, 1]


@settings(max_examples=60)
@given(trials, st.sampled_from([50, 70, 80]))
def test_every_pair_of_a_frontier_holds_both_with_its_chance_and_no_less_money_does(
    rows: list[tuple[int, int]], percent: int
) -> None:
    finish, cost = _columns(rows)
    found = frontier(finish, cost, percent, BARE)
    assert found is not None
    for pair in (*found.pairs, found.balanced):
        both = np.mean((finish <= pair.finish) & (cost <= pair.cost))
        assert both * 100 >= percent - 1e-9
    for pair in found.pairs:
        cheaper = np.mean((finish <= pair.finish) & (cost < pair.cost))
        assert cheaper * 100 < percent
    assert all(one.cost >= other.cost for one, other in pairwise(found.pairs))
    assert all(one.finish < other.finish for one, other in pairwise(found.pairs))


@settings(max_examples=30)
@given(trials)
def test_a_higher_chance_never_asks_for_less(rows: list[tuple[int, int]]) -> None:
    finish, cost = _columns(rows)
    balanced = []
    for percent in (50, 70, 80):
        found = frontier(finish, cost, percent, BARE)
        assert found is not None
        assert found.each * 100 >= percent - 1e-9
        balanced.append((found.balanced.finish, found.balanced.cost))
    assert balanced == sorted(balanced)
    assert [cost for _, cost in balanced] == sorted(cost for _, cost in balanced)


def test_the_joint_chance_is_at_most_each_alone() -> None:
    found = forecast(PLAN, Options(drivers=0))
    assert found.p_joint is not None
    assert found.p_on_time is not None
    assert found.p_within_budget is not None
    assert 0.05 < found.p_joint <= min(found.p_on_time, found.p_within_budget)


def test_the_dates_of_a_frontier_hold_to_the_end_of_their_day() -> None:
    time = simulate(PLAN, Settings(trials=10)).frame.time
    for one in _told().frontiers:
        for pair in one.pairs:
            assert pair.date is not None
            assert pair.finish <= time.end_of(pair.date) + 1e-9


def test_with_certain_money_the_frontier_is_the_percentile() -> None:
    plan = numbers("id: A, estimate: [1, 2, 6], cost: 100")
    one = _told(plan).frontiers[-1]
    assert {pair.cost for pair in one.pairs} == {100.0}
    assert one.pairs[0].finish == one.balanced.finish
    assert one.each == pytest.approx(0.8)


def test_a_chance_that_never_comes_has_no_frontier() -> None:
    plan = numbers("id: E, attempts: {success: 0.6, max: 1, each: [1, 2, 3], cost: 10}")
    assert [one.percent for one in _told(plan).frontiers] == [50]
    assert all(np.isfinite(finish) for finish, _ in _told(plan).scatter)


def test_the_scatter_is_small_and_the_same_each_time() -> None:
    assert len(_told().scatter) == 500
    assert _told().scatter == _told().scatter
    assert len(joint(simulate(PLAN, Settings(trials=40))).scatter) == 40


def test_a_plan_without_costs_has_no_joint_answer() -> None:
    found = forecast(numbers("id: A, estimate: [1, 2, 3]"), Options(drivers=0))
    assert found.joint is None
    assert found.as_json()["joint"] is None
