"""The bridge adds up exactly, and a cause that did not change has no part in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.bridge import _SWAPS, Bridge, Cause, Stand, bridge
from headway.analysis.schedule.plan import Correlation, Estimate, Item, Link, Plan
from headway.analysis.schedule.simulation import Settings
from headway.errors import Invalid

Swap = Callable[[Stand, Stand], Stand]
FEW = Settings(trials=300, seed=4)
BASE = (
    "id: labels, estimate: [8, 10, 15]",
    "id: train, after: labels, estimate: [4, 5, 9], needs: {ml: 1}",
    "id: ship, after: train, kind: milestone",
)
MORE = """
budget: {amount: 90000, currency: USD}
target: 2026-02-10
resources: {ml: {capacity: 2, rate: 100/hour}}
risks: [{id: outage, probability: 0.5, delays: [train], delay: [1, 2, 4], cost: [100, 200, 300]}]
"""


def changed(*items: str, more: str = MORE) -> Plan:
    return dated(*items, more=more)


def found(then: Plan, now: Plan, days: tuple[date, date] | None = None) -> Bridge:
    before, after = days or (date(2026, 1, 5), date(2026, 1, 5))
    return bridge(Stand(then, before), Stand(now, after), FEW)


def causes(told: Bridge) -> list[tuple[Cause, ...]]:
    return [span.causes for span in told.spans]


def adds_up(told: Bridge) -> bool:
    days = sum((span.days or Decimal(0) for span in told.spans), Decimal(0))
    money = sum((span.money or Decimal(0) for span in told.spans), Decimal(0))
    return days == told.days and (told.money is None or money == told.money)


def test_nothing_changed_is_an_empty_bridge() -> None:
    told = found(changed(*BASE), changed(*BASE))
    assert told.spans == ()
    assert (told.days, told.money) == (Decimal("0.00"), Decimal("0.00"))


@pytest.mark.parametrize(
    ("cause", "now"),
    [
        (Cause.SCOPE_ADDED, changed(*BASE[:2], "id: test, after: train, estimate: 3", BASE[2])),
        (Cause.ESTIMATES, changed("id: labels, estimate: [12, 15, 20]", *BASE[1:])),
        (Cause.PROGRESS, changed(BASE[0] + ", started: 2026-01-05, remaining: 20", *BASE[1:])),
        (
            Cause.ORDER,
            changed(BASE[0] + ", not_before: 2026-01-19", *BASE[1:]),
        ),
        (Cause.ORDER, changed(BASE[0] + ", pinned: 2026-01-19", *BASE[1:])),
        (
            Cause.PROGRESS,
            changed(BASE[0] + ", started: 2026-01-05, done: 20 %", *BASE[1:]),
        ),
        (Cause.TARGET, changed(BASE[0] + ", priority: 900, outline: [Data]", *BASE[1:])),
        (Cause.PRICES, changed(*BASE, more=MORE.replace("100/hour", "130/hour"))),
        (Cause.RISKS, changed(*BASE, more=MORE.replace("0.5", "0.9"))),
        (Cause.TARGET, changed(*BASE, more=MORE.replace("2026-02-10", "2026-02-01"))),
    ],
)
def test_one_change_is_one_cause_alone(cause: Cause, now: Plan) -> None:
    told = found(changed(*BASE), now)
    assert causes(told) == [(cause,)]
    assert adds_up(told)


def test_every_cause_moves_what_it_should() -> None:
    later = found(changed(*BASE), changed("id: labels, estimate: [12, 15, 20]", *BASE[1:]))
    assert later.days is not None
    assert later.days > 5
    dearer = found(changed(*BASE), changed(*BASE, more=MORE.replace("100/hour", "130/hour")))
    assert dearer.days == 0
    assert dearer.money is not None
    assert dearer.money > 1000
    sooner = found(changed(*BASE), changed(*BASE, more=MORE.replace("2026-02-10", "2026-01-29")))
    assert (sooner.days, sooner.money) == (0, 0)
    assert sooner.spans[0].odds is not None
    assert sooner.spans[0].odds < 0


def test_a_dropped_item_lets_its_successor_wait_for_what_came_before() -> None:
    ship = "id: ship, after: labels, kind: milestone"
    told = found(
        changed(*BASE, more=MORE.split("risks")[0]),
        changed(BASE[0], ship, more=MORE.split("risks")[0]),
    )
    assert causes(told)[0] == (Cause.SCOPE_DROPPED,)
    assert told.spans[0].days == told.days
    assert told.days is not None
    assert told.days < 0
    assert adds_up(told)


def test_a_week_that_passes_is_progress_and_a_holiday_is_the_calendar() -> None:
    plan = changed(*BASE)
    assert plan.calendar is not None
    passed = found(plan, plan, (date(2026, 1, 5), date(2026, 1, 12)))
    assert causes(passed) == [(Cause.PROGRESS,)]
    assert passed.days == 7
    closed = replace(plan, calendar=replace(plan.calendar, holidays=(date(2026, 1, 6),)))
    told = found(plan, closed)
    assert causes(told) == [(Cause.CALENDAR,)]
    assert told.days is not None
    assert told.days >= 1


def test_a_failed_attempt_is_its_own_cause() -> None:
    item = "id: labels, attempts: {{success: 0.7, max: {0}, each: [3, 4, 6]}}"
    told = found(
        changed(item.format(3), *BASE[1:]),
        changed(item.format(3).replace("0.7", "0.4"), *BASE[1:]),
    )
    assert causes(told) == [(Cause.ATTEMPTS,)]


def test_a_p80_that_became_never_has_no_days() -> None:
    item = "id: labels, kind: experiment, attempts: {{success: {0}, max: 2, each: [3, 4, 6]}}"
    told = found(changed(item.format(0.95), *BASE[1:]), changed(item.format(0.2), *BASE[1:]))
    assert told.then.finish is not None
    assert told.now.finish is None
    assert told.days is None
    assert told.spans[0].days is None


def test_the_ends_are_the_forecasts_of_the_two_plans() -> None:
    then, now = changed(*BASE), changed("id: labels, estimate: 30", *BASE[1:])
    there, back = found(then, now), found(now, then)
    assert (there.then, there.now) == (back.now, back.then)


def test_causes_that_make_a_cycle_alone_count_together() -> None:
    then = numbers("id: a, estimate: 3", "id: b, after: a, estimate: 4")
    now = numbers(
        "id: a, after: n, estimate: 3", "id: b, estimate: 4", "id: n, after: b, estimate: 1"
    )
    told = bridge(Stand(then), Stand(now), FEW)
    assert causes(told) == [(Cause.SCOPE_ADDED, Cause.ORDER)]
    assert told.days == 1


def test_another_order_of_correlated_items_is_the_residual_and_adds_up() -> None:
    plan = numbers("id: a, estimate: [1, 2, 9]", "id: b, estimate: [1, 4, 9]", "id: c, estimate: 1")
    then = replace(plan, correlations=(Correlation(("a", "b"), 0.5),))
    told = bridge(Stand(then), Stand(replace(then, items=then.items[::-1])), FEW)
    assert causes(told) == [(Cause.RESIDUAL,)]
    assert adds_up(told)


def test_the_order_in_which_links_are_written_is_no_cause() -> None:
    items = "id: a, estimate: 3", "id: b, estimate: 4"
    last = "id: c, after: {0}, estimate: 1"
    one, other = numbers(*items, last.format("[a, b]")), numbers(*items, last.format("[b, a]"))
    assert bridge(Stand(one), Stand(other), FEW).spans == ()
    new = numbers(*items, "id: 0, estimate: 9", last.format("[b, 0, a]"))
    assert causes(bridge(Stand(one), Stand(new), FEW)) == [(Cause.SCOPE_ADDED,)]


def test_a_plan_that_cannot_be_forecast_is_refused() -> None:
    with pytest.raises(Invalid):
        bridge(Stand(numbers("id: a, estimate: 3")), Stand(Plan("P", (Item("a"),))), FEW)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    ids = draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True))
    items = []
    for place, item_id in enumerate(ids):
        low = draw(st.integers(1, 9))
        spread = draw(st.integers(0, 6))
        earlier = draw(st.sets(st.sampled_from(ids[:place]))) if place else set()
        estimate = Estimate(float(low), float(low), float(low + spread))
        cost = Decimal(draw(st.integers(0, 500)))
        items.append(
            Item(item_id, estimate=estimate, cost=cost, after=tuple(map(Link, sorted(earlier))))
        )
    return Plan("P", tuple(items))


@settings(max_examples=60, deadline=None)
@given(plans(), plans())
def test_the_spans_of_any_two_plans_add_up_to_the_cent(then: Plan, now: Plan) -> None:
    told = bridge(Stand(then), Stand(now), replace(FEW, trials=50))
    assert adds_up(told)
    assert len({cause for span in told.spans for cause in span.causes}) == sum(
        len(span.causes) for span in told.spans
    )


def test_every_field_of_an_item_belongs_to_a_cause() -> None:
    """A new field that no swap takes would be told as not attributed."""
    one = Item("a", estimate=Estimate.certain(1.0))
    every = {entry.name for entry in fields(Item)} - {"id", "line"}
    taken = {
        name for swap in _SWAPS.values() for name in every if _swapped(swap, one, name) is not None
    }
    assert every == taken


def _swapped(swap: Swap, item: Item, name: str) -> object:
    """Return the sentinel when `swap` carries the field `name` from the plan of now."""
    mark = object()
    changed_item = replace(item, **{name: mark})
    here, now = Stand(Plan("P", (item,))), Stand(Plan("P", (changed_item,)))
    return mark if getattr(swap(here, now).plan.items[0], name) is mark else None
