"""Choosing how one is told: for oneself alone, with a version, and what waits follows."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core import signing
from tests.cast import AT, Cast

from headway.domain.accounts.actions import remove_member
from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.queries import headway_actor
from headway.domain.notices.actions import set_preferences, stop_mails, tell_member
from headway.domain.notices.models import Notice, Preference
from headway.domain.notices.queries import preferences_of, stop_token, stopping
from headway.domain.notices.rules import Kind, Telling
from headway.errors import Conflict, Invalid, NotFound, Refused


def test_nobody_has_to_choose_anything(cast: Cast) -> None:
    held = preferences_of(cast.vic)
    assert (held.version, held.zone, held.mail_at) == (0, "UTC", time(7, 30))
    assert held.hows["verdict"] == "daily"
    assert held.hows["brief"] == "weekly"
    assert not Preference.objects.exists(), "reading writes nothing"


def test_what_was_chosen_is_kept_and_the_rest_stays(cast: Cast) -> None:
    set_preferences(cast.mia, {"hows": {"report": "none"}, "time_zone": "Asia/Tokyo"}, AT)
    set_preferences(cast.mia, {"hows": {"verdict": "weekly"}}, AT, version=1)
    held = preferences_of(cast.mia)
    assert (held.version, held.zone) == (2, "Asia/Tokyo")
    assert (held.hows["report"], held.hows["verdict"], held.hows["mention"]) == (
        "none",
        "weekly",
        "daily",
    )
    assert list(held.quiet_days) == [5, 6]
    assert preferences_of(cast.alice).version == 0


def test_a_stale_choice_is_refused(cast: Cast) -> None:
    set_preferences(cast.mia, {"mail_at": "08:00"}, AT)
    set_preferences(cast.mia, {"mail_at": "09:00"}, AT, version=1)
    with pytest.raises(Conflict):
        set_preferences(cast.mia, {"mail_at": "10:00"}, AT, version=1)
    with pytest.raises(Conflict):
        set_preferences(cast.bob, {"mail_at": "10:00"}, AT, version=3)
    assert preferences_of(cast.mia).mail_at == time(9)


def test_a_night_has_two_ends_or_none(cast: Cast) -> None:
    with pytest.raises(Invalid, match="both ends"):
        set_preferences(cast.mia, {"quiet_from": None}, AT)
    held = set_preferences(cast.mia, {"quiet_from": None, "quiet_until": ""}, AT)
    assert (held.quiet_from, held.quiet_until) == (None, None)


def test_what_waits_follows_the_new_choice(cast: Cast) -> None:
    assert cast.bob.member_id is not None
    tell_member(cast.mia, cast.bob.member_id, Telling(Kind.MENTION, "c1", "Look."), AT)
    set_preferences(cast.bob, {"hows": {"mention": "immediate"}}, AT)
    assert Notice.objects.get().mail_after == AT
    set_preferences(cast.bob, {"hows": {"mention": "none"}}, AT)
    assert Notice.objects.get().mail_after is None


def test_only_a_member_has_preferences(cast: Cast) -> None:
    with pytest.raises(Refused, match="Only a member"):
        set_preferences(headway_actor(cast.acme.id), {"mail_at": "08:00"}, AT)


def test_a_choice_is_in_the_audit_trail(cast: Cast) -> None:
    set_preferences(cast.mia, {"mail_at": "08:00"}, AT)
    entry = AuditEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.actor) == ("set_preferences", "mia@example.com")


def test_a_mail_s_own_link_stops_its_kinds_and_no_other(cast: Cast) -> None:
    assert cast.mia.member_id is not None
    token = stop_token(cast.mia.member_id, [Kind.VERDICT, Kind.BRIEF])
    assert not stopping(token).is_stopped
    assert stop_mails(token, AT).is_stopped
    hows = preferences_of(cast.mia).hows
    assert (hows["verdict"], hows["brief"], hows["mention"]) == ("none", "none", "daily")
    assert stop_mails(token, AT + timedelta(days=400)).is_stopped, "stopping twice is stopped"
    stop_mails(token, AT, again=True)
    hows = preferences_of(cast.mia).hows
    assert (hows["verdict"], hows["brief"]) == ("daily", "weekly")


@pytest.mark.parametrize(
    "token",
    ["", "x", "a:b:c", signing.dumps(["00", ["verdict"]]), signing.dumps("x", salt="headway.x")],
    ids=["empty", "a letter", "colons", "unsalted", "salted otherwise"],  # the same each minute
)
def test_a_link_that_headway_did_not_sign_stops_nothing(cast: Cast, token: str) -> None:
    with pytest.raises(NotFound):
        stop_mails(token, AT)
    assert not Preference.objects.exists()


def test_a_link_changed_by_hand_stops_nothing(cast: Cast) -> None:
    assert cast.mia.member_id is not None
    assert cast.alice.member_id is not None
    mine = stop_token(cast.mia.member_id, [Kind.VERDICT])
    hers = stop_token(cast.alice.member_id, [Kind.VERDICT])
    mixed = hers.partition(":")[0] + ":" + mine.partition(":")[2]
    with pytest.raises(NotFound):
        stop_mails(mixed, AT)


def test_who_left_gets_nothing_to_stop(cast: Cast) -> None:
    assert cast.mia.member_id is not None
    token = stop_token(cast.mia.member_id, [Kind.VERDICT])
    remove_member(cast.alice, cast.mia.member_id, AT)
    with pytest.raises(NotFound, match="no member any more"):
        stopping(token)
