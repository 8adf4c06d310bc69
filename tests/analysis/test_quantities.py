from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.quantities import Money, Percentiles, cents, inverted_cdf


def test_a_percentile_is_a_value_that_occurred() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    assert inverted_cdf(values, 80) == 4.0
    assert inverted_cdf(values, 81) == 100.0
    assert inverted_cdf(values, 0) == 1.0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.integers(1, 100))
def test_at_least_the_share_lies_at_or_under_a_percentile(
    values: list[float], percent: int
) -> None:
    ordered = np.sort(np.array(values))
    found = inverted_cdf(ordered, percent)
    assert (ordered <= found).sum() * 100 >= percent * len(values)
    assert (ordered < found).sum() * 100 < percent * len(values)


def test_a_percentile_in_never_has_no_value() -> None:
    found = Percentiles.of(np.array([1.0, 2.0, 3.0, np.inf]))
    assert found.p50 == 2.0
    assert found.p80 is None


@pytest.mark.parametrize(("amount", "text"), [(1.005, "1.00"), (2.675, "2.68"), (-0.5, "-0.50")])
def test_money_is_written_to_the_cent(amount: float, text: str) -> None:
    assert cents(amount) == text


def test_money_says_its_currency() -> None:
    assert str(Money(Decimal("12.5"), "USD")) == "12.50 USD"
