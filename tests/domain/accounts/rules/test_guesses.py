"""No hour sees more guesses than its limit, however they are spread."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT

from headway.domain.accounts.rules.guesses import (
    KEY_LENGTH,
    Door,
    bucket_size,
    guess_limits,
    guesses_in,
    network_of,
)


@given(
    gaps=st.lists(st.floats(0, 900), min_size=1, max_size=200),
    per_hour=st.sampled_from([2, 10, 20]),
)
def test_no_hour_sees_more_guesses_than_the_limit(gaps: list[float], per_hour: int) -> None:
    tokens, since, clock, admitted = bucket_size(per_hour), AT, 0.0, []
    for gap in gaps:
        clock += gap
        at = AT + timedelta(seconds=clock)
        tokens, since = guesses_in(tokens, since, at, per_hour), at
        if tokens >= 1:
            tokens -= 1
            admitted.append(clock)
    for first in admitted:
        assert sum(first <= moment < first + 3600 for moment in admitted) <= per_hour


def test_an_hour_of_rest_fills_the_bucket() -> None:
    assert guesses_in(0, AT, AT + timedelta(hours=1), 10) == bucket_size(10) == 5


def test_a_clock_that_runs_backwards_takes_nothing_away() -> None:
    assert guesses_in(3, AT, AT - timedelta(hours=5), 10) == 3


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("nonsense", "nonsense"),
    ],
)
def test_ipv6_guesses_are_counted_for_the_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_an_account_is_counted_whatever_its_case() -> None:
    one = guess_limits(Door.SIGN_IN, "203.0.113.9", "Alice@Example.com ")
    assert one == guess_limits(Door.SIGN_IN, "203.0.113.9", "alice@example.com")
    assert [per_hour for _, per_hour in one] == [20, 10]


def test_a_very_long_account_name_fits_its_bucket() -> None:
    assert all(len(key) <= KEY_LENGTH for key, _ in guess_limits(Door.RESET, "a" * 900, "b" * 900))
