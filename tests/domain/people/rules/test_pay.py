"""Rates of roles, and totals that never tell what one person is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.ladder import (
    default_card,
    read_bands,
    read_on_cost,
    read_roles,
)
from headway.domain.people.rules.pay import (
    PayFacts,
    YearlyCost,
    own_hourly,
    pay_on,
    pay_totals,
    yearly_cost,
)
from headway.errors import Invalid

HERE = UUID(int=1)
CARD = default_card(HERE)


def someone(role: str = "data scientist", **fields: object) -> PersonFacts:
    return replace(PersonFacts(uuid4(), HERE, "p", "P", role, "", False, 1), **fields)


def paid(amount: str, since: str = "2026-01-01", basis: str = "year") -> PayFacts:
    day = date.fromisoformat(since)
    return PayFacts(uuid4(), HERE, "p", day, basis, Decimal(amount), "USD", 1)


def test_the_shipped_card_says_whose_numbers_it_holds_and_of_which_year() -> None:
    rate = CARD.rate_of("Data Scientist")
    assert (rate.amount, rate.source, rate.year) == (Decimal("97.50"), "US market", 2024)
    assert "135,000 USD a year) × 1.30 on-cost ÷ 1,800 hours" in rate.words
    assert CARD.rate_of("sponsor").amount == Decimal("155.28")
    assert CARD.rate_of("nobody knows this").amount == rate.amount
    assert CARD.rate_of("data scientist", "entry").amount == Decimal("68.61")


def test_own_pay_counts_from_its_day_on_and_an_hours_cost_as_it_is() -> None:
    pays = [paid("120000"), paid("150000", "2026-07-01")]
    assert pay_on(pays, date(2025, 12, 31)) is None
    assert pay_on(pays, date(2026, 6, 30)) == pays[0]
    assert pay_on(pays, date(2026, 7, 1)) == pays[1]
    assert own_hourly(pays[0], CARD).amount == Decimal("86.67")
    assert own_hourly(paid("80", basis="hour"), CARD).amount == Decimal("80")
    half = yearly_cost(someone(full_time_share=0.5), paid("100", basis="hour"), CARD)
    assert half.amount == Decimal(90_000)


def told(*costs: tuple[str, int, bool], open_to_all: bool = False) -> dict[str, Decimal | None]:
    rows = [YearlyCost(role, Decimal(amount), "USD", own) for role, amount, own in costs]
    found = pay_totals(rows, open_to_all=open_to_all)
    assert [one.is_all for one in found] == [False] * (len(found) - 1) + [True]
    return {one.role: one.amount for one in found}


def test_a_total_of_one_person_is_not_told_nor_what_gives_it_away() -> None:
    assert told(("a", 5, True)) == {"a": None, "": None}
    assert told(("a", 5, True), ("a", 6, True)) == {"a": Decimal(11), "": Decimal(11)}
    assert told(("a", 5, True), ("a", 6, False))["a"] is None, "the other's rate is public"
    by_role = told(("a", 5, True), ("b", 6, True), ("b", 7, True))
    assert by_role == {"a": None, "b": Decimal(13), "": None}, "all less b would be a"
    assert told(("a", 5, True), ("c", 9, True), ("b", 6, True), ("b", 7, True))[""] == Decimal(27)
    assert told(("a", 5, True), open_to_all=True) == {"a": Decimal(5), "": Decimal(5)}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=7))
def test_no_difference_of_totals_is_a_single_pay(people: list[tuple[str, bool]]) -> None:
    """Everybody's pay is another power of two: whatever totals leave out says whose it is."""
    costs = [YearlyCost(role, Decimal(2**n), "USD", own) for n, (role, own) in enumerate(people)]
    totals = pay_totals(costs, open_to_all=False)
    shown = {one.role: one.amount for one in totals if one.amount is not None}
    public = sum(one.amount for one in costs if not one.is_own)
    single = {one.amount for one in costs if one.is_own}
    whole = shown.pop("", None)
    rest = [] if whole is None else [whole - sum(shown.values())]
    for amount in [*shown.values(), *rest]:
        rates = sum(one.amount for one in costs if not one.is_own and int(amount) & int(one.amount))
        assert amount - rates not in single, (public, shown, whole)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("mid: 1/2", "is no band"),
        ("mid: 3/2/1", "ascend"),
        ("mid: 1/2/3\nmid: 1/2/3", "twice"),
        ("mid: nan/2/3", "not an amount"),
        ([], "write 1 to"),
        ([{"id": "x"}], "write its id"),
    ],
)
def test_a_wrong_band_is_refused_in_a_sentence(value: object, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_bands("bands", value)


def test_roles_and_on_cost_are_read_as_people_write_them() -> None:
    assert read_roles("roles", "ML engineer: senior\n") == {"ml engineer": "senior"}
    assert read_on_cost("on_cost", "1.305") == Decimal("1.31")
    for wrong in ("0.9", "6", "nan", "-1"):
        with pytest.raises(Invalid):
            read_on_cost("on_cost", wrong)
