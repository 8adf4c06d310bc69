"""Who is asked when: once a week at their own hour, reminded once, never for nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cast import AT, Cast
from tests.domain.checkins.team import FRIDAY, THURSDAY, a_team, finish, item, says

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor
from headway.domain.checkins.actions import answer_check_in, ask_check_ins, issue_check_in_link
from headway.domain.checkins.models import CheckIn
from headway.domain.checkins.queries import not_checked_in, roster_page
from headway.domain.people.actions import set_person, set_rhythm
from headway.domain.people.queries import own_person
from headway.domain.plans.actions import edit_item, make_forecast
from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named
from headway.errors import Invalid, NotFound, Refused

WEEK = timedelta(days=7)


@pytest.fixture
def worker(cast: Cast) -> Actor:
    a_team(cast)
    return headway_actor(cast.acme.id)


def asked(at: datetime | None = None) -> list[str]:
    rows = CheckIn.objects.filter(asked_at__isnull=False).order_by("person__key", "asked_at")
    return [row.person.key for row in rows if at is None or row.asked_at == at]


def test_everybody_is_asked_once_a_week(worker: Actor) -> None:
    assert ask_check_ins(worker, THURSDAY - timedelta(minutes=1)) == 0
    assert ask_check_ins(worker, THURSDAY) == 2
    assert ask_check_ins(worker, THURSDAY + timedelta(minutes=1)) == 0
    assert asked() == ["bob", "dana"]
    ask_check_ins(worker, THURSDAY + WEEK)
    assert asked() == ["bob", "bob", "dana", "dana"]


def test_each_is_asked_at_the_own_hour_of_the_own_clock(cast: Cast, worker: Actor) -> None:
    rhythm = {"time_zone": "Asia/Tokyo", "check_in_day": "friday", "check_in_at": "09:00"}
    set_rhythm(cast.bob, "bob", rhythm, AT)
    tokyo = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
    ask_check_ins(worker, THURSDAY)
    assert asked() == ["dana"]
    ask_check_ins(worker, tokyo - timedelta(minutes=1))
    assert asked() == ["dana"]
    ask_check_ins(worker, tokyo)
    assert asked() == ["bob", "dana"]


def test_the_hour_stays_theirs_when_the_clocks_change(cast: Cast, worker: Actor) -> None:
    rhythm = {"time_zone": "Europe/Berlin", "check_in_day": "monday", "check_in_at": "09:00"}
    set_rhythm(cast.bob, "bob", rhythm, AT)
    summer = datetime(2027, 3, 29, 7, 0, tzinfo=UTC)  # the Monday after the change
    ask_check_ins(worker, summer - timedelta(minutes=1))
    assert asked() == []
    ask_check_ins(worker, summer)
    assert asked() == ["bob"]


def test_who_does_not_answer_is_reminded_once_after_a_working_day(
    cast: Cast, worker: Actor
) -> None:
    ask_check_ins(worker, THURSDAY)
    answer_check_in(cast.bob, "bob", [], "All well.", THURSDAY + timedelta(hours=1))
    assert ask_check_ins(worker, FRIDAY - timedelta(minutes=1)) == 0
    assert ask_check_ins(worker, FRIDAY) == 1
    assert ask_check_ins(worker, FRIDAY + timedelta(days=2)) == 0
    (row,) = CheckIn.objects.filter(reminded_at__isnull=False)
    assert (row.person.key, row.reminded_at) == ("dana", FRIDAY)


def test_a_weekend_is_no_working_day(cast: Cast, worker: Actor) -> None:
    set_rhythm(cast.mia, "dana", {"check_in_day": 4}, AT)
    ask_check_ins(worker, FRIDAY)
    for days in (1, 2):
        ask_check_ins(worker, FRIDAY + timedelta(days=days, hours=5))
    assert not CheckIn.objects.filter(person__key="dana", reminded_at__isnull=False).exists()
    ask_check_ins(worker, FRIDAY + timedelta(days=3))
    assert CheckIn.objects.filter(person__key="dana", reminded_at__isnull=False).exists()


def test_who_has_nothing_open_is_never_asked(cast: Cast, worker: Actor) -> None:
    finish(cast.mia, "label", AT)
    set_person(cast.mia, "eve", {"name": "Eve", "email": "eve@example.com"}, AT)
    ask_check_ins(worker, THURSDAY)
    assert asked() == ["bob"]


def test_what_is_under_way_is_asked_every_week(cast: Cast, worker: Actor) -> None:
    ask_check_ins(worker, THURSDAY)
    answer_check_in(cast.mia, "dana", [], "", THURSDAY)
    ask_check_ins(worker, THURSDAY + WEEK)
    assert asked() == ["bob", "bob", "dana", "dana"]


def test_what_only_comes_later_is_asked_again_when_it_changed_and_not_before(
    cast: Cast, worker: Actor
) -> None:
    finish(cast.mia, "train", AT)
    make_forecast(cast.mia, "fraud", AT + timedelta(minutes=1), trials=100)
    ask_check_ins(worker, THURSDAY)
    assert "bob" in asked(), "he never said anything of it yet"
    answer_check_in(cast.bob, "bob", [says("ship", left="4/6/9")], "", THURSDAY)
    ask_check_ins(worker, THURSDAY + WEEK)
    assert asked().count("bob") == 1, "nothing changed but by his own answer"
    edit_item(cast.mia, ("scores", "ship"), {"estimate": [1, 2, 3]}, THURSDAY + WEEK)
    ask_check_ins(worker, THURSDAY + 2 * WEEK)
    assert asked().count("bob") == 2


def test_who_has_just_answered_unasked_is_not_asked(cast: Cast, worker: Actor) -> None:
    answer_check_in(cast.bob, "bob", [], "Early.", THURSDAY - timedelta(days=1))
    ask_check_ins(worker, THURSDAY)
    assert asked() == ["dana"]


def test_who_is_away_is_asked_and_reminded_when_back(cast: Cast, worker: Actor) -> None:
    set_rhythm(cast.mia, "dana", {"away_until": "2026-12-03"}, AT)
    ask_check_ins(worker, THURSDAY)
    assert asked() == ["bob"]
    ask_check_ins(worker, THURSDAY + WEEK)
    assert "dana" in asked(), "the third of December is their first day back"
    set_rhythm(cast.mia, "bob", {"away_until": "2027-01-01"}, THURSDAY)
    ask_check_ins(worker, THURSDAY + timedelta(days=1))
    assert not CheckIn.objects.filter(person__key="bob", reminded_at__isnull=False).exists()


def test_who_asked_not_to_be_asked_is_not(cast: Cast, worker: Actor) -> None:
    set_rhythm(cast.bob, "bob", {"is_asked": False}, AT)
    ask_check_ins(worker, THURSDAY)
    assert asked() == ["dana"]


def test_a_question_that_comes_days_late_waits_for_the_next_week(worker: Actor) -> None:
    assert ask_check_ins(worker, THURSDAY + timedelta(days=2, minutes=1)) == 0
    assert ask_check_ins(worker, THURSDAY + timedelta(days=6)) == 0
    assert ask_check_ins(worker, THURSDAY + WEEK + timedelta(days=1)) == 2


def test_who_has_not_checked_in_is_known_at_any_moment(cast: Cast, worker: Actor) -> None:
    ask_check_ins(worker, THURSDAY)
    answer_check_in(cast.bob, "bob", [], "", FRIDAY)
    program = program_named(cast.mia, "fraud")
    assert [one.name for one in not_checked_in(cast.vera, FRIDAY, program)] == ["Dana Roe"]
    before = not_checked_in(cast.vera, FRIDAY - timedelta(minutes=1))
    assert [one.person for one in before] == ["bob", "dana"]
    assert not_checked_in(cast.vera, THURSDAY - timedelta(minutes=1)) == []
    assert not_checked_in(cast.vera, THURSDAY + WEEK) == [], "that week is over"
    create_program(cast.mia, {"name": "Empty", "slug": "empty"}, AT)
    assert not_checked_in(cast.vera, FRIDAY, program_named(cast.mia, "empty")) == []
    assert "reminded" not in not_checked_in(cast.vera, FRIDAY)[0].sentence
    with pytest.raises(NotFound):
        not_checked_in(cast.charlie, FRIDAY, program)
    with pytest.raises(Refused):
        not_checked_in(cast.vic, FRIDAY)


def test_the_roster_says_how_this_week_stands(cast: Cast, worker: Actor) -> None:
    set_person(cast.mia, "eve", {"name": "Eve"}, AT)
    states = lambda at: {one.person.key: one.state for one in roster_page(cast.vera, at)}  # noqa: E731
    assert states(AT) == {"bob": "waits", "dana": "waits", "eve": "nothing_open"}
    ask_check_ins(worker, THURSDAY)
    answer_check_in(cast.bob, "bob", [], "", THURSDAY)
    assert states(THURSDAY) == {"bob": "answered", "dana": "asked", "eve": "nothing_open"}
    ask_check_ins(worker, FRIDAY)
    assert states(FRIDAY)["dana"] == "reminded"
    set_rhythm(cast.mia, "eve", {"is_asked": False}, AT)
    set_rhythm(cast.mia, "dana", {"away_until": "2027-06-01"}, AT)
    assert states(THURSDAY + 2 * WEEK) == {"bob": "waits", "dana": "away", "eve": "off"}
    assert roster_page(cast.charlie, AT) == []


def test_a_link_handed_out_is_a_question(cast: Cast, worker: Actor) -> None:
    issue_check_in_link(cast.mia, "dana", AT)
    assert [one.person for one in not_checked_in(cast.mia, AT)] == ["dana"]
    issue_check_in_link(cast.mia, "dana", AT + timedelta(hours=1))
    assert CheckIn.objects.count() == 1


def test_people_say_for_themselves_when_they_are_asked(cast: Cast, worker: Actor) -> None:
    person = own_person(cast.bob)
    assert person is not None
    assert person.key == "bob"
    assert own_person(cast.vera) is None
    changed = set_rhythm(cast.bob, "bob", {"check_in_at": "15:30"}, AT, version=1)
    assert (str(changed.check_in_at), changed.version) == ("15:30:00", 2)
    with pytest.raises(Refused):
        set_rhythm(cast.bob, "dana", {"is_asked": False}, AT)
    with pytest.raises(Invalid, match="no field 'name'"):
        set_rhythm(cast.bob, "bob", {"name": "Boss"}, AT)
    with pytest.raises(NotFound):
        set_rhythm(cast.charlie, "bob", {"is_asked": False}, AT)


def test_only_headway_and_who_may_sync_ask(cast: Cast, worker: Actor) -> None:
    with pytest.raises(Refused):
        ask_check_ins(cast.vera, THURSDAY)
    assert item(cast.vera, "label").version == 1
