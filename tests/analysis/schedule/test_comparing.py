"""Two plans on the same random numbers: a difference is told with its error, chance is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from headway.analysis.schedule.comparing import Differences, differences
from headway.analysis.schedule.demand import demand
from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Attempts,
    Estimate,
    Item,
    Link,
    Plan,
    Resource,
)
from headway.analysis.schedule.simulation import Settings, frame_of, simulate
from headway.analysis.schedule.timetable import timetable

LABEL = Item("label", "Label", estimate=Estimate(10, 20, 40), needs={"hands": 2})
TRAIN = Item(
    "train", "Train", estimate=Estimate(5, 8, 20), after=(Link("label"),), needs={"hands": 1}
)
PLAN = Plan(
    "Scores",
    (LABEL, TRAIN),
    start=date(2026, 11, 23),
    calendar=WEEKDAYS,
    target=date(2027, 1, 15),
    resources=(Resource("hands", 3), Resource("idle", 1)),
)
SETTINGS = Settings(trials=2_000)


def moved(plan: Plan, settings: Settings = SETTINGS) -> Differences:
    return differences(simulate(PLAN, settings), simulate(plan, settings), (1e6, 1e6))


def with_train(estimate: Estimate) -> Plan:
    return replace(PLAN, items=(LABEL, replace(TRAIN, estimate=estimate)))


def test_a_plan_differs_from_itself_in_nothing() -> None:
    found = moved(PLAN)
    for one in (found.finish_p50, found.finish_p80, found.p_on_time, found.p_joint):
        assert one is not None
        assert (one.value, one.is_equal) == (0, True)


def test_a_longer_item_moves_the_end_beyond_doubt() -> None:
    found = moved(with_train(Estimate(15, 18, 30)))
    assert found.finish_p80.value is not None
    assert found.finish_p80.error is not None
    assert 10 <= found.finish_p80.value <= 16  # ten working days, and the weekends among them
    assert found.finish_p80.is_equal is False
    assert found.p_on_time is not None
    assert (found.p_on_time.value or 0) < 0
    assert found.p_on_time.is_equal is False


def test_a_change_within_its_error_is_marked_equal() -> None:
    same = with_train(Estimate(5, 8.0001, 20))
    assert moved(same).finish_p80.is_equal is True


def test_few_trials_have_no_error_and_say_so() -> None:
    found = moved(with_train(Estimate(15, 18, 30)), Settings(trials=100))
    assert found.finish_p80.error is None
    assert found.finish_p80.is_equal is None


def test_never_has_no_difference() -> None:
    hopeless = Attempts(Estimate.certain(0.1), 1, Estimate.certain(5))
    plan = replace(PLAN, items=(LABEL, replace(TRAIN, estimate=None, attempts=hopeless)))
    found = moved(plan)
    assert found.finish_p80.value is None
    assert found.finish_p80.is_equal is None


def test_without_targets_there_are_no_odds_to_compare() -> None:
    plan = replace(PLAN, target=None)
    found = differences(simulate(PLAN, SETTINGS), simulate(plan, SETTINGS), (None, None))
    assert found.p_on_time is None
    assert found.p_joint is None


class TestDemand:
    def test_the_peak_is_what_runs_at_once_and_the_total_what_is_left(self) -> None:
        (hands,) = demand(frame_of(PLAN))
        assert (hands.name, hands.peak, hands.total, hands.capacity) == ("hands", 2, 48, 3)

    def test_side_by_side_they_add_up(self) -> None:
        plan = replace(PLAN, items=(LABEL, replace(TRAIN, after=())))
        assert demand(frame_of(plan))[0].peak == 3

    def test_what_is_done_takes_nobody_and_what_runs_from_today(self) -> None:
        done = replace(LABEL, started=date(2026, 11, 23), finished=date(2026, 11, 27))
        plan = replace(PLAN, items=(done, TRAIN))
        assert demand(frame_of(plan, date(2026, 11, 30)))[0].total == 8
        running = replace(LABEL, started=date(2026, 11, 23), remaining=Estimate.certain(5))
        plan = replace(PLAN, items=(running, TRAIN))
        assert demand(frame_of(plan, date(2026, 11, 30)))[0].total == pytest.approx(18)


class TestTimetable:
    def test_it_tells_days_and_money_of_the_most_likely_schedule(self) -> None:
        found = timetable(PLAN)
        label, train = found.rows["label"], found.rows["train"]
        assert (label.start, label.finish) == (date(2026, 11, 23), date(2026, 12, 18))
        assert (train.start, train.finish) == (date(2026, 12, 21), date(2026, 12, 30))
        assert found.finish == train.finish
        assert found.path == ("label", "train")

    def test_a_road_not_taken_costs_nothing(self) -> None:
        tried = Attempts(Estimate.certain(0.9), 2, Estimate.certain(5), cost=10, fallback="train")
        first = Item("label", kind="experiment", attempts=tried)  # type: ignore[arg-type]
        plan = replace(PLAN, items=(first, replace(TRAIN, after=(), cost=500)))  # type: ignore[arg-type]
        rows = timetable(plan).rows
        assert (rows["label"].cost, rows["train"].cost) == (10, 0)
