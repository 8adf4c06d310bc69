"""Resources respected: capacity holds in every trial, and nothing looks ahead."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("resources", "sentence"),
    [
        ("ann: {capacity: 1, skills: [people]}", "needs the skill 'people'"),
        ("people: {capacity: {0: 1, 20: 2}}", "whose capacity changes over time"),
    ],
)
def test_what_cannot_be_counted_in_lasting_units_is_refused_and_not_guessed(
    resources: str, sentence: str
) -> None:
    plan = numbers("id: A, estimate: 3, needs: {people: 1}", more=f"resources: {{{resources}}}")
    with pytest.raises(Invalid, match=sentence):
        simulate(plan, Settings(trials=10, respect_resources=True))
    assert simulate(plan, Settings(trials=10)).finish.max() == 3.0


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
