"""The page of what was said: packs open, and what came stands beside."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import AT, Cast
from tests.domain.assessments.fraud import a_judged_program
from tests.doors import browser_of

from headway.domain.plans.actions import set_decision, take_decision, watch_decision
from headway.domain.plans.models import Decision
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.rules import PackDraft

pytestmark = pytest.mark.django_db

PAGE = "/w/acme/programs/fraud/said/"
DECISION = "/w/acme/programs/fraud/decisions/scope/"


@pytest.fixture
def mia(cast: Cast) -> Client:
    a_judged_program(cast)
    return browser_of(cast.mia)


def a_taken_decision(cast: Cast) -> None:
    option = {"key": "no", "name": "Do not", "changes": []}
    set_decision(cast.bob, "fraud", "scope", {"question": "Do less?", "options": [option]}, AT)
    take_decision(cast.mia, ("fraud", "scope"), "no", AT)


def test_without_a_pack_it_says_what_will_stand_here(mia: Client) -> None:
    text = mia.get(PAGE).content.decode()
    assert "No pack is frozen yet" in text
    assert "Nothing that was said at P80 can be judged yet." in text


def test_each_pack_opens_and_says_what_came(cast: Cast, mia: Client) -> None:
    freeze_report(cast.mia, "fraud", PackDraft(), AT, known_at=AT)
    a_taken_decision(cast)
    text = mia.get(PAGE).content.decode()
    assert 'href="/w/acme/programs/fraud/reports/1/"' in text
    assert "not yet due" in text
    assert "What decisions promised" in text
    assert "Do less?" in text


def test_a_trigger_is_set_met_kept_and_opened_on_the_decision_s_page(
    cast: Cast, mia: Client
) -> None:
    a_taken_decision(cast)
    assert mia.post(f"{DECISION}watch/", {"p_on_time_below": "0.4"}).status_code == 302
    assert "P(on time) falls below 40" in mia.get(DECISION).content.decode()
    assert mia.post(f"{DECISION}watch/", {"criterion": "recall"}).status_code == 422
    Decision.objects.update(reopen_said="P(on time) is 21 %, below 40 %.", reopen_said_at=AT)
    assert "To be reopened?" in mia.get(DECISION).content.decode()
    assert "To be reopened? Do less?" in mia.get("/w/acme/").content.decode()
    assert mia.post(f"{DECISION}keep/").status_code == 302
    assert "To be reopened?" not in mia.get(DECISION).content.decode()
    watch_decision(cast.bob, ("fraud", "scope"), {"day": "2026-01-01"}, AT)
    Decision.objects.update(reopen_said="1 Jan 2026 has passed.", reopen_said_at=AT)
    assert mia.post(f"{DECISION}reopen/").status_code == 302
    assert Decision.objects.get().state == "open"
