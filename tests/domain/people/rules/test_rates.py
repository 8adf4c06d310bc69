from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.people.rules import from_micros, to_micros


@given(st.integers(0, 10**15))
def test_a_rate_survives_its_column_exactly(micros: int) -> None:
    assert to_micros(from_micros(micros)) == micros


def test_a_rate_reads_as_it_was_written() -> None:
    assert str(from_micros(95_000_000)) == "95"
    assert from_micros(2_100_000) == Decimal("2.1")
