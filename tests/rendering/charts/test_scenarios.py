"""Plans over each other: which lands first is the finding, and the table holds every curve."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from headway.errors import Invalid
from headway.rendering.charts.scenarios import PlanOdds, plans_over_each_other

MAY7 = date(2027, 5, 7)


def a_plan(name: str, first: date, p80: date | None) -> PlanOdds:
    shares = (0.1, 0.3, 0.5, 0.8, 1.0)
    points = tuple((first + timedelta(weeks=n), share) for n, share in enumerate(shares))
    return PlanOdds(name, points, p80)


def test_the_first_to_land_is_named_with_its_day() -> None:
    plan = a_plan("The plan", MAY7, date(2027, 5, 28))
    faster = a_plan("Vendor B", MAY7 - timedelta(weeks=2), date(2027, 5, 14))
    chart = plans_over_each_other([plan, faster], MAY7)
    assert chart.title == "Vendor B lands first at P80, on 14 May 2027."
    assert chart.columns == ("By", "The plan", "Vendor B")
    assert "Vendor B" in chart.svg
    assert "Target" in chart.svg
    assert chart.rows[0] == ("23 Apr 2027", "< 5 %", "10 %")


def test_plans_that_land_together_are_told_so() -> None:
    plans = [a_plan(name, MAY7, date(2027, 5, 28)) for name in ("The plan", "Same")]
    assert plans_over_each_other(plans).title == "All land on 28 May 2027 at P80."


def test_never_has_no_first() -> None:
    title = plans_over_each_other([a_plan("The plan", MAY7, None)]).title
    assert title == "No plan has a P80: too many outcomes never finish."


def test_without_a_curve_there_is_nothing_to_draw() -> None:
    with pytest.raises(Invalid, match="work the scenarios out"):
        plans_over_each_other([PlanOdds("Empty", (), None)])
