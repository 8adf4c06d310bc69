"""Claims about what each chart finds: its title, its table, its note."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import Invalid
from headway.rendering.charts import (
    BestSoFar,
    CostForecast,
    FinishOdds,
    Forecasted,
    Frontier,
    ItemWeight,
    JointOdds,
    MilestoneRow,
    Removal,
    Removals,
    RunPoint,
    SegmentRow,
    Segments,
    Weights,
    best_so_far,
    cost_curve,
    days,
    joint_odds,
    milestones,
    odds_over_time,
    quadrant,
    s_curve,
    scales,
    segments,
    tornado,
)

MAY7 = date(2027, 5, 7)
START = datetime(2026, 10, 5, 12, tzinfo=UTC)


def curve(*shares: float) -> tuple[tuple[date, float], ...]:
    return tuple((MAY7 + timedelta(weeks=n - 2), share) for n, share in enumerate(shares))


def run(n: int, value: float | None, status: str = "finished") -> RunPoint:
    return RunPoint(START + timedelta(hours=n), value, status, f"r{n}")


def test_an_s_curve_says_the_chance_to_meet_the_target() -> None:
    odds = FinishOdds(curve(0.1, 0.3, 0.43, 0.8, 1.0), MAY7, date(2027, 5, 14), MAY7, target=MAY7)
    assert s_curve(odds).title == "43 % chance to finish by 7 May 2027; P80 is 14 May 2027."
    own = replace(odds, points=((MAY7, 0.42), (date(2027, 5, 14), 0.8)), p_on_time=0.4269)
    assert s_curve(own).title.startswith("43 %")
    assert s_curve(own).rows[0] == ("7 May 2027", "43 %")


def test_the_chance_of_never_has_no_p80_and_is_drawn() -> None:
    chart = s_curve(FinishOdds(curve(0.3, 0.5, 0.7), MAY7, None, MAY7, target=MAY7))
    assert "no P80" in chart.title
    assert "never: 30 %" in chart.svg
    assert "In 30 % of the simulated outcomes it never finishes." in chart.note


def test_a_certain_curve_never_reads_as_100_percent() -> None:
    chart = s_curve(FinishOdds(curve(0.5, 1.0), MAY7, MAY7, MAY7, target=date(2028, 1, 1)))
    assert chart.title.startswith("> 95 %")
    assert chart.rows[-1][1] == "> 95 %"


def test_a_curve_of_one_point_is_refused() -> None:
    with pytest.raises(Invalid, match="two points"):
        s_curve(FinishOdds(curve(0.5), None, None, MAY7))


@pytest.mark.parametrize(
    ("chances", "title"),
    [
        ((0.86, 0.43), "The chance to finish on time fell from 86 % to 43 % since 7 May 2027."),
        ((0.43, 0.86), "The chance to finish on time rose from 43 % to 86 % since 7 May 2027."),
        ((0.431, 0.432), "The chance to finish on time stays at 43 % since 7 May 2027."),
        ((0.43,), "The chance to finish on time is 43 %."),
    ],
)
def test_a_history_of_odds_says_how_they_moved(chances: tuple[float, ...], title: str) -> None:
    weekly = (Forecasted(MAY7 + timedelta(weeks=n), p, None) for n, p in enumerate(chances))
    assert odds_over_time(tuple(weekly)).title == title


def test_a_failed_run_is_never_the_best() -> None:
    history = BestSoFar((run(1, 0.90), run(2, 0.99, "failed"), run(3, 0.95)), "recall", 0.97)
    chart = best_so_far(history)
    assert [found.id for found, _ in history.improvements()] == ["r1", "r3"]
    assert "best recall of 3 runs is 0.950; it does not reach the target 0.970" in chart.title
    assert "1 run failed or killed" in chart.note


def test_less_is_better_when_the_metric_is_minimised() -> None:
    history = BestSoFar((run(1, 5.0), run(2, 1.4), run(3, 2.0)), "error", 1.5, "minimise")
    assert [value for _, value in history.improvements()] == [5.0, 1.4]
    assert "reaches the target" in best_so_far(history).title


def test_a_best_whose_interval_misses_the_target_says_so() -> None:
    history = BestSoFar((run(1, 0.953),), "recall", 0.95, interval=(0.87, 0.99))
    title = (
        "The best recall of 1 run is 0.953; it reaches the target 0.950, but its interval does not."
    )
    assert best_so_far(history).title == title


def test_runs_without_a_value_are_not_a_zero() -> None:
    chart = best_so_far(BestSoFar((run(1, None, "failed"),), "recall", 0.95))
    assert chart.title.startswith("None of 1 run has finished with a value")
    assert chart.rows[0][3:] == ("n/a", "n/a")


def test_ten_thousand_runs_are_thinned_but_no_improvement_is_lost() -> None:
    runs = tuple(run(n, 0.9 + 0.000_01 * (n // 97) - 0.001 * (n % 97 > 0)) for n in range(10_000))
    history = BestSoFar(runs, "recall", 0.97)
    chart = best_so_far(history)
    drawn = {row[1] for row in chart.rows}
    assert {found.id for found, _ in history.improvements()} <= drawn
    assert len(drawn) < 600
    assert f"{len(drawn):,} of 10,000 runs are drawn" in chart.note
    assert len(chart.svg) < 200_000


def test_a_milestone_without_p80_is_worse_than_any_late_one() -> None:
    late = MilestoneRow("Labels", MAY7, MAY7, MAY7 + timedelta(days=9))
    never = MilestoneRow("Approval", MAY7, MAY7, None)
    chart = milestones((late, never, MilestoneRow("Done", MAY7, None, None, done=MAY7)))
    assert chart.title == "2 of 3 milestones are late at P80; the worst is Approval (no date)."
    assert [row[-1] for row in chart.rows] == ["9 days late", "no date at P80", "done 7 May"]


def test_lateness_is_measured_against_the_deadline_before_the_plan() -> None:
    row = MilestoneRow(
        "Labels", MAY7, MAY7, MAY7 + timedelta(days=9), due=MAY7 + timedelta(days=10)
    )
    assert row.days_late == -1
    assert milestones((row,)).title == "Not late at P80."


def test_segments_come_weakest_first_and_those_without_a_value_last() -> None:
    rows = (SegmentRow("none", None), SegmentRow("b", 0.9), SegmentRow("a", 0.8, 0.7, 0.95, 20))
    chart = segments(Segments(rows, "recall", 0.85))
    assert [row[0] for row in chart.rows] == ["a", "b", "none"]
    assert [row[-1] for row in chart.rows] == [
        "broken",
        "kept, without an interval",
        "n/a (no value)",
    ]
    assert chart.title == "1 of 3 segments is below 0.850; the weakest is a at 0.800."


def test_a_segment_whose_interval_crosses_the_floor_is_not_shown() -> None:
    chart = segments(Segments((SegmentRow("a", 0.953, 0.87, 0.99),), "recall", 0.95))
    assert chart.rows[0][-1] == "not shown: the interval crosses it"
    assert "not shown" in chart.title


def test_a_minimised_metric_has_a_ceiling() -> None:
    rows = (SegmentRow("a", 1.0), SegmentRow("b", 3.0))
    chart = segments(Segments(rows, "error", 2.0, "minimise"))
    assert chart.title == "1 of 2 segments is above 2.000; the weakest is b at 3.000."
    assert "Ceiling 2.000" in chart.svg


def test_a_cost_curve_says_how_far_the_budget_is() -> None:
    spent = ((date(2026, 11, 1), Decimal(360_000)),)
    cost = CostForecast(spent, Decimal(1_200_000), "USD", MAY7, Decimal(10**6), Decimal(1_236_000))
    chart = cost_curve(cost)
    assert chart.title == "Cost at P80 is USD 1.24 M: USD 36.0 k over the budget of USD 1.20 M."
    assert chart.rows == (("1 Nov 2026", "USD 360,000.00"),)


def test_nothing_spent_is_no_curve() -> None:
    with pytest.raises(Invalid, match="No cost is recorded"):
        cost_curve(CostForecast((), Decimal(1), "USD", MAY7, None, None))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 5000), st.integers(120, 900))
def test_ticks_of_days_lie_on_the_axis_and_fit(first: date, length: int, width: int) -> None:
    axis = days.axis([first, first + timedelta(days=length)], width)
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks)
    assert len(axis.ticks) <= max(width // 58, 2) + 1
    assert axis.low < days.place(first) <= days.place(first + timedelta(days=length)) < axis.high


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=9))
def test_an_axis_of_values_holds_them_all_with_few_ticks(known: list[float]) -> None:
    axis = scales.values(known)
    assert axis.low < min(known) <= max(known) < axis.high
    assert 1 <= len(axis.ticks) <= 9


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.floats(0.01, 0.2))
def test_labels_stand_apart_and_keep_their_order(places: list[float], gap: float) -> None:
    moved = scales.apart(places, gap)
    ordered = sorted(moved)
    assert all(b - a >= gap - 1e-9 for a, b in zip(ordered, ordered[1:], strict=False))
    assert all(after >= before for before, after in zip(places, moved, strict=True))


POINTS = tuple((MAY7 + timedelta(days=n), Decimal(1000 + 10 * n)) for n in range(10))
FRONTIER = Frontier(
    80, ((MAY7, Decimal(90_000)), (MAY7 + timedelta(9), Decimal(80_000))), POINTS[5]
)


def test_time_and_money_say_the_chance_of_both_and_what_80_percent_takes() -> None:
    odds = JointOdds(POINTS, (FRONTIER,), "USD", MAY7, Decimal(1_200_000), 0.41)
    chart = joint_odds(odds)
    assert chart.title == (
        "41 % chance to keep both 7 May 2027 and USD 1.20 M; "
        "80 % for both takes 12 May 2027 and USD 1,050."
    )
    assert chart.rows[0] == ("80 %", "7 May 2027", "USD 90,000.00")
    without = joint_odds(JointOdds(POINTS, (FRONTIER,), "USD"))
    assert without.title == "80 % for both takes 12 May 2027 and USD 1,050."
    with pytest.raises(Invalid, match="no frontier"):
        joint_odds(JointOdds(POINTS, (), "USD"))


def test_a_quadrant_names_what_drives_the_finish() -> None:
    drives = ItemWeight("Label", 0.9, 0.8, 0.6, "driver")
    quiet = ItemWeight("Docs", 0.0, None, 0.0, "quiet")
    chart = quadrant(Weights((quiet, drives)))
    assert chart.title == "1 of 2 open items drives the finish: Label."
    assert chart.rows == (
        ("Label", "90 %", "0.80", "0.60", "drives the finish"),
        ("Docs", "< 5 %", "n/a", "0.00", "quiet"),
    )
    assert quadrant(Weights((quiet,))).title == "None of 1 open item alone drives the finish."
    with pytest.raises(Invalid, match="the plan is done"):
        quadrant(Weights(()))


def removal(name: str, p80: float | None, *, equal: bool = False) -> Removal:
    return Removal(name, "item", p80, p80, 0.1, equal, equal)


def test_a_tornado_says_what_the_largest_cause_costs_and_what_makes_no_difference() -> None:
    rows = (removal("Label", 8.5), removal("Docs", 0.1, equal=True))
    chart = tornado(Removals(rows))
    assert chart.title == (
        "Without Label P80 comes earlier by 8.5 days; 1 of 2 causes makes no difference."
    )
    assert chart.rows[1] == ("Docs", "item", "no difference", "no difference", "0.1 days")
    money = tornado(Removals((removal("Label", 36_000.0),), "USD"))
    assert money.title == "Without Label the cost at P80 falls by USD 36.0 k."
    assert "no single" in tornado(Removals(rows[1:])).title.lower()
    chance = tornado(Removals((removal("Luck", -2.0),)))
    assert chance.title == "Without Luck P80 comes later by 2.0 days."
    with pytest.raises(Invalid, match="No cause"):
        tornado(Removals((removal("A", None),)))
