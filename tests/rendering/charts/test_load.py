"""Claims about the chart of a resource's load."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from headway.errors import Invalid
from headway.rendering.charts import LoadOf, LoadWeek, resource_load

MONDAY = date(2026, 11, 23)


def weeks(*rows: tuple[float, float, float]) -> tuple[LoadWeek, ...]:
    return tuple(LoadWeek(MONDAY + timedelta(weeks=n), *row) for n, row in enumerate(rows))


def test_the_title_says_what_levelling_did() -> None:
    chart = resource_load(LoadOf("engineer", weeks((1, 2, 1), (1, 0, 1)), 1, 0))
    assert chart.title == "engineer is asked for too much in 1 week; levelled in none."
    still = resource_load(LoadOf("engineer", weeks((1, 2, 2), (1, 2, 1)), 2, 1))
    assert still.title.endswith("levelled still in 1 week.")
    calm = resource_load(LoadOf("engineer", weeks((1, 1, 1)), 0, 0))
    assert calm.title == "engineer is never asked for more than there is."


def test_the_table_behind_holds_every_week() -> None:
    chart = resource_load(LoadOf("gpu", weeks((2, 3.5, 2), (4, 0, 1.5)), 1, 0))
    assert chart.columns == ("Week of", "Capacity", "As planned", "Levelled")
    assert chart.rows == (("23 Nov 2026", "2", "3.5", "2"), ("30 Nov 2026", "4", "0", "1.5"))


def test_a_capacity_that_steps_is_drawn_as_two_lines() -> None:
    steps = resource_load(LoadOf("gpu", weeks((2, 0, 0), (4, 0, 0)), 0, 0))
    flat = resource_load(LoadOf("gpu", weeks((2, 0, 0), (2, 0, 0)), 0, 0))
    assert steps.svg.count("hw-target") == flat.svg.count("hw-target") + 1


def test_a_year_of_a_hostile_name_is_drawn() -> None:
    chart = resource_load(LoadOf("<b>&", weeks(*[(1, n % 3, 1) for n in range(60)]), 20, 0))
    assert "<b>" not in chart.svg


def test_nothing_asked_for_is_no_chart() -> None:
    with pytest.raises(Invalid, match="no load to draw"):
        resource_load(LoadOf("gpu", (), 0, 0))
