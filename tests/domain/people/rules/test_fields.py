"""What a resource and a person may hold, at and beyond each edge."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.people.rules import (
    DEAREST_RATE,
    PERSON_FIELDS,
    RESOURCE_FIELDS,
    from_micros,
    read_email,
    read_rate,
    resource_name,
    to_micros,
)
from headway.errors import Invalid


@pytest.mark.parametrize("value", [None, ""])
def test_no_rate_is_free(value: object) -> None:
    assert read_rate("rate", value) == 0


@pytest.mark.parametrize("value", ["0", "0.000001", 95, str(DEAREST_RATE)])
def test_a_rate_within_its_edges_is_read_exactly(value: object) -> None:
    assert read_rate("rate", value) == Decimal(str(value))


@pytest.mark.parametrize("value", ["-0.01", str(DEAREST_RATE + 1), "1e30"])
def test_a_rate_beyond_its_edges_is_named_with_its_value(value: str) -> None:
    with pytest.raises(Invalid, match=r"The rate .* must be from 0 to"):
        read_rate("rate", value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "much", [], True])
def test_what_is_no_rate_is_invalid_and_nothing_worse(value: object) -> None:
    with pytest.raises(Invalid):
        read_rate("rate", value)


@given(st.decimals(0, 10**6, places=9))
def test_rounding_to_a_millionth_is_half_up_and_off_by_half_at_most(rate: Decimal) -> None:
    assert abs(from_micros(to_micros(rate)) - rate) <= Decimal("0.0000005")


def test_half_a_millionth_goes_up() -> None:
    assert (to_micros(Decimal("0.0000005")), to_micros(Decimal("0.0000004"))) == (1, 0)


def test_nothing_reads_as_zero_and_not_as_a_power() -> None:
    assert str(from_micros(0)) == "0"
    assert from_micros(100_000_000) == 100


@pytest.mark.parametrize("value", ["", None, "   "])
def test_an_address_may_be_missing(value: object) -> None:
    assert read_email("email", value) == ""


def test_an_address_has_one_spelling() -> None:
    assert read_email("email", "  Mia@Example.COM ") == "mia@example.com"


@pytest.mark.parametrize(
    "value",
    ["mia", "mia@", "@example.com", "mia@example", "mia @example.com", "a@b@example.com",
     "mia@example.com\nBcc: all@example.com", "m" * 250 + "@example.com"],
)  # fmt: skip
def test_what_is_no_address_is_invalid(value: str) -> None:
    with pytest.raises(Invalid, match="is not an address"):
        read_email("email", value)


@pytest.mark.parametrize(
    ("field", "value"),
    [("capacity", 0), ("capacity", 1e6), ("capacity", 0.5), ("kind", "people"),
     ("kind", "compute")],
)  # fmt: skip
def test_a_resource_within_its_edges(field: str, value: object) -> None:
    assert RESOURCE_FIELDS[field](field, value) == value


@pytest.mark.parametrize(
    ("field", "value"),
    [("capacity", -0.1), ("capacity", 1e6 + 1), ("capacity", float("nan")), ("capacity", None),
     ("capacity", float("inf")), ("kind", "robots"), ("kind", "")],
)  # fmt: skip
def test_a_resource_beyond_its_edges(field: str, value: object) -> None:
    with pytest.raises(Invalid, match=field):
        RESOURCE_FIELDS[field](field, value)


def test_names_are_needed_and_end_somewhere() -> None:
    assert resource_name("name", "gpu-a100") == "gpu-a100"
    for spoilt in ("", "  ", "x" * 101):
        with pytest.raises(Invalid):
            resource_name("name", spoilt)
    with pytest.raises(Invalid):
        PERSON_FIELDS["name"]("name", "")
