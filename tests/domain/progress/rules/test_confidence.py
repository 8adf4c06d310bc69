"""Time, money and quality together: counted trial by trial, never multiplied."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.domain.progress.rules.confidence import (
    Confidence,
    Futures,
    Prices,
    alike,
    confidence,
)

TARGET = date(2027, 5, 7)


def of(finish: list[float], cost: list[float], good: list[float], **prices: Decimal) -> Confidence:
    """Return the odds where 10 is the last week, 100 the budget, 0.9 the promise."""
    ends, paid, start = (np.array(one) for one in (finish, cost, good))
    futures = Futures(
        np.zeros(len(ends)),
        lambda weeks: ends <= 10.0 + weeks,
        paid,
        lambda days, extra: start + 0.001 * days + 0.0001 * extra,
    )
    return confidence(futures, (TARGET, 100.0, 0.9), 1000.0, Prices(**prices))


def test_what_goes_wrong_together_is_not_multiplied() -> None:
    found = of([9, 9, 12, 12], [90, 90, 120, 120], [0.95, 0.95, 0.8, 0.8])
    assert (found.p_time, found.p_money, found.p_quality) == (0.5, 0.5, 0.5)
    assert (found.p_all, found.product) == (0.5, 0.125)


def test_more_time_is_worked_and_paid_for_or_kept_in_reserve() -> None:
    found = of([9, 11], [95, 95], [0.89, 0.95], week=Decimal(2))
    now, two, four, *_ = found.weeks
    assert (now.p_all, now.p_reserve) == (0.0, 0.0)
    # Two weeks make the first future good enough at 4, and the second in time if they are kept.
    assert (two.p_quality, two.p_all, two.p_reserve) == (1.0, 0.5, 0.5)
    assert two.price == Decimal("4.00")
    assert four.p_all == 0.0
    assert str(two.until) == "2027-05-21"


def test_more_labels_cost_their_price() -> None:
    found = of([9, 9], [95, 60], [0.85, 0.85], effort=Decimal("0.02"))
    assert [line.more for line in found.effort] == [0, 100, 250, 500, 1000]
    assert [line.p_quality for line in found.effort] == [0, 0, 0, 1, 1]
    assert [line.p_all for line in found.effort] == [0, 0, 0, 0.5, 0.5]


numbers = st.lists(
    st.tuples(st.floats(0, 20), st.floats(0, 200), st.floats(0.5, 1)), min_size=1, max_size=20
)


@settings(max_examples=15)
@given(numbers)
def test_all_three_are_never_likelier_than_any_two(rows: list[tuple[float, float, float]]) -> None:
    finish, cost, good = (list(column) for column in zip(*rows, strict=True))
    found = of(finish, cost, good)
    assert found.p_time_money is not None
    assert found.p_all <= min(found.p_time_money, found.p_time_quality)
    assert found.p_time_money <= min(found.p_time or 0.0, found.p_money or 0.0)
    chances = [line.p_reserve or 0.0 for line in found.weeks]
    assert chances == sorted(chances)
    assert found.weeks[0].p_all == pytest.approx(found.p_all)
    for lines in (found.weeks, found.effort, found.money):
        chances = [line.p_quality for line in lines]
        assert chances == sorted(chances)
        # Nothing has a price here: then more never lowers the odds of all three.
        assert [line.p_all for line in lines] == sorted(line.p_all for line in lines)


def test_what_is_not_set_is_not_asked_and_holds() -> None:
    ends = np.array([9.0, 12.0])
    futures = Futures(
        np.zeros(2), lambda weeks: ends <= 10.0 + weeks, np.array([90.0, 120.0]), lambda *_: ends
    )
    found = confidence(futures, (TARGET, None, 10.0), None, Prices())
    assert (found.p_time, found.p_money, found.p_time_money) == (0.5, None, None)
    assert (found.p_quality, found.p_time_quality, found.p_all) == (0.5, 0.0, 0.0)
    assert found.product == 0.25
    assert all(line.until is None for line in _without_day(futures).weeks)


def _without_day(futures: Futures) -> Confidence:
    always = Futures(
        futures.days, lambda weeks: np.ones(2, dtype=np.bool_), futures.cost, futures.quality
    )
    return confidence(always, (None, 100.0, 10.0), None, Prices())


def test_the_lever_is_what_raises_the_odds_most_and_less_than_a_point_is_none() -> None:
    found = of([9, 11], [95, 95], [0.89, 0.95], week=Decimal(2))
    assert found.lever is not None
    kind, line = found.lever
    assert (kind, line.more, line.p_all) == ("weeks", 2, 0.5)
    assert of([9], [95], [0.95]).lever is None
    dear = of([9, 9], [95, 104], [0.95, 0.95])
    assert dear.lever is not None
    assert (dear.lever[0], dear.lever[1].price) == ("money", Decimal("5.00"))


def test_where_the_range_came_from_the_metric_long_work_is_a_late_metric() -> None:
    work, metric = np.array([5.0, 1.0, 9.0, 3.0]), np.array([40.0, 10.0, 30.0, np.inf])
    assert list(metric[alike(work, metric)]) == [40.0, 10.0, np.inf, 30.0]
