"""The mail that asks for a decision: its secret is made as it goes out, and kept nowhere."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from tests.cast import AT, Cast
from tests.domain.sharing.asked import HOUR, PLACE, a_question, secret_in
from tests.peers.postbox import Postbox

from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.queries import headway_actor
from headway.domain.notices.rules import MOST_TRIES
from headway.domain.plans.actions import set_decision, take_decision
from headway.domain.plans.queries import decision_named
from headway.domain.programs.queries import program_named
from headway.domain.sharing.actions import (
    answer_decision,
    ask_by_link,
    revoke_decision_link,
    send_questions,
)
from headway.domain.sharing.models import DecisionLink
from headway.domain.sharing.queries import answer_page
from headway.errors import Invalid, Refused

pytestmark = pytest.mark.django_db

INES = {"name": "Ines Okafor", "email": "ines@example.com"}


def address_in(text: str) -> str:
    found = re.search(r"http\S+/answer/\S+", text)
    assert found
    return found[0]


def test_the_mail_asks_says_what_each_option_does_and_its_link_answers(
    cast: Cast, mailbox: Postbox
) -> None:
    a_question(cast)
    asked = ask_by_link(cast.mia, PLACE, INES, AT)
    assert asked.address == ""
    assert send_questions(headway_actor(cast.acme.id), AT) == 1
    ((to, message),) = mailbox.arrived
    assert to == ["ines@example.com"]
    assert message["Subject"] == "Your decision: Vendor B for the labels?"
    text = mailbox.text()
    assert "Mia asks you to decide" in text
    assert re.search(r"- Add vendor B: P80 \d+ \w+ 202\d, \d+ days earlier \(recommended\)", text)
    assert "mia@example.com" not in text
    address = address_in(text)
    assert address.startswith(settings.BASE_URL)
    page = answer_page(secret_in(address), AT)
    taken = answer_decision(secret_in(address), "vendor", AT + HOUR, version=page.decision.version)
    assert taken.taken_by == "Ines Okafor by one-time link"


def test_it_is_sent_once_and_no_table_holds_its_secret(cast: Cast, mailbox: Postbox) -> None:
    a_question(cast)
    ask_by_link(cast.mia, PLACE, INES, AT)
    worker = headway_actor(cast.acme.id)
    assert (send_questions(worker, AT), send_questions(worker, AT + HOUR)) == (1, 0)
    secret = secret_in(address_in(mailbox.text()))
    assert secret not in repr(DecisionLink.objects.values().get())
    assert not any(secret in entry.text for entry in AuditEntry.objects.all())


def test_a_mail_that_was_turned_away_goes_out_later_with_a_link_that_works(
    cast: Cast, mailbox: Postbox
) -> None:
    a_question(cast)
    ask_by_link(cast.mia, PLACE, INES, AT)
    worker = headway_actor(cast.acme.id)
    mailbox.is_closed = True
    assert send_questions(worker, AT) == 0
    row = DecisionLink.objects.get()
    assert (row.tries, "come back later" in row.failure) == (1, True)
    mailbox.is_closed = False
    assert send_questions(worker, AT + timedelta(seconds=10)) == 0
    assert send_questions(worker, AT + timedelta(minutes=5)) == 1
    assert answer_page(secret_in(address_in(mailbox.text())), AT)
    assert DecisionLink.objects.get().failure == ""


def test_it_is_given_up_after_five_tries(cast: Cast, mailbox: Postbox) -> None:
    a_question(cast)
    ask_by_link(cast.mia, PLACE, INES, AT)
    mailbox.is_closed = True
    for day in range(7):
        send_questions(headway_actor(cast.acme.id), AT + timedelta(days=day))
    assert DecisionLink.objects.get().tries == MOST_TRIES


def test_what_was_settled_taken_back_or_ran_out_is_not_mailed(cast: Cast, mailbox: Postbox) -> None:
    a_question(cast)
    worker = headway_actor(cast.acme.id)
    asked = ask_by_link(cast.mia, PLACE, INES, AT)
    held = decision_named(cast.mia, program_named(cast.mia, "fraud"), "vendor-b")
    revoke_decision_link(cast.mia, held, asked.id, AT)
    ask_by_link(cast.mia, PLACE, INES, AT)
    assert send_questions(worker, AT + timedelta(days=20)) == 0
    take_decision(cast.mia, PLACE, "wait", AT)
    assert send_questions(worker, AT) == 0
    assert mailbox.arrived == []


def test_a_line_break_in_a_question_forges_no_header(cast: Cast, mailbox: Postbox) -> None:
    a_question(cast)
    question = {"question": "Vendor?\nBcc: charlie@example.com"}
    set_decision(cast.bob, *PLACE, question, AT)
    ask_by_link(cast.mia, PLACE, INES, AT)
    assert send_questions(headway_actor(cast.acme.id), AT) == 1
    ((to, message),) = mailbox.arrived
    assert to == ["ines@example.com"]
    assert message["Bcc"] is None
    assert message["Subject"] == "Your decision: Vendor? Bcc: charlie@example.com"


def test_without_mail_nothing_is_sent_and_a_program_cannot_ask(cast: Cast) -> None:
    a_question(cast)
    assert send_questions(headway_actor(cast.acme.id), AT) == 0
    with pytest.raises(Invalid, match="cannot be mailed"):
        ask_by_link(cast.mia, PLACE, INES, AT, by_hand=False)
    assert not DecisionLink.objects.exists()


def test_only_who_may_sync_sends(cast: Cast) -> None:
    with pytest.raises(Refused):
        send_questions(cast.vera, AT)
