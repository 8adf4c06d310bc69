from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.schedule.plans import numbers

from headway.analysis.schedule.ranking import correlation, cruciality, ranks
from headway.analysis.schedule.sensitivity import (
    Difference,
    Driver,
    Effect,
    difference,
    drivers,
    effect,
    group_effects,
    standard_error,
)
from headway.analysis.schedule.simulation import (
    Settings,
    Simulation,
    rerun,
    simulate,
    with_item_at_median,
    without_risk,
    without_uncertainty,
)

PLAN = numbers(
    "id: big, estimate: [5, 10, 40]",
    "id: small, estimate: [4, 5, 6], after: big",
    "id: aside, estimate: [1, 2, 3]",
    "id: sure, estimate: 3, after: small",
    more="risks: [{id: flood, probability: 0.3, delays: [small], delay: 30, cost: 100},"
    " {id: dust, probability: 0.3, delays: [aside], delay: 1}]",
)


def _by_id(found: list[Driver]) -> dict[str, Driver]:
    return {driver.id: driver for driver in found}


def test_the_error_of_a_percentile_is_what_many_seeds_show() -> None:
    rng = np.random.default_rng(0)
    samples = np.sort(rng.normal(size=(300, 2_000)), axis=1)
    spread = samples[:, 1_599].std()
    found = np.mean([standard_error(sample, 80) for sample in samples])
    assert found == pytest.approx(spread, rel=0.1)


def test_a_percentile_near_never_has_no_error() -> None:
    assert standard_error(np.array([1.0] * 8 + [np.inf] * 2), 80) is None


@given(st.lists(st.integers(0, 5), min_size=2, max_size=40))
def test_ties_share_their_mean_rank(values: list[int]) -> None:
    found = ranks(np.array(values, dtype=float))
    for value, rank in zip(values, found, strict=True):
        below = sum(other < value for other in values)
        equal = sum(other == value for other in values)
        assert rank == 2 * below + equal + 1


def test_the_correlation_of_ranks_is_spearmans() -> None:
    rng = np.random.default_rng(1)
    left = rng.normal(size=500)
    right = left + rng.normal(size=500)
    places = [np.argsort(np.argsort(values)) for values in (left, right)]
    expected = abs(np.corrcoef(*places)[0, 1])
    assert correlation(ranks(left), ranks(right)) == pytest.approx(expected)
    assert correlation(ranks(np.ones(5)), ranks(np.arange(5.0))) is None


def test_cruciality_is_high_for_what_moves_the_end_and_none_for_the_certain() -> None:
    found = cruciality(simulate(PLAN))
    assert found["sure"] is None
    assert found["big"] is not None
    assert found["aside"] is not None
    assert found["big"] > 0.5
    assert found["aside"] < 0.05


def test_the_tornado_ranks_by_the_effect_of_removal() -> None:
    found = drivers(simulate(PLAN))
    assert [driver.id for driver in found[:2]] == ["flood", "big"]
    flood = _by_id(found)["flood"]
    assert flood.kind == "risk"
    assert flood.delta_p80 is not None
    assert flood.delta_p80 > 10
    assert flood.delta_cost_p80 == 100.0
    assert flood.within_error is False


def test_what_has_no_effect_is_marked_equal() -> None:
    found = _by_id(drivers(simulate(PLAN)))
    assert found["dust"].delta_p80 == 0.0
    assert found["dust"].within_error is True
    assert "sure" not in found


def test_removal_is_the_simulation_of_the_plan_without_it() -> None:
    futures = simulate(PLAN)
    found = _by_id(drivers(futures))
    for item_id, plan in (
        ("flood", without_risk(PLAN, "flood")),
        ("big", with_item_at_median(PLAN, "big")),
    ):
        without = np.sort(simulate(plan).finish)[7_999]
        expected = np.sort(futures.finish)[7_999] - without
        assert found[item_id].delta_p80 == pytest.approx(float(expected)), item_id


def test_an_experiment_is_removed_with_its_chance_to_fail() -> None:
    plan = numbers(
        "id: E, attempts: {success: 0.75, max: 3, each: 2, else: F}",
        "id: F, estimate: 50",
        "id: X, estimate: [1, 2, 3], after: E",
    )
    found = _by_id(drivers(simulate(plan, Settings(trials=4_000))))
    assert found["E"].delta_p80 is not None
    assert found["E"].delta_p80 > 1.0


def test_where_p80_is_never_the_effect_has_no_number() -> None:
    plan = numbers(
        "id: E, attempts: {success: 0.5, max: 1, each: 2}", "id: X, estimate: [1, 2, 3], after: E"
    )
    found = _by_id(drivers(simulate(plan)))
    assert found["X"].delta_p80 is None
    assert found["X"].within_error is None


def test_the_number_of_items_tested_is_as_asked() -> None:
    kinds = [driver.kind for driver in drivers(simulate(PLAN), most_items=1)]
    assert sorted(kinds) == ["item", "risk", "risk"]


def test_too_few_trials_give_no_error() -> None:
    assert all(d.delta_p80_error is None for d in drivers(simulate(PLAN, Settings(trials=100))))


def test_the_tornado_works_while_resources_are_respected() -> None:
    plan = numbers(
        "id: A, estimate: [1, 5, 9], needs: {p: 1}",
        "id: B, estimate: [1, 5, 9], needs: {p: 1}",
        more="resources: {p: {capacity: 1}}",
    )
    found = drivers(simulate(plan, Settings(trials=400, respect_resources=True)))
    assert all(driver.delta_p80 is not None and math.isfinite(driver.delta_p80) for driver in found)


def _pair(*items: str, more: str = "", trials: int = 2_000) -> Simulation:
    return simulate(numbers(*items, more=more), Settings(trials=trials))


def test_an_identical_rerun_differs_by_nothing_plus_or_minus_nothing() -> None:
    base = simulate(PLAN)
    again = effect(base, rerun(base, base.draws, ()))
    nothing = Difference(0.0, 0.0, is_equal=True)
    assert again == Effect(nothing, nothing)


@given(st.floats(0.5, 50.0), st.integers(0, 5))
def test_a_known_shift_is_found_without_error(shift: float, seed: int) -> None:
    late = np.random.default_rng(seed).normal(100.0, 10.0, size=2_000)
    found = difference(late + shift, late, 1e-9)
    assert found.value == pytest.approx(shift)
    assert found.error == pytest.approx(0.0, abs=1e-9)
    assert found.is_equal is False


def test_a_certain_delay_shifts_the_p80_by_itself() -> None:
    base = _pair(
        "id: A, estimate: [5, 10, 40]",
        more="risks: [{id: R, probability: 1, delays: [A], delay: 7, cost: 50}]",
    )
    found = effect(base, rerun(base, base.draws.without_risk("R"), (0,)))
    assert found.finish.value == pytest.approx(7.0)
    assert found.finish.error == pytest.approx(0.0, abs=1e-9)
    assert found.cost.value == 50.0
    assert (found.finish.is_equal, found.cost.is_equal) == (False, False)


def test_the_paired_error_is_what_many_seeds_show() -> None:
    plan = numbers("id: A, estimate: [5, 10, 40]", "id: B, estimate: [4, 8, 30], after: A")
    found = []
    for seed in range(60):
        base = simulate(plan, Settings(trials=2_000, seed=seed))
        found.append(group_effects(base, {"a": ["A"]})["a"].finish)
    values = [one.value for one in found if one.value is not None]
    errors = [one.error for one in found if one.error is not None]
    assert np.mean(errors) == pytest.approx(np.std(values, ddof=1), rel=0.25)


def test_common_numbers_make_the_error_of_a_difference_smaller_than_of_a_p80() -> None:
    base = _pair("id: A, estimate: [5, 10, 40]", "id: B, estimate: [1, 2, 3], after: A")
    small = group_effects(base, {"b": ["B"]})["b"].finish
    assert small.error is not None
    alone = standard_error(np.sort(base.finish), 80)
    assert alone is not None
    assert small.error < alone / 3


def test_what_is_off_the_path_is_equal_and_what_is_on_it_is_not() -> None:
    found = group_effects(simulate(PLAN), {"on": ["big", "small"], "off": ["aside"], "none": []})
    assert set(found) == {"on", "off"}
    assert found["off"].finish == Difference(0.0, 0.0, is_equal=True)
    assert found["on"].finish.is_equal is False


@pytest.mark.parametrize(
    "item",
    [
        "id: A, estimate: [1, 5, 9]",
        "id: A, estimate: [1, 5, 9], started: 0, remaining: [2, 3, 8]",
        "id: A, estimate: [1, 5, 9], started: 0, finished: 4",
        "id: A, attempts: {success: 0.5, max: 2, each: [1, 2, 3]}",
    ],
)
def test_a_group_without_uncertainty_is_the_plan_simulated_so(item: str) -> None:
    plan = numbers(
        item,
        "id: B, estimate: [2, 3, 9], after: A, cost: 70, needs: {p: 1}",
        more="resources: {p: {capacity: 9, rate: 10/hour}}",
    )
    base = simulate(plan, Settings(trials=500))
    calm = simulate(without_uncertainty(plan, ["A"]), Settings(trials=500))
    found = group_effects(base, {"a": ["A"]})["a"]
    for said, full, rounding in (
        (found.finish, difference(base.finish, calm.finish, 1e-9), 1e-9),
        (found.cost, difference(base.cost, calm.cost, 0.005), 1e-6),
    ):
        assert said.value == pytest.approx(full.value, abs=rounding)
        assert said.is_equal is full.is_equal


def test_an_experiment_without_uncertainty_takes_no_fallback() -> None:
    base = _pair(
        "id: E, attempts: {success: 0.5, max: 1, each: 2, else: F}", "id: F, estimate: 50, cost: 9"
    )
    found = group_effects(base, {"e": ["E"]})["e"]
    assert found.finish.value == 50.0
    assert found.cost.value == 9.0


def test_never_has_no_difference() -> None:
    late = np.full(1_000, np.inf)
    assert difference(late, np.ones(1_000), 0.0) == Difference(None, None, None)


def test_too_few_trials_say_equal_only_of_what_is_exactly_so() -> None:
    few = np.arange(100.0)
    assert difference(few, few, 1e-9) == Difference(0.0, None, is_equal=True)
    assert difference(few + 1.0, few, 1e-9) == Difference(1.0, None, None)


def test_a_rerun_costs_what_a_full_simulation_costs() -> None:
    plan = numbers(
        "id: A, estimate: [1, 5, 9], cost: 10, needs: {p: 2}",
        "id: E, attempts: {success: 0.5, max: 3, each: [1, 2, 3], cost: 40, else: F}, after: A",
        "id: F, estimate: [2, 3, 4], cost: 500",
        "id: X, estimate: [1, 2, 3], after: E, needs: {p: 1}",
        more="resources: {p: {capacity: 9, rate: 10/hour}}\n"
        "risks: [{id: R, probability: 0.4, delays: [A, X], delay: [1, 2, 3], cost: [5, 6, 7]}]",
    )
    base = simulate(plan, Settings(trials=500))
    short = rerun(base, base.draws.without_risk("R"), (0, 3))
    full = simulate(without_risk(plan, "R"), Settings(trials=500))
    np.testing.assert_array_equal(short.finish, full.finish)
    np.testing.assert_allclose(short.cost, full.cost, rtol=1e-12)
