"""The answers beside the percentiles: errors, PERT, importance, experiments, responses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.branching import attempt_forecasts
from headway.analysis.schedule.forecast import Forecast, Options, forecast
from headway.analysis.schedule.importance import Importance, Quadrant
from headway.analysis.schedule.ladder import PERCENTS, Ladder, convergence
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.simulation import Settings, simulate

PARALLEL = numbers("id: A, estimate: [4, 5, 9]", "id: B, estimate: [4, 5, 9]")
EXPERIMENT = numbers(
    "id: E, attempts: {success: 0.5, max: 3, each: 2, cost: 100, else: F}",
    "id: F, estimate: 10, cost: 1000",
    "id: M, kind: milestone, after: [E, F], deadline: 6",
    more="budget: {amount: 400, currency: EUR}",
)
ANSWERED = dated(
    "id: A, estimate: [4, 5, 9], cost: 100",
    "id: B, estimate: [4, 5, 9], after: A",
    more="target: 2026-01-23\nbudget: {amount: 500, currency: EUR}\nrisks: ["
    "{id: R, probability: 0.6, delays: [A], delay: 8, cost: 300,"
    " mitigated: {probability: 0.1, cost: 50}},"
    "{id: S, probability: 0.6, delays: [B], delay: 1, mitigated: {delay: 1, cost: 70}}]",
)


def _told(plan: Plan, trials: int = 4_000, **options: Any) -> Forecast:
    return forecast(plan, Options(Settings(trials=trials), **options))


def test_every_percentile_has_its_error_and_rises() -> None:
    ladder = _told(PARALLEL, drivers=0).ladder
    values = [ladder.values[percent] for percent in PERCENTS]
    assert values == sorted(values, key=lambda value: value or 0.0)
    assert all(error is not None and 0 < error < 0.2 for error in ladder.errors.values())


def test_an_error_shrinks_with_the_root_of_the_trials() -> None:
    few = _told(PARALLEL, 500, drivers=0).ladder.errors[80]
    many = _told(PARALLEL, 50_000, drivers=0).ladder.errors[80]
    assert few is not None
    assert many is not None
    assert 5 < few / many < 20


def test_too_few_trials_are_said_with_how_many_would_do() -> None:
    plan = numbers("id: A, estimate: [1, 10, 90]")
    told = _told(plan, 100, drivers=0)
    assert told.convergence.is_enough is False
    assert any("ask for" in note and "trials" in note for note in told.notes)
    needed = told.convergence.needed
    assert needed is not None
    assert _told(plan, needed, drivers=0).convergence.is_enough
    assert not any("ask for" in note for note in _told(PARALLEL, drivers=0).notes)


def test_convergence_without_a_percentile_says_nothing() -> None:
    never = Ladder.of(np.array([1.0] * 5 + [math.inf] * 5))
    assert convergence(never, 10, 1.0).is_enough is None


def test_two_equal_parallel_paths_are_later_than_pert_by_their_merging() -> None:
    told = _told(PARALLEL, 10_000, drivers=0)
    bias = told.merge_bias
    assert bias.paths is not None
    assert bias.paths > 0.3
    assert bias.events == 0.0
    assert "2 items take turns" in bias.sentence("days")
    assert told.p_deterministic < 0.2


def test_the_bias_splits_into_paths_and_events_and_adds_up() -> None:
    bias = _told(ANSWERED, drivers=0).merge_bias
    assert bias.total is not None
    assert bias.paths is not None
    assert bias.events is not None
    assert bias.events > 1.0
    assert bias.paths + bias.events == pytest.approx(bias.total)
    assert "which PERT leaves out" in bias.sentence("days")


def test_one_certain_path_has_no_bias() -> None:
    told = _told(numbers("id: A, estimate: 5", "id: B, estimate: 2, after: A"), 50)
    assert told.merge_bias.total == 0.0
    assert "one path decides" in told.merge_bias.sentence("days")
    assert told.p_deterministic == 1.0
    assert told.contingency == 0.0


def test_without_a_p50_the_comparison_says_so() -> None:
    told = _told(numbers("id: E, attempts: {success: 0.2, max: 1, each: 1}"))
    assert told.merge_bias.total is None
    assert "no P50" in told.merge_bias.sentence("days")
    assert any("(E)" in note for note in told.notes)


def test_contingency_is_p80_less_the_plan_itself() -> None:
    told = _told(ANSWERED, drivers=0)
    assert told.finish.p80 is not None
    assert told.contingency == told.finish.p80 - 10.0
    assert told.deterministic_cost == 100.0
    assert told.contingency_cost == 300.0


def test_ssi_of_one_item_alone_is_one() -> None:
    found = _told(numbers("id: A, estimate: [1, 3, 9]"))
    assert found.importance["A"].ssi == pytest.approx(1.0)
    assert found.importance["A"].quadrant is Quadrant.DRIVER


def test_ssi_joins_how_often_with_how_much() -> None:
    found = _told(
        numbers(
            "id: wide, estimate: [5, 10, 40]",
            "id: sure, estimate: 3, after: wide",
            "id: aside, estimate: [1, 2, 3]",
            "id: done, estimate: 3, started: 0, finished: 0",
        )
    ).importance
    assert "done" not in found
    assert found["wide"].ssi == pytest.approx(1.0, abs=0.01)
    assert (found["sure"].ssi, found["sure"].quadrant) == (0.0, Quadrant.STEADY)
    assert (found["aside"].ssi, found["aside"].quadrant) == (0.0, Quadrant.QUIET)
    assert Importance(0.2, 0.6, 0.1).quadrant is Quadrant.LATENT
    assert Importance(None, 0.6, None).quadrant is None


def test_the_tornado_tells_p50_beside_p80() -> None:
    plan = numbers(
        "id: A, estimate: [1, 2, 3]",
        "id: aside, estimate: [0, 0.5, 1]",
        more="risks: [{id: R, probability: 0.3, delays: [A], delay: 10, cost: 100}]",
    )
    found = {driver.id: driver for driver in _told(plan).drivers}
    at_p50, at_p80 = found["R"].at_p50.finish.value, found["R"].delta_p80
    assert at_p50 is not None
    assert at_p80 is not None
    assert at_p50 < 1.0 < 9.0 < at_p80
    assert found["R"].at_p50.cost.value == 0.0
    assert found["aside"].at_p50.finish.is_equal
    assert found["aside"].within_error


def test_each_number_of_attempts_has_its_share() -> None:
    (one,) = attempt_forecasts(simulate(EXPERIMENT, Settings(trials=20_000)))
    assert one.tries == pytest.approx({1: 0.5, 2: 0.25, 3: 0.25}, abs=0.02)
    assert one.mean_tries == pytest.approx(1.75, abs=0.03)
    assert one.succeeds.probability + one.fails.probability == pytest.approx(1.0)
    assert one.fails.probability == pytest.approx(0.125, abs=0.01)


def test_each_branch_has_its_cost_and_its_end() -> None:
    (one,) = attempt_forecasts(simulate(EXPERIMENT, Settings(trials=4_000)))
    assert one.fallback == "F"
    assert one.fails.cost == 1300.0
    assert (one.fails.p50, one.fails.p80) == (16.0, 16.0)
    assert one.succeeds.cost == pytest.approx(157, abs=4)
    assert one.succeeds.p50 == 2.0


def test_a_branch_that_does_not_come_has_no_cost() -> None:
    plan = numbers("id: E, attempts: {success: 1, max: 2, each: 2, cost: 5}")
    (one,) = attempt_forecasts(simulate(plan, Settings(trials=20)))
    assert (one.fails.probability, one.fails.cost, one.fails.p50) == (0.0, None, None)
    assert one.tries == {1: 1.0, 2: 0.0}


def test_an_experiment_behind_a_road_not_taken_is_not_begun() -> None:
    plan = numbers(
        "id: E, attempts: {success: 0.5, max: 1, each: 1, else: F}",
        "id: F, attempts: {success: 0.5, max: 1, each: 1}",
    )
    found = {one.id: one for one in attempt_forecasts(simulate(plan, Settings(trials=4_000)))}
    second = found["F"]
    assert second.not_begun == found["E"].succeeds.probability
    whole = second.not_begun + second.succeeds.probability + second.fails.probability
    assert whole == pytest.approx(1.0)
    assert second.fails.p50 is None


def test_an_experiment_out_of_time_says_so() -> None:
    plan = numbers("id: E, attempts: {success: 0, max: 9, each: 2, stop_by: 5}")
    (one,) = attempt_forecasts(simulate(plan, Settings(trials=20)))
    assert one.stopped == 1.0
    (patient,) = attempt_forecasts(simulate(EXPERIMENT, Settings(trials=20)))
    assert patient.stopped == 0.0


def test_a_milestones_joint_odds_are_of_its_deadline_and_the_budget() -> None:
    told = _told(EXPERIMENT)
    row = next(row for row in told.items if row.item.id == "M")
    assert row.p_by_deadline is not None
    assert row.p_joint is not None
    assert 0.8 < row.p_joint <= row.p_by_deadline
    (milestone,) = told.as_json()["milestones"]  # type: ignore[misc]
    assert milestone["finish"]["p50"] == row.finish.p50  # type: ignore[index]


def test_responses_are_the_same_futures_before_and_after() -> None:
    told = _told(ANSWERED)
    found = told.responses
    assert found is not None
    assert found.before.finish == told.ladder
    after = forecast(ANSWERED, Options(Settings(trials=4_000, mitigated=True)))
    assert found.after.finish == after.ladder
    assert after.responses == found
    assert found.after.p_on_time == after.p_on_time
    assert found.after.p_joint == after.p_joint


def test_a_response_is_weighed_in_days_and_in_money_net_of_its_price() -> None:
    found = _told(ANSWERED).responses
    assert found is not None
    buys, idle = found.each
    assert buys.at_p80.finish.value is not None
    assert buys.at_p80.finish.value > 3.0
    assert buys.at_p80.cost.value == pytest.approx(250.0)
    assert buys.at_p80.finish.is_equal is False
    assert idle.at_p80.finish.is_equal
    assert idle.at_p80.cost.value == pytest.approx(-70.0)


def test_without_a_response_there_is_nothing_to_compare() -> None:
    assert _told(PARALLEL).responses is None


def test_serial_triangular_means_are_the_sum_within_four_errors() -> None:
    corners = [(1, 2, 6), (3, 3, 9), (2, 8, 8)]
    rows = [
        f"id: T{n}, estimate: {list(c)}" + (f", after: T{n - 1}" if n else "")
        for n, c in enumerate(corners)
    ]
    told = _told(numbers(*rows, more="distribution: triangular"), 10_000, drivers=0)
    assert told.mean is not None
    assert told.sd is not None
    assert abs(told.mean - sum(map(sum, corners)) / 3) < 4 * told.sd / 100
