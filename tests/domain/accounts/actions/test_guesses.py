"""Every door that checks a secret stops guessing, for the address and for the account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT

from headway.domain.accounts.actions import (
    admit_guess,
    excuse_guess,
    forget_guesses,
    spend_guess,
)
from headway.domain.accounts.models import GuessBucket
from headway.domain.accounts.queries import may_guess
from headway.domain.accounts.rules.guesses import Door

HERE = "203.0.113.9"
#: As many as somebody tries in an hour; the rule itself is tested by properties.
GUESSES = 120


@pytest.mark.parametrize("door", Door)
def test_many_guesses_in_an_hour_at_one_account_are_cut_to_ten(db: None, door: Door) -> None:
    admitted = sum(
        admit_guess(
            door,
            AT + timedelta(seconds=3600 * n / GUESSES),
            address=f"198.51.100.{n % 250}",
            account="alice",
        )
        for n in range(GUESSES)
    )
    assert 5 <= admitted <= 10


def test_many_guesses_in_an_hour_from_one_address_are_cut_to_twenty(db: None) -> None:
    admitted = sum(
        admit_guess(
            Door.SIGN_IN,
            AT + timedelta(seconds=3600 * n / GUESSES),
            address=HERE,
            account=f"user {n}",
        )
        for n in range(GUESSES)
    )
    assert 10 <= admitted <= 20


def test_right_guesses_are_not_counted(db: None) -> None:
    for _ in range(50):
        assert admit_guess(Door.SIGN_IN, AT, address=HERE, account="alice")
        excuse_guess(Door.SIGN_IN, AT, address=HERE, account="alice")


def test_excuses_do_not_pile_up(db: None) -> None:
    for _ in range(50):
        excuse_guess(Door.SIGN_IN, AT, address=HERE)
    assert sum(admit_guess(Door.SIGN_IN, AT, address=HERE) for _ in range(50)) == 10


def test_asking_costs_nothing_and_tells_when_the_door_is_shut(db: None) -> None:
    for _ in range(100):
        assert may_guess(Door.TOKEN, AT, address=HERE)
    while admit_guess(Door.TOKEN, AT, address=HERE):
        pass
    assert not may_guess(Door.TOKEN, AT, address=HERE)
    assert may_guess(Door.TOKEN, AT, address="203.0.113.10")
    assert may_guess(Door.TOKEN, AT + timedelta(hours=1), address=HERE)


def test_full_buckets_are_forgotten_and_nothing_changes(db: None) -> None:
    assert spend_guess("old", 10, AT)
    assert spend_guess("new", 10, AT + timedelta(hours=2))
    assert forget_guesses(AT + timedelta(hours=3)) == 1
    assert list(GuessBucket.objects.values_list("key", flat=True)) == ["new"]
