"""Laws of dates and floats, over random networks, in one calendar and in several."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.schedule.critical_path import critical_path
from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Calendar,
    Estimate,
    Item,
    Link,
    LinkType,
    Plan,
)
from headway.analysis.schedule.simulation import frame_of

SATURDAYS = Calendar("saturdays", (5,))
LATE = Calendar("late", (0, 1, 2, 3, 4), ((13.0, 21.0),), holidays=(date(2026, 1, 7),))
CALENDARS = ("", "", "saturdays", "late")
EXAMPLES = settings(max_examples=40)


@st.composite
def _plans(
    draw: st.DrawFn,
    calendars: tuple[str, ...] = ("",),
    types: tuple[LinkType, ...] = tuple(LinkType),
) -> Plan:
    items = []
    for number in range(draw(st.integers(2, 7))):
        links = tuple(
            Link(f"I{source}", draw(st.sampled_from(types)), draw(st.sampled_from((0.0, 0.0, 2.0))))
            for source in range(number)
            if draw(st.booleans())
        )
        estimate = Estimate.certain(draw(st.sampled_from((0.5, 1.0, 3.0, 4.0))))
        calendar = draw(st.sampled_from(calendars))
        items.append(Item(f"I{number}", estimate=estimate, after=links, calendar=calendar))
    return Plan("P", tuple(items), date(2026, 1, 5), calendar=WEEKDAYS, calendars=(SATURDAYS, LATE))


def _longer(plan: Plan, item_id: str, by: float) -> Plan:
    items = []
    for item in plan.items:
        if item.id == item_id and item.estimate is not None:
            item = replace(item, estimate=Estimate.certain(item.estimate.most_likely + by))
        items.append(item)
    return replace(plan, items=tuple(items))


@EXAMPLES
@given(_plans(CALENDARS), st.data())
def test_longer_work_never_brings_a_date_forward(plan: Plan, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from([item.id for item in plan.items]))
    longer = critical_path(frame_of(_longer(plan, chosen, 1.5)))
    before = critical_path(frame_of(plan))
    assert longer.duration >= before.duration - 1e-4
    for item_id, finish in before.early_finish.items():
        assert longer.early_finish[item_id] >= finish - 1e-4


@EXAMPLES
@given(_plans(types=(LinkType.FS,)), st.data())
def test_work_may_grow_by_its_total_float_and_no_more(plan: Plan, data: st.DataObject) -> None:
    path = critical_path(frame_of(plan))
    chosen = data.draw(st.sampled_from([item.id for item in plan.items]))
    spare = path.total_float[chosen]
    held = critical_path(frame_of(_longer(plan, chosen, spare)))
    assert held.duration == pytest.approx(path.duration)
    moved = critical_path(frame_of(_longer(plan, chosen, spare + 1.0)))
    assert moved.duration == pytest.approx(path.duration + 1.0)


@EXAMPLES
@given(_plans(CALENDARS, types=(LinkType.FS,)), st.data())
def test_in_several_calendars_too_work_may_grow_by_its_float(
    plan: Plan, data: st.DataObject
) -> None:
    path = critical_path(frame_of(plan))
    chosen = data.draw(st.sampled_from([item.id for item in plan.items]))
    held = critical_path(frame_of(_longer(plan, chosen, path.total_float[chosen])))
    assert held.duration == pytest.approx(path.duration, abs=1e-3)


@EXAMPLES
@given(_plans(CALENDARS))
def test_float_is_never_negative_without_pins_and_free_float_never_more_than_total(
    plan: Plan,
) -> None:
    path = critical_path(frame_of(plan))
    assert path.longest
    for item_id, total in path.total_float.items():
        assert total >= 0.0
        assert path.free_float[item_id] <= total + 1e-4
        assert path.late_finish[item_id] >= path.early_finish[item_id] - 1e-4
        assert path.late_start[item_id] >= path.early_start[item_id] - 1e-4
