"""Check-ins by mail, from a real mail server's view: asked, reminded once, stopped, told."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.test import Client
from tests.cast import AT, Cast
from tests.domain.checkins.team import FRIDAY, THURSDAY, a_team, item, says
from tests.peers.mail_server import Postbox, text_of

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor
from headway.domain.checkins.actions import answer_by_link, answer_check_in, ask_check_ins
from headway.domain.checkins.models import CheckInLink
from headway.domain.checkins.queries import check_in_by_link
from headway.domain.notices.actions import (
    send_notices,
    set_preferences,
    stop_mails,
    tell_check_ins,
    tell_questions,
)
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import notices_of
from headway.domain.people.actions import set_person
from headway.domain.people.queries import person_named
from headway.errors import NotFound


@pytest.fixture
def worker(cast: Cast) -> Actor:
    a_team(cast)
    return headway_actor(cast.acme.id)


def turn(worker: Actor, at: object) -> int:
    """Do what the worker does; return how many mails went out."""
    ask_check_ins(worker, at)  # type: ignore[arg-type]
    tell_questions(worker, at)  # type: ignore[arg-type]
    return send_notices(worker, at)  # type: ignore[arg-type]


def secret_in(mail: EmailMessage) -> str:
    found = re.search(rf"{re.escape(settings.BASE_URL)}/check-in/(\S+?)/", text_of(mail))
    assert found is not None
    return found[1]


def test_a_question_carries_a_link_that_answers_it(worker: Actor, postbox: Postbox) -> None:
    assert turn(worker, THURSDAY) == 2
    assert turn(worker, THURSDAY + timedelta(minutes=5)) == 0
    (mail,) = postbox.to("dana@example.com")
    assert mail["Subject"].strip() == "Acme: how does your work stand?"
    assert "Label" in text_of(mail)
    assert "Train" not in text_of(mail), "that is Bob's"
    secret = secret_in(mail)
    assert secret in text_of(mail, "html")
    answer_by_link(secret, [says("label", left="2/3/4")], "Fine.", FRIDAY)
    assert list(item(worker, "label").remaining or ()) == [2, 3, 4]


def test_the_secret_is_kept_nowhere_but_in_the_mail(worker: Actor, postbox: Postbox) -> None:
    turn(worker, THURSDAY)
    secret = secret_in(postbox.to("dana@example.com")[0])
    assert secret not in str(list(Notice.objects.values()))
    assert secret not in str(list(CheckInLink.objects.values()))


def test_who_did_not_answer_gets_one_reminder(cast: Cast, worker: Actor, postbox: Postbox) -> None:
    turn(worker, THURSDAY)
    answer_check_in(cast.bob, "bob", [], "", THURSDAY)
    for days in (0, 1, 2, 3):
        turn(worker, FRIDAY + timedelta(days=days))
    subjects = [mail["Subject"].strip() for mail in postbox.to("dana@example.com")]
    assert subjects == [
        "Acme: how does your work stand?",
        "Reminder: Acme: how does your work stand?",
    ]
    assert len(postbox.to("bob@example.com")) == 1
    first, second = map(secret_in, postbox.to("dana@example.com"))
    assert check_in_by_link(first, FRIDAY).person.key == "dana", "the older mail's works too"
    answer_by_link(second, [], "", FRIDAY)
    assert not CheckInLink.objects.filter(used_at=None, check_in__person__key="dana").exists()


def test_a_mail_that_was_turned_away_leaves_no_link_behind(worker: Actor, postbox: Postbox) -> None:
    postbox.is_closed = True
    assert turn(worker, THURSDAY) == 0
    assert not CheckInLink.objects.exists()
    assert {row.tries for row in Notice.objects.filter(person__isnull=False)} == {1}
    postbox.is_closed = False
    assert turn(worker, THURSDAY + timedelta(minutes=6)) == 2
    assert CheckInLink.objects.count() == 2


def test_what_was_answered_before_the_mail_went_out_is_not_asked(
    cast: Cast, worker: Actor, postbox: Postbox
) -> None:
    ask_check_ins(worker, THURSDAY)
    tell_questions(worker, THURSDAY)
    answer_check_in(cast.mia, "dana", [], "She told me.", THURSDAY)
    send_notices(worker, THURSDAY)
    assert postbox.to("dana@example.com") == []


def test_who_has_no_address_is_listed_and_not_mailed(
    cast: Cast, worker: Actor, postbox: Postbox
) -> None:
    set_person(cast.mia, "dana", {"email": ""}, AT)
    assert turn(worker, THURSDAY) == 1
    assert [to for (to,), _ in postbox.arrived] == ["bob@example.com"]


def test_a_member_who_wants_no_such_mail_gets_none(
    cast: Cast, worker: Actor, postbox: Postbox
) -> None:
    set_preferences(cast.bob, {"hows": {"check_in": "none"}}, AT)
    turn(worker, THURSDAY)
    assert [to for (to,), _ in postbox.arrived] == ["dana@example.com"]


def test_one_click_ends_the_asking_and_begins_it_again(
    cast: Cast, worker: Actor, postbox: Postbox
) -> None:
    turn(worker, THURSDAY)
    (mail,) = postbox.to("dana@example.com")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail["List-Unsubscribe"].strip("<> ").removeprefix(settings.BASE_URL)
    text = Client().post(stop, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert "These mails are stopped" in text
    assert not person_named(cast.mia, "dana").is_asked
    assert turn(worker, FRIDAY) == 1, "Bob alone is reminded"
    assert len(postbox.to("dana@example.com")) == 1
    token = stop.removeprefix("/stop-mails/").rstrip("/")
    stop_mails(token, FRIDAY, again=True)
    assert person_named(cast.mia, "dana").is_asked
    with pytest.raises(NotFound):
        stop_mails(token[:-1], FRIDAY)


def test_an_answer_is_told_to_who_runs_programs_and_not_to_its_author(
    cast: Cast, worker: Actor
) -> None:
    said = [says("label", left="2/3/4", blocked_by="Vendor A")]
    answer_check_in(cast.mia, "dana", said, "85 a week.", THURSDAY)
    answer_check_in(cast.bob, "bob", [], "", THURSDAY)
    assert tell_check_ins(worker, THURSDAY) == 1
    assert tell_check_ins(worker, FRIDAY) == 0
    (line,) = notices_of(cast.alice)
    assert line.sentence == (
        "Dana Roe checked in: 85 a week. Changed: Label. Label is blocked by Vendor A."
    )
    assert notices_of(cast.mia) == []
