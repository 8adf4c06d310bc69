"""The radar looks at a real plan; what is accepted is simulated, what is dismissed is quiet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.interfaces.web.programs.world import a_running_program

from headway.domain.accounts.queries import headway_actor
from headway.domain.notices.actions import tell_radar
from headway.domain.plans.actions import make_forecast, set_promise_items
from headway.domain.plans.queries import plan_value, risk_standing_named
from headway.domain.programs.queries import program_named
from headway.domain.radar.actions import accept_proposal, ask_proposal_again, dismiss_proposal
from headway.domain.radar.queries import answers_of, radar_counts, radar_of
from headway.domain.risks.actions import close_risk
from headway.domain.stakeholders.actions import confirm_promise, set_promise
from headway.errors import Conflict, Invalid, NotFound, Refused

KEY = "promise:photos"
LATER = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def control(cast: Cast) -> None:
    a_running_program(cast)
    promise = {"name": "Photos", "giver": "North", "promised": "2026-12-04"}
    set_promise(cast.bob, "control", "photos", promise, AT)
    set_promise_items(cast.bob, "control", "photos", ["reading/TRAIN"], AT)


def asking(cast: Cast) -> list[str]:
    program = program_named(cast.vera, "control")
    return [one.proposal.key for one in radar_of(cast.vera, program, LATER) if not one.is_quiet]


def test_an_accepted_proposal_is_a_risk_that_is_simulated(cast: Cast) -> None:
    assert asking(cast) == [KEY]
    made = accept_proposal(cast.bob, "control", KEY, LATER, {"probability": 0.9})
    program = program_named(cast.vera, "control")
    (risk,) = [one for one in plan_value(cast.vera, program).risks if one.id == made.key]
    assert (risk.probability, risk.delays) == (0.9, ("reading/TRAIN",))
    assert made.origin["rule"] == "promise"
    make_forecast(cast.mia, "control", LATER, trials=400)
    standing = risk_standing_named(cast.vera, program, made.key)
    assert standing.at_p80 is not None
    assert (standing.at_p80.days or 0) > 0
    assert asking(cast) == []
    with pytest.raises(Conflict, match="in the register already"):
        accept_proposal(cast.bob, "control", KEY, LATER)
    close_risk(cast.bob, "control", made.key, LATER)
    assert asking(cast) == []  # the same facts: settled


def test_a_dismissed_one_is_quiet_until_its_facts_change(cast: Cast) -> None:
    with pytest.raises(Invalid, match="Say why"):
        dismiss_proposal(cast.bob, "control", KEY, "", LATER)
    dismiss_proposal(cast.bob, "control", KEY, "They said so.", LATER)
    assert asking(cast) == []
    program = program_named(cast.vera, "control")
    assert [one.reason for one in answers_of(cast.vera, program)] == ["They said so."]
    assert answers_of(cast.vera, program, AT) == []
    ask_proposal_again(cast.bob, "control", KEY, LATER)
    assert asking(cast) == [KEY]
    dismiss_proposal(cast.bob, "control", KEY, "They said so.", LATER)
    set_promise(cast.bob, "control", "photos", {"promised": "2027-03-31"}, LATER)
    assert asking(cast) == [KEY]
    assert radar_counts(cast.vera, [program], LATER) == {program.id: 1}


def test_a_new_proposal_is_told_once_to_who_answers_for_programs(cast: Cast) -> None:
    house = headway_actor(cast.acme.id)
    assert tell_radar(house, "control", LATER) == 2  # Alice and Mia
    assert tell_radar(house, "control", LATER) == 0
    set_promise(cast.bob, "control", "photos", {"promised": "2027-03-31"}, LATER)
    assert tell_radar(house, "control", LATER) == 2


def test_what_is_over_cannot_be_answered_and_strangers_see_nothing(cast: Cast) -> None:
    with pytest.raises(Refused):
        accept_proposal(cast.vera, "control", KEY, LATER)
    with pytest.raises(NotFound):
        dismiss_proposal(cast.charlie, "control", KEY, "x", LATER)
    program = program_named(cast.vera, "control")
    with pytest.raises(NotFound):
        radar_of(cast.charlie, program, LATER)
    confirm_promise(cast.bob, ("control", "photos"), LATER)
    with pytest.raises(NotFound, match="What it rested on may be over"):
        accept_proposal(cast.bob, "control", KEY, LATER)
    with pytest.raises(NotFound, match="Nobody has answered"):
        ask_proposal_again(cast.bob, "control", KEY, LATER)
