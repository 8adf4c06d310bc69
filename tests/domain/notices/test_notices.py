"""Who is told of which shift, and the mails, by a real SMTP server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from tests.cast import AT, Cast, a_program

from headway.domain.accounts.models import Member
from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.models import Shift
from headway.domain.notices.actions import read_notices, send_notices, tell_shifts
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import notices_of
from headway.domain.notices.rules import MOST_TRIES, digest_mail, is_worth_telling, next_mail_in
from headway.errors import Refused


@dataclass
class Postbox:
    """What arrived; with `is_closed` everything is turned away for now."""

    is_closed: bool = False
    arrived: list[tuple[list[str], str]] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.is_closed:
            return "451 come back later"
        assert isinstance(envelope.content, bytes)
        self.arrived.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 taken"


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    for name, value in {
        "MAIL_IS_SET": True,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
    }.items():
        monkeypatch.setattr(settings, name, value, raising=False)
    yield box
    controller.stop()


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
    assert send_notices(worker, AT) == 2
    assert send_notices(worker, AT) == 0
    assert sorted(to for (to,), _ in postbox.arrived) == ["alice@example.com", "mia@example.com"]
    content = postbox.arrived[0][1]
    assert "Subject: Headway: 2 changes in Program-0, Program-1" in content
    assert "12 % odds to reach the target." in content


def test_a_mail_that_was_turned_away_goes_out_later_and_once(cast: Cast, postbox: Postbox) -> None:
    shift(cast)
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
    subject, _ = digest_mail([(program.name, shift(cast, program=program))], "http://x")
    assert subject == "Headway: 1 change in Fraud Bcc: charlie@example.com"
    worker = headway_actor(cast.acme.id)
    tell_shifts(worker, AT)
    assert send_notices(worker, AT) == 2
