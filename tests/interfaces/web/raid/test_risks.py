"""The register of risks in a browser: both views, occurring, the radar, files."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.accounts.models import Workspace
from headway.domain.plans.actions import set_promise_items
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import set_risk, set_risk_policy
from headway.domain.risks.queries import issues_of, risk_named, risks_of
from headway.domain.stakeholders.actions import set_promise

ONE = f"{PAGES.program}risks/R1/"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def bob(cast: Cast) -> Client:
    a_running_program(cast)
    Workspace.objects.filter(id=cast.acme.id).update(pinned_at=AT + timedelta(hours=1))
    return browser_of(cast.bob)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


@pytest.mark.django_db
def test_a_raised_probability_is_forecast_at_once_and_the_toast_says_how_p80_moved(
    cast: Cast, bob: Client
) -> None:
    program = program_named(cast.vera, "control")
    before = latest_forecast(cast.vera, program)
    form = {"name": "Labels come late", "kind": "threat", "state": "open", "probability": "0.9"}
    sent = {**form, "delay": "5/10/30", "items": "reading/LABEL", "version": "1"}
    assert bob.post(f"{ONE}edit/", sent).status_code == 302
    after = latest_forecast(cast.vera, program)
    assert before is not None
    assert after is not None
    assert (after.finish("p80") or AT.date()) > (before.finish("p80") or AT.date())
    page = text(bob, ONE)
    assert "is changed. P80 moves from" in page
    assert "How its odds went" in page
    assert bob.post(f"{ONE}occur/", {"version": "2"}).status_code == 302
    (issue,) = issues_of(cast.vera, program)
    assert "Said before it occurred" in text(bob, f"{PAGES.program}issues/{issue.key}/")
    assert "1 open issue" in text(bob, f"{PAGES.program}raid/")
    assert bob.post(f"{ONE}restore/2/").status_code == 302
    assert issues_of(cast.vera, program) == []


@pytest.mark.django_db
def test_the_register_shows_both_views_and_what_asks_for_somebody(cast: Cast, bob: Client) -> None:
    set_risk_policy(cast.mia, "control", {"appetite_days": 0}, AT)
    named = {"name": f"{HOSTILE} R2", "probability": 0.2, "kind": "opportunity", "delay": "-5"}
    set_risk(cast.bob, "control", "R2", named, AT)
    raw = bob.get(f"{PAGES.program}risks/?view=attention&side=residual").content.decode()
    assert HOSTILE not in raw
    page = text(bob, f"{PAGES.program}risks/")
    assert "“Labels come late” adds most" in page
    assert "above the appetite" in page
    assert "Opportunities" in page
    assert "10 are missing" in page
    assert "It leaves" in text(bob, ONE)
    sent = {"escalated_to": "ines", "version": "1"}
    assert bob.post(f"{ONE}escalate/", sent).status_code == 302
    assert "escalated" in text(bob, f"{PAGES.program}risks/?view=attention")
    assert "Labels come late" in text(bob, "/w/acme/money/risks/")


@pytest.mark.django_db
def test_the_radar_is_answered_and_a_register_goes_out_and_comes_back(
    cast: Cast, bob: Client
) -> None:
    promise = {"name": HOSTILE, "giver": "North", "promised": "2026-12-04"}
    set_promise(cast.bob, "control", "photos", promise, AT)
    set_promise_items(cast.bob, "control", "photos", ["reading/TRAIN"], AT)
    radar = f"{PAGES.program}radar/"
    assert HOSTILE not in bob.get(radar).content.decode()
    assert "suggest 1 risk that nobody" in text(bob, radar)
    asked = {"proposal": "promise:photos"}
    assert bob.post(f"{radar}dismiss/", asked).status_code == 422
    assert bob.post(f"{radar}dismiss/", {**asked, "reason": "Spoken to."}).status_code == 302
    assert "Spoken to." in text(bob, radar)
    assert bob.post(f"{radar}again/", asked).status_code == 302
    assert bob.post(f"{radar}accept/", asked).status_code == 302

    set_risk(cast.bob, "control", "R1", {"response": "=cmd()"}, AT)
    table = bob.get(f"{PAGES.program}risk-table.csv").content
    assert b"'=cmd()" in table
    files = f"{PAGES.program}risk-files/"
    again = SimpleUploadedFile("risks.csv", table)
    assert "0 new, 0 to change, 2 as before, 0 refused" in unescape(
        bob.post(files, {"file": again}).content.decode()
    )
    new = b"Risk,Name,Probability,Delay,Items\nR9,Flood,0.1,5,reading/LABEL\nR1,,2,,\n"
    preview = bob.post(files, {"file": SimpleUploadedFile("r.csv", new)})
    page = unescape(preview.content.decode())
    assert "1 new, 0 to change, 0 as before, 1 refused" in page
    program = program_named(cast.vera, "control")
    assert len(risks_of(cast.vera, program)) == 2
    kept = page.split('name="kept" value="')[1].split('"')[0]
    assert bob.post(files, {"kept": kept, "name": "r.csv", "sure": "1"}).status_code == 302
    assert risk_named(cast.vera, program, "R9").probability == 0.1
    assert bob.get(f"{PAGES.program}risk-table.xlsx").content[:2] == b"PK"
