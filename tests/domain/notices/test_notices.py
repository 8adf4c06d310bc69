"""Who is told of which shift, and the mails, by a real SMTP server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from tests.cast import AT, Cast, a_program
from tests.peers.mail_server import Postbox, text_of

from headway.domain.accounts.models import Member
from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.models import Shift
from headway.domain.notices.actions import (
    read_notices,
    send_notices,
    set_preferences,
    tell_shifts,
)
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import notices_of
from headway.domain.notices.rules import MOST_TRIES, is_worth_telling, next_mail_in
from headway.errors import Refused

#: When the digest of what happened at AT goes out: the next morning.
MORNING = AT.replace(day=24, hour=7, minute=30)


def at_once(cast: Cast) -> None:
    """Let Alice and Mia be told at once, at any hour."""
    for actor in (cast.alice, cast.mia):
        values = {"hows": {"verdict": "immediate"}, "quiet_days": []}
        set_preferences(actor, {**values, "quiet_from": None, "quiet_until": None}, AT)


def shift(cast: Cast, **changes: object) -> Shift:
    columns: dict[str, object] = {
        "workspace": cast.acme,
        "dimension": "schedule",
        "old_verdict": "met",
        "old_level": "good",
        "new_verdict": "unmet",
        "new_level": "bad",
        "sentence": "12 % odds to reach the target.",
        "rule": "schedule",
        "at": AT,
        **changes,
    }
    if "program" not in columns:
        columns["program"] = a_program(cast.acme, f"program-{Shift.objects.count()}")
    return Shift.objects.create(**columns)


def test_those_who_answer_for_programs_are_told_once(cast: Cast) -> None:
    shift(cast)
    worker = headway_actor(cast.acme.id)
    assert tell_shifts(worker, AT) == 2
    assert tell_shifts(worker, AT) == 0
    assert [len(notices_of(actor)) for actor in (cast.alice, cast.mia, cast.bob, cast.vera)] == [
        1,
        1,
        0,
        0,
    ]
    assert notices_of(cast.charlie) == []


def test_what_is_no_news_is_not_told(cast: Cast) -> None:
    shift(cast, old_verdict="")
    shift(cast, old_verdict="unmet", old_level="at_risk")
    shift(cast, criterion="recall")
    assert tell_shifts(headway_actor(cast.acme.id), AT) == 0
    assert not Shift.objects.filter(told_at=None).exists()
    assert is_worth_telling("met", "stale", "")


def test_what_was_read_is_read(cast: Cast) -> None:
    shift(cast)
    tell_shifts(headway_actor(cast.acme.id), AT)
    assert read_notices(cast.alice, AT) == 1
    assert notices_of(cast.alice)[0].is_read
    assert not notices_of(cast.mia)[0].is_read


def test_only_who_may_sync_tells(cast: Cast) -> None:
    with pytest.raises(Refused):
        tell_shifts(cast.vera, AT)


def test_each_member_gets_one_mail_for_all_that_waits(cast: Cast, postbox: Postbox) -> None:
    shift(cast)
    shift(cast, dimension="quality")
    worker = headway_actor(cast.acme.id)
    tell_shifts(worker, AT)
    assert send_notices(worker, AT) == 0, "a digest waits for the morning"
    assert send_notices(worker, MORNING) == 2
    assert send_notices(worker, MORNING) == 0
    assert sorted(to for (to,), _ in postbox.arrived) == ["alice@example.com", "mia@example.com"]
    (mail,) = postbox.to("mia@example.com")
    assert mail["Subject"] == "Acme: 2 things to know"
    for kind in ("plain", "html"):
        assert "Program-1, quality: met → unmet. 12 % odds" in text_of(mail, kind)
    assert f"{settings.BASE_URL}/w/acme/programs/program-1/" in text_of(mail)


def test_a_mail_that_was_turned_away_goes_out_later_and_once(cast: Cast, postbox: Postbox) -> None:
    shift(cast)
    at_once(cast)
    worker = headway_actor(cast.acme.id)
    tell_shifts(worker, AT)
    postbox.is_closed = True
    assert send_notices(worker, AT) == 0
    notice = Notice.objects.first()
    assert notice is not None
    assert (notice.tries, "come back later" in notice.failure) == (1, True)
    postbox.is_closed = False
    assert send_notices(worker, AT + timedelta(seconds=10)) == 0  # not yet
    assert send_notices(worker, AT + timedelta(minutes=5)) == 2
    assert send_notices(worker, AT + timedelta(hours=5)) == 0
    assert len(postbox.arrived) == 2
    assert not Notice.objects.exclude(failure="").exists()


def test_a_mail_is_given_up_after_five_tries_over_a_day(cast: Cast, postbox: Postbox) -> None:
    shift(cast)
    at_once(cast)
    postbox.is_closed = True
    worker, moment = headway_actor(cast.acme.id), AT
    tell_shifts(worker, AT)
    for _ in range(MOST_TRIES + 2):
        send_notices(worker, moment)
        moment += timedelta(days=1)
    assert {row.tries for row in Notice.objects.all()} == {MOST_TRIES}
    assert sum((next_mail_in(n) for n in range(1, MOST_TRIES)), timedelta()) > timedelta(hours=6)


def test_nothing_is_sent_without_mail_set_up_nor_to_who_left_or_has_read(
    cast: Cast, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift(cast)
    at_once(cast)
    worker = headway_actor(cast.acme.id)
    tell_shifts(worker, AT)
    with monkeypatch.context() as patch:
        patch.setattr(settings, "MAIL_IS_SET", False)
        assert send_notices(worker, AT) == 0
    read_notices(cast.alice, AT)
    mia = Member.objects.select_related("user").get(id=cast.mia.member_id).user
    mia.is_active = False
    mia.save()
    assert send_notices(worker, AT) == 0
    assert postbox.arrived == []


def test_a_line_break_in_a_name_forges_no_header(cast: Cast, postbox: Postbox) -> None:
    program = a_program(cast.acme, "x")
    program.name = "Fraud\nBcc: charlie@example.com"
    program.save()
    shift(cast, program=program)
    at_once(cast)
    worker = headway_actor(cast.acme.id)
    tell_shifts(worker, AT)
    assert send_notices(worker, AT) == 2
    (mail,) = postbox.to("mia@example.com")
    assert mail["Subject"].strip().startswith("Acme: Fraud Bcc: charlie@example.com, schedule")
    assert mail["Bcc"] is None
    assert postbox.to("charlie@example.com") == []
