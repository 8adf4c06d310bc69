"""Resources respected: capacity holds in every trial, and nothing looks ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.plan import Distribution, Estimate, Item, Link, Plan, Resource
from headway.analysis.schedule.simulation import Settings, Simulation, simulate
from headway.errors import Invalid

BOUND = Settings(trials=50, respect_resources=True)


def _shared(*items: str, capacity: float = 1) -> Simulation:
    more = f"resources: {{people: {{capacity: {capacity}}}}}"
    return simulate(numbers(*items, more=more), BOUND)


def test_two_items_of_one_person_follow_each_other() -> None:
    futures = _shared(
        "id: A, estimate: 3, needs: {people: 1}", "id: B, estimate: 4, needs: {people: 1}"
    )
    assert (futures.finish == 7.0).all()
    assert futures.criticality == {"A": 1.0, "B": 1.0}


def test_with_room_for_both_nothing_waits() -> None:
    items = ["id: A, estimate: 3, needs: {people: 1}", "id: B, estimate: 4, needs: {people: 1}"]
    assert (_shared(*items, capacity=2).finish == 4.0).all()


def test_half_a_person_may_do_two_things() -> None:
    items = [f"id: {name}, estimate: 4, needs: {{people: 0.5}}" for name in "ABC"]
    assert (_shared(*items).finish == 8.0).all()


def test_the_item_with_the_longest_way_to_go_is_first() -> None:
    futures = _shared(
        "id: A, estimate: 3, needs: {people: 1}",
        "id: B, estimate: 4, needs: {people: 1}",
        "id: C, estimate: 10, after: B",
    )
    assert (futures.finish == 14.0).all()


def test_what_has_started_keeps_its_resource() -> None:
    plan = dated(
        "id: A, estimate: 9, needs: {people: 1}",
        "id: B, estimate: 4, needs: {people: 1}, started: 2026-01-05",
        more="resources: {people: {capacity: 1}}",
    )
    futures = simulate(plan, BOUND)
    assert (futures.finish_of(["B"]) == 4.0).all()
    assert (futures.finish == 13.0).all()


def test_a_fallback_not_taken_holds_nobody() -> None:
    futures = _shared(
        "id: E, attempts: {success: 0.5, max: 1, each: 1, else: F}, needs: {people: 1}",
        "id: F, estimate: 9, needs: {people: 1}",
        "id: X, estimate: 2, after: E, needs: {people: 1}",
    )
    assert set(futures.finish.tolist()) == {3.0, 12.0}


def test_an_item_that_needs_more_than_there_is_is_named() -> None:
    with pytest.raises(Invalid, match="Item 'A' needs 3 of 'people' and there are 1"):
        _shared("id: A, estimate: 3, needs: {people: 3}")


def _starts(text: str, *items: str) -> list[float]:
    run = simulate(numbers(*items, more=f"resources: {{{text}}}"), replace(BOUND, trials=10)).run
    return [float(start[0]) for start in run.starts]


def test_work_begins_once_enough_are_there() -> None:
    two = "id: A, estimate: 3, needs: {people: 2}"
    one = "id: B, estimate: 3, needs: {people: 1}"
    assert _starts("people: {capacity: {0: 1, 20: 2}}", two, one) == [20.0, 23.0]
    assert _starts("people: {capacity: {0: 2, 4: 1, 9: 2}}", one, two) == [0.0, 3.0]
    assert _starts("people: {capacity: {0: 2, 2: 1, 9: 2}}", one, two) == [0.0, 9.0]


def test_what_has_begun_is_finished_though_there_be_fewer_and_others_wait() -> None:
    items = [f"id: {name}, estimate: 5, needs: {{people: 1}}" for name in "ABCD"]
    assert _starts("people: {capacity: {0: 2, 2: 1}}", *items) == [0.0, 0.0, 5.0, 10.0]
    assert _starts("people: {capacity: {0: 2, 2: 0, 30: 1}}", *items[:3]) == [0.0, 0.0, 30.0]


def test_work_for_which_there_are_never_enough_again_never_ends() -> None:
    plan = numbers(
        "id: A, estimate: 5",
        "id: B, estimate: 5, after: A, needs: {people: 2}",
        more="resources: {people: {capacity: {0: 2, 3: 1}}}",
    )
    assert simulate(plan, replace(BOUND, trials=10)).p_never == 1.0
    with pytest.raises(Invalid, match="needs 3 of 'people' and there are 2"):
        simulate(numbers("id: A, estimate: 1, needs: {people: 3}",
            more="resources: {people: {capacity: {0: 2, 3: 1}}}"), BOUND)  # fmt: skip


def test_a_skill_is_met_by_whoever_lets_the_work_begin_first() -> None:
    both = "ann: {capacity: 1, skills: [ml]}, bob: {capacity: 1, skills: [ml, ops]}"
    three = [f"id: {name}, estimate: 3, needs: {{ml: 1}}" for name in "ABC"]
    assert _starts(both, *three) == [0.0, 0.0, 3.0]
    named = "id: Z, estimate: 9, needs: {ann: 1}"
    assert _starts(both, named, *three) == [0.0, 0.0, 3.0, 6.0]
    pair = "id: P, estimate: 2, needs: {ml: 1, ops: 1}"
    assert _starts(both, pair, "id: Q, estimate: 1, needs: {ops: 1}") == [0.0, 2.0]
    with pytest.raises(Invalid, match="more at once than anybody"):
        _starts("bob: {capacity: 1, skills: [ml, ops]}", pair)
    with pytest.raises(Invalid, match="needs 2 of 'ml' and there are 1"):
        _starts(both, "id: A, estimate: 1, needs: {ml: 2}")


def test_a_later_start_asks_the_other_resource_again() -> None:
    text = "p: {capacity: {0: 0, 5: 1}}, q: {capacity: {0: 1, 4: 0, 8: 1}}"
    assert _starts(text, "id: A, estimate: 1, needs: {p: 1, q: 1}") == [8.0]


def test_needs_too_fine_to_divide_are_refused() -> None:
    with pytest.raises(Invalid, match="divides into 1000 units"):
        _shared("id: A, estimate: 1, needs: {people: 0.001}")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    items = []
    for number in range(draw(st.integers(2, 7))):
        links = draw(st.sets(st.integers(0, number - 1), max_size=2)) if number else set()
        low, mode, high = sorted(draw(st.tuples(*[st.integers(0, 6)] * 3)))
        items.append(
            Item(
                str(number),
                estimate=Estimate(float(low), float(mode), float(high)),
                after=tuple(Link(str(source)) for source in sorted(links)),
                needs=draw(
                    st.dictionaries(st.sampled_from(["p", "q"]), st.integers(1, 3), max_size=2)
                ),
            )
        )
    resources = (Resource("p", 3), Resource("q", 4))
    return Plan("P", tuple(items), distribution=Distribution.UNIFORM, resources=resources)


@settings(max_examples=40)
@given(plans())
def test_capacity_holds_at_every_moment_of_every_trial(plan: Plan) -> None:
    run = simulate(plan, BOUND).run
    starts, finishes = np.stack(run.starts), np.stack(run.finishes)
    for resource in plan.resources:
        units = np.array([item.needs.get(resource.name, 0) for item in plan.items])
        for moment in starts:
            at_work = (starts <= moment + 1e-9) & (finishes > moment + 1e-9)
            assert (units @ at_work <= resource.capacity).all()


@settings(max_examples=40)
@given(plans())
def test_respecting_resources_never_ends_sooner(plan: Plan) -> None:
    free = simulate(plan, Settings(trials=50))
    assert (simulate(plan, BOUND).finish >= free.finish - 1e-9).all()


@settings(max_examples=40)
@given(plans())
def test_a_capacity_that_stays_is_the_same_to_the_bit_however_it_is_written(plan: Plan) -> None:
    always = tuple(
        replace(one, capacity=0.0, steps=((0.0, one.capacity),)) for one in plan.resources
    )
    one, other = (simulate(each, BOUND).run for each in (plan, replace(plan, resources=always)))
    np.testing.assert_array_equal(np.stack(one.starts), np.stack(other.starts))
    np.testing.assert_array_equal(np.stack(one.finishes), np.stack(other.finishes))


@settings(max_examples=40)
@given(plans(), st.lists(st.integers(3, 5), min_size=2, max_size=2))
def test_nobody_begins_while_fewer_are_there_than_are_needed(plan: Plan, low: list[int]) -> None:
    steps = ((4.0, float(low[0])), (7.0, float(low[1])))
    resources = tuple(replace(one, capacity=4.0, steps=steps) for one in plan.resources)
    run = simulate(replace(plan, resources=resources), BOUND).run
    starts, finishes = np.stack(run.starts), np.stack(run.finishes)
    for resource in resources:
        units = np.array([item.needs.get(resource.name, 0) for item in plan.items])
        for number, moment in enumerate(starts):
            if not units[number] or not (finishes[number] > moment).all():
                continue
            there = np.where(moment >= 7.0, low[1], np.where(moment >= 4.0, low[0], 4.0))
            at_work = (starts <= moment + 1e-9) & (finishes > moment + 1e-9)
            assert (units @ at_work <= there).all()
