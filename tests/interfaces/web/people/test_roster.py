"""The roster page: this week's check-ins, links handed out, and people edited in place."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.checkins.team import a_team, says, work
from tests.doors import browser_of

from headway import clock
from headway.domain.accounts.models import AuditEntry
from headway.domain.checkins.actions import answer_check_in, issue_check_in_link
from headway.domain.checkins.queries import check_in_by_link
from headway.domain.people.actions import set_person
from headway.domain.people.queries import person_named, working_time_of

PAGE = "/w/acme/people/"


@pytest.fixture
def team(cast: Cast) -> None:
    a_team(cast)


def text_of(cast: Cast, who: str = "mia") -> str:
    return browser_of(getattr(cast, who)).get(PAGE).content.decode()


def test_an_empty_roster_teaches(cast: Cast) -> None:
    assert "Put somebody on the roster" in text_of(cast)
    text = text_of(cast, "vera")
    assert "Who runs the programs puts people on the roster." in text
    assert "/w/acme/new-person/" not in text


def test_the_page_counts_who_checked_in_this_week(cast: Cast, team: None) -> None:
    now = clock.now()
    issue_check_in_link(cast.mia, "dana", now)
    issue_check_in_link(cast.mia, "bob", now)
    said = [says("train", left="4/6/9", blocked_by="Vendor A")]
    answer_check_in(cast.bob, "bob", said, "Slow week.", now)
    text = text_of(cast)
    assert "1 of 2 checked in this week." in text
    assert "asked, no answer yet" in text
    assert "Slow week." in text
    assert "/w/acme/projects/scores/items/train/" in text
    assert "Train is blocked by Vendor A" in text
    assert "No mail server is set up" in text


def test_a_link_is_shown_once(cast: Cast, team: None) -> None:
    browser = browser_of(cast.mia)
    text = browser.post(PAGE + "dana/link/").content.decode()
    secret = text.partition("/check-in/ci_")[2].partition("/")[0]
    assert check_in_by_link(f"ci_{secret}", clock.now()).person.key == "dana"
    assert secret not in browser.get(PAGE).content.decode()


def test_who_may_not_hand_out_links_sees_no_button(cast: Cast, team: None) -> None:
    text = text_of(cast, "bob")
    assert "Hand out a link" not in text
    assert "My check-in" in text


def test_people_are_added_and_edited_in_the_browser(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    values = {"key": "dana", "name": "Dana", "is_asked": "on", "check_in_at": "15:30"}
    assert browser.post("/w/acme/new-person/", values).status_code == 302
    held = person_named(cast.mia, "dana")
    assert (held.name, str(held.check_in_at), held.is_asked) == ("Dana", "15:30:00", True)
    answer = browser.post("/w/acme/new-person/", values)
    assert answer.status_code == 409
    assert "There is a person &#x27;dana&#x27; already" in answer.content.decode()
    edit = {"name": "Dana Roe", "email": "dana@example.com", "version": "1"}
    assert browser.post(PAGE + "dana/edit/", edit).status_code == 302
    assert person_named(cast.mia, "dana").email == "dana@example.com"
    assert browser.post(PAGE + "dana/edit/", edit | {"name": "Other"}).status_code == 409


def test_ones_own_hour_is_ones_own_to_choose(cast: Cast, team: None) -> None:
    browser = browser_of(cast.bob)
    page = PAGE + "bob/asking/"
    assert "When Bob Poe is asked" in browser.get(page).content.decode()
    sent = {"is_asked": "on", "check_in_day": "1", "time_zone": "Europe/Paris", "version": "1"}
    assert browser.post(page, sent)["Location"] == PAGE + "bob/check-in/"
    held = person_named(cast.mia, "bob")
    assert (held.check_in_day, held.time_zone) == (1, "Europe/Paris")
    wrong = browser.post(page, sent | {"time_zone": "Nowhere", "version": "2"})
    assert wrong.status_code == 422
    assert "Nowhere" in wrong.content.decode()


def test_neither_more_people_nor_more_work_take_more_queries(cast: Cast, team: None) -> None:
    browser = browser_of(cast.vera)
    browser.get(PAGE)
    counts = []
    for round_ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(PAGE).status_code == 200
        counts.append(len(asked))
        for n in range(8):
            key = f"p{round_}-{n}"
            set_person(cast.mia, key, {"name": key}, AT)
            work(cast.mia, f"w{round_}-{n}", key)
            issue_check_in_link(cast.mia, key, clock.now() - timedelta(minutes=1))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_working_time_is_told_in_lines_and_taken_back(cast: Cast, team: None) -> None:
    browser, page = browser_of(cast.bob), PAGE + "bob/working-time/"
    assert (
        "/w/acme/people/bob/working-time/" in browser.get(PAGE + "bob/check-in/").content.decode()
    )
    typed = {"weekdays": "mon tue", "hours": "09:00-13:00", "absences": "2026-12-21 to 2027-01-03"}
    assert browser.post(page, typed | {"zone": "Europe/Berlin"}).status_code == 302
    held = working_time_of(cast.bob, "bob")
    assert (held.schedule["zone"], held.absences) == (
        "Europe/Berlin",
        [["2026-12-21", "2027-01-03"]],
    )
    text = browser.get(page).content.decode()
    assert "2026-12-21 to 2027-01-03" in text
    assert "09:00-13:00" in text
    refused = browser.post(page, {"absences": "soon", "weekdays": "moon", "version": "1"})
    assert refused.status_code == 422
    assert browser.post(page + "0/restore/").status_code == 302
    assert not working_time_of(cast.bob, "bob").is_told


def test_a_changed_person_is_put_back_and_nothing_keeps_what_they_were(cast: Cast) -> None:
    set_person(cast.mia, "dana", {"name": "Dana", "role": "Analyst", "is_asked": False}, AT)
    browser = browser_of(cast.mia)
    place = "/w/acme/people/dana/edit/"
    sent = {"name": "Dana Roe", "role": "ML engineer", "full_time_share": "0.5", "version": "1"}
    shown = browser.post(place, sent, follow=True).content.decode()
    undo = unescape(re.findall(r'action="([^"]*people/dana/edit/[^"]*)"', shown)[0])
    assert person_named(cast.mia, "dana").role == "ML engineer"
    assert browser.post(undo).status_code == 302
    back = person_named(cast.mia, "dana")
    assert (back.name, back.role, back.full_time_share, back.is_asked) == (
        "Dana", "Analyst", 1, False,
    )  # fmt: skip
    assert browser.post(undo).status_code == 409, "somebody changed them since"
    assert not [one for one in AuditEntry.objects.all() if "Analyst" in one.text]
