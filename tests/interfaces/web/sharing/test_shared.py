"""The page of a shared report, its files, and the page on which links are given out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.cast import AT, Cast
from tests.domain.assessments.fraud import a_judged_program
from tests.domain.sharing.asked import secret_in
from tests.doors import browser_of

from headway import clock
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.rules import PackDraft
from headway.domain.sharing.actions import share_report
from headway.domain.sharing.models import LinkOpening, ReportLink

pytestmark = pytest.mark.django_db

REPORT = "/w/acme/programs/fraud/reports/1/"


@pytest.fixture
def page(cast: Cast) -> str:
    """Return the path of a link to report 1, given to the board, that works now."""
    a_judged_program(cast)
    freeze_report(cast.mia, "fraud", PackDraft(), AT, known_at=AT)
    values = {"whom": "the board", "formats": ["html", "md"]}
    shared = share_report(cast.mia, ("fraud", 1), values, clock.now())
    return f"/shared/{secret_in(shared.address)}/"


def test_anybody_who_holds_it_reads_the_report_and_its_watermark(page: str) -> None:
    response = Client().get(page)
    text = response.content.decode()
    assert "Fraud" in text
    assert "Shared by Mia with the board, until" in text
    assert "frozen as of 23 Nov 2026" in text
    assert "report.md" in text
    assert "report.pdf" not in text


def test_it_is_sealed_leads_nowhere_and_signs_nobody_in(page: str) -> None:
    client = Client()
    response = client.get(page)
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    assert "/w/" not in response.content.decode()
    assert "sessionid" not in client.cookies
    assert client.get("/w/acme/programs/fraud/").status_code == 302


def test_a_file_is_sent_as_one_and_sealed_too(page: str) -> None:
    response = Client().get(f"{page}report.md")
    assert response["Content-Disposition"] == 'attachment; filename="fraud-report-1.md"'
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Shared by Mia with the board" in response.content.decode()
    assert Client().get(f"{page}report.pdf").status_code == 404


def test_openings_are_counted_and_shown_to_who_gave_the_link(cast: Cast, page: str) -> None:
    Client(REMOTE_ADDR="203.0.113.77").get(page)
    Client().get(f"{page}report.md")
    Client().head(page)
    text = browser_of(cast.vera).get(f"{REPORT}links/").content.decode()
    assert "2 times" in text
    assert "203.0.113" not in text
    assert LinkOpening.objects.count() == 2


def test_a_dead_link_looks_as_one_that_never_was(page: str) -> None:
    def seen(path: str) -> tuple[int, str]:
        response = Client().get(path)
        return response.status_code, response.content.decode().replace(response["X-Request-ID"], "")

    unknown = seen("/shared/sh_nonsense/")
    ReportLink.objects.update(revoked_at=AT)
    assert seen(page) == unknown
    assert seen(f"{page}report.md") == unknown
    ReportLink.objects.update(revoked_at=None, expires_at=AT - timedelta(days=1))
    assert seen(page) == unknown
    assert unknown[0] == 404


def test_guesses_stop_and_those_with_a_right_link_that_ended_are_no_guessers(page: str) -> None:
    ReportLink.objects.update(revoked_at=AT)
    assert {Client().get(page).status_code for _ in range(30)} == {404}
    ReportLink.objects.update(revoked_at=None)
    codes = [Client().get(f"/shared/sh_{number}/").status_code for number in range(30)]
    assert codes.count(404) <= 20
    assert Client().get(page).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.1").get(page).status_code == 200


def test_a_link_of_one_sort_opens_no_door_of_another(page: str) -> None:
    secret = page.split("/")[2]
    assert Client().get(f"/answer/{secret}/").status_code == 404
    assert Client().get(f"/start/{secret}/").status_code == 404


def test_a_link_is_made_shown_once_and_taken_back_on_the_report_s_page(
    cast: Cast, page: str
) -> None:
    mia = browser_of(cast.mia)
    assert f"{REPORT}links/" in mia.get(REPORT).content.decode()
    sent = {"whom": "a customer", "formats": ["pdf", "html"], "audience": "executive"}
    made = mia.post(f"{REPORT}links/make/", sent).content.decode()
    assert "/shared/sh_" in made
    listed = mia.get(f"{REPORT}links/").content.decode()
    assert "/shared/sh_" not in listed
    assert "2 links to this report work." in listed
    link = ReportLink.objects.get(whom="a customer")
    assert mia.post(f"{REPORT}links/{link.id}/revoke/").status_code == 302
    assert "taken back" in mia.get(f"{REPORT}links/").content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"whom": "", "audience": "executive", "formats": ["pdf"]},
        {"whom": "x", "audience": "executive"},
        {"whom": "x", "audience": "executive", "formats": ["exe"]},
        {"whom": "x", "formats": ["pdf"], "audience": "executive", "until": "2020-01-01"},
        {"whom": "x", "formats": ["pdf"], "audience": "finance"},
    ],
)
def test_what_is_wrong_is_said_and_makes_nothing(
    cast: Cast, page: str, sent: dict[str, object]
) -> None:
    before = ReportLink.objects.count()
    assert browser_of(cast.mia).post(f"{REPORT}links/make/", sent).status_code == 422
    assert ReportLink.objects.count() == before
