"""The compiled simulation against the NumPy one, which is its oracle to the last bit."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis import compiled
from headway.analysis.schedule import futures, ranking
from headway.analysis.schedule.critical_path import critical_path
from headway.analysis.schedule.draws import draw
from headway.analysis.schedule.futures import KERNELS, CompiledRun, critical_counts
from headway.analysis.schedule.passes import Frame, Run, forward
from headway.analysis.schedule.plan import (
    Attempts,
    Calendar,
    Closure,
    Correlation,
    Distribution,
    Estimate,
    Item,
    LagUnit,
    Link,
    LinkType,
    Plan,
    Progress,
    Rate,
    Resource,
    Risk,
)
from headway.analysis.schedule.pools import pools_of
from headway.analysis.schedule.recipe import supports
from headway.analysis.schedule.sensitivity import cruciality, drivers
from headway.analysis.schedule.simulation import (
    LEAST_COMPUTED,
    LEAST_LOADED,
    MOST_CELLS,
    Settings,
    Simulation,
    frame_of,
    most_trials,
    simulate,
)
from headway.errors import Invalid

# Together in one worker: the kernels are loaded once.
pytestmark = [pytest.mark.xdist_group("kernels")]

TRIALS = 1_300


@pytest.fixture(scope="module", autouse=True)
def kernels() -> ModuleType:
    """Compile the kernels, or load them, so that every simulation here may use them."""
    found: ModuleType = compiled.load(KERNELS)
    return found


def network_of(count: int, kind: Distribution = Distribution.TRIANGULAR, seed: int = 1) -> Plan:
    """Return a plan of 1 to 3 predecessors an item among the 40 before it, and skewed ranges."""
    random = Random(seed)
    items = []
    for number in range(count):
        low = random.uniform(1, 10)
        mode = low * random.uniform(1, 1.3)
        before = random.sample(
            range(max(0, number - 40), number), min(number, random.randint(1, 3))
        )
        estimate = Estimate(low, mode, mode * random.uniform(1.2, 2.5))
        items.append(
            Item(str(number), estimate=estimate, after=tuple(Link(str(one)) for one in before))
        )
    return Plan("network", tuple(items), distribution=kind)


def both(
    plan: Plan, trials: int = TRIALS, as_of: float | None = None, *, limited: bool = False
) -> tuple[Run, CompiledRun]:
    """Return the run of a plan by NumPy and by the kernels."""
    frame = frame_of(plan, as_of)
    held, spared = (draw(plan, frame.timings, 3, trials, held=held) for held in (True, False))
    pools, unfilled = None, None
    if limited:
        late = list(critical_path(frame).late_start.values())
        pools = pools_of(plan, frame.network, late, trials)
        unfilled = pools_of(plan, frame.network, late, 1)
    return forward(frame, held, pools), CompiledRun(frame, spared, unfilled)


def assert_same_bits(numpy: Run, machine: CompiledRun) -> None:
    """Compare everything that a simulation reads of a run."""
    np.testing.assert_array_equal(machine.finish, numpy.finish)
    counts = critical_counts(numpy)
    np.testing.assert_array_equal(machine.critical_counts, counts)
    for kind in ("starts", "finishes", "lasting"):
        rows = zip(getattr(machine, kind), getattr(numpy, kind), strict=True)
        for number, (row, expected) in enumerate(rows):
            wanted = np.broadcast_to(expected, row.shape)
            np.testing.assert_array_equal(row, wanted, err_msg=f"{kind} of {number}")
    for kind in ("tries", "taken", "failed"):
        found, expected = getattr(machine, kind), getattr(numpy, kind)
        assert found.keys() == expected.keys()
        for number in expected:
            np.testing.assert_array_equal(found[number], expected[number])


@pytest.mark.parametrize("kind", Distribution)
def test_each_distribution_gives_the_bits_of_numpy(kind: Distribution) -> None:
    assert_same_bits(*both(network_of(60, kind)))


ranges = st.tuples(*[st.integers(1, 9)] * 3).map(lambda n: Estimate(*map(float, sorted(n))))


@st.composite
def links(draw: st.DrawFn, number: int) -> tuple[Link, ...]:
    before = draw(st.sets(st.integers(0, number - 1), max_size=4)) if number else set()
    unit = st.sampled_from([LagUnit.WORKING, LagUnit.PERCENT, LagUnit.ELAPSED])
    return tuple(
        Link(
            str(source),
            draw(st.sampled_from(LinkType)),
            float(draw(st.integers(-3, 5))),
            draw(unit),
        )
        for source in sorted(before)
    )


@st.composite
def items(draw: st.DrawFn, number: int) -> Item:
    item = Item(
        str(number),
        estimate=draw(ranges),
        after=draw(links(number)),
        not_before=float(draw(st.integers(0, 9))) if draw(st.booleans()) else None,
    )
    match draw(st.integers(0, 7)):
        case 0:
            started = float(draw(st.integers(0, 6)))
            left = draw(st.none() | ranges)
            return replace(item, started=started, remaining=left)
        case 1:
            return replace(item, started=1.0, finished=float(draw(st.integers(2, 6))))
        case 2:
            attempts = Attempts(draw(st.just(Estimate(0.3, 0.5, 0.9))), 2, draw(ranges))
            return replace(item, estimate=None, attempts=attempts)
        case 3:
            return replace(item, estimate=Estimate.certain(float(draw(st.integers(0, 4)))))
        case _:
            return item


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Return a plan of all that the kernels know."""
    rows = [draw(items(number)) for number in range(draw(st.integers(1, 8)))]
    if draw(st.booleans()):
        second = Attempts(Estimate.certain(0.6), 2, draw(ranges), fallback="third")
        first = Attempts(Estimate.certain(0.4), 1, draw(ranges), feasible=0.8, fallback="second")
        rows += [
            Item("first", attempts=first, after=(Link("0"),)),
            Item("second", attempts=second),
            Item("third", estimate=draw(ranges)),
            Item("end", estimate=draw(ranges), after=(Link("first"),)),
        ]
    ids = [item.id for item in rows]
    risks = tuple(
        Risk(
            name,
            draw(st.sampled_from([0.0, 0.4, 1.0])),
            delays=tuple(draw(st.sets(st.sampled_from(ids)))),
            delay=Estimate(-2.0, 1.0, 5.0),
        )
        for name in ("r1", "r2")
    )
    joined = (Correlation((ids[0], ids[-1]), 0.5),) if len(ids) > 1 else ()
    kind, progress = draw(st.sampled_from(Distribution)), draw(st.sampled_from(Progress))
    plan = Plan("P", tuple(rows), distribution=kind, risks=risks, correlations=joined)
    return replace(plan, progress=progress)


@settings(max_examples=150, deadline=None)
@given(plans(), st.none() | st.integers(0, 6).map(float))
def test_whatever_a_plan_holds_the_kernels_give_the_bits_of_numpy(
    plan: Plan, as_of: float | None
) -> None:
    assert supports(plan)
    assert_same_bits(*both(plan, 150, as_of))


@st.composite
def limited_plans(draw: st.DrawFn) -> Plan:
    """Return a plan of all that the kernels know, whose items wait for shares of two resources."""
    plan = draw(plans())
    amounts = st.dictionaries(st.sampled_from(["people", "machines"]), st.sampled_from([0.5, 1, 2]))
    rows = tuple(replace(item, needs=draw(amounts)) for item in plan.items)
    resources = (Resource("people", 2.0), Resource("machines", 3.0))
    return replace(plan, items=rows, resources=resources)


@settings(max_examples=150, deadline=None)
@given(limited_plans(), st.none() | st.integers(0, 6).map(float))
def test_whatever_waits_for_resources_the_kernels_give_the_bits_of_numpy(
    plan: Plan, as_of: float | None
) -> None:
    assert_same_bits(*both(plan, 130, as_of, limited=True))


def test_a_large_plan_that_respects_resources_is_the_same_from_both_engines() -> None:
    plan = with_resources(network_of(200, Distribution.PERT))
    asked = Settings(trials=LEAST_LOADED // 100, respect_resources=True)
    found = []
    for is_ready in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compiled, "is_ready", lambda _, ready=is_ready: ready)
            found.append(simulate(plan, asked))
    one, other = found
    assert isinstance(other.run, CompiledRun)
    assert not isinstance(one.run, CompiledRun)
    np.testing.assert_array_equal(one.finish, other.finish)
    assert one.criticality == other.criticality
    assert cruciality(one) == cruciality(other)
    assert drivers(one, 2) == drivers(other, 2)


def with_resources(plan: Plan) -> Plan:
    """Return `plan` with each item in need of one unit of one of four resources."""
    names = ("a", "b", "c", "d")
    rows = tuple(
        replace(item, needs={names[number % 4]: 1.0 + number % 2})
        for number, item in enumerate(plan.items)
    )
    return replace(plan, items=rows, resources=tuple(Resource(name, 4.0) for name in names))


@pytest.mark.parametrize("trials", [1, 63, 64, 65, 1023, 1024, 1025])
def test_blocks_that_are_not_full_count_what_they_hold(trials: int) -> None:
    assert_same_bits(*both(network_of(30), trials))


def test_one_item_without_predecessors_is_the_whole_plan() -> None:
    numpy, machine = both(network_of(1))
    assert_same_bits(numpy, machine)
    assert machine.critical_counts.tolist() == [TRIALS]


def test_threads_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = frame_of(network_of(40, Distribution.PERT))
    draws = draw(frame.plan, frame.timings, 0, 5_000, held=False)
    monkeypatch.setattr(futures, "THREADED_CELLS", 1)
    monkeypatch.setattr(futures.os, "cpu_count", lambda: 1)
    alone = CompiledRun(frame, draws)
    expected = alone.finish, alone.critical_counts, list(alone.starts)
    for count in (2, 3, 8):
        monkeypatch.setattr(futures.os, "cpu_count", lambda count=count: count)
        many = CompiledRun(frame, draws)
        np.testing.assert_array_equal(many.critical_counts, expected[1])
        np.testing.assert_array_equal(many.finish_of(frame.last), expected[0])
        np.testing.assert_array_equal(np.stack(list(many.starts)), np.stack(expected[2]))


def large(plan: Plan, *, by_numpy: bool, **more: float) -> Simulation:
    """Return a simulation at the size from which the kernels are used, by either engine."""
    trials = LEAST_COMPUTED // len(plan.items) + 1
    asked = Settings(trials=trials, **more)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "is_ready", lambda _: not by_numpy)
        return simulate(plan, asked)


@pytest.fixture(scope="module")
def priced() -> Plan:
    """Return 500 items, some with a price, a failing experiment, a risk and a correlation."""
    plan = network_of(500, Distribution.PERT)
    rows = [
        replace(item, cost=item.cost + number % 3, needs={})
        for number, item in enumerate(plan.items)
    ]
    attempts = Attempts(Estimate.certain(0.7), 2, Estimate(1, 2, 4))
    rows[250] = replace(rows[250], estimate=None, attempts=attempts)
    risk = Risk("r", 0.3, delays=("10", "490"), delay=Estimate(1, 3, 9))
    return replace(
        plan, items=tuple(rows), risks=(risk,), correlations=(Correlation(("3", "7"), 0.6),)
    )


def test_every_answer_of_a_large_plan_is_the_same_from_both_engines(priced: Plan) -> None:
    one, other = large(priced, by_numpy=True), large(priced, by_numpy=False)
    assert isinstance(other.run, CompiledRun)
    assert not isinstance(one.run, CompiledRun)
    np.testing.assert_array_equal(one.finish, other.finish)
    np.testing.assert_array_equal(one.cost, other.cost)
    assert one.criticality == other.criticality
    assert one.branches == other.branches
    assert one.p_never == other.p_never > 0.0
    assert cruciality(one) == cruciality(other)
    assert drivers(one, 3) == drivers(other, 3)


def test_grades_find_the_rank_correlation_within_its_error(priced: Plan) -> None:
    simulation = large(priced, by_numpy=False)
    graded = cruciality(simulation)
    finish = ranking.ranks(simulation.finish)
    assert sum(value is not None for value in graded.values()) > 490
    for number in range(0, 500, 7):
        lasting = simulation.run.lasting[number]
        exact = ranking.correlation(ranking.ranks(lasting), finish)
        found = graded[str(number)]
        assert exact is not None
        assert found is not None
        assert abs(found - exact) < 2.0 / math.sqrt(simulation.trials)


def test_the_p80_is_that_of_an_independent_simulation() -> None:
    plan = network_of(400)
    simulation = large(plan, by_numpy=False, seed=5)
    rng = np.random.default_rng(99)
    trials = 40_000
    ends: list[np.ndarray] = []
    for item in plan.items:
        start = np.zeros(trials)
        for link in item.after:
            start = np.maximum(start, ends[int(link.predecessor)])
        low, mode, high = item.estimate.numbers if item.estimate else (0.0, 0.0, 0.0)
        ends.append(start + rng.triangular(low, mode, high, trials))
    other = np.max(np.stack(ends), axis=0)
    p80, density = np.quantile(other, 0.8), 0.02 / np.diff(np.quantile(other, [0.79, 0.81]))[0]
    error = math.sqrt(0.16 / simulation.trials + 0.16 / trials) / density
    assert abs(np.quantile(simulation.finish, 0.8) - p80) < 3.0 * error


def test_serial_triangular_means_add_up() -> None:
    plan = network_of(300)
    rows = [
        replace(item, after=(Link(str(number - 1)),) if number else ())
        for number, item in enumerate(plan.items)
    ]
    simulation = large(replace(plan, items=tuple(rows)), by_numpy=False)
    assert isinstance(simulation.run, CompiledRun)
    expected = sum(sum(item.estimate.numbers) / 3 for item in rows if item.estimate)
    error = simulation.finish.std() / math.sqrt(simulation.trials)
    assert abs(simulation.finish.mean() - expected) < 4.0 * error


def test_two_equal_paths_end_later_than_either() -> None:
    rows = [
        Item(f"{path}{number}", estimate=Estimate(1, 2, 5), after=(Link(f"{path}{number - 1}"),))
        if number
        else Item(f"{path}0", estimate=Estimate(1, 2, 5))
        for path in "ab"
        for number in range(250)
    ]
    simulation = large(Plan("P", tuple(rows)), by_numpy=False)
    together = np.median(simulation.finish)
    assert together > np.median(simulation.finish_of(["a249"])) + 0.5
    assert together > np.median(simulation.finish_of(["b249"])) + 0.5


@pytest.mark.parametrize(("probability", "share"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_probability_of_none_or_one_leaves_no_chance(probability: float, share: float) -> None:
    plan = network_of(300)
    chance = Attempts(Estimate.certain(probability), 1, Estimate(1, 2, 3))
    rows = (*plan.items, Item("e", attempts=chance))
    risk = Risk("r", probability, delays=("299",), delay=Estimate.certain(1_000.0))
    found = large(replace(plan, items=rows, risks=(risk,)), by_numpy=False)
    assert found.branches["e"] == share
    assert found.p_never == 1.0 - share
    assert float((found.finish_of(["299"]) > 1_000.0).mean()) == share


def test_more_trials_than_can_be_computed_are_refused() -> None:
    plan = network_of(20_000)
    with pytest.raises(Invalid, match="too many or too few"):
        simulate(plan, Settings(trials=most_trials(plan) + 1))
    with pytest.raises(Invalid, match="too many or too few"):
        simulate(plan, Settings(trials=0))


def test_a_plan_whose_calendar_has_other_days_is_left_to_numpy() -> None:
    usual = Calendar("usual")
    plan = replace(network_of(3), calendar=usual, start=date(2026, 1, 5))
    assert supports(plan)
    worked = replace(usual, extra=((date(2026, 1, 10), ((9.0, 13.0),)),))
    assert not supports(replace(plan, calendar=worked))
    rows = (replace(plan.items[0], calendar="other"), *plan.items[1:])
    other = Calendar("other", weekdays=(0, 1, 2))
    assert not supports(replace(plan, items=rows, calendars=(other,)))
    closing = Risk(
        "r", 0.5, closes=Closure(Estimate.certain(2.0), date(2026, 1, 6), date(2026, 1, 9))
    )
    assert not supports(replace(plan, risks=(closing,)))


def test_what_the_kernels_do_not_know_keeps_to_what_memory_holds() -> None:
    plan = network_of(2_000)
    pinned = replace(plan.items[0], pinned=3.0)
    assert most_trials(plan) * 2_000 > MOST_CELLS
    assert most_trials(replace(plan, items=(pinned, *plan.items[1:]))) == MOST_CELLS // 2_000


@pytest.mark.slow
def test_twenty_thousand_items_are_simulated_without_holding_their_times() -> None:
    plan = network_of(20_000)
    simulation = simulate(plan, Settings(trials=1_000))
    assert isinstance(simulation.run, CompiledRun)
    frame: Frame = simulation.frame
    few = draw(plan, frame.timings, 0, 20)
    expected = forward(frame, few)
    np.testing.assert_array_equal(simulation.finish[:20], expected.finish)
    np.testing.assert_array_equal(simulation.run.finishes[19_000][:20], expected.finishes[19_000])
    assert max(value or 0.0 for value in simulation.criticality.values()) <= 1.0


def test_what_work_costs_by_the_hour_is_the_same_from_both_engines(priced: Plan) -> None:
    items = [replace(item, needs={"p": 1.0}) for item in priced.items]
    rate = Resource("p", 1_000.0, Rate(Decimal(95)))
    plan = replace(priced, items=tuple(items), resources=(rate,))
    endless = plan.items[250].attempts
    assert endless is not None
    calm = replace(plan.items[250], attempts=replace(endless, success=Estimate.certain(1.0)))
    for one in (plan, replace(plan, items=(*plan.items[:250], calm, *plan.items[251:]))):
        known, found = large(one, by_numpy=True), large(one, by_numpy=False)
        np.testing.assert_array_equal(known.cost, found.cost)
        assert drivers(known, 2) == drivers(found, 2)
