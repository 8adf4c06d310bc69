from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_system,
    edit_project,
    edit_system,
    set_calendar,
)
from headway.domain.programs.queries import (
    program_named,
    program_of,
    project_named,
    projects_of,
    system_named,
)
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_system(cast.mia, {"name": "Scorer", "tier": "high"}, AT)


def test_a_project_belongs_to_a_program_and_may_work_on_a_system(cast: Cast) -> None:
    made = create_project(
        cast.mia,
        "fraud",
        {"name": "Scores", "system": "scorer", "charter": {"problem": "Chargebacks"}},
        AT,
    )
    assert made.system_id == system_named(cast.vera, "scorer").id
    assert made.charter == {"problem": "Chargebacks"}
    assert program_of(cast.vera, made) == program_named(cast.vera, "fraud")


def test_projects_stand_in_the_order_that_was_given(cast: Cast) -> None:
    for order, name in ((2, "Beta"), (1, "Gamma"), (1, "Alpha")):
        create_project(cast.mia, "fraud", {"name": name, "order": order}, AT)
    names = [project.name for project in projects_of(cast.vera, program_named(cast.vera, "fraud"))]
    assert names == ["Alpha", "Gamma", "Beta"]


def test_an_edit_keeps_the_past(cast: Cast) -> None:
    create_project(cast.mia, "fraud", {"name": "Scores", "system": "scorer"}, AT)
    edited = edit_project(cast.mia, "scores", {"system": "", "owner": "bob"}, LATER, version=1)
    assert (edited.system_id, edited.owner, edited.version) == (None, "bob", 2)
    assert project_named(cast.vera, "scores", AT).owner == ""


def test_an_address_is_unique_in_the_workspace(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Other"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    with pytest.raises(Conflict, match="project 'scores' already"):
        create_project(cast.mia, "other", {"name": "Scores"}, AT)


def test_an_unknown_address_suggests_the_nearest(cast: Cast) -> None:
    create_project(cast.mia, "fraud", {"name": "Meter reading"}, AT)
    with pytest.raises(NotFound, match="did you mean 'meter-reading'"):
        project_named(cast.vera, "metre-reading")
    with pytest.raises(NotFound, match="did you mean 'scorer'"):
        edit_project(cast.mia, "meter-reading", {"system": "scorre"}, AT)


def test_a_charter_is_names_and_texts_of_bounded_size(cast: Cast) -> None:
    for charter in ("words", {"problem": "x" * 30_000}):
        with pytest.raises(Invalid, match="charter"):
            create_project(cast.mia, "fraud", {"name": "Scores", "charter": charter}, AT)


def test_a_system_retires(cast: Cast) -> None:
    assert edit_system(cast.mia, "scorer", {"state": "retired"}, LATER).state == "retired"
    assert system_named(cast.vera, "scorer", AT).state == "building"
    with pytest.raises(Invalid, match="none of: building, live, retired"):
        edit_system(cast.mia, "scorer", {"state": "gone"}, LATER)


def test_a_contributor_may_set_the_calendar_that_comes_with_a_plan(cast: Cast) -> None:
    program = program_named(cast.bob, "fraud")
    assert set_calendar(cast.bob, program, {"weekdays": [0, 1]}, LATER).version == 2
    with pytest.raises(NotFound):
        set_calendar(cast.charlie, program, {}, LATER)


def test_a_stale_calendar_is_a_conflict(cast: Cast) -> None:
    program = program_named(cast.bob, "fraud")
    set_calendar(cast.bob, program, {"weekdays": [0, 1]}, LATER, version=1)
    with pytest.raises(Conflict, match=r"calendar is now \{'weekdays': \[0, 1\]\}"):
        set_calendar(cast.bob, program, {"weekdays": [0]}, LATER, version=1)


def test_strangers_and_viewers_stay_out(cast: Cast) -> None:
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    project = project_named(cast.vera, "scores")
    with pytest.raises(NotFound):
        program_of(cast.charlie, project)
    with pytest.raises(NotFound):
        edit_project(cast.charlie, "scores", {"name": "Mine"}, AT)
    with pytest.raises(Refused):
        edit_project(cast.vera, "scores", {"name": "Mine"}, AT)
    with pytest.raises(Refused):
        project_named(cast.vic, "scores")
