"""Work that has started or ended, and the status date."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.sampling import quantiles
from headway.analysis.schedule.simulation import Settings, Simulation, simulate

SECOND_MONDAY = date(2026, 1, 12)


def _at(plan: Plan, day: date | None = SECOND_MONDAY) -> Simulation:
    return simulate(plan, Settings(trials=4_000, as_of=day))


def _notes(plan: Plan, day: date | None = SECOND_MONDAY) -> str:
    return " ".join(forecast(plan, Options(Settings(trials=50, as_of=day))).notes)


def test_work_that_has_not_started_is_not_before_the_status_date() -> None:
    futures = _at(dated("id: A, estimate: [1, 2, 3]"))
    assert futures.finish.min() >= 5.0 + 1.0
    assert (futures.run.starts[0] == 5.0).all()


def test_finished_work_ends_when_it_did() -> None:
    plan = dated(
        "id: A, estimate: [1, 2, 99], finished: 2026-01-07", "id: B, estimate: 1, after: A"
    )
    assert (_at(plan).finish_of(["A"]) == 3.0).all()
    assert (_at(plan, None).finish == 4.0).all()


def test_remaining_work_counts_from_the_status_date() -> None:
    plan = dated("id: A, estimate: 99, started: 2026-01-05, remaining: [2, 3, 6]")
    finish = _at(plan).finish
    assert finish.min() >= 5.0 + 2.0
    assert finish.max() <= 5.0 + 6.0


def test_without_a_status_date_remaining_counts_from_the_start_and_that_is_said() -> None:
    plan = dated("id: A, started: 2026-01-07, remaining: 4")
    assert (_at(plan, None).finish == 6.0).all()
    assert "No as-of date was given: A started" in _notes(plan, None)


def test_a_started_item_takes_longer_than_it_has_taken() -> None:
    plan = dated("id: A, estimate: [3, 6, 12], started: 2026-01-05")
    finish = _at(plan).finish
    estimate = plan.items[0].estimate
    assert estimate is not None
    grid = quantiles(estimate, plan.distribution, (np.arange(20_000) + 0.5) / 20_000)
    assert finish.min() >= 5.0
    assert finish.mean() == pytest.approx(grid[grid > 5.0].mean(), abs=0.1)


def test_an_item_beyond_its_pessimistic_estimate_is_named() -> None:
    plan = dated("id: A, estimate: [1, 2, 3], started: 2026-01-05")
    assert (_at(plan).finish == 5.0).all()
    assert "A took longer than the pessimistic estimate" in _notes(plan)


def test_an_actual_start_stands_against_the_logic_and_that_is_said() -> None:
    plan = dated("id: A, estimate: 20", "id: B, estimate: 3, after: A, started: 2026-01-06")
    assert (_at(plan, None).finish_of(["B"]) == 4.0).all()
    assert "B started before what they wait for" in _notes(plan)


def test_a_finish_after_the_status_date_is_said() -> None:
    assert "finished after the as-of date" in _notes(dated("id: A, finished: 2026-02-02"))


def test_a_start_after_the_status_date_is_said() -> None:
    plan = dated("id: A, estimate: 2, started: 2026-02-02")
    assert "A started after the as-of date 2026-01-12" in _notes(plan)


def test_work_may_have_started_before_the_plan() -> None:
    plan = dated("id: A, estimate: 9, started: 2025-12-31")
    assert (_at(plan, None).finish == 6.0).all()


def test_a_finished_plan_has_no_spread() -> None:
    plan = dated("id: A, estimate: [1, 2, 9], started: 2026-01-05, finished: 2026-01-09")
    answer = forecast(plan, Options(Settings(trials=50), target=date(2026, 1, 9)))
    assert answer.sd == 0.0
    assert answer.p_on_time == 1.0
    assert answer.drivers == ()
    assert answer.deterministic.path == ()


def test_progress_works_without_a_calendar() -> None:
    plan = numbers("id: A, started: 1, remaining: 3", "id: B, estimate: 2, after: A")
    assert (simulate(plan, Settings(trials=10, as_of=4.0)).finish == 9.0).all()


def test_a_running_items_labour_is_paid_from_its_start() -> None:
    plan = dated(
        "id: A, started: 2026-01-05, remaining: 3, needs: {people: 1}",
        more="resources: {people: {capacity: 1, rate: 1/hour}}",
    )
    assert _at(plan).cost == pytest.approx(8.0 * 8)


def test_a_share_that_is_done_is_taken_off_the_range() -> None:
    plan = dated("id: A, estimate: [4, 8, 12], started: 2026-01-05, done: 50 %")
    finish = _at(plan).finish
    assert finish.min() >= 5.0 + 2.0
    assert finish.max() <= 5.0 + 6.0


def test_what_remains_stands_above_the_share_that_is_done() -> None:
    plan = dated("id: A, estimate: 9, started: 2026-01-05, done: 50 %, remaining: 1")
    assert (_at(plan).finish == 6.0).all()
