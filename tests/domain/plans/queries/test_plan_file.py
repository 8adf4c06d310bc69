"""A program's plan as a file: as known at a moment, and read back as the plan it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.interfaces.web.programs.world import a_running_program

from headway.analysis.schedule.readers import read_plan
from headway.domain.plans.actions import add_item, import_plan
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import export_losses, plan_file, plan_value
from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named, projects_of
from headway.errors import Invalid, NotFound, Refused

LATER = AT + timedelta(days=3)


@pytest.mark.parametrize("form", ["yaml", "xml", "csv"])
def test_the_file_of_a_program_holds_its_items_and_links(cast: Cast, form: str) -> None:
    a_running_program(cast)
    program = program_named(cast.vera, "control")
    found = plan_file(cast.vera, program, form, None)
    read = read_plan(found.data, found.name)
    plan = plan_value(cast.vera, program)
    assert [item.id for item in read.items] == [item.id for item in plan.items]
    assert [item.after for item in read.items] == [item.after for item in plan.items]
    assert found.name == f"control.{form}"


def test_a_projects_file_comes_back_by_import_and_changes_nothing(cast: Cast) -> None:
    a_running_program(cast)
    program = program_named(cast.vera, "control")
    project = projects_of(cast.vera, program)[0].slug
    found = plan_file(cast.vera, program, "yaml", None, project=project)
    before = WorkItem.objects.count()
    result = import_plan(cast.mia, found.data, found.name, LATER, project=project)
    assert (result.created, WorkItem.objects.count()) == (0, before)


def test_the_file_of_a_past_day_is_the_plan_of_then(cast: Cast) -> None:
    a_running_program(cast)
    program = program_named(cast.vera, "control")
    project = projects_of(cast.vera, program)[0].slug
    add_item(cast.mia, project, "NEW", {"name": "New", "estimate": 3}, LATER)
    then = plan_file(cast.vera, program, "csv", LATER - timedelta(days=1))
    now = plan_file(cast.vera, program, "csv", None)
    assert b"NEW" in now.data
    assert b"NEW" not in then.data


def test_what_each_format_cannot_carry_is_told(cast: Cast) -> None:
    a_running_program(cast)
    told = export_losses(cast.vera, program_named(cast.vera, "control"), None)
    assert list(told) == ["yaml", "xml", "csv"]
    assert any("start" in sentence for sentence in told["csv"])


def test_only_who_may_see_the_program_takes_its_plan_away(cast: Cast) -> None:
    a_running_program(cast)
    program = program_named(cast.vera, "control")
    with pytest.raises((NotFound, Refused)):
        plan_file(cast.vic, program, "yaml", None)


def test_nothing_planned_and_unknown_forms_are_sentences(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Empty"}, AT)
    empty = program_named(cast.vera, "empty")
    with pytest.raises(NotFound, match="Nothing is planned in Empty yet"):
        plan_file(cast.vera, empty, "yaml", None)
    with pytest.raises(NotFound, match="has no project 'other'"):
        plan_file(cast.vera, empty, "yaml", None, project="other")
    with pytest.raises(Invalid, match=r"use \.yaml, \.xml or \.csv"):
        plan_file(cast.vera, empty, "pdf", None)
