"""Laws of the simulation: what must hold for every plan, seed and trial."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers, plan_of

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import Distribution, Estimate, Item, Link, Plan
from headway.analysis.schedule.simulation import (
    Settings,
    Simulation,
    s_curve,
    simulate,
    with_item_at_median,
    without_risk,
    without_uncertainty,
)
from headway.errors import Invalid, NotFound

FEW = Settings(trials=200)
ranges = st.tuples(*[st.integers(0, 9)] * 3).map(
    lambda numbers: Estimate(*(float(number) for number in sorted(numbers)))
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(1, 6))
    items = []
    for number in range(count):
        before = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        links = tuple(Link(str(source)) for source in sorted(before))
        items.append(Item(str(number), estimate=draw(ranges), after=links))
    return Plan("P", tuple(items), distribution=Distribution.TRIANGULAR)


def test_serial_triangulars_have_the_sum_of_means() -> None:
    corners = [(1, 2, 6), (3, 3, 9), (2, 8, 8), (0, 5, 7)]
    items = [
        f"id: T{n}, estimate: {list(c)}" + (f", after: T{n - 1}" if n else "")
        for n, c in enumerate(corners)
    ]
    futures = simulate(numbers(*items, more="distribution: triangular"))
    variance = sum((a * a + m * m + b * b - a * m - a * b - m * b) / 18 for a, m, b in corners)
    error = math.sqrt(variance / futures.trials)
    assert abs(futures.finish.mean() - sum(map(sum, corners)) / 3) < 4 * error


def test_two_equal_parallel_paths_finish_later_than_either() -> None:
    futures = simulate(numbers("id: A, estimate: [4, 5, 9]", "id: B, estimate: [4, 5, 9]"))
    median = float(np.median(futures.finish))
    assert median > float(np.median(futures.finish_of(["A"]))) + 0.2
    assert median > float(np.median(futures.finish_of(["B"]))) + 0.2


@settings(max_examples=30)
@given(plans(), st.data())
def test_delaying_an_item_never_shortens_a_path(plan: Plan, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(plan.items) - 1))
    item = plan.items[number]
    held = replace(item, not_before=data.draw(st.floats(0.0, 20.0)))
    later = replace(plan, items=(*plan.items[:number], held, *plan.items[number + 1 :]))
    assert (simulate(later, FEW).finish >= simulate(plan, FEW).finish).all()


@settings(max_examples=30)
@given(plans())
def test_the_plan_ends_no_sooner_than_any_path_of_it(plan: Plan) -> None:
    futures = simulate(plan, FEW)
    longest = [np.zeros(FEW.trials)] * len(plan.items)
    for number, item in enumerate(plan.items):
        before = [longest[int(link.predecessor)] for link in item.after]
        longest[number] = np.max([np.zeros(FEW.trials), *before], axis=0)
        longest[number] = longest[number] + futures.run.lasting[number]
        assert (futures.finish >= longest[number] - 1e-9).all()
    assert futures.finish == pytest.approx(np.max(longest, axis=0))


@settings(max_examples=20)
@given(plans(), st.floats(0.0, 30.0), st.floats(0.0, 50.0))
def test_a_joint_probability_exceeds_neither_of_its_parts(
    plan: Plan, target: float, budget: float
) -> None:
    items = tuple(replace(item, cost=5) for item in plan.items)
    futures = simulate(replace(plan, items=items), FEW)
    joint = futures.p_joint(target, budget)
    assert joint <= futures.p_on_time(target)
    assert joint <= float((futures.cost <= budget).mean())


@settings(max_examples=20)
@given(plans(), st.integers(0, 2**70))
def test_the_same_seed_gives_the_same_bits(plan: Plan, seed: int) -> None:
    once = simulate(plan, Settings(trials=100, seed=seed)).finish
    assert simulate(plan, Settings(trials=100, seed=seed)).finish.tobytes() == once.tobytes()


PLAN = """
plan: Golden
start: 2026-01-05
resources: {people: {capacity: 2, rate: 95/hour}}
items:
  - {id: A, estimate: [3, 5, 9], needs: {people: 1}}
  - {id: B, estimate: [2, 4, 12], distribution: lognormal, after: [A +1e], needs: {people: 2}}
  - {id: C, estimate: [1, 2, 8], distribution: triangular, after: [A SS +2], needs: {people: 2}}
  - {id: E, attempts: {success: [0.2, 0.5, 0.9], max: 3, each: [2, 3, 4], else: F}, after: [B, C]}
  - {id: F, estimate: [5, 6, 9], distribution: uniform}
risks:
  - {id: R, probability: 0.3, delays: [A, C], delay: [1, 2, 9]}
correlations:
  - {items: [A, B], rho: 0.6}
"""


@pytest.mark.parametrize(
    ("respect", "digest"),
    [
        (False, "6180466dbffe6958"),
        (True, "2adaf1c808646461"),
    ],
)
def test_the_bits_are_those_of_every_other_machine(respect: bool, digest: str) -> None:
    futures = simulate(plan_of(PLAN), Settings(trials=2_000, respect_resources=respect))
    assert hashlib.sha256(futures.finish.tobytes()).hexdigest()[:16] == digest


def test_more_trials_begin_with_the_same_trials() -> None:
    plan = plan_of(PLAN)
    few, many = (simulate(plan, Settings(trials=trials)).finish for trials in (100, 1_000))
    assert (many[:100] == few).all()


def test_removing_one_item_leaves_the_draws_of_the_others() -> None:
    one = simulate(numbers("id: A, estimate: [1, 2, 9]", "id: B, estimate: [1, 5, 9]"), FEW)
    alone = simulate(numbers("id: B, estimate: [1, 5, 9]"), FEW)
    assert (one.finish_of(["B"]) == alone.finish).all()


def test_a_group_of_items_ends_with_its_last() -> None:
    futures = simulate(plan_of(PLAN), FEW)
    both = np.maximum(futures.finish_of(["A"]), futures.finish_of(["C"]))
    assert (futures.finish_of(["A", "C"]) == both).all()
    with pytest.raises(NotFound, match="no item 'Z'"):
        futures.finish_of(["Z"])
    with pytest.raises(Invalid, match="name at least one"):
        futures.finish_of([])


def test_the_costs_of_groups_add_up() -> None:
    futures = simulate(plan_of(PLAN), FEW)
    rest = futures.cost_of(["C", "E", "F"])
    assert futures.cost == pytest.approx(futures.cost_of(["A", "B"]) + rest)


def test_a_rate_is_paid_for_the_simulated_hours() -> None:
    futures = simulate(
        dated(
            "id: A, estimate: [1, 2, 3], needs: {people: 2}, cost: 100",
            more="resources: {people: {capacity: 2, rate: 10/hour}}",
        ),
        FEW,
    )
    assert futures.cost == pytest.approx(100 + futures.finish * 8 * 10 * 2)


def _cost_of_rate(rate: str) -> float:
    more = f"resources: {{people: {{capacity: 1, rate: {rate}}}}}"
    futures = simulate(dated("id: A, estimate: 5, needs: {people: 1}", more=more), FEW)
    return float(futures.cost[0])


def test_rates_by_hour_day_and_week_agree() -> None:
    assert _cost_of_rate("10/hour") == _cost_of_rate("80/day") == _cost_of_rate("400/week") == 400


def test_an_elapsed_lag_follows_the_calendar_in_every_trial() -> None:
    futures = simulate(dated("id: A, estimate: [1, 4, 9]", "id: B, estimate: 0, after: A +2e"), FEW)
    axis = futures.frame.time
    ends, begins = (futures.finish_of([item_id]) for item_id in "AB")
    assert begins == pytest.approx(axis.after_elapsed(ends, 2, at_end=True))


def test_a_percent_lag_follows_the_predecessors_duration() -> None:
    futures = simulate(
        numbers("id: A, estimate: [2, 4, 9]", "id: B, estimate: 1, after: A SS +50%"), FEW
    )
    assert futures.finish_of(["B"]) == pytest.approx(futures.finish_of(["A"]) / 2 + 1)


def test_correlated_items_spread_the_finish() -> None:
    items = ["id: A, estimate: [1, 5, 9]", "id: B, estimate: [1, 5, 9], after: A"]
    apart = simulate(numbers(*items)).finish
    joined = simulate(numbers(*items, more="correlations: [{items: [A, B], rho: 0.9}]")).finish
    opposed = simulate(numbers(*items, more="correlations: [{items: [A, B], rho: -0.9}]")).finish
    assert opposed.std() < 0.5 * apart.std() < 0.5 * joined.std()
    assert joined.mean() == pytest.approx(apart.mean(), abs=0.1)


def test_an_item_without_an_estimate_cannot_be_forecast() -> None:
    with pytest.raises(Invalid, match=r"Cannot forecast: item B, line 5: Item 'B' has no estimate"):
        simulate(numbers("id: A, estimate: 5", "id: B, after: A"))


@pytest.mark.parametrize("trials", [0, -5, 10_000_000])
def test_a_number_of_trials_that_cannot_be_run_is_refused(trials: int) -> None:
    with pytest.raises(Invalid, match="too many or too few; ask for 1 to"):
        simulate(numbers("id: A, estimate: 5"), Settings(trials=trials))


def test_plans_can_be_changed_for_what_if_questions() -> None:
    plan = plan_of(PLAN)
    assert without_risk(plan, "R").risks == ()
    assert with_item_at_median(plan, "B").items[1].estimate == Estimate.certain(
        pytest.approx(4.0)  # type: ignore[arg-type]
    )
    assert without_uncertainty(plan, ["A", "E"]).items[3].attempts is None
    with pytest.raises(NotFound, match="no risk 'X'; its risks are: 'R'"):
        without_risk(plan, "X")
    with pytest.raises(NotFound, match="no item 'X'"):
        with_item_at_median(plan, "X")


def _sure(futures: Simulation) -> bool:
    return float(np.ptp(futures.finish)) < 1e-9


def test_without_any_uncertainty_all_trials_agree() -> None:
    plan = without_uncertainty(without_risk(plan_of(PLAN), "R"), ["A", "B", "C", "E", "F"])
    assert _sure(simulate(plan, FEW))


def test_an_s_curve_rises_from_the_first_to_the_last() -> None:
    curve = s_curve(np.array([3.0, 1.0, 2.0, np.inf]), points=5)
    assert curve == [(0.0, 1.0), (0.25, 1.0), (0.5, 2.0), (0.75, 3.0)]


def test_criticality_is_a_share_and_a_chain_is_always_critical() -> None:
    futures = simulate(
        numbers(
            "id: A, estimate: [1, 2, 9]",
            "id: B, estimate: [1, 5, 9], after: A",
            "id: C, estimate: [4, 6, 20], after: A",
            "id: D, estimate: 1, after: [B, C]",
        )
    )
    found = futures.criticality
    assert found["A"] == found["D"] == 1.0
    assert found["B"] is not None
    assert found["C"] is not None
    assert found["B"] + found["C"] == pytest.approx(1.0)
    assert 0.05 < found["B"] < 0.5


def test_a_skill_costs_the_mean_of_those_who_have_it_and_that_is_said() -> None:
    people = """resources:
  ann: {capacity: 1, rate: 50/hour, skills: [labels]}
  bob: {capacity: 1, rate: 70/hour, skills: [labels]}
  eve: {capacity: 1, rate: 900/hour}
  dan: {capacity: 1, skills: [labels]}"""
    plan = dated("id: A, estimate: 5, needs: {labels: 1}", more=people)
    assert set(simulate(plan, Settings(trials=3)).cost) == {60.0 * 40}
    notes = " ".join(forecast(plan, Options(Settings(trials=20))).notes)
    assert "asks for a skill (labels)" in notes
