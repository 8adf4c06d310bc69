"""The Monday brief by mail: home's own numbers, at each reader's own time, once a week."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.peers.mail_server import Postbox, text_of

from headway.domain.accounts.models import Member, Workspace
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries.monday import monday_brief
from headway.domain.checkins.actions import issue_check_in_link
from headway.domain.finance.actions import set_budget_line
from headway.domain.notices.actions import send_notices, set_preferences, stop_mails, tell_briefs
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import brief_letter, notices_of
from headway.domain.people.actions import set_person, set_resource
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    make_forecast,
    set_blocked_items,
    set_decision,
    set_need,
)
from headway.domain.programs.actions import create_program, create_project, set_criterion
from headway.domain.risks.actions import set_action, set_blocker
from headway.domain.stakeholders.actions import set_promise
from headway.rendering.letter import letter_text

MONDAY = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def worker(cast: Cast) -> Actor:
    """A program whose plan got worse within the week, a decision, a promise, a question."""
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud", "target": "2027-02-26"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    set_resource(cast.mia, "fraud", "engineer", {"capacity": 2, "rate": "90"}, AT)
    set_budget_line(cast.mia, "fraud", "people", {"name": "People", "amount": "60000"}, AT)
    add_item(cast.bob, "scores", "a", {"name": "Train", "estimate": [20, 30, 60]}, AT)
    set_need(cast.bob, "scores/a", "engineer", 1, AT)
    promise = {"name": "Recall", "subject": "model:x", "metric": "recall", "target": 0.9}
    set_criterion(cast.mia, "scores", "recall", {**promise, "due": "2026-11-25"}, AT)
    make_forecast(cast.bob, "fraud", AT, trials=500)
    edit_item(cast.bob, ("scores", "a"), {"estimate": [30, 45, 90]}, AT + timedelta(days=1))
    change = {"item": "scores/a", "field": "estimate", "now": "20/30/60"}
    option = {"key": "help", "name": "Two engineers", "changes": [change]}
    question = {"question": "Who helps?", "owner": "Mia", "due": "2026-11-27"}
    values = {**question, "options": [option], "recommended": "help"}
    set_decision(cast.mia, "fraud", "help", values, AT + timedelta(days=1))
    blocked = {"name": "No data yet", "waits_for": "Clinic", "since": "2026-11-23"}
    set_blocker(cast.mia, "fraud", "data", {**blocked, "owner": "bob"}, AT)
    set_blocked_items(cast.mia, "fraud", "data", ["scores/a"], AT + timedelta(days=1))
    late = {"name": "Call the clinic", "owner": "bob", "due": "2026-11-25"}
    set_action(cast.mia, "fraud", "call", late, AT)
    given = {"name": "Access to the clinic", "giver": "IT"}
    set_promise(cast.mia, "fraud", "access", given, AT)
    set_person(cast.mia, "dana", {"name": "Dana Roe"}, AT)
    issue_check_in_link(cast.mia, "dana", MONDAY - timedelta(days=1))
    make_forecast(cast.bob, "fraud", MONDAY - timedelta(hours=1), trials=500)
    return headway_actor(cast.acme.id)


def plain(text: str) -> str:
    """Return text as it is compared: one sort of space."""
    return " ".join(unescape(text).replace("\u00a0", " ").split())


def words_of(page: str) -> str:
    return plain(re.sub(r"<[^>]*>", " ", page))


def test_the_mail_says_what_home_says_number_by_number(
    cast: Cast, worker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.clock.now", lambda: MONDAY)
    home = browser_of(cast.mia).get("/w/acme/").content.decode()
    letter, is_quiet = brief_letter(cast.mia, MONDAY)
    mail = plain(letter_text(letter))
    assert not is_quiet
    answer = re.search(r'<p class="answer">(.*?)</p>', home, re.S)
    why = re.search(r'<p class="why">(.*?)</p>', home, re.S)
    assert answer is not None
    assert why is not None
    assert letter.answer == words_of(answer[1])
    assert letter.why == words_of(why[1])
    cells = re.findall(r'<td class="number"[^>]*>(.*?)</td>', home, re.S)
    figures = [found for cell in cells if (found := words_of(cell)) and "n/a" not in found]
    assert len(figures) > 8, "causes, their sum, and an option"
    assert [figure for figure in figures if figure not in mail] == []
    assert any(figure.startswith("+") for figure in figures), "days that were lost"


def test_every_part_of_the_week_is_in_it(cast: Cast, worker: Actor) -> None:
    letter, _ = brief_letter(cast.mia, MONDAY)
    text = letter_text(letter)
    assert letter.answer.startswith("P(26 Feb) ")
    order = ["Estimates changed", "Together", "Who helps?", "Mia decides by 27 Nov 2026, overdue",
             "Two engineers (recommended)", "No data yet", "Holds up Train. One more week: ",
             "Call the clinic", "5 days overdue", "Access to the clinic", "Scores: Recall",
             "Dana Roe was asked", "Open it",
            ]  # fmt: skip
    places = [text.index(word) for word in order]
    assert places == sorted(places)


def test_links_are_whole_and_lead_to_pages(cast: Cast, worker: Actor) -> None:
    letter, _ = brief_letter(cast.mia, MONDAY)
    lines = [line for section in letter.sections for line in section.lines if line.link]
    assert len(lines) > 3
    browser = browser_of(cast.mia)
    for line in lines:
        assert line.link.startswith(settings.BASE_URL)
        assert browser.get(line.link.removeprefix(settings.BASE_URL)).status_code == 200, line.link


def test_owners_and_managers_get_it_on_monday_morning_once(
    cast: Cast, worker: Actor, postbox: Postbox
) -> None:
    assert tell_briefs(worker, MONDAY - timedelta(minutes=1)) == 0
    assert tell_briefs(worker, MONDAY) == 2
    assert tell_briefs(worker, MONDAY + timedelta(minutes=5)) == 0
    assert send_notices(worker, MONDAY) == 2
    assert send_notices(worker, MONDAY + timedelta(hours=1)) == 0
    assert sorted(to for (to,), _ in postbox.arrived) == ["alice@example.com", "mia@example.com"]
    (mail,) = postbox.to("mia@example.com")
    expected, _ = brief_letter(cast.mia, MONDAY)
    assert mail["Subject"].strip() == expected.one_line_subject
    assert expected.answer in text_of(mail)
    assert "Together" in text_of(mail, "html")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    tell_briefs(worker, MONDAY + WEEK)
    send_notices(worker, MONDAY + WEEK)
    assert len(postbox.to("mia@example.com")) == 2
    assert notices_of(cast.mia) == [], "the first page is the brief itself"


def test_each_has_it_at_the_own_hour(cast: Cast, worker: Actor, postbox: Postbox) -> None:
    tokyo = {"time_zone": "Asia/Tokyo", "brief_at": "08:00", "week_day": "tuesday"}
    set_preferences(cast.mia, tokyo, AT)
    for at in (MONDAY, datetime(2026, 11, 30, 22, 59, tzinfo=UTC)):
        tell_briefs(worker, at)
        send_notices(worker, at)
    assert postbox.to("mia@example.com") == []
    tell_briefs(worker, datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
    send_notices(worker, datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
    assert len(postbox.to("mia@example.com")) == 1


def test_who_stopped_it_gets_none(cast: Cast, worker: Actor, postbox: Postbox) -> None:
    tell_briefs(worker, MONDAY)
    send_notices(worker, MONDAY)
    (mail,) = postbox.to("mia@example.com")
    stop = mail["List-Unsubscribe"].strip("<> ").rstrip("/").rpartition("/")[2]
    stop_mails(stop, MONDAY)
    tell_briefs(worker, MONDAY + WEEK)
    send_notices(worker, MONDAY + WEEK)
    assert len(postbox.to("mia@example.com")) == 1
    assert len(postbox.to("alice@example.com")) == 2


def test_a_brief_that_comes_a_day_late_is_left_out(worker: Actor) -> None:
    assert tell_briefs(worker, MONDAY + timedelta(days=1, minutes=1)) == 0


def test_who_joined_on_tuesday_waits_for_monday(cast: Cast, worker: Actor) -> None:
    Member.objects.filter(id=cast.mia.member_id).update(joined_at=MONDAY + timedelta(hours=1))
    assert tell_briefs(worker, MONDAY + timedelta(hours=2)) == 1
    assert tell_briefs(worker, MONDAY + WEEK) == 2


def test_a_mail_that_was_turned_away_is_written_anew_later(
    cast: Cast, worker: Actor, postbox: Postbox
) -> None:
    tell_briefs(worker, MONDAY)
    postbox.is_closed = True
    assert send_notices(worker, MONDAY) == 0
    postbox.is_closed = False
    issue_check_in_link(cast.mia, "dana", MONDAY)
    assert send_notices(worker, MONDAY + timedelta(minutes=5)) == 2


def test_a_quiet_week_says_so_and_can_be_switched_off(cast: Cast, postbox: Postbox) -> None:
    worker = headway_actor(cast.acme.id)
    assert monday_brief(cast.mia, MONDAY).is_quiet
    set_preferences(cast.alice, {"quiet_brief": False}, AT)
    tell_briefs(worker, MONDAY)
    assert send_notices(worker, MONDAY) == 1
    (mail,) = postbox.to("mia@example.com")
    assert mail["Subject"].strip() == "Acme: nothing needs you"
    assert not Notice.objects.filter(member=cast.alice.member_id, mail_after__isnull=False).exists()


def test_several_programs_are_counted_in_the_first_line(cast: Cast, worker: Actor) -> None:
    create_program(cast.mia, {"name": "Churn", "slug": "churn"}, AT)
    letter, _ = brief_letter(cast.mia, MONDAY)
    assert letter.answer.startswith("2 programs; ")
    assert "P(26 Feb) " in letter_text(letter)


def test_nothing_of_another_workspace_is_in_it(cast: Cast, worker: Actor) -> None:
    Workspace.objects.filter(id=cast.other.id).update(name="Zebra")
    letter, _ = brief_letter(cast.charlie, MONDAY)
    assert "Fraud" not in letter_text(letter)
    assert letter.answer == "Nothing is planned here yet."


def test_the_mail_can_be_seen_before_it_goes_out(
    cast: Cast, worker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.clock.now", lambda: MONDAY)
    text = browser_of(cast.mia).get("/w/acme/brief-mail/").content.decode()
    letter, _ = brief_letter(cast.mia, MONDAY)
    assert plain(letter_text(letter)) in words_of(text)
    assert "No mail server is set up" in text
    assert "See the mail" in browser_of(cast.mia).get("/w/acme/").content.decode()
