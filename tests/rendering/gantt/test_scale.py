"""Claims about the time scale: days stand where they should, labels have room, spans are cut."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.rendering.gantt import Scale, Zoom, scale_of
from headway.rendering.gantt.scale import MOST_PIXELS

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))


def test_a_bar_from_monday_to_friday_is_five_days_long() -> None:
    scale = Scale(date(2026, 11, 23), date(2026, 12, 2))
    assert scale.wide(date(2026, 11, 23), date(2026, 11, 27)) == "50%"
    assert scale.at(date(2026, 11, 28)) == "50%" == scale.after(date(2026, 11, 27))


def test_a_scale_with_a_width_answers_in_pixels() -> None:
    scale = Scale(date(2026, 11, 23), date(2026, 12, 2), 300.0)
    assert scale.wide(date(2026, 11, 23), date(2026, 11, 27)) == "150"


@given(days=st.lists(DAYS, min_size=1, max_size=8), zoom=st.sampled_from(Zoom), today=DAYS)
def test_every_day_lies_on_the_scale_unless_it_was_cut(
    days: list[date], zoom: Zoom, today: date
) -> None:
    scale = scale_of(days, zoom, today=today)
    assert scale.width is None or scale.width <= MOST_PIXELS
    if not scale.is_cut:
        assert all(scale.holds(day) for day in [*days, today])
    shares = [scale.share(day) for day in sorted(days)]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


@given(days=st.lists(DAYS, min_size=1, max_size=8), zoom=st.sampled_from(Zoom), today=DAYS)
def test_the_ticks_of_a_tier_cover_the_scale_without_gap_or_overlap(
    days: list[date], zoom: Zoom, today: date
) -> None:
    scale = scale_of(days, zoom, today=today)
    for tier in scale.tiers:
        assert tier[0].first == scale.first
        assert tier[-1].until == scale.last + timedelta(days=1)
        assert all(one.until == two.first for one, two in zip(tier, tier[1:], strict=False))


@pytest.mark.parametrize(
    ("zoom", "above", "below"),
    [
        (Zoom.DAYS, "Nov 2026", "23"),
        (Zoom.WEEKS, "Nov 2026", "23"),
        (Zoom.MONTHS, "2026", "Nov"),
        (Zoom.QUARTERS, "2026", "Q4"),
    ],
)
def test_each_zoom_counts_in_its_own_units(zoom: Zoom, above: str, below: str) -> None:
    scale = scale_of([date(2026, 2, 2), date(2027, 12, 30)], zoom, today=TODAY)
    high, low = scale.tiers
    assert above in [tick.label for tick in high]
    assert below in [tick.label for tick in low]


def test_a_label_without_room_is_left_out_rather_than_drawn_over_the_next() -> None:
    scale = Scale(date(2000, 1, 1), date(2040, 12, 31))
    assert {tick.label for tick in scale.tiers[0]} == {""}


def test_weekends_and_holidays_are_idle_only_where_a_day_can_be_seen() -> None:
    monday = date(2026, 11, 23)
    near = Scale(monday, monday + timedelta(days=13), 400.0, free={date(2026, 11, 26)})
    assert near.idle == (
        (date(2026, 11, 26), date(2026, 11, 26)),
        (date(2026, 11, 28), date(2026, 11, 29)),
        (date(2026, 12, 5), date(2026, 12, 6)),
    )
    assert Scale(monday, monday + timedelta(days=700)).idle == ()


def test_a_week_that_works_on_sundays_shades_its_own_idle_days() -> None:
    sunday = date(2026, 11, 22)
    week = Scale(sunday, sunday + timedelta(days=6), 280.0, weekdays=(6, 0, 1, 2, 3))
    assert week.idle == ((date(2026, 11, 27), date(2026, 11, 28)),)


def test_a_long_span_at_a_near_zoom_begins_two_weeks_before_today() -> None:
    scale = scale_of([date(2020, 1, 1), date(2040, 1, 1)], Zoom.DAYS, today=TODAY)
    assert scale.is_cut
    assert scale.first == TODAY - timedelta(days=14)
    later = scale_of(
        [date(2020, 1, 1), date(2040, 1, 1)], Zoom.DAYS, today=TODAY, since=date(2030, 1, 1)
    )
    assert later.first == date(2030, 1, 1)
