"""Who reads the roster and the resources, and of which workspace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast

from headway.domain.people.actions import set_person, set_resource
from headway.domain.people.queries import names_of, people_of, resources_of
from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, NotFound, Refused


@pytest.fixture(autouse=True)
def roster(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    set_person(cast.mia, "engineer-2", {"name": "Zoe"}, AT)
    set_person(cast.mia, "engineer-1", {"name": "Adam"}, AT)
    set_person(cast.charlie, "engineer-1", {"name": "Somebody of Other"}, AT)


def test_the_roster_is_by_name_and_of_one_workspace(cast: Cast) -> None:
    assert [person.name for person in people_of(cast.vera)] == ["Adam", "Zoe"]
    assert names_of(cast.alice) == {"engineer-1": "Adam", "engineer-2": "Zoe"}
    assert names_of(cast.charlie) == {"engineer-1": "Somebody of Other"}


def test_a_vendor_reads_neither_people_nor_resources(cast: Cast) -> None:
    program = program_named(cast.vera, "fraud")
    with pytest.raises(Refused):
        people_of(cast.vic)
    with pytest.raises(Refused):
        names_of(cast.vic)
    with pytest.raises(Refused):
        resources_of(cast.vic, program)


def test_a_program_of_another_workspace_has_no_resources_to_read(cast: Cast) -> None:
    program = program_named(cast.vera, "fraud")
    with pytest.raises(NotFound):
        resources_of(cast.charlie, program)


def test_resources_are_by_name_as_known_then(cast: Cast) -> None:
    later = AT + timedelta(days=1)
    set_resource(cast.bob, "fraud", "tester", {"capacity": 1}, AT)
    set_resource(cast.bob, "fraud", "analyst", {"capacity": 2}, later)
    program = program_named(cast.vera, "fraud")
    assert [one.name for one in resources_of(cast.vera, program)] == ["analyst", "tester"]
    assert [one.name for one in resources_of(cast.vera, program, AT)] == ["tester"]


def test_a_roster_of_many_is_one_question(cast: Cast) -> None:
    for number in range(30):
        set_person(cast.mia, f"person-{number}", {"name": f"P{number}"}, AT)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(people_of(cast.vera)) == 32
    assert len(asked) == 1


def test_a_stale_edit_of_a_person_is_refused_and_changes_nothing(cast: Cast) -> None:
    set_person(cast.mia, "engineer-1", {"role": "lead"}, AT, version=1)
    with pytest.raises(Conflict):
        set_person(cast.alice, "engineer-1", {"role": "tester"}, AT, version=1)
    assert {person.key: person.role for person in people_of(cast.vera)}["engineer-1"] == "lead"


def test_an_edit_that_changes_nothing_leaves_the_version(cast: Cast) -> None:
    before = people_of(cast.vera)
    set_person(cast.mia, "engineer-1", {"name": "Adam"}, AT)
    assert people_of(cast.vera) == before
