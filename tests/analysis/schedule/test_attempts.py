"""Experiments that may fail: loops, stops, fallbacks and never."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.forecast import forecast
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.simulation import Settings, Simulation, simulate

FEW = Settings(trials=2_000)


def _experiment(attempts: str, *items: str, more: str = "") -> Plan:
    return numbers(f"id: E, kind: experiment, attempts: {{{attempts}}}", *items, more=more)


def _run(attempts: str, *items: str, more: str = "") -> Simulation:
    return simulate(_experiment(attempts, *items, more=more), FEW)


@settings(max_examples=20)
@given(st.floats(0.05, 0.95), st.floats(0.05, 1.0), st.integers(1, 5))
def test_success_is_as_likely_as_the_closed_form(p: float, feasible: float, most: int) -> None:
    futures = _run(f"success: {p}, feasible: {feasible}, max: {most}, each: 1")
    expected = feasible * (1 - (1 - p) ** most)
    assert futures.branches["E"] == pytest.approx(expected, abs=4 * 0.5 / FEW.trials**0.5)
    assert futures.p_never == pytest.approx(1 - futures.branches["E"])


def test_a_sure_experiment_is_a_plain_item() -> None:
    futures = _run("success: 1, max: 3, each: [1, 2, 6]")
    plain = simulate(numbers("id: E, estimate: [1, 2, 6]"), FEW)
    assert (futures.finish == plain.finish).all()


def test_a_hopeless_experiment_takes_all_its_attempts_and_the_fallback() -> None:
    futures = _run("success: 0, max: 3, each: 2, else: F", "id: F, estimate: 10")
    assert (futures.finish == 16.0).all()
    assert futures.branches == {"E": 0.0, "F": 1.0}


def test_an_infeasible_experiment_fails_however_good_its_attempts() -> None:
    futures = _run("success: 1, feasible: 0, max: 2, each: 2, else: F", "id: F, estimate: 1")
    assert futures.branches["F"] == 1.0


def test_without_a_fallback_a_failure_is_never() -> None:
    answer = forecast(_experiment("success: 0, max: 2, each: 1", "id: X, estimate: 1, after: E"))
    assert answer.simulation.p_never == 1.0
    assert answer.finish.p10 is None
    assert answer.mean is None
    assert answer.p80_error is None
    assert any("never finish" in note for note in answer.notes)
    assert answer.simulation.criticality == {"E": None, "X": None}


def test_a_percentile_that_falls_into_never_is_none_and_said() -> None:
    answer = forecast(_experiment("success: 0.7, max: 1, each: [1, 2, 3]"))
    assert answer.finish.p50 is not None
    assert answer.finish.p80 is None
    assert any("no P80, P90, P95" in note for note in answer.notes)


def test_never_counts_as_late() -> None:
    futures = _run("success: 0.7, max: 1, each: 1")
    assert futures.p_on_time(1e6) == pytest.approx(1 - futures.p_never)


def test_work_after_never_costs_nothing() -> None:
    futures = _run(
        "success: 0.5, max: 2, each: 1, cost: 10", "id: X, estimate: 1, after: E, cost: 1000"
    )
    never = ~np.isfinite(futures.finish)
    assert (futures.cost[never] == 20.0).all()
    assert set(futures.cost[~never].tolist()) == {1010.0, 1020.0}


def test_a_fallback_lasts_and_costs_nothing_unless_taken() -> None:
    futures = _run(
        "success: 0.5, max: 1, each: 2, else: F",
        "id: Z, estimate: 30",
        "id: F, estimate: 5, after: Z, cost: 100, not_before: 40",
        "id: X, estimate: 1, after: E",
    )
    taken = futures.run.taken[2]
    assert (futures.finish_of(["X"])[~taken] == 3.0).all()
    assert (futures.finish_of(["X"])[taken] == 46.0).all()
    assert (futures.cost == np.where(taken, 100.0, 0.0)).all()


def test_the_fallback_of_a_fallback_is_taken_last() -> None:
    futures = _run(
        "success: 0.5, max: 1, each: 1, else: F",
        "id: F, attempts: {success: 0.5, max: 1, each: 2, else: G}",
        "id: G, estimate: 4",
        "id: X, estimate: 1, after: E",
    )
    assert set(futures.finish_of(["X"]).tolist()) == {2.0, 4.0, 8.0}
    assert futures.branches["G"] == pytest.approx(0.25, abs=0.04)
    assert futures.branches["F"] == pytest.approx(0.5, abs=0.04)


def test_attempts_stop_in_the_middle_of_one_at_the_end_of_a_day() -> None:
    futures = simulate(
        dated(
            "id: E, attempts: {success: 0.5, max: 9, each: 3, stop_by: 2026-01-12, else: F}",
            "id: F, estimate: 1",
        ),
        FEW,
    )
    taken = futures.run.taken[1]
    assert set(futures.finish[~taken].tolist()) == {3.0, 6.0}
    assert (futures.finish[taken] == 7.0).all()
    assert futures.branches["E"] == pytest.approx(0.75, abs=0.04)


def test_an_experiment_that_starts_after_its_stop_is_not_tried() -> None:
    futures = _run(
        "success: 1, max: 3, each: 2, cost: 9, stop_by: 4, else: F",
        "id: F, estimate: 1",
        "id: A, estimate: 5",
    )
    assert futures.branches == {"E": 1.0, "F": 0.0}
    late = numbers(
        "id: E, after: A, attempts: {success: 1, max: 3, each: 2, cost: 9, stop_by: 4, else: F}",
        "id: F, estimate: 1",
        "id: A, estimate: 5",
    )
    futures = simulate(late, FEW)
    assert (futures.finish == 6.0).all()
    assert (futures.cost == 0.0).all()


def test_an_uncertain_chance_makes_attempts_depend_on_each_other() -> None:
    fixed = _run("success: 0.5, max: 4, each: 1")
    spread = _run("success: [0.02, 0.5, 0.98], max: 4, each: 1")
    assert spread.p_never > fixed.p_never + 0.02


def test_a_started_experiment_has_its_remaining_attempt_first() -> None:
    plan = dated(
        "id: E, started: 2026-01-05, remaining: 1, "
        "attempts: {success: 0.5, max: 2, each: 4, else: F}",
        "id: F, estimate: 10",
    )
    futures = simulate(plan, Settings(trials=500, as_of=plan.start))
    assert set(futures.finish.tolist()) == {1.0, 5.0, 15.0}


def test_a_fallback_that_has_started_is_taken() -> None:
    plan = dated(
        "id: E, attempts: {success: 1, max: 1, each: 1, else: F}, finished: 2026-01-06",
        "id: F, estimate: 10, started: 2026-01-07",
    )
    assert (simulate(plan, FEW).finish == 12.0).all()
