from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.interfaces.web.programs.world import an_evaluation

from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.actions import watch_assumptions, watch_triggers
from headway.domain.evidence.actions import record_evidence
from headway.domain.plans.actions import set_decision, take_decision
from headway.domain.plans.queries import decision_named
from headway.domain.programs.actions import create_program, create_project, set_criterion
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import set_assumption, settle_assumption
from headway.domain.risks.queries import assumption_named

LATER, LAST = AT + timedelta(days=7), AT + timedelta(days=14)
RECALL = {"name": "Recall", "subject": "model:reader", "metric": "recall", "direction": "maximise"}


@pytest.fixture(autouse=True)
def control(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control"}, AT)
    create_project(cast.mia, "control", {"name": "Reading"}, AT)
    set_criterion(cast.mia, "reading", "recall", {**RECALL, "target": 0.9}, AT)
    record_evidence(cast.bob, [an_evaluation()], AT)  # 0.958
    taken = {"name": "Nights read as well", "criterion": "reading/recall", "bound": 0.95}
    set_assumption(cast.bob, "control", "nights", taken, AT)


def worse(cast: Cast) -> None:
    """Let recall fall below the bound."""
    seen = an_evaluation()
    payload = {**seen.payload, "value": 0.91, "low": 0.89, "high": 0.93, "segments": []}
    record_evidence(cast.bob, [replace(seen, observed_at=LATER, payload=payload)], LATER)


def test_what_held_is_open_again_once_its_metric_crosses_the_bound(cast: Cast) -> None:
    house = headway_actor(cast.acme.id)
    settle_assumption(cast.bob, ("control", "nights"), "held", AT, note="Two weeks of nights.")
    assert watch_assumptions(house, "control", AT) == 0
    worse(cast)
    assert watch_assumptions(house, "control", LAST) == 1
    held = assumption_named(cast.vera, program_named(cast.vera, "control"), "nights")
    assert held.is_open
    assert held.note.startswith("Two weeks of nights.\nOpened again on 2026-12-07")
    assert "0.91" in held.note
    assert watch_assumptions(house, "control", LAST) == 0


def test_what_failed_or_is_silent_is_left_as_it_is(cast: Cast) -> None:
    house = headway_actor(cast.acme.id)
    settle_assumption(cast.bob, ("control", "nights"), "failed", AT)
    set_assumption(cast.bob, "control", "words", {"name": "Nobody watches this"}, AT)
    settle_assumption(cast.bob, ("control", "words"), "held", AT)
    worse(cast)
    assert watch_assumptions(house, "control", LAST) == 0


def test_a_decision_that_rests_on_it_says_so(cast: Cast) -> None:
    question = {
        "question": "Read at night?",
        "options": [{"key": "yes", "name": "Yes", "words": "", "changes": []}],
        "reopen_on": {"assumption": "nights"},
    }
    set_decision(cast.mia, "control", "night", question, AT)
    take_decision(cast.mia, ("control", "night"), "yes", AT)
    house = headway_actor(cast.acme.id)
    assert watch_triggers(house, "control", AT) == 0
    worse(cast)
    assert watch_triggers(house, "control", LAST) == 1
    program = program_named(cast.vera, "control")
    said = decision_named(cast.vera, program, "night").reopen_said
    assert said == "The assumption nights does not hold: its metric says so."
