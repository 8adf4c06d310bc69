"""When a mail may go out: digests, quiet hours and days, on any clock of the world."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.notices.rules import PREFERENCE_FIELDS, How, Kind, Preferences
from headway.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
     "Pacific/Apia", "America/Sao_Paulo"]
).map(ZoneInfo)  # fmt: skip
HOURS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
MOMENTS = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
PREFERENCES = st.builds(
    Preferences,
    zone=ZONES,
    hows=st.dictionaries(st.sampled_from([k.value for k in Kind if k != Kind.BRIEF]),
                         st.sampled_from([how.value for how in How])),
    mail_at=HOURS,
    week_day=st.integers(0, 6),
    quiet_from=HOURS,
    quiet_until=HOURS,
    quiet_days=st.sets(st.integers(0, 6), max_size=6).map(lambda days: tuple(sorted(days))),
)  # fmt: skip


def is_quiet(held: Preferences, at: datetime) -> bool:
    """Say independently whether a moment is quiet."""
    local = at.astimezone(held.zone)
    begins, ends = held.quiet_from, held.quiet_until
    assert begins is not None
    assert ends is not None
    now = local.time()
    night = begins <= now < ends if begins <= ends else not ends <= now < begins
    return local.weekday() in held.quiet_days or night


@given(PREFERENCES, MOMENTS)
def test_no_mail_ever_leaves_in_quiet_hours_or_before_its_time(
    held: Preferences, at: datetime
) -> None:
    for kind in Kind:
        moment = held.mail_after(kind, at)
        assert (moment is None) == (held.how(kind) == How.NONE)
        if moment is not None:
            assert moment >= at
            assert not is_quiet(held, moment)


@given(PREFERENCES, MOMENTS)
def test_awake_is_the_first_such_moment_and_stays(held: Preferences, at: datetime) -> None:
    awake = held.awake(at)
    assert held.awake(awake) == awake
    if awake > at:
        assert is_quiet(held, at)
        assert is_quiet(held, awake - timedelta(minutes=1))
    else:
        assert not is_quiet(held, at)


def test_a_digest_goes_out_the_next_morning_of_their_own_clock() -> None:
    held = Preferences(BERLIN)
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert held.mail_after(Kind.VERDICT, monday) == datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    friday = datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert held.mail_after(Kind.VERDICT, friday) == datetime(2026, 11, 30, 6, tzinfo=UTC), (
        "the weekend is quiet, and so is Monday before seven"
    )


def test_what_is_urgent_waits_for_the_end_of_the_night() -> None:
    held = Preferences(BERLIN, {"mention": "immediate"})
    evening = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
    assert held.mail_after(Kind.MENTION, evening) == datetime(2026, 11, 24, 6, tzinfo=UTC)
    noon = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert held.mail_after(Kind.MENTION, noon) == noon


def test_summer_time_moves_the_mail_with_the_clock() -> None:
    held = Preferences(BERLIN, {"verdict": "daily"}, quiet_days=())
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)  # the day before the clocks go forward
    assert held.mail_after(Kind.VERDICT, before) == datetime(2027, 3, 28, 5, 30, tzinfo=UTC)


def test_the_night_of_two_half_past_twos_ends_once_it_is_over() -> None:
    held = Preferences(BERLIN, quiet_from=time(22), quiet_until=time(2, 30), quiet_days=())
    within_the_second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10, winter time
    assert held.awake(within_the_second) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_weekly_digest_goes_on_the_chosen_day() -> None:
    held = Preferences(ZoneInfo("UTC"), {"report": "weekly"}, week_day=2)
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert held.mail_after(Kind.REPORT, monday) == datetime(2026, 11, 25, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hows", {"gossip": "daily"}, "no kind of notice 'gossip'"),
        ("hows", {"verdict": "hourly"}, "one of: immediate, daily, weekly, none"),
        ("hows", {"brief": "daily"}, "one of: weekly, none"),
        ("hows", ["daily"], "a word for each kind"),
        ("time_zone", "Mars/Olympus", "not known"),
        ("time_zone", "../../etc/passwd", "not known"),
        ("time_zone", "\0", "not known"),
        ("mail_at", "", "is empty"),
        ("mail_at", "25:00", "not a time of day"),
        ("quiet_from", "noon", "not a time of day"),
        ("week_day", None, "is empty"),
        ("week_day", 7, "no day of the week"),
        ("week_day", True, "no day of the week"),
        ("week_day", float("nan"), "no day of the week"),
        ("quiet_days", [0, 1, 2, 3, 4, 5, 6], "All seven days are quiet"),
    ],
)
def test_a_preference_that_does_not_fit_is_named(field: str, value: object, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        PREFERENCE_FIELDS[field](field, value)


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("time_zone", "", ""),
        ("time_zone", " Europe/Berlin ", "Europe/Berlin"),
        ("mail_at", "07:30", time(7, 30)),
        ("mail_at", time(7, 30, 12), time(7, 30)),
        ("quiet_from", None, None),
        ("week_day", "friday", 4),
        ("week_day", 0, 0),
        ("quiet_days", ["6", 5, "Sunday"], [5, 6]),
        ("quiet_days", [], []),
    ],
)
def test_a_preference_is_read_as_it_is_said(field: str, value: object, read: object) -> None:
    assert PREFERENCE_FIELDS[field](field, value) == read
