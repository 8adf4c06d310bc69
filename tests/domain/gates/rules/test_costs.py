"""What was spent on the way to a gate that did not open: each amount by its days, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.finance.rules import ActualFacts
from headway.domain.gates.rules.costs import spent_between

CENT = Decimal("0.01")
FIRST = date(2026, 10, 1)


def row(amount: str, first: date = FIRST, last: date = date(2026, 10, 31)) -> ActualFacts:
    return ActualFacts(uuid4(), Decimal(amount), "USD", "people", first, last, 1)


def test_a_month_counts_by_its_days_inside() -> None:
    rows = [row("310")]
    assert spent_between(rows, date(2026, 10, 10), date(2026, 10, 20), CENT) == 100
    assert spent_between(rows, None, date(2026, 10, 31), CENT) == 310
    assert spent_between(rows, date(2026, 10, 31), date(2026, 11, 30), CENT) == 0


def test_nothing_known_is_no_amount() -> None:
    assert spent_between([], None, FIRST, CENT) is None


@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 400))
def test_two_turns_side_by_side_take_what_one_long_one_takes(a: int, b: int, length: int) -> None:
    rows = [row("977.31", FIRST, FIRST + timedelta(days=length))]
    early, late = sorted((FIRST + timedelta(days=a), FIRST + timedelta(days=b)))
    whole = spent_between(rows, None, late, CENT) or Decimal(0)
    parts = [spent_between(rows, None, early, CENT), spent_between(rows, early, late, CENT)]
    assert abs(sum(part or Decimal(0) for part in parts) - whole) <= CENT
