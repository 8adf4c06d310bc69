"""The law's pages: one question after the other, works without script, looks from another date."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import AT, Cast, a_member
from tests.doors import browser_of

from headway.domain.accounts.rules import Function, Role
from headway.domain.compliance.actions import answer_law, write_dpia
from headway.domain.compliance.models import Incident, LawAnswer
from headway.domain.compliance.queries import AI_ACT, DPIA
from headway.domain.compliance.rules.inputs import AnswerDraft
from headway.domain.compliance.rules.law import gdpr
from headway.domain.forums.actions import make_feed
from headway.domain.programs.actions import create_system
from headway.rendering.package import verify

HERE = "/w/acme/governance/"
ONE = HERE + "systems/scoring/"

CREDIT = {
    "ai-system": "yes",
    "scope": ["market"],
    "exclusion": ["none"],
    "roles": ["provider"],
    "practices": ["none"],
    "annex-i": "no",
    "annex-iii": ["services"],
    "profiling": "yes",
    "transparency": ["none"],
    "general-purpose": "none",
}


@pytest.fixture
def mia(cast: Cast) -> Client:
    """A manager's browser, in front of a system that nobody classified."""
    create_system(cast.mia, {"name": "Scoring", "slug": "scoring"}, AT)
    return browser_of(cast.mia)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_questions_lead_one_by_one_to_a_class_with_its_dates(cast: Cast, mia: Client) -> None:
    assert "Not classified" in text_of(mia, HERE + "systems/")
    *before, practices, _, area, profiling, _, _ = CREDIT
    for question in (*before, "annex-i", "transparency", "general-purpose"):
        answer_law(cast.mia, "scoring", AnswerDraft(AI_ACT, question, CREDIT[question], "So."), AT)
    for question in (practices, area, profiling):
        value = CREDIT[question]
        page = text_of(mia, ONE)
        action = f"{ONE}ai_act/{question}/"
        assert f'action="{action}"' in page, question
        said = {"value": value, "rationale": f"Because of {question}."}
        assert mia.post(action, said).status_code == 302
    page = text_of(mia, ONE)
    assert "High-risk: an area of Annex III, Art. 6(2)." in page
    assert "Because of profiling." in page
    assert "Its gates ask too little" in page
    assert "not verified against the Official Journal" in page
    calendar = text_of(mia, HERE + "obligations/")
    assert "1 binds now, 1 is not shown to be met" in calendar
    assert "2 Dec 2027" in calendar
    assert "18 bind now" in text_of(mia, ONE + "?on=2027-12-02")
    assert "2 Aug 2026" in text_of(mia, HERE + "obligations/?on=2026-06-28")
    dates = text_of(mia, HERE + "obligations.ics")
    assert "DTSTART;VALUE=DATE:20271202" in dates
    assert "SUMMARY:Scoring: 17 obligations" in dates
    assert mia.get(ONE + "?on=soon").status_code == 400


def test_silence_is_no_answer_and_a_reason_is_asked_for(mia: Client) -> None:
    refused = mia.post(ONE + "ai_act/practices/", {"rationale": "None that I know."})
    assert refused.status_code == 422
    assert "silence is no answer" in refused.content.decode()
    both = {"value": ["none", "emotion"], "rationale": "Hm."}
    assert "leave one" in mia.post(ONE + "ai_act/practices/", both).content.decode()
    assert mia.post(ONE + "ai_act/annex-i/", {"value": "no"}).status_code == 422
    assert not LawAnswer.objects.exists()


def test_a_changed_answer_shows_the_former_and_can_be_taken_back(cast: Cast, mia: Client) -> None:
    first = AnswerDraft(AI_ACT, "practices", ["social-scoring"], "It ranks tenants.")
    answer_law(cast.mia, "scoring", first, AT)
    assert "Prohibited" in text_of(mia, HERE + "systems/")
    opened = text_of(mia, ONE + "ai_act/practices/")
    assert "It ranks tenants." in opened
    said = {"value": ["none"], "rationale": "It ranks flats.", "version": "1"}
    mia.post(ONE + "ai_act/practices/", said)
    page = text_of(mia, ONE)
    assert "It ranks tenants." in page
    assert "It ranks flats." in page
    mia.post(ONE + "ai_act/practices/withdraw/", {"version": "2"})
    assert not LawAnswer.objects.exists()
    mia.post(ONE + "ai_act/practices/restore/2/")
    assert LawAnswer.objects.get().value == []


def test_privacy_approves_what_others_wrote(cast: Cast, mia: Client) -> None:
    answer_law(cast.mia, "scoring", AnswerDraft(DPIA, "decides", "yes", "Loans."), AT)
    address = ONE + "impact-assessment/"
    assert "6 of 6 parts are not written" in text_of(mia, address)
    parts = {one.id: "Written." for one in gdpr().parts}
    mia.post(address + "write/", parts | {"residual_risk": "low"})
    assert "privacy has not approved it" in text_of(mia, address)
    assert "Approve or refuse" not in text_of(mia, address)
    pia = browser_of(a_member(cast.acme, "Pia", Role.APPROVER, functions=[Function.PRIVACY]))
    assert "Approve or refuse" in text_of(pia, address)
    form = text_of(pia, address + "approve/")
    seen = form.split('name="seen_digest" value="')[1][:64]
    write_dpia(cast.bob, "scoring", {"risks": "More."}, AT)
    late = pia.post(address + "approve/", {"decision": "approved", "seen_digest": seen})
    assert late.status_code == 409
    form = text_of(pia, address + "approve/")
    seen = form.split('name="seen_digest" value="')[1][:64]
    pia.post(address + "approve/", {"decision": "approved", "seen_digest": seen})
    assert "Written whole, and approved by privacy" in text_of(pia, address)


def test_an_incident_counts_down_until_it_is_reported(cast: Cast, mia: Client) -> None:
    start = {"system": "scoring", "title": "Wrong refusals", "harm": "death"}
    mia.post(HERE + "new-incident/", start)
    assert "1 clock running; Wrong refusals" in text_of(mia, HERE + "incidents/")
    one = HERE + "incidents/wrong-refusals/"
    assert "left to report it (10 days, Art. 73(4))" in text_of(mia, one)
    assert "A serious incident has to be reported" in text_of(mia, "/w/acme/")
    assert "SUMMARY:Report due: Wrong refusals" in text_of(mia, HERE + "obligations.ics")
    feed = f"/calendars/{make_feed(cast.mia, AT)}/governance/obligations.ics"
    assert "SUMMARY:Report due: Wrong refusals" in text_of(Client(), feed)
    mia.post(one + "initial_report/", {"words": "In part."})
    assert "A serious incident" not in text_of(mia, "/w/acme/")
    assert "before the deadline" in text_of(mia, one)
    assert Incident.objects.get().initial_at is not None
    assert "No clock is running." in text_of(mia, HERE + "incidents/")


def test_the_package_is_for_those_who_may_audit(cast: Cast, mia: Client) -> None:
    assert "system:scoring" in text_of(mia, HERE + "hand-over/")
    sent = mia.get(HERE + "hand-over/system:scoring/")
    assert 'filename="system-scoring-' in sent["Content-Disposition"]
    assert verify.check(sent.content)[0] == []
    assert browser_of(cast.vera).get(HERE + "hand-over/system:scoring/").status_code == 403


def test_a_reader_is_offered_nothing_to_change(cast: Cast, mia: Client) -> None:
    page = text_of(browser_of(cast.vera), ONE)
    assert "Not classified; open: Q0" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
