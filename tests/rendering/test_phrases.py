"""Claims about the one wording of numbers, dates and sums."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import Invalid
from headway.rendering import phrases

NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.434, "43 %"),
        (0.505, "51 %"),
        (0.95, "95 %"),
        (0.9501, "> 95 %"),
        (1.0, "> 95 %"),
        (0.05, "5 %"),
        (0.0499, "< 5 %"),
        (0.0, "< 5 %"),
        (None, "n/a"),
        (float("nan"), "n/a"),
    ],
)
def test_a_chance_is_never_said_more_certain_than_it_is(value: float | None, said: str) -> None:
    assert phrases.share(value) == said


@given(st.floats(0, 1))
def test_no_chance_reads_as_none_or_as_certain(value: float) -> None:
    assert phrases.share(value) not in {"0 %", "100 %"}


def test_an_exact_share_is_not_clamped() -> None:
    assert phrases.share(0.9723, exact=True) == "97.2 %"
    assert phrases.share(1.0, exact=True) == "100.0 %"
    assert phrases.share(1.125, exact=True) == "112.5 %"


@pytest.mark.parametrize("value", [43.0, -0.1, float("inf")])
def test_a_chance_outside_0_to_1_is_a_mistake_of_the_caller(value: float) -> None:
    with pytest.raises(Invalid, match="not a share"):
        phrases.share(value)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1200000", "USD 1.20 M"),
        ("999999", "USD 1.00 M"),
        ("99999.99", "USD 100 k"),
        ("36400", "USD 36.4 k"),
        ("9999", "USD 9,999"),
        ("9999.6", "USD 10,000"),
        ("12.5", "USD 12.50"),
        ("0", "USD 0.00"),
        ("-36400", "USD \u221236.4 k"),
        ("-0.001", "USD 0.00"),
        ("4560000000", "USD 4.56 B"),
        ("1234560000000", "USD 1,235 B"),
    ],
)
def test_money_is_said_with_three_figures_and_its_currency(amount: str, said: str) -> None:
    assert phrases.money(Decimal(amount), "USD") == said


def test_exact_money_shows_every_minor_unit_of_its_currency() -> None:
    assert phrases.money(Decimal("1200000"), "USD", exact=True) == "USD 1,200,000.00"
    assert phrases.money(Decimal("1200000"), "JPY", exact=True) == "JPY 1,200,000"
    assert phrases.money(Decimal("1.5"), "KWD", exact=True) == "KWD 1.500"


def test_money_that_is_not_known_is_not_zero() -> None:
    assert phrases.money(None, "USD") == "n/a"
    assert phrases.money(Decimal("NaN"), "USD") == "n/a"


@given(st.decimals(-(10**14), 10**14, places=2))
def test_money_said_is_within_half_a_percent_of_the_amount(amount: Decimal) -> None:
    _, figure, *letter = phrases.money(amount, "USD").split(" ")
    scale = {"k": 10**3, "M": 10**6, "B": 10**9}[letter[0]] if letter else 1
    said = Decimal(figure.replace(",", "").replace(phrases.MINUS, "-")) * scale
    assert abs(said - amount) <= abs(amount) / 200


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (0.9581, 3, "0.958"),
        (0.0005, 3, "0.001"),
        (12345.0, 0, "12,345"),
        (-1.5, 1, "\u22121.5"),
        (-0.0001, 2, "0.00"),
        (None, 3, "n/a"),
        (float("inf"), 3, "n/a"),
    ],
)
def test_a_number_has_the_decimals_asked_for(value: float | None, digits: int, said: str) -> None:
    assert phrases.number(value, digits) == said


def test_a_quantity_agrees_with_its_noun() -> None:
    assert phrases.quantity(1, "record") == "1 record"
    assert phrases.quantity(0, "record") == "0 records"
    assert phrases.quantity(1200, "entry", "entries") == "1,200 entries"


def test_a_day_is_said_in_words_without_a_leading_zero() -> None:
    assert phrases.day(date(2027, 3, 4)) == "4 Mar 2027"
    assert phrases.short_day(date(2027, 3, 14)) == "14 Mar"
    assert phrases.day(None) == phrases.short_day(None) == "n/a"


def test_a_moment_is_said_in_the_zone_of_the_reader() -> None:
    berlin = timezone(timedelta(hours=1), "CET")
    assert phrases.moment(NOW) == "23 Nov 2026, 09:05 UTC"
    assert phrases.moment(NOW, berlin) == "23 Nov 2026, 10:05 CET"
    assert phrases.moment(None) == "n/a"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(Invalid, match="has no zone"):
        phrases.moment(NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3600, "in the future"),
        (-5, "just now"),
        (119, "just now"),
        (120, "2 minutes"),
        (7_200, "2 hours"),
        (86_400 * 2, "2 days"),
        (86_400 * 59, "59 days"),
        (86_400 * 61, "2 months"),
        (86_400 * 800, "2 years"),
    ],
)
def test_an_age_is_said_in_the_largest_unit_of_two_or_more(seconds: int, said: str) -> None:
    assert phrases.age(NOW - timedelta(seconds=seconds), NOW) == said


def test_what_was_never_seen_has_no_age() -> None:
    assert phrases.age(None, NOW) == "n/a"


def test_a_percentile_that_falls_into_never_says_so() -> None:
    march, may = date(2027, 3, 14), date(2027, 5, 2)
    assert phrases.span(march, may) == "14 Mar 2027 at P50, 2 May 2027 at P80"
    assert phrases.span(march, None) == "14 Mar 2027 at P50, no date at P80"
    assert phrases.span(None, None) == "no date at P50 or P80"


def test_a_moved_date_says_which_way() -> None:
    said = [phrases.shift(days) for days in (17, 1, 0, -3, None)]
    assert said == ["17 days later", "1 day later", "unchanged", "3 days earlier", "n/a"]


def test_what_is_missing_may_carry_its_reason() -> None:
    assert phrases.absent("no cost recorded yet") == "n/a (no cost recorded yet)"
    assert phrases.absent() == "n/a"


def test_an_unbroken_phrase_keeps_its_words() -> None:
    assert phrases.unbroken("> 95 %").split() == [">", "95", "%"]
    assert " " not in phrases.unbroken("USD 1.20 M")
