"""Earned value drawn: what the title says, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from headway.errors import Invalid
from headway.rendering.charts import EarnedCurves, earned_curves

CURVES = EarnedCurves(
    planned=tuple((date(2026, month, 1), Decimal(100 * month)) for month in range(8, 13)),
    earned=((date(2026, 8, 1), Decimal(800)), (date(2026, 9, 1), Decimal(850))),
    spent=((date(2026, 8, 1), Decimal(700)), (date(2026, 9, 1), Decimal(900))),
    budget=Decimal(1200),
    currency="USD",
    finish=date(2027, 1, 10),
    p50=Decimal(1250),
    p80=Decimal(1400),
)


def test_the_title_says_how_far_from_the_plan_it_is() -> None:
    chart = earned_curves(CURVES)
    assert chart.title == "USD 850 is earned, USD 50.00 less than was planned."
    assert "P50 to P80" in chart.note
    assert chart.rows[1] == ("1 Sep 2026", "USD 900.00", "USD 850.00", "USD 900.00")
    assert chart.rows[-1][2:] == ("", "")
    even = replace(CURVES, earned=((date(2026, 8, 1), Decimal(800)),), p50=None, p80=None)
    assert earned_curves(even).title == "USD 800 is earned, as was planned."
    assert "P80" not in earned_curves(even).note


def test_a_curve_of_nothing_is_refused() -> None:
    with pytest.raises(Invalid, match="Nothing was planned over time"):
        earned_curves(replace(CURVES, planned=()))
