"""Laws of spreading, sharing, moving and converting money: nothing appears, nothing is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.finance.rules import ExchangeRateFacts, Rates, fiscal_period, read_shares
from headway.domain.finance.rules.actuals import ActualFacts
from headway.domain.finance.rules.phasing import (
    SHAPES,
    explicit,
    phased,
    phasing_text,
    read_phasing,
    rephased,
    split_amount,
)
from headway.errors import Invalid

MONEY = st.decimals(0, 10**10, places=2)
MONTHS = st.dates(date(2020, 1, 1), date(2035, 12, 31)).map(lambda day: day.replace(day=1))


@given(MONEY | st.integers(0, 10**9).map(Decimal), st.sampled_from(SHAPES), MONTHS, MONTHS)
def test_a_phasing_adds_up_to_the_cent(amount: Decimal, shape: str, one: date, two: date) -> None:
    first, last = sorted((one, two))
    held = read_phasing("phasing", f"{shape} {first:%Y-%m} to {last:%Y-%m}")
    months = phased(amount, held)
    assert sum(months.values()) == amount
    assert list(months) == sorted(months)
    assert len(months) == (last.year - first.year) * 12 + last.month - first.month + 1
    assert read_phasing("phasing", phasing_text(held)) == held


@given(st.decimals(-(10**9), 10**9, places=3), st.lists(st.integers(0, 10**6), min_size=1))
def test_parts_add_up_and_none_is_off_by_a_unit(amount: Decimal, weights: list[int]) -> None:
    parts = split_amount(amount, weights)
    assert sum(parts) == amount
    whole = sum(weights) or len(weights)
    for part, weight in zip(parts, weights if sum(weights) else [1] * len(weights), strict=True):
        assert abs(part - amount * weight / whole) < Decimal("0.001")


def test_what_does_not_divide_goes_to_the_earlier_months_first() -> None:
    months = phased(Decimal("100.00"), read_phasing("phasing", "even 2026-11 2027-01"))
    assert list(months.values()) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    back = phased(Decimal("60.00"), read_phasing("phasing", "back 2026-11 2027-01"))
    assert list(back.values()) == [10, 20, 30]


@given(
    st.dictionaries(MONTHS, MONEY, min_size=1, max_size=30),
    st.decimals(-(10**10), 10**10, places=2),
    MONTHS,
)
def test_a_change_is_phased_whole_and_the_past_keeps_what_it_can(
    months: dict[date, Decimal], change: Decimal, now: date
) -> None:
    change = max(change, -sum(months.values()))
    after = rephased(months, change, now)
    assert sum(after.values()) == sum(months.values()) + change
    assert min(after.values()) >= 0
    ahead = sum(amount for month, amount in months.items() if month >= now)
    if change >= -ahead:
        assert all(after[month] == months[month] for month in months if month < now)


@given(MONEY, st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_written_months_stay_as_they_are_until_the_amount_changes(
    more: Decimal, cents: list[int]
) -> None:
    written = {date(2026, 1 + n, 1): Decimal(cent).scaleb(-2) for n, cent in enumerate(cents)}
    held = read_phasing("phasing", explicit(written))
    whole = sum(written.values())
    assert phased(whole, held) == written
    assert sum(phased(whole + more, held).values()) == whole + more


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("round 2026-01 2026-02", "cannot be read"),
        ("even 2026-02 2026-01", "cannot come before"),
        ("even 1926-02 2026-01", "at most 240"),
        ("even 2026-13 2026-14", "not a month"),
        ("2026-01: 5, 2026-01: 6", "twice"),
        ("2026-01: 5, 2026-01-01: 6", "twice"),
        ("2026-01: NaN", "not an amount"),
        ("2026-01: -4", "0 or more"),
        (["2026-01"], "cannot be read"),
    ],
)
def test_a_phasing_that_cannot_be_read_says_why(words: object, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_phasing("phasing", words)


def test_thousands_may_be_grouped() -> None:
    held = read_phasing("phasing", "2026-01: 1,200.50, 2026-02: 3")
    assert held == {"months": {"2026-01": "1200.50", "2026-02": "3"}}


@pytest.mark.parametrize(
    ("words", "said"),
    [("a 60 %, b 30 %", "90 %"), ("a 0 %, b 100 %", "lies above 0"), ("a 50 %, a 50 %", "once")],
)
def test_shares_that_are_not_a_whole_are_refused(words: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_shares("shares", words)


def test_shares_are_read_in_percent() -> None:
    assert read_shares("shares", "a 62.5 %, b 37.5%") == {
        "a": Decimal("0.625"),
        "b": Decimal("0.375"),
    }


@pytest.mark.parametrize(
    ("month", "starts", "said"),
    [
        (date(2026, 11, 1), 1, "FY26-P11"),
        (date(2026, 9, 1), 7, "FY27-P03"),
        (date(2027, 6, 1), 7, "FY27-P12"),
        (date(2027, 7, 1), 7, "FY28-P01"),
        (date(2026, 12, 1), 12, "FY27-P01"),
    ],
)
def test_a_fiscal_year_is_named_for_where_it_ends(month: date, starts: int, said: str) -> None:
    assert fiscal_period(month, starts) == said


def _rate(base: str, quote: str, day: date, rate: str) -> ExchangeRateFacts:
    return ExchangeRateFacts(uuid4(), uuid4(), base, quote, day, Decimal(rate), "ECB", 1)


@given(
    st.lists(st.tuples(st.sampled_from(["EUR", "GBP", "JPY"]), MONTHS), max_size=8), MONTHS, MONEY
)
def test_a_rate_is_the_newest_of_its_pair_and_never_another(
    held: list[tuple[str, date]], day: date, amount: Decimal
) -> None:
    rates = Rates(_rate(base, "USD", month, f"1.{n + 1}") for n, (base, month) in enumerate(held))
    worth = rates.convert(amount, "EUR", "USD", day)
    days = [month for base, month in held if base == "EUR" and month <= day]
    assert (worth is None) == (not days)
    assert rates.convert(amount, "USD", "EUR", day) is None
    if worth is not None:
        assert worth.rate_day == max(days)
        assert abs(worth.amount - amount * worth.rate) <= Decimal("0.005")
        assert (worth.original, worth.original_currency) == (amount, "EUR")


@given(MONEY, st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 400))
def test_a_cost_of_several_months_is_parted_whole(amount: Decimal, first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    cost = ActualFacts(None, amount, "USD", "people", first, last, 1)
    parts = dict(cost.by_month())
    assert sum(parts.values()) == amount
    assert max(parts) == last.replace(day=1)
