"""Laws of the forecast: what every plan obeys, whatever its items, links, risks and progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import (
    Attempts,
    Distribution,
    Estimate,
    Item,
    LagUnit,
    Link,
    LinkType,
    Plan,
    Risk,
)
from headway.analysis.schedule.simulation import Settings, rerun, simulate

FEW = Settings(trials=250)
EXAMPLES = settings(max_examples=25)


def _estimate(numbers: Sequence[float], more: float) -> Estimate:
    low, mode, high = numbers
    return Estimate(low + more, mode + more, high + more)


ranges = st.tuples(*[st.integers(0, 9)] * 3).map(lambda numbers: _estimate(sorted(numbers), 0.0))
#: A lognormal range has to begin above 0.
positive = ranges.map(lambda e: _estimate(e.numbers, 1.0))
delays = st.tuples(st.floats(0, 1), ranges)


@st.composite
def plans(draw: st.DrawFn, least: int = 1) -> Plan:
    """Return a plan of a few items with any links, some of them experiments with a fallback."""
    count = draw(st.integers(least, 6))
    items = []
    for number in range(count):
        before = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        links = tuple(
            Link(str(source), draw(st.sampled_from(LinkType)), float(draw(st.integers(0, 3))))
            for source in sorted(before)
        )
        items.append(Item(str(number), estimate=draw(positive), after=links))
    if draw(st.booleans()):
        attempts = Attempts(Estimate.certain(0.5), 2, Estimate(1, 2, 3), fallback="fallback")
        items += [Item("trial", attempts=attempts), Item("fallback", estimate=draw(positive))]
    chosen = draw(st.sets(st.sampled_from([item.id for item in items])))
    probability, delay = draw(delays)
    risk = Risk("known", probability, delays=tuple(sorted(chosen)), delay=delay)
    return Plan("P", tuple(items), distribution=draw(st.sampled_from(Distribution)), risks=(risk,))


def _with(plan: Plan, number: int, item: Item) -> Plan:
    return replace(plan, items=(*plan.items[:number], item, *plan.items[number + 1 :]))


@EXAMPLES
@given(plans(least=2), st.data())
def test_one_more_link_never_makes_any_future_end_earlier(plan: Plan, data: st.DataObject) -> None:
    count = sum(item.id.isdigit() for item in plan.items)
    late = data.draw(st.integers(1, count - 1))
    early = data.draw(st.integers(0, late - 1))
    kind = data.draw(st.sampled_from(LinkType))
    lag = float(data.draw(st.integers(0, 5)))
    item = plan.items[late]
    more = replace(item, after=(*item.after, Link(str(early), kind, lag)))
    before, after = simulate(plan, FEW), simulate(_with(plan, late, more), FEW)
    assert (after.finish >= before.finish - 1e-9).all()


@EXAMPLES
@given(plans(), delays, st.data())
def test_one_more_threat_never_makes_the_p80_earlier(
    plan: Plan, threat: tuple[float, Estimate], data: st.DataObject
) -> None:
    touched = data.draw(st.sets(st.sampled_from([item.id for item in plan.items]), min_size=1))
    risk = Risk("new", threat[0], delays=tuple(sorted(touched)), delay=threat[1])
    before = simulate(plan, FEW)
    after = simulate(replace(plan, risks=(*plan.risks, risk)), FEW)
    assert (after.finish >= before.finish - 1e-9).all()
    rank = 199
    assert np.sort(after.finish)[rank] >= np.sort(before.finish)[rank] - 1e-9


@EXAMPLES
@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit_of_the_finish(plan: Plan, random: Random) -> None:
    items = list(plan.items)
    random.shuffle(items)
    mixed = replace(
        plan, items=tuple(replace(item, after=tuple(reversed(item.after))) for item in items)
    )
    first, second = simulate(plan, FEW), simulate(mixed, FEW)
    np.testing.assert_array_equal(first.finish, second.finish)
    assert first.branches == second.branches
    assert first.criticality == second.criticality


def _scaled(estimate: Estimate | None, factor: float) -> Estimate | None:
    return estimate and _estimate([number * factor for number in estimate.numbers], 0.0)


def _scaled_item(item: Item, factor: float) -> Item:
    links = tuple(replace(link, lag=link.lag * factor) for link in item.after)
    attempts = item.attempts
    if attempts is not None:
        attempts = replace(attempts, each=_scaled(attempts.each, factor) or attempts.each)
    return replace(item, estimate=_scaled(item.estimate, factor), after=links, attempts=attempts)


@EXAMPLES
@given(plans(), st.sampled_from([0.25, 2.0, 1024.0]))
def test_ranges_in_another_unit_give_the_same_finish_in_that_unit(
    plan: Plan, factor: float
) -> None:
    risks = tuple(replace(risk, delay=_scaled(risk.delay, factor)) for risk in plan.risks)
    items = tuple(_scaled_item(item, factor) for item in plan.items)
    scaled = simulate(replace(plan, items=items, risks=risks), FEW)
    np.testing.assert_array_equal(scaled.finish, simulate(plan, FEW).finish * factor)


@EXAMPLES
@given(plans(), st.data())
def test_what_is_finished_has_no_variance_and_leaves_the_other_draws(
    plan: Plan, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(plan.items) - 1))
    item = replace(plan.items[number], started=0.0, finished=4.0)
    before, after = simulate(plan, FEW), simulate(_with(plan, number, item), FEW)
    assert set(after.finish_of([item.id]).tolist()) == {4.0}
    for other in range(len(plan.items)):
        if other != number:
            np.testing.assert_array_equal(
                after.draws.durations[other], before.draws.durations[other]
            )


@EXAMPLES
@given(plans(), st.integers(1, 30), st.integers(-3, 3))
def test_a_completed_plan_is_on_time_for_sure_or_late_for_sure(
    plan: Plan, ended: int, spare: int
) -> None:
    done = tuple(replace(item, started=0.0, finished=float(ended)) for item in plan.items)
    answer = forecast(
        replace(plan, items=done, target=float(max(ended + spare, 0))), Options(settings=FEW)
    )
    assert answer.p_on_time == (1.0 if spare >= 0 else 0.0)
    assert set(answer.finish.as_dict().values()) == {float(ended)}
    assert answer.simulation.p_never == 0.0
    assert all(driver.within_error for driver in answer.drivers)


@EXAMPLES
@given(plans())
def test_percentiles_rise_and_odds_are_shares(plan: Plan) -> None:
    answer = forecast(replace(plan, target=12.0), Options(settings=FEW))
    known = [value for value in answer.finish.as_dict().values() if value is not None]
    assert known == sorted(known)
    assert answer.p_on_time is not None
    assert 0.0 <= answer.p_on_time <= 1.0
    for row in answer.items:
        ends = [value for value in row.finish.as_dict().values() if value is not None]
        assert ends == sorted(ends)


@EXAMPLES
@given(plans(), st.floats(0, 60), st.floats(0, 20))
def test_a_later_target_is_never_less_likely(plan: Plan, target: float, more: float) -> None:
    futures = simulate(plan, FEW)
    assert futures.p_on_time(target + more) >= futures.p_on_time(target)


@EXAMPLES
@given(plans(), st.floats(0.1, 0.9))
def test_a_less_likely_risk_occurs_in_fewer_of_the_same_futures(plan: Plan, part: float) -> None:
    risk = plan.risks[0]
    rarer = replace(plan, risks=(replace(risk, probability=risk.probability * part),))
    assert (simulate(rarer, FEW).finish <= simulate(plan, FEW).finish + 1e-9).all()


@EXAMPLES
@given(plans(), st.integers(1, 20))
def test_a_later_status_date_never_ends_work_earlier(plan: Plan, day: int) -> None:
    now, later = (replace(FEW, as_of=float(at)) for at in (0, day))
    assert (simulate(plan, later).finish >= simulate(plan, now).finish - 1e-9).all()


@EXAMPLES
@given(plans(), st.floats(1, 5))
def test_a_lead_never_ends_later_than_the_link_without_it(plan: Plan, lead: float) -> None:
    items = tuple(
        replace(item, after=tuple(replace(link, lag=link.lag - lead) for link in item.after))
        for item in plan.items
    )
    eager = simulate(replace(plan, items=items), FEW)
    assert (eager.finish <= simulate(plan, FEW).finish + 1e-9).all()


@EXAMPLES
@given(plans(), st.data())
def test_a_rerun_of_nothing_is_the_same_run(plan: Plan, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(plan.items) - 1))
    base = simulate(plan, FEW)
    last = base.run.finish_of(range(len(plan.items)))
    np.testing.assert_array_equal(base.finish, last)
    sure = replace(plan.items[number], estimate=Estimate.certain(5.0), attempts=None)
    if plan.items[number].attempts is None:
        full = simulate(_with(plan, number, sure), FEW)
        again = replace(base.draws, durations=full.draws.durations)
        np.testing.assert_array_equal(full.finish, rerun(base, again, [number]).finish)


def test_an_elapsed_lag_over_a_weekend_is_no_longer_than_one_of_working_days() -> None:
    plan = dated("id: A, estimate: [1, 3, 9]", "id: B, estimate: 1, after: A +4")
    item = plan.items[1]
    elapsed = replace(item, after=(replace(item.after[0], unit=LagUnit.ELAPSED),))
    short = simulate(_with(plan, 1, elapsed), FEW)
    assert (short.finish <= simulate(plan, FEW).finish + 1e-9).all()
    assert simulate(plan, FEW).frame.time.date_of_start(0.0) == date(2026, 1, 5)
