"""Laws of weighing: later never helps, whatever the plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.schedule.plan import WEEKDAYS, Estimate, Item, Link, Plan
from headway.domain.plans.rules import PromiseStanding, WaitItem
from headway.domain.plans.rules.waits import BlockerStanding
from headway.domain.plans.rules.weighing import weigh
from headway.domain.risks.rules import BlockerFacts
from headway.domain.stakeholders.rules import PromiseFacts, float_days

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = AT.date()


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a small network of certain and uncertain work, some of it under way."""
    count = draw(st.integers(2, 6))
    items = []
    for number in range(count):
        low = draw(st.integers(0, 10))
        spread = draw(st.sampled_from([0, 0, 4]))
        before = draw(st.sets(st.integers(0, number - 1), max_size=2)) if number else set()
        started = date(2026, 11, 16) if draw(st.booleans()) and not before else None
        items.append(
            Item(
                f"p/{number}",
                f"Item {number}",
                estimate=Estimate(low, low + spread / 2, low + spread),
                after=tuple(Link(f"p/{one}") for one in sorted(before)),
                started=started,
            )
        )
    return Plan("Drawn", tuple(items), start=date(2026, 11, 16), calendar=WEEKDAYS)


def a_promise(promised: date, *items: str, direction: str = "get") -> PromiseStanding:
    facts = PromiseFacts(
        uuid4(), uuid4(), uuid4(), "k", "x", direction, "a", "b", "", None, promised,
        False, "", None, "open", "", None, "", 1,
    )  # fmt: skip
    return PromiseStanding(facts, [WaitItem(one, one) for one in items])


def a_blocker(*items: str) -> BlockerStanding:
    facts = BlockerFacts(
        uuid4(), uuid4(), uuid4(), "k", "x", "", "", TODAY, (), "open", "", None, "", 1, 0
    )
    return BlockerStanding(facts, [WaitItem(one, one) for one in items])


@settings(max_examples=40, deadline=None)
@given(plans(), st.integers(0, 5), st.integers(0, 60), st.integers(0, 60))
def test_a_later_promise_never_brings_p80_forward_and_never_adds_float(
    plan: Plan, fed: int, first: int, more: int
) -> None:
    item = f"p/{min(fed, len(plan.items) - 1)}"
    early = a_promise(TODAY + timedelta(days=first), item)
    late = a_promise(TODAY + timedelta(days=first + more), item)
    found = weigh(plan, [], [early, late], AT).promises
    one, other = found[early.promise.id], found[late.promise.id]
    assert one.effect is not None
    assert other.effect is not None
    assert 0 <= (one.effect.days_p80 or 0) <= (other.effect.days_p80 or 0)
    assert one.needed_by == other.needed_by
    slack = [float_days({}, row.needed_by, row.promised) or 0 for row in (one, other)]
    assert slack[0] >= slack[1]


@settings(max_examples=40, deadline=None)
@given(plans(), st.sets(st.integers(0, 5), min_size=1))
def test_a_further_week_of_a_blocker_never_helps(plan: Plan, held: set[int]) -> None:
    items = sorted({f"p/{min(one, len(plan.items) - 1)}" for one in held})
    blocker = a_blocker(*items)
    weeks = weigh(plan, [blocker], [], AT).blockers[blocker.blocker.id].weeks
    costs = [one.effect.days_p80 or 0 for one in weeks]
    assert costs == sorted(costs)
    assert costs[0] >= 0
    assert costs[-1] <= 28 + 2  # a finish may fall behind one weekend more


@settings(max_examples=40, deadline=None)
@given(plans(), st.integers(0, 5))
def test_what_lands_when_it_is_needed_does_not_move_the_likely_finish(plan: Plan, fed: int) -> None:
    from headway.analysis.schedule.critical_path import critical_path
    from headway.analysis.schedule.simulation import frame_of
    from headway.domain.plans.rules.weighing import needed_by, promised_plan

    item = plan.items[min(fed, len(plan.items) - 1)]
    frame = frame_of(plan, TODAY)
    path = critical_path(frame)
    last = needed_by(frame, path, {item.id})
    assert last is not None
    if last < TODAY:
        return  # there is no float at all
    landed = promised_plan(plan, {item.id}, TODAY, last)
    after = critical_path(frame_of(landed, TODAY))
    whole_days = all(one.estimate and one.estimate.most_likely.is_integer() for one in plan.items)
    if whole_days:
        assert after.duration == path.duration


@settings(max_examples=20, deadline=None)
@given(plans(), st.integers(0, 40), st.integers(0, 40))
def test_more_time_never_lowers_the_odds_of_what_we_give(plan: Plan, days: int, more: int) -> None:
    item = plan.items[-1].id
    soon = a_promise(TODAY + timedelta(days=days), item, direction="give")
    later = a_promise(TODAY + timedelta(days=days + more), item, direction="give")
    found = weigh(plan, [], [soon, later], AT).promises
    odds = [found[one.promise.id].chance for one in (soon, later)]
    assert None not in odds
    assert 0 <= (odds[0] or 0) <= (odds[1] or 0) <= 1
