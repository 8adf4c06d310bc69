"""The bridge in words: which change counts under which cause, and sums that are exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from headway.analysis.schedule.bridge import Bridge, Cause, Measure, Span
from headway.domain.plans.rules import BridgeLine, ForecastNews, Move, told_bridge
from headway.domain.plans.rules.bridge import ROUNDING, TITLES, cause_of

THEN = Measure(Decimal("739740.40"), date(2026, 5, 4), Decimal("100.00"), 0.86)
NOW = Measure(Decimal("739757.75"), date(2026, 5, 21), Decimal("136.00"), 0.43)


def moved(thing: str, field: str, name: str = "Labels") -> Move:
    return Move(thing, name, field, "1", "2")


def told(*moves: Move) -> list[BridgeLine]:
    spans = (
        Span((Cause.SCOPE_ADDED,), Decimal("8.10"), Decimal("30.00"), -0.2),
        Span((Cause.PROGRESS, Cause.ORDER), Decimal("9.25"), Decimal("6.00"), -0.23),
    )
    return list(told_bridge(Bridge(THEN, NOW, spans), moves, "USD").lines)


@pytest.mark.parametrize(
    ("thing", "field", "cause"),
    [
        ("meter/labels", "added", Cause.SCOPE_ADDED),
        ("meter/labels", "removed", Cause.SCOPE_DROPPED),
        ("meter/labels", "estimate", Cause.ESTIMATES),
        ("meter/labels", "remaining", Cause.PROGRESS),
        ("meter/labels", "attempts", Cause.ATTEMPTS),
        ("meter/labels", "waits for", Cause.ORDER),
        ("meter/labels", "cost", Cause.PRICES),
        ("meter/labels", "owner", Cause.TARGET),
        ("risk outage", "added", Cause.RISKS),
        ("resource ml", "rate", Cause.PRICES),
        ("resource ml", "capacity", Cause.RESOURCES),
        ("program", "target", Cause.TARGET),
    ],
)
def test_each_change_of_a_plan_has_a_cause(thing: str, field: str, cause: Cause) -> None:
    assert cause_of(moved(thing, field)) is cause


def test_every_cause_has_words() -> None:
    assert {*Cause, ROUNDING} == set(TITLES)


def test_the_lines_add_up_to_the_two_dates_and_to_the_cent() -> None:
    lines = told()
    assert sum(line.days_p80 or 0 for line in lines) == 17
    assert sum(line.money_p80 or 0 for line in lines) == Decimal("36.00")
    assert lines[-1].cause == ROUNDING
    assert lines[-1].days_p80 == Decimal("-0.35")


def test_the_news_add_the_bridge_up_and_know_no_sum_with_never() -> None:
    news = ForecastNews(bridge=told())
    assert (news.days_p80, news.money_p80) == (17, Decimal("36.00"))
    never = BridgeLine("risks", "Risks", None, None, None, "x")
    lost = ForecastNews(bridge=[*told(), never])
    assert (lost.days_p80, lost.money_p80) == (None, None)


def test_a_line_names_three_changes_and_counts_the_rest() -> None:
    sentence = told(*(moved("m/x", "added", f"Item {n}") for n in range(5)))[0].sentence
    assert sentence.count("was added") == 3
    assert sentence.endswith("And 2 more.")


def test_causes_that_count_together_say_so() -> None:
    line = told()[1]
    assert (line.cause, line.title) == ("progress+order", "Progress and order of work")


def test_time_that_only_passed_is_said() -> None:
    span = Span((Cause.PROGRESS,), Decimal("17.35"), Decimal("36.00"), -0.43)
    line = told_bridge(Bridge(THEN, NOW, (span,)), [], "USD").lines[0]
    assert "Time passed" in line.sentence


def test_a_line_is_stored_and_read_again() -> None:
    assert [BridgeLine.read(line.stored()) for line in told()] == told()
    never = BridgeLine("risks", "Risks", None, None, None, "x")
    assert BridgeLine.read(never.stored()) == never


def test_what_neither_changed_nor_moved_is_not_told() -> None:
    quiet = Span((Cause.PROGRESS,), Decimal("0.00"), Decimal("0.00"), 0.0)
    bridge = Bridge(THEN, NOW, (quiet,))
    assert "progress" not in [line.cause for line in told_bridge(bridge, (), "USD").lines]
    changed = told_bridge(bridge, [moved("meter/labels", "remaining")], "USD").lines
    assert "progress" in [line.cause for line in changed]
    lost = Span((Cause.PROGRESS,), None, None, None)
    assert told_bridge(Bridge(THEN, NOW, (lost,)), (), "USD").lines[0].cause == "progress"
