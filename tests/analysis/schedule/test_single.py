"""The critical path in plain numbers against the one in arrays, which knows every plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.test_kernels import network_of

from headway.analysis.schedule.critical_path import CriticalPath, critical_path
from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.passes import Frame
from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Attempts,
    Estimate,
    Item,
    LagUnit,
    Link,
    LinkType,
    Plan,
    Progress,
)
from headway.analysis.schedule.simulation import frame_of

ranges = st.integers(0, 9).map(lambda n: Estimate(n / 2, float(n), n + 3.0))


@st.composite
def items(draw: st.DrawFn, number: int) -> Item:
    before = draw(st.sets(st.integers(0, number - 1), max_size=4)) if number else set()
    usual = draw(st.booleans())
    after = tuple(
        Link(str(source))
        if usual
        else Link(
            str(source),
            draw(st.sampled_from(LinkType)),
            float(draw(st.integers(-3, 4))),
            draw(st.sampled_from([LagUnit.WORKING, LagUnit.PERCENT, LagUnit.ELAPSED])),
        )
        for source in sorted(before)
    )
    moments = st.none() | st.integers(0, 12).map(float)
    item = Item(
        str(number),
        estimate=draw(ranges),
        after=after,
        deadline=draw(moments),
        not_before=draw(moments),
    )
    match draw(st.integers(0, 6)):
        case 0:
            return replace(item, started=2.0, done=draw(st.none() | st.just(0.5)))
        case 1:
            return replace(item, started=1.0, finished=float(draw(st.integers(1, 6))))
        case 2:
            return replace(item, pinned=float(draw(st.integers(0, 9))), not_before=None)
        case 3:
            attempts = Attempts(Estimate.certain(0.5), 2, draw(ranges))
            return replace(item, estimate=None, attempts=attempts)
        case _:
            return item


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    rows = tuple(draw(items(number)) for number in range(draw(st.integers(1, 9))))
    target, progress = draw(st.none() | st.just(11.0)), draw(st.sampled_from(Progress))
    return Plan("P", rows, target=target, progress=progress)


def in_arrays(frame: Frame, *, deadlines: bool) -> CriticalPath:
    """Return the answer of the general way."""
    return critical_path(frame, most_likely(frame.plan, frame.timings), deadlines=deadlines)


@settings(max_examples=300, deadline=None)
@given(plans(), st.none() | st.integers(0, 6).map(float), st.booleans())
def test_the_quick_critical_path_is_the_general_one(
    plan: Plan, as_of: float | None, deadlines: bool
) -> None:
    frame = frame_of(plan, as_of)
    assert frame.is_simple
    assert critical_path(frame, deadlines=deadlines) == in_arrays(frame, deadlines=deadlines)


def test_a_plan_with_dates_is_the_same_both_ways() -> None:
    plan = replace(network_of(300), start=date(2026, 1, 5), calendar=WEEKDAYS)
    frame = frame_of(plan, date(2026, 2, 2))
    assert critical_path(frame) == in_arrays(frame, deadlines=False)


@pytest.mark.parametrize("what", ["fallback", "elapsed", "calendar"])
def test_what_plain_numbers_do_not_know_goes_the_general_way(what: str) -> None:
    plan = replace(network_of(3), start=date(2026, 1, 5), calendar=WEEKDAYS)
    first, second, third = plan.items
    match what:
        case "fallback":
            attempts = Attempts(Estimate.certain(0.5), 1, Estimate(1, 2, 3), fallback="1")
            first = replace(first, estimate=None, attempts=attempts)
        case "elapsed":
            second = replace(second, after=(Link("0", lag=2.0, unit=LagUnit.ELAPSED),))
        case _:
            plan = replace(
                plan, calendar=replace(WEEKDAYS, extra=((date(2026, 1, 10), ((9, 13),)),))
            )
    frame = frame_of(replace(plan, items=(first, second, third)))
    assert not frame.is_simple
    assert critical_path(frame).duration > 0.0
