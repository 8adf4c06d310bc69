"""Claims about how pages say numbers, dates and sums."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.interfaces.web.layout.pieces import drawn, words

from headway.errors import Invalid
from headway.interfaces.web.layout.shell import Shell

AT = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "said"), [(1.0, "&gt; 95 %"), (0.0, "&lt; 5 %"), (0.434, "43 %"), (None, "n/a")]
)
def test_a_chance_is_never_certain_and_an_absent_one_is_not_zero(
    value: float | None, said: str
) -> None:
    assert drawn("{{ value|share }}", value=value) == said


def test_a_share_outside_0_to_1_is_refused_not_drawn() -> None:
    with pytest.raises(Invalid):
        drawn("{{ value|share }}", value=43)


def test_money_is_short_with_the_exact_sum_on_hover() -> None:
    shown = drawn('{% amount value "USD" %}', value=Decimal("1203411.50"))
    assert words(shown) == "USD 1.20 M"
    assert 'title="USD 1,203,411.50"' in shown


def test_money_that_does_not_exist_is_not_zero() -> None:
    assert words(drawn('{% amount None "USD" %}')) == "n/a"


def test_a_price_brings_its_own_currency() -> None:
    class Price:
        amount = Decimal(36_400)
        currency = "EUR"

    assert drawn("{{ price|money }}", price=Price()) == "EUR 36.4 k"


def test_a_figure_does_not_break_from_its_unit() -> None:
    from headway.interfaces.web.layout.templatetags.headway import day, money, share

    for said in (share(0.43), money(Decimal(1), "USD"), day(date(2027, 3, 14))):
        assert " " not in said


def test_a_date_names_its_month() -> None:
    assert drawn("{{ value|day }}", value=date(2027, 3, 14)) == "14 Mar 2027"


def test_a_time_says_its_age_seen_from_the_day_of_the_page() -> None:
    then = AT - timedelta(days=3)
    shown = drawn("{% when then %}", shell=Shell(at=AT), then=then)
    assert words(shown) == "3 days ago, 20 Nov 2026, 14:05 UTC"
    assert 'datetime="2026-11-20T14:05:00+00:00"' in shown


def test_a_time_is_said_in_the_readers_zone() -> None:
    from django.utils import timezone

    with timezone.override("Asia/Tokyo"):
        assert drawn("{{ value|moment }}", value=AT) == "23 Nov 2026, 23:05 JST"


def test_now_is_just_now_and_not_just_now_ago() -> None:
    assert drawn("{{ value|age:at }}", value=AT, at=AT) == "just now"


def test_a_percentile_without_a_date_says_why() -> None:
    shown = drawn('{% percentiles p50 None "36 % never finish" %}', p50=date(2027, 3, 14))
    assert words(shown) == "P50 14 Mar 2027 P80 n/a (36 % never finish)"


@pytest.mark.parametrize("absent", [None, "n/a"])
def test_a_figure_without_a_value_says_why_and_still_opens(absent: str | None) -> None:
    shown = drawn('{% figure value "/evidence" "no cost yet" %}', value=absent)
    assert words(shown) == "n/a (no cost yet)"
    assert 'href="/evidence"' in shown


def test_a_figure_opens_its_evidence_as_of_the_same_day() -> None:
    shown = drawn('{% figure "43" "/evidence?x=1" %}', path="/?at=2026-11-16")
    assert 'href="/evidence?x=1&amp;at=2026-11-16"' in shown


def test_a_changed_figure_says_so_without_colour() -> None:
    assert words(drawn('{% figure "43" changed=True %}')) == "changed: 43"


def test_markup_in_a_value_stays_text() -> None:
    shown = drawn('{% figure value "/e" %}{% digest value %}', value="<b>x</b>")
    assert "<b>" not in shown
