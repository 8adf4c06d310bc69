from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.critical_path import CriticalPath, classical_pert, critical_path
from headway.analysis.schedule.plan import Estimate, Item, Link, LinkType, Plan
from headway.analysis.schedule.simulation import frame_of


def _path(*items: str) -> CriticalPath:
    return critical_path(frame_of(numbers(*items)))


def test_total_float_is_what_an_item_may_slip_before_the_end_moves() -> None:
    path = _path("id: A, estimate: 5", "id: B, estimate: 2", "id: C, estimate: 1, after: [A, B]")
    assert path.duration == 6.0
    assert path.path == ("A", "C")
    assert path.total_float == {"A": 0.0, "B": 3.0, "C": 0.0}
    assert path.late_start["B"] == 3.0


def test_free_float_is_what_an_item_may_slip_before_the_next_one_moves() -> None:
    path = _path(
        "id: A, estimate: 9",
        "id: B, estimate: 1",
        "id: C, estimate: 2, after: B",
        "id: D, estimate: 1, after: [A, C]",
    )
    assert path.total_float["B"] == path.total_float["C"] == 6.0
    assert path.free_float["B"] == 0.0
    assert path.free_float["C"] == 6.0


def test_a_fallback_that_is_not_taken_is_on_no_path() -> None:
    path = _path(
        "id: E, attempts: {success: 0.5, max: 3, each: [1, 4, 9], else: F}",
        "id: F, estimate: 20",
        "id: X, estimate: 2, after: E",
    )
    assert path.duration == 6.0
    assert path.path == ("E", "X")


def test_not_before_holds_an_item() -> None:
    plan = dated("id: A, estimate: 2", "id: B, estimate: 1, after: A, not_before: 2026-01-12")
    path = critical_path(frame_of(plan))
    assert path.early_start["B"] == 5.0
    assert path.path == ("B",)
    assert path.total_float["A"] == 3.0


def test_finished_work_is_not_on_the_critical_path() -> None:
    plan = dated("id: A, estimate: 2, finished: 2026-01-09", "id: B, estimate: 1, after: A")
    assert critical_path(frame_of(plan)).path == ("B",)


def test_of_two_longest_paths_pert_takes_the_one_that_varies_more() -> None:
    plan = numbers("id: A, estimate: [4, 5, 6]", "id: B, estimate: [2, 5, 8]")
    pert = classical_pert(frame_of(plan))
    assert pert.duration == 5.0
    assert pert.variance == pytest.approx(1.0)


def test_a_certain_plan_is_on_time_or_not() -> None:
    pert = classical_pert(frame_of(numbers("id: A, estimate: 5")))
    assert pert.p_by(5.0) == 1.0
    assert pert.p_by(4.9) == 0.0


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of up to eight items, with links of every type and lag or lead."""
    count = draw(st.integers(1, 8))
    items = []
    for number in range(count):
        links = draw(
            st.lists(
                st.builds(
                    Link,
                    st.integers(0, number - 1).map(str) if number else st.nothing(),
                    st.sampled_from(LinkType),
                    st.integers(-3, 5).map(float),
                ),
                max_size=3 if number else 0,
            )
        )
        duration = Estimate.certain(float(draw(st.integers(0, 9))))
        items.append(Item(str(number), estimate=duration, after=tuple(links)))
    return Plan("P", tuple(items))


@given(plans())
def test_floats_are_never_negative_and_something_is_critical(plan: Plan) -> None:
    path = critical_path(frame_of(plan))
    assert all(value >= -1e-9 for value in path.total_float.values())
    assert all(path.free_float[key] <= path.total_float[key] + 1e-9 for key in path.free_float)
    assert path.path


@given(plans(), st.data(), st.integers(1, 5))
def test_delaying_an_item_by_its_float_moves_nothing(
    plan: Plan, data: st.DataObject, more: int
) -> None:
    path = critical_path(frame_of(plan))
    number = data.draw(st.integers(0, len(plan.items) - 1))
    item = plan.items[number]
    spare = path.total_float[item.id]
    start = path.early_start[item.id]
    held = _held(plan, number, start + spare)
    assert critical_path(frame_of(held)).duration == pytest.approx(path.duration)
    later = _held(plan, number, start + spare + more)
    assert critical_path(frame_of(later)).duration == pytest.approx(path.duration + more)


def _held(plan: Plan, number: int, time: float) -> Plan:
    item = plan.items[number]
    moved = Item(item.id, estimate=item.estimate, after=item.after, not_before=time)
    return Plan("P", (*plan.items[:number], moved, *plan.items[number + 1 :]))


@given(plans(), st.data())
def test_every_link_holds(plan: Plan, data: st.DataObject) -> None:
    path = critical_path(frame_of(plan))
    ends = {"F": path.early_finish, "S": path.early_start}
    for item in plan.items:
        for link in item.after:
            source, target = link.type.value
            bound = ends[source][link.predecessor] + link.lag
            assert ends[target][item.id] >= bound - 1e-9
