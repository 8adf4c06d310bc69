"""Who hears of an escalation, of a risk above the appetite, and of what holds no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast
from tests.interfaces.web.programs.world import a_running_program, an_evaluation

from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.actions import watch_assumptions
from headway.domain.evidence.actions import record_evidence
from headway.domain.notices.actions import tell_appetites, tell_crossings, tell_escalations
from headway.domain.notices.models import Notice
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import (
    set_assumption,
    set_risk,
    set_risk_policy,
    settle_assumption,
)
from headway.domain.risks.queries import risk_named

LATER, LAST = AT + timedelta(days=7), AT + timedelta(days=14)


@pytest.fixture(autouse=True)
def control(cast: Cast) -> None:
    a_running_program(cast)


def told(cast: Cast, word: str) -> set[str]:
    """Return who was told something with this word."""
    rows = Notice.objects.filter(workspace_id=cast.acme.id, sentence__contains=word)
    return {row.member.user.name for row in rows.select_related("member__user") if row.member}


def test_an_escalation_reaches_whom_it_names_once_and_else_who_answers(cast: Cast) -> None:
    house = headway_actor(cast.acme.id)
    set_risk(cast.bob, "control", "R1", {"escalated_to": "Ana"}, AT)
    assert tell_escalations(house, AT) == 1
    assert told(cast, "was escalated to Ana") == {"Ana"}
    assert tell_escalations(house, LATER) == 0
    set_risk(cast.bob, "control", "R1", {"escalated_to": "The board"}, LATER)
    assert tell_escalations(house, LATER) == 2
    assert told(cast, "was escalated to The board") == {"Alice", "Mia"}
    set_risk(cast.bob, "control", "R1", {"state": "closed", "escalated_to": "Vera"}, LATER)
    assert tell_escalations(house, LATER) == 0  # it is over


def test_what_is_above_the_appetite_is_told_to_its_owner_until_it_is_escalated(cast: Cast) -> None:
    house = headway_actor(cast.acme.id)
    assert tell_appetites(house, "control", AT) == 0  # nobody said what is tolerated
    set_risk_policy(cast.mia, "control", {"appetite_days": 0}, AT)
    set_risk(cast.bob, "control", "R1", {"owner": "Bob"}, AT)
    assert tell_appetites(house, "control", AT) == 3
    assert told(cast, "is above the appetite") == {"Alice", "Bob", "Mia"}
    assert tell_appetites(house, "control", LATER) == 0
    set_risk(cast.bob, "control", "R1", {"escalated_to": "Ana"}, LATER)
    assert tell_appetites(house, "control", LATER) == 0


def test_what_held_and_does_not_any_more_moves_the_review_of_what_rests_on_it(cast: Cast) -> None:
    house = headway_actor(cast.acme.id)
    record_evidence(cast.bob, [an_evaluation()], AT)  # 0.958
    watched = {"name": "Nights read as well", "criterion": "reading/recall", "bound": 0.95}
    set_assumption(cast.bob, "control", "nights", {**watched, "owner": "Ana"}, AT)
    settle_assumption(cast.bob, ("control", "nights"), "held", AT)
    rests = {"assumption": "nights", "owner": "Bob", "review_on": "2027-03-01"}
    set_risk(cast.bob, "control", "R1", rests, AT)
    seen = an_evaluation()
    payload = {**seen.payload, "value": 0.91, "low": 0.89, "high": 0.93, "segments": []}
    record_evidence(cast.bob, [replace(seen, observed_at=LATER, payload=payload)], LATER)
    assert tell_crossings(house, LATER) == 0
    assert watch_assumptions(house, "control", LAST) == 1
    risk = risk_named(cast.vera, program_named(cast.vera, "control"), "R1")
    assert risk.review_on == LAST.date()
    assert tell_crossings(house, LAST) == 2
    assert told(cast, "had held and does not any more") == {"Ana", "Bob"}
    assert tell_crossings(house, LAST) == 0
    assert risk.review_on > date(2026, 11, 23)
