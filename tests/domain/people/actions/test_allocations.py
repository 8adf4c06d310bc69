"""Allocations, requests and pools: written, taken back, read as of a day; tables twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast, a_program, a_project

from headway.domain.accounts.models import AuditEntry
from headway.domain.people.actions import set_person, set_resource
from headway.domain.people.actions.allocations import (
    drop_allocation,
    import_allocations,
    restore_allocation,
    set_allocation,
)
from headway.domain.people.actions.pools import restore_pool, set_pool
from headway.domain.people.actions.requests import (
    fill_request,
    reopen_request,
    restore_request,
    set_request,
    withdraw_request,
)
from headway.domain.people.queries.allocations import (
    allocation_named,
    allocations_of,
    request_named,
    requests_of,
)
from headway.domain.people.queries.pools import all_resources, drawn_resources, pools_of
from headway.domain.people.rules.tables import HEADINGS, read_rows, written_rows
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.rendering.cells import disarmed, restored

pytestmark = pytest.mark.django_db
HALF = {"share": "50 %", "starts_on": "2027-01-04", "ends_on": "2027-03-26"}
LATER = AT + timedelta(days=1)


@pytest.fixture
def staffed(cast: Cast) -> Cast:
    """Put Dana on the roster of a program with a project."""
    project = a_project(cast.acme, program=a_program(cast.acme))
    set_person(cast.mia, "dana", {"name": "Dana", "role": "ML engineer"}, AT)
    a_project(cast.other, "zebra")
    assert project.slug == "meter-reading"
    return cast


def test_an_allocation_is_made_changed_undone_and_known_as_of_a_day(staffed: Cast) -> None:
    bob = staffed.bob
    made = set_allocation(bob, "", {"person": "dana", "project": "meter-reading", **HALF}, AT)
    assert (made.key, made.program, made.share) == (
        "dana-meter-reading-2027-01-04",
        "automation",
        0.5,
    )
    changed = set_allocation(bob, made.key, {"weekly_hours": 12}, LATER, version=1)
    assert (changed.share, changed.weekly_hours, changed.version) == (None, 12.0, 2)
    with pytest.raises(Conflict):
        set_allocation(bob, made.key, {"weekly_hours": 13}, LATER, version=1)
    assert allocation_named(staffed.vera, made.key, AT).share == 0.5
    assert restore_allocation(bob, made.key, 1, LATER).share == 0.5
    gone = drop_allocation(bob, made.key, LATER)
    assert allocations_of(staffed.vera) == []
    assert restore_allocation(bob, made.key, gone, LATER).share == 0.5
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert {"set_allocation", "drop_allocation", "restore_allocation"} <= set(actions)


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ({"person": "nobody", **HALF}, NotFound, "no person 'nobody'"),
        ({"person": "dana", "project": "zebra", **HALF}, NotFound, "no project 'zebra'"),
        ({"person": "dana", "item": "x", **HALF}, Invalid, "needs its project"),
        ({"person": "dana", **HALF, "weekly_hours": 3}, Invalid, "both a share and hours"),
        ({"person": "dana", **HALF, "ends_on": "2026-01-01"}, Invalid, "makes no sense"),
        ({**HALF}, Invalid, "needs a person"),
        ({"person": "dana", **HALF, "colour": "red"}, Invalid, "no field 'colour'"),
    ],
)
def test_an_allocation_that_makes_no_sense_is_refused(
    staffed: Cast, values: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        set_allocation(staffed.bob, "", values, AT)
    assert allocations_of(staffed.vera) == []


def test_who_only_looks_or_comes_from_elsewhere_allocates_nobody(staffed: Cast) -> None:
    made = set_allocation(staffed.bob, "", {"person": "dana", **HALF}, AT)
    assert made.place == "outside of all programs"
    for actor in (staffed.vera, staffed.vic):
        with pytest.raises(Refused):
            set_allocation(actor, "", {"person": "dana", **HALF}, AT)
    with pytest.raises(Refused):
        allocations_of(staffed.vic)
    assert allocations_of(staffed.charlie) == []
    for take in (drop_allocation, lambda *given: restore_allocation(given[0], given[1], 1, AT)):
        with pytest.raises(NotFound):
            take(staffed.charlie, made.key, AT)


def test_the_same_table_twice_changes_nothing_and_a_bad_row_is_told(staffed: Cast) -> None:
    header = ("person", "project", "share", "hours a week", "first day", "last day", "note")
    table = [
        ("dana", "meter-reading", "80 %", "", "2027-03-01", "2027-05-07", "=1+1"),
        ("dana", "", "", "6", "2027-03-01", "2027-03-31", ""),
        ("nobody", "", "50 %", "", "2027-03-01", "2027-03-31", ""),
    ]
    rows = read_rows(header, table, [2, 3, 4])
    first = import_allocations(staffed.bob, rows, AT)
    assert (first.created, first.updated, [line for line, _ in first.skipped]) == (2, 0, [4])
    again = import_allocations(staffed.bob, rows, LATER)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    written = written_rows(allocations_of(staffed.vera))
    cells = [[restored(disarmed(cell)) for cell in row] for row in written]
    back = import_allocations(staffed.bob, read_rows(HEADINGS, cells, [2, 3]), LATER)
    assert (back.created, back.updated, back.unchanged) == (0, 0, 2)
    assert allocations_of(staffed.vera, AT) == allocations_of(staffed.vera)


def test_a_request_is_filled_by_an_allocation_and_opened_again(staffed: Cast) -> None:
    bob = staffed.bob
    wanted = {"role": "ML engineer", "skills": "NLP 3", "project": "meter-reading", **HALF}
    asked = set_request(bob, "automation", "", wanted, AT)
    assert asked.wanted == "ML engineer with NLP ≥ 3"
    changed = set_request(bob, "automation", asked.key, {"weekly_hours": 10}, LATER)
    assert (changed.share, changed.weekly_hours) == (None, 10.0)
    assert restore_request(bob, asked.key, 1, LATER).share == 0.5
    given = fill_request(bob, asked.key, "dana", LATER, is_tentative=True)
    assert (given.request, given.share, given.is_tentative) == (asked.key, 0.5, True)
    for late in (fill_request, lambda *_: withdraw_request(bob, asked.key, LATER)):
        with pytest.raises(Conflict):
            late(bob, asked.key, "dana", LATER)
    assert [one.key for one in requests_of(staffed.vera, state="open")] == []
    assert reopen_request(bob, asked.key, LATER).state == "open"
    assert allocations_of(staffed.vera) == []
    assert withdraw_request(bob, asked.key, LATER).state == "withdrawn"
    with pytest.raises(NotFound):
        request_named(staffed.charlie, asked.key)
    with pytest.raises(Invalid, match="who is wanted"):
        set_request(bob, "automation", "", HALF, AT)


def test_a_pool_reaches_the_network_and_its_undo_too(staffed: Cast) -> None:
    bob, gpu = staffed.bob, {"capacity": 4, "kind": "compute"}
    set_resource(bob, "automation", "gpu", gpu, AT)
    set_resource(bob, "automation", "engineer", {"capacity": 1}, AT)
    with pytest.raises(NotFound):
        set_pool(bob, "automation", "engineer", {}, AT)
    set_pool(bob, "automation", "gpu", {"machine": "A100"}, AT)
    plain = all_resources(staffed.vera)
    assert drawn_resources(staffed.vera, plain)[0] == plain
    quota = {"windows": "2026-12-07 2026-12-20 8"}
    known = set_pool(bob, "automation", "gpu", quota, LATER, version=1)
    assert known.version == 2
    drawn = {one.name: one for one in drawn_resources(staffed.vera, plain)[0]}
    assert drawn["gpu"].steps == [["2026-12-07", 8.0], ["2026-12-21", 4.0]]
    assert pools_of(staffed.vera, plain, AT)[known.resource_id].windows == []
    assert restore_pool(bob, "automation", "gpu", 1, LATER).windows == []
