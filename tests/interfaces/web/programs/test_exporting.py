"""The page that gives the plan away as a file, and the calendar of its milestones."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from django.test import Client
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.analysis.schedule.readers import read_plan
from headway.domain.forums.actions import make_feed, revoke_feed
from headway.domain.plans.actions import add_item, make_forecast

FILES = PAGES.plan + "files/"
LATER = AT + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.clock.now", lambda: AT + timedelta(hours=1))


def test_the_page_offers_each_format_and_says_what_it_cannot_carry(cast: Cast) -> None:
    a_running_program(cast)
    page = browser_of(cast.vera).get(FILES).content.decode()
    for form in ("yaml", "xml", "csv"):
        assert f'href="{FILES}{form}/"' in page
    assert "CSV cannot carry the start" in page
    assert f'href="{FILES}"' in browser_of(cast.vera).get(PAGES.plan).content.decode()


@pytest.mark.parametrize("form", ["yaml", "xml", "csv"])
def test_a_file_is_downloaded_under_the_programs_name(cast: Cast, form: str) -> None:
    a_running_program(cast)
    answer = browser_of(cast.vera).get(f"{FILES}{form}/")
    assert answer["Content-Disposition"] == f'attachment; filename="control.{form}"'
    assert read_plan(answer.content, f"control.{form}").items


def test_a_format_that_is_not_written_is_a_sentence(cast: Cast) -> None:
    a_running_program(cast)
    answer = browser_of(cast.vera).get(FILES + "pdf/")
    assert answer.status_code == 400
    assert "use .yaml, .xml or .csv" in answer.content.decode()


def calendar_of(address: str) -> list[icalendar.Event]:
    answer = Client().get(address)
    assert answer.status_code == 200
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_milestones_stand_in_the_calendar_with_uids_that_stay(cast: Cast) -> None:
    a_running_program(cast)
    values = {"name": "Go live, really", "kind": "milestone"}
    add_item(cast.mia, "reading", "LIVE", values, LATER)
    make_forecast(cast.mia, "control", LATER, trials=200)
    address = f"/calendars/{make_feed(cast.vera, LATER)}/control.ics"
    events = {str(one["SUMMARY"]): one for one in calendar_of(address)}
    live = events["Go live, really (P50)"]
    assert isinstance(live["DTSTART"].dt, date)
    assert "P50: " in live["DESCRIPTION"]
    assert "P80: " in live["DESCRIPTION"]
    add_item(cast.mia, "reading", "MORE", {"name": "More", "estimate": 40}, LATER)
    make_forecast(cast.mia, "control", LATER + timedelta(hours=2), trials=200)
    again = {str(one["SUMMARY"]): one for one in calendar_of(address)}["Go live, really (P50)"]
    assert again["UID"] == live["UID"]
    assert again["SEQUENCE"] > live["SEQUENCE"]


def test_a_calendar_answers_no_more_when_it_is_revoked_or_not_theirs(cast: Cast) -> None:
    a_running_program(cast)
    secret = make_feed(cast.vera, LATER)
    assert Client().get(f"/calendars/{secret}/no-such-program.ics").status_code == 404
    assert Client().get("/calendars/cal_guess/control.ics").status_code == 404
    revoke_feed(cast.vera, LATER)
    assert Client().get(f"/calendars/{secret}/control.ics").status_code == 404
