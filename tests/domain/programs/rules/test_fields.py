from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.programs.rules.fields import (
    clean,
    day,
    decimal,
    decimals_of,
    flag,
    from_minor,
    number,
    text,
    to_minor,
    whole,
)
from headway.domain.programs.rules.inputs import slug_from
from headway.errors import Invalid


@given(st.integers(-(10**12), 10**12), st.sampled_from(["USD", "JPY", "KWD"]))
def test_money_survives_minor_units_exactly(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


def test_minor_units_follow_the_currency() -> None:
    assert (decimals_of("USD"), decimals_of("JPY"), decimals_of("KWD")) == (2, 0, 3)
    assert to_minor(Decimal("12.345"), "USD") == 1235
    assert to_minor(Decimal("12.345"), "KWD") == 12345
    with pytest.raises(Invalid, match="larger than any budget"):
        to_minor(Decimal("1e30"), "USD")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "ten", "", None, True, []])
def test_an_amount_is_a_finite_decimal(value: object) -> None:
    with pytest.raises(Invalid, match="amount"):
        decimal("amount", value)


def test_an_amount_keeps_its_digits() -> None:
    assert decimal("amount", "1,250,000.10") == Decimal("1250000.10")
    assert decimal("amount", 0.1) == Decimal("0.1")


@given(st.text(max_size=80))
def test_any_name_makes_an_address_or_is_refused(name: str) -> None:
    try:
        made = slug_from(name)
    except Invalid:
        assert not any(sign.isascii() and sign.isalnum() for sign in name.lower())
    else:
        assert 0 < len(made) <= 60
        assert slug_from("x", made) == made


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates()))
def test_whatever_is_typed_is_read_or_refused_in_words(value: object) -> None:
    readers = {"a": number(0, 9), "b": whole(0, 9), "c": flag, "d": text(20)}
    for field in readers:
        said = ""
        try:
            clean({field: value}, readers)
        except Invalid as error:
            said = str(error)
        assert not said or f"The {field} " in said


def test_bounds_are_said_as_they_are() -> None:
    for reader, value, said in (
        (number(0, 1), 2, "from 0 to 1"),
        (number(0), -1, "at least 0"),
        (number(high=1), 2, "at most 1"),
    ):
        with pytest.raises(Invalid, match=said):
            reader("share", value)


def test_a_day_and_nothing_are_days() -> None:
    assert day("due", "2027-05-07") == day("due", date(2027, 5, 7)) == date(2027, 5, 7)
    assert day("due", "") is None
