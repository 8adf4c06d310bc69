"""The pages of forums: set up, opened, written line by line, closed; and calendar files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.cast import AT, Cast
from tests.domain.forums.reader import read_calendar
from tests.domain.plans.actions.test_decisions import ASKED, a_plan
from tests.doors import browser_of

from headway.domain.forums.actions import make_feed
from headway.domain.forums.models import Meeting, Minute
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import set_decision
from headway.domain.plans.models import Forecast
from headway.domain.risks.models import Action

HERE = "/w/acme/programs/fraud/"
ONE = f"{HERE}forums/weekly/1/"
FORUM = {
    "name": "Weekly",
    "kind": "weekly",
    "members": "bob",
    "first_on": "2026-11-30",
    "hour": "10:00",
    "every_weeks": "1",
    "minutes": "30",
}
HTMX = {"HX-Request": "true"}


def a_meeting(cast: Cast, *, opened: bool = True) -> Client:
    """Return Mia's browser, with a forum set up and its first meeting, opened."""
    a_plan(cast)
    set_person(cast.mia, "bob", {"name": "Bob B", "email": "bob@example.com"}, AT)
    set_decision(cast.mia, "fraud", "vendor", ASKED, AT)
    mia = browser_of(cast.mia)
    assert mia.post(f"{HERE}new-forum/", FORUM).status_code == 302
    if opened:
        assert mia.post(f"{ONE}open/").status_code == 302
    return mia


@pytest.mark.django_db
class TestPages:
    def test_a_forum_is_set_up_opened_written_and_closed_without_leaving_the_pages(
        self, cast: Cast
    ) -> None:
        mia = a_meeting(cast)
        page = mia.get(ONE).content.decode()
        assert "The odds" in page
        assert "Blockers" in page
        sent = {"sort": "action", "words": "Call the vendor", "who": "bob", "by": "2026-12-04"}
        shown = mia.post(f"{ONE}write/", sent, headers=HTMX).content.decode()
        assert "The action stands in the program" in shown
        assert "Call the vendor" in shown
        assert "data-focus" in shown
        assert Action.objects.get().due is not None
        closed = mia.post(f"{ONE}close/", {"present": ["bob"], "others": "Ines, "})
        assert closed.status_code == 302
        assert Meeting.objects.get(number=1).present == ["bob", "Ines"]
        page = mia.get(ONE).content.decode()
        assert "There were Bob B, Ines." in page
        assert "Write it down" not in page
        assert "Meeting 2" in mia.get(f"{HERE}forums/weekly/").content.decode()
        assert "Weekly" in mia.get(f"{HERE}forums/").content.decode()

    def test_a_decision_is_taken_in_the_meeting_and_the_forecast_is_made_anew(
        self, cast: Cast
    ) -> None:
        mia = a_meeting(cast)
        sent = {"decision": "vendor", "option": "vendor", "words": "Too slow."}
        assert mia.post(f"{ONE}write/", sent).status_code == 302
        assert Forecast.objects.exists()
        page = mia.get(ONE).content.decode()
        assert "taken: Add vendor B" in page
        assert f'href="{HERE}decisions/vendor/"' in page

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"sort": "note", "words": ""}, "Nothing was written"),
            ({"sort": "risk", "words": "Late"}, "probability"),
            ({"sort": "action", "words": "Call", "by": "soon"}, "2026-03-15"),
            ({"decision": "vendor", "option": "none"}, "no option"),
            ({"decision": "vendor", "by": "2001-01-01"}, "later day"),
        ],
    )
    def test_what_cannot_be_written_is_said_and_kept(
        self, cast: Cast, sent: dict[str, str], said: str
    ) -> None:
        mia = a_meeting(cast)
        response = mia.post(f"{ONE}write/", sent, headers=HTMX)
        assert response.status_code == 422
        shown = response.content.decode()
        assert said in shown
        assert sent.get("words", "") in shown
        assert not Minute.objects.exists()

    def test_what_is_typed_stays_text(self, cast: Cast) -> None:
        mia = a_meeting(cast)
        nasty = "<img src=x onerror=window.__xss=1>\"'>"
        for sort in ("note", "action", "blocker"):
            mia.post(f"{ONE}write/", {"sort": sort, "words": nasty, "who": nasty})
        assert Minute.objects.count() == 3
        page = mia.get(ONE).content.decode()
        assert "<img" not in page

    def test_a_line_is_taken_out_and_its_toast_puts_it_back(self, cast: Cast) -> None:
        mia = a_meeting(cast)
        mia.post(f"{ONE}write/", {"sort": "note", "words": "All well."})
        line = Minute.objects.get()
        mia.post(f"/w/acme/minutes/{line.id}/remove/", {"next": ONE})
        assert not Minute.objects.exists()
        assert f"minutes/{line.id}/restore/1/" in mia.get(ONE).content.decode()
        mia.post(f"/w/acme/minutes/{line.id}/restore/1/")
        assert Minute.objects.count() == 1

    def test_a_meeting_is_moved_on_the_forums_clock(self, cast: Cast) -> None:
        mia = a_meeting(cast, opened=False)
        mia.post(f"{ONE}move/", {"day": "2026-12-02", "hour": "15:30", "version": "1"})
        assert f"{Meeting.objects.get().starts_at:%Y-%m-%d %H:%M}" == "2026-12-02 15:30"

    def test_a_viewer_reads_and_is_offered_nothing_to_do(self, cast: Cast) -> None:
        a_meeting(cast)
        page = browser_of(cast.vera).get(ONE).content.decode()
        assert "Agenda" in page
        assert "Write it down" not in page
        assert "Close it" not in page


@pytest.mark.django_db
class TestCalendarFiles:
    def test_the_invitation_is_a_file_that_calendars_open(self, cast: Cast) -> None:
        mia = a_meeting(cast, opened=False)
        response = mia.get(f"{ONE}invitation.ics")
        assert response["Content-Type"].startswith("text/calendar; charset=utf-8; method=REQUEST")
        [event] = read_calendar(response.content.decode()).events
        assert event["SUMMARY"].text == "Weekly, Fraud"
        assert event["URL"].text.endswith(ONE)

    def test_the_address_is_shown_once_and_read_without_signing_in(self, cast: Cast) -> None:
        a_meeting(cast, opened=False)
        bob = browser_of(cast.bob)
        shown = bob.post(f"{HERE}calendar/make/").content.decode()
        address = "/calendars/cal_" + shown.partition("/calendars/cal_")[2].partition("<")[0]
        assert address not in bob.get(f"{HERE}forums/").content.decode()
        response = Client().get(address)
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert len(read_calendar(response.content.decode()).events) == 1
        assert "last read" in bob.get(f"{HERE}forums/").content.decode()
        bob.post(f"{HERE}calendar/revoke/")
        assert Client().get(address).status_code == 404

    def test_a_guess_finds_nothing(self, cast: Cast) -> None:
        a_meeting(cast, opened=False)
        secret = make_feed(cast.bob, AT + timedelta(days=1))
        for guess in (secret[:-1], "cal_", "x" * 300):
            assert Client().get(f"/calendars/{guess}.ics").status_code == 404
