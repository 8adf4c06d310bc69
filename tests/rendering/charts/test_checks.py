"""Claims about the charts of checks: drift, two distributions, an experiment's effects."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import (
    Bin,
    DriftCell,
    EffectLooks,
    Frame,
    Look,
    MetricEffect,
    TwoDistributions,
    ValueAt,
    ValueHistory,
    drift_history,
    effect_over_looks,
    metric_effects,
    two_distributions,
    value_history,
)
from headway.rendering.charts.drift_history import MOST_COLUMNS, MOST_MOMENTS

FIRST = datetime(2026, 9, 1, tzinfo=UTC)


def cell(column: str, step: int, effect: float | None) -> DriftCell:
    standing = "missing" if effect is None else "drifted" if effect > 0.1 else "steady"
    return DriftCell(column, FIRST + timedelta(days=step), standing, effect, 0.1, "JS")


class TestDriftHistory:
    def test_what_drifts_now_is_first_and_its_beginning_is_told(self) -> None:
        chart = drift_history(
            [
                *(cell("calm", step, 0.01) for step in range(4)),
                *(cell("moved", step, 0.2 if step in (0, 2, 3) else 0.0) for step in range(4)),
            ]
        )
        assert chart.title == "moved drifts; moved since 3 Sep 2026."
        assert [row[0] for row in chart.rows] == ["moved", "calm"]
        assert chart.rows[0][1:] == ("4 Sep 2026", "0.200", "0.100", "JS", "drifted")

    def test_a_column_that_came_back_does_not_drift_now(self) -> None:
        chart = drift_history([cell("a", 0, 0.5), cell("a", 1, 0.0), cell("b", 1, 0.09)])
        assert chart.title == "None of 2 columns drifts now; 2 checks shown."

    def test_no_evidence_is_neither_steady_nor_drifted(self) -> None:
        chart = drift_history([cell("a", 0, None)])
        assert chart.rows[0][2:] == ("n/a", "0.100", "JS", "no evidence")
        assert "hw-fill-surface" in chart.svg

    def test_the_worst_columns_and_the_latest_checks_are_kept_and_the_rest_is_counted(self) -> None:
        many = [
            cell(f"c{number:03d}", step, number / 1000)
            for number in range(MOST_COLUMNS + 5)
            for step in range(MOST_MOMENTS + 3)
        ]
        chart = drift_history(many)
        assert chart.rows[0][0] == f"c{MOST_COLUMNS + 4:03d}"
        assert f"The {MOST_COLUMNS} worst of {MOST_COLUMNS + 5} columns." in chart.note
        assert f"The latest {MOST_MOMENTS} checks; 3 before them." in chart.note

    def test_without_a_check_there_is_no_picture(self) -> None:
        with pytest.raises(Invalid, match="No check"):
            drift_history([])


class TestTwoDistributions:
    def test_numbers_are_drawn_as_density_so_that_wide_parts_do_not_look_full(self) -> None:
        told = TwoDistributions("x", (Bin(0.5, 0.5, 0, 1), Bin(0.5, 0.5, 1, 11)), "Same.")
        chart = two_distributions(told)
        assert chart.title == "Same."
        assert chart.rows[1] == ("1.000 to 11.000", "50.0 %", "50.0 %", "0.0 points")

    def test_categories_are_sorted_and_the_small_ones_counted(self) -> None:
        parts = tuple(Bin(0.01, 0.02, name=f"k{number}") for number in range(20))
        told = TwoDistributions("k", (*parts, Bin(0.8, 0.6, name="main")), "Moved.", 10, 10)
        chart = two_distributions(told, Frame(width=360))
        assert chart.note.startswith("Grey: reference, 10 rows. Coloured: current, 10 rows.")
        assert "7 others" in chart.svg.replace("\xa0", " ")
        assert chart.rows[-1] == ("main", "80.0 %", "60.0 %", "−20.0 points")

    def test_a_constant_column_still_has_a_picture(self) -> None:
        told = TwoDistributions("x", (Bin(1, 1, 0, 0),), "Constant.")
        assert "<svg" in two_distributions(told).svg

    def test_no_rows_on_either_side_is_no_picture(self) -> None:
        with pytest.raises(Invalid, match="no values on either side"):
            two_distributions(TwoDistributions("x", (Bin(0, 0, 0, 1),), "Empty."))


def look(step: int, effect: float | None, half: float = 0.01) -> Look:
    ends = (None, None) if effect is None else (effect - half, effect + half)
    return Look(FIRST + timedelta(days=step), 1000 * (step + 1), effect, *ends)


class TestEffectOverLooks:
    def test_an_interval_over_nothing_rules_nothing_out(self) -> None:
        chart = effect_over_looks(EffectLooks("clicks", (look(0, 0.005),)))
        assert chart.title.endswith("after 1 look and 1,000 units; no effect is not ruled out.")

    @pytest.mark.parametrize(
        ("effect", "direction", "said"),
        [(0.05, "maximise", "better"), (0.05, "minimise", "worse"), (-0.05, "maximise", "worse")],
    )
    def test_better_depends_on_what_is_wanted(self, effect: float, direction, said) -> None:  # type: ignore[no-untyped-def]
        looks = (look(0, 0.0), look(1, effect))
        chart = effect_over_looks(EffectLooks("clicks", looks, direction, margin=0.02))
        assert f"clicks is {said}: " in chart.title
        assert "First on 2 Sep 2026." in chart.note

    def test_a_look_without_an_effect_is_said_and_not_drawn_as_zero(self) -> None:
        chart = effect_over_looks(EffectLooks("clicks", (look(0, 0.01), look(1, None))))
        assert "no effect can be stated" in chart.title
        assert chart.rows[-1][2:] == ("n/a", "n/a", "n/a")

    def test_no_look_at_all_is_no_picture(self) -> None:
        with pytest.raises(Invalid, match="No look"):
            effect_over_looks(EffectLooks("clicks", ()))


class TestMetricEffects:
    def test_harm_is_named_whichever_way_is_better(self) -> None:
        rows = (
            MetricEffect("orders", 0.02, 0.01, 0.03, "better"),
            MetricEffect("latency", 0.03, 0.01, 0.05, "worse", "guardrail", 0.02, "minimise"),
            MetricEffect("refunds", None, None, None, "too little data", "guardrail"),
        )
        chart = metric_effects(rows, Frame(width=360))
        assert chart.title == "orders: 2.0 %, better; worse: latency."
        assert chart.rows[2] == ("refunds", "guardrail", "n/a", "n/a", "n/a", "too little data")

    def test_nothing_known_is_no_picture(self) -> None:
        with pytest.raises(Invalid, match="No metric"):
            metric_effects((MetricEffect("orders", None, None, None, "too little data"),))


class TestValueHistory:
    def points(self, *values: float | None) -> tuple[ValueAt, ...]:
        return tuple(
            ValueAt(FIRST + timedelta(days=step), value, "met") for step, value in enumerate(values)
        )

    def test_the_last_value_is_held_against_its_bounds(self) -> None:
        chart = value_history(ValueHistory("recall", self.points(0.9, 0.8), at_least=0.85))
        assert chart.title == "recall is 0.800, below 0.850; it was inside in 1 of 2 runs."
        assert chart.rows[-1] == ("2 Sep 2026", "0.800", "below 0.850")
        inside = value_history(ValueHistory("lag", self.points(3, 2), at_least=1, at_most=5))
        assert inside.title == "lag is 2.000, from 1.000 to 5.000; it was inside in 2 of 2 runs."

    def test_a_run_without_a_value_is_told_and_not_counted(self) -> None:
        chart = value_history(ValueHistory("lag", self.points(2, None), at_most=1))
        assert chart.title == "lag has no value in its last run; it was inside in 0 of 1 run."
        assert chart.rows[-1] == ("2 Sep 2026", "n/a", "no evidence")

    def test_without_bounds_and_without_values(self) -> None:
        assert value_history(ValueHistory("n", self.points(7))).title == "n is 7.000; no bound."
        with pytest.raises(Invalid, match="no run has a value"):
            value_history(ValueHistory("n", self.points(None)))


def test_points_carry_their_sign() -> None:
    assert phrases.points(0.031) == "+3.1 points"
    assert phrases.points(-0.2) == "−20.0 points"
    assert phrases.points(0.0001) == "0.0 points"
    assert phrases.points(None) == "n/a"
