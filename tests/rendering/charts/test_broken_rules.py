"""Claims about the picture of broken rules."""

from __future__ import annotations

import pytest

from headway.errors import Invalid
from headway.rendering.charts import BrokenRule, Frame, broken_rules


def test_the_rule_that_most_values_break_is_named_and_first() -> None:
    chart = broken_rules(
        [
            BrokenRule("age: range", 1, 1000),
            BrokenRule("id: nulls", 0, 1000),
            BrokenRule("country: in", 300, 1000, 0.1, warns=True),
        ]
    )
    assert chart.title == "2 rules broken; most by country: in: 30 % of 1,000 values."
    assert chart.rows == (
        ("country: in", "300", "1,000", "30 %", "10 %"),
        ("age: range", "1", "1,000", "0.1 %", "0 %"),
    )


def test_few_is_never_none_and_nearly_all_never_all() -> None:
    rows = broken_rules([BrokenRule("a", 1, 10**6), BrokenRule("b", 10**6 - 1, 10**6)]).rows
    assert [row[3] for row in rows] == ["> 99.9 %", "< 0.1 %"]


def test_what_is_not_drawn_is_counted() -> None:
    chart = broken_rules([BrokenRule(f"r{n}", n + 1, 100) for n in range(33)], Frame(width=360))
    assert len(chart.rows) == 30
    assert "3 more are not drawn" in chart.note


def test_without_a_broken_rule_there_is_no_picture() -> None:
    with pytest.raises(Invalid, match="nothing to draw"):
        broken_rules([BrokenRule("a", 0, 10)])
