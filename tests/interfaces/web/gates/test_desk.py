"""What people do at a gate, on its pages: ask, answer, waive, decide, move; each as themselves."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from tests.cast import Cast
from tests.domain.gates.standing_before import Before, before_a_gate, recall, with_milestone
from tests.doors import browser_of

from headway import clock
from headway.domain.accounts.rules import Actor
from headway.domain.gates.models import ApprovalRequest, Condition, Delegation, GateDecision, Waiver
from headway.domain.programs.models import Release


@pytest.fixture
def before(cast: Cast) -> Before:
    """Stand before the gate, with recall shown today."""
    found = before_a_gate(cast)
    recall(cast, at=clock.now())
    with_milestone(found)
    return found


def here(before: Before, rest: str = "") -> str:
    return f"/w/acme/releases/gates/{before.gate}/{rest}"


def text(who: Actor, path: str) -> str:
    answer = browser_of(who).get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def send(who: Actor, path: str, **fields: object) -> HttpResponse:
    """Send the form at `path` as its page gives it, with `fields` typed into it."""
    browser = browser_of(who)
    page = browser.get(path)
    hidden = {}
    if page.status_code == 200:
        found = re.findall(r'name="(seen|version)" value="([^"]*)"', page.content.decode())
        hidden = dict(found)
    return browser.post(path, {**hidden, **fields})


def day(ahead: int) -> str:
    return (clock.now() + timedelta(days=ahead)).date().isoformat()


@pytest.mark.django_db
def test_a_gate_is_asked_answered_waived_decided_and_passed_on_its_pages(before: Before) -> None:
    cast = before.cast
    assert send(cast.bob, here(before, "ask/"), function="privacy").status_code == 302
    question = ApprovalRequest.objects.get()
    assert "1 approval waits for you." in text(before.sam, "/w/acme/governance/approvals/")
    page = text(cast.alice, here(before))
    assert "Against a go stand: Model card is missing." in page
    assert "Privacy has not approved: asked on" in page
    answering = here(before, f"answers/{question.id}/")
    held = send(cast.mia, answering, decision="refused", statement="No.")
    assert "Mia neither holds the function" in held.content.decode()
    assert send(before.sam, answering, decision="approved").status_code == 302
    refused = send(cast.alice, here(before, "decide/"), outcome="go")
    assert refused.status_code == 422
    assert "One thing stands against a go." in refused.content.decode()
    waiver = {"requirement": "card", "owner": "bob", "reason": "In writing.", "until": day(20)}
    assert send(cast.alice, here(before, "waive/"), **waiver).status_code == 302
    assert Waiver.objects.get().granted_by_id == cast.alice.member_id
    assert "1 waiver stands." in text(cast.vera, "/w/acme/governance/waivers/")
    bound = {"text_1": "Drill", "owner_1": "bob", "due_1": day(9)}
    decided = send(cast.alice, here(before, "decide/"), outcome="go_with_conditions", **bound)
    assert decided.status_code == 302
    assert GateDecision.objects.get().outcome == "go_with_conditions"
    page = text(cast.vera, here(before))
    assert "Go with conditions" in page
    assert "Open Drill Bob, due" in page
    moved = send(cast.bob, f"/w/acme/releases/{before.release}/move/", stage="integrate")
    assert moved.status_code == 302
    assert Release.objects.get().stage == "integrate"
    condition = Condition.objects.get()
    meeting = f"/w/acme/governance/conditions/{condition.id}/met/"
    assert send(cast.bob, meeting, statement="Drilled in staging.").status_code == 302
    condition.refresh_from_db()
    assert condition.met_at is not None


@pytest.mark.django_db
def test_a_release_does_not_pass_a_closed_gate_and_the_form_says_why(before: Before) -> None:
    path = f"/w/acme/releases/{before.release}/move/"
    refused = send(before.cast.bob, path, stage="shadow")
    assert refused.status_code == 422
    assert "nothing was decided yet" in refused.content.decode()
    assert Release.objects.get().stage == "validate"


@pytest.mark.django_db
def test_somebody_stands_in_and_is_taken_back(before: Before) -> None:
    fields = {"function": "legal", "taker": "sam@example.com", "ends": day(5)}
    assert send(before.ana, "/w/acme/governance/approvals/stand-in/", **fields).status_code == 302
    made = Delegation.objects.get()
    assert "Sam Anna legal" in text(before.ana, "/w/acme/governance/approvals/")
    path = f"/w/acme/governance/approvals/stand-ins/{made.id}/revoke/"
    assert send(before.ana, path, version=made.version).status_code == 302
    assert "revoked" in text(before.ana, "/w/acme/governance/approvals/")


@pytest.mark.django_db
def test_the_calendar_is_a_page_and_a_file(before: Before) -> None:
    waiver = {"requirement": "card", "owner": "bob", "reason": "In writing.", "until": day(20)}
    send(before.cast.alice, here(before, "waive/"), **waiver)
    assert "Model card: waiver ends" in text(before.cast.vera, "/w/acme/governance/calendar/")
    sorted_page = text(before.cast.vera, "/w/acme/governance/calendar/?sort=evidence")
    assert "Recall: evidence goes stale" in sorted_page
    file = browser_of(before.cast.vera).get("/w/acme/governance/calendar/reviews.ics")
    lines = file.content.decode().replace("\r\n ", "").split("\r\n")
    assert file["Content-Type"].startswith("text/calendar")
    assert f"DTSTART;VALUE=DATE:{day(20).replace('-', '')}" in lines
    assert any(line.startswith("UID:waiver-") for line in lines)
