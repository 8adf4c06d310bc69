from __future__ import annotations

from datetime import timedelta

from tests.cast import AT, Cast
from tests.interfaces.web.programs.world import a_running_program

from headway.analysis.schedule.why import Cause
from headway.domain.plans.actions import edit_item
from headway.domain.plans.queries import why_here
from headway.domain.programs.queries import program_named


def test_an_item_names_what_holds_it_and_the_chain_that_drives_it(cast: Cast) -> None:
    a_running_program(cast)
    program = program_named(cast.bob, "control")
    found = why_here(cast.bob, program, "reading/TRAIN", None, AT)
    assert found is not None
    assert found.start_reason.cause is Cause.LINK
    assert found.start_reason.sentence == "It starts when “Label the images” finishes."
    assert [name for _, name in found.chain] == ["Label the images", "Train and compare"]
    assert found.is_critical
    assert (found.total_float, found.start == found.late_start) == (0.0, True)


def test_a_past_page_answers_with_the_plan_of_then(cast: Cast) -> None:
    a_running_program(cast)
    program = program_named(cast.bob, "control")
    pinned = {"pinned": AT.date() + timedelta(days=7)}
    edit_item(cast.mia, ("reading", "TRAIN"), pinned, AT + timedelta(hours=1))
    now = why_here(cast.bob, program, "reading/TRAIN", None, AT)
    then = why_here(cast.bob, program, "reading/TRAIN", AT, AT)
    assert now is not None
    assert then is not None
    assert now.start_reason.cause is Cause.PINNED
    assert then.start_reason.cause is Cause.LINK
    assert "is pinned to" in now.cannot_keep[0]
    assert then.cannot_keep == []


def test_what_is_not_in_the_plan_has_no_reason(cast: Cast) -> None:
    a_running_program(cast)
    program = program_named(cast.bob, "control")
    assert why_here(cast.bob, program, "reading/NONE", None, AT) is None
