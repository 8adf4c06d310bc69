"""Pages of capacity: who is above it and whose work that is, tables in and out, and back again."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from tests.cast import AT, Cast
from tests.domain.plans.queries.test_capacity import world  # noqa: F401 - a fixture
from tests.doors import browser_of

from headway.domain.people.actions.allocations import set_allocation
from headway.domain.people.actions.requests import set_request
from headway.domain.people.queries.allocations import allocations_of, request_named

pytestmark = pytest.mark.django_db
PEOPLE, PROGRAM = "/w/acme/people/", "/w/acme/programs/automation/"
SINCE = "from=2026-11-23"
DAYS = {"starts_on": "2026-11-30", "ends_on": "2026-12-04"}


@pytest.fixture
def bob(world: Cast) -> Client:  # noqa: F811
    for project, share in (("one", 0.7), ("two", 0.7)):
        given = {"person": "dana", "project": project, "share": share, **DAYS}
        set_allocation(world.bob, project, given, AT)
    maybe = {"person": "yuki", "project": "one", "share": 0.2, "is_tentative": True, **DAYS}
    set_allocation(world.bob, "maybe", maybe, AT)
    return browser_of(world.bob)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode().replace("\u00a0", " ")


def test_the_map_answers_who_is_above_and_marks_whose_work_it_is(bob: Client) -> None:
    page = text(bob, f"{PEOPLE}capacity/?{SINCE}&weeks=4")
    assert "Dana is above capacity in 1 week, first in the week of 30 Nov 2026" in page
    assert "<td class=x>140<td" in page
    assert "<i>+20</i>" not in page
    assert "<i>+20</i>" in text(bob, f"{PEOPLE}capacity/?{SINCE}&tentative=1")
    program = text(bob, f"{PROGRAM}capacity/?{SINCE}&project=one")
    assert "140●" in program
    assert "140▲" in text(bob, f"{PROGRAM}capacity/?{SINCE}")
    free = text(bob, f"{PEOPLE}capacity/?{SINCE}&sort=free&until=2026-12-04")
    assert free.index(">Yuki<") < free.index(">Dana<")
    for wrong in ("sort=best", "weeks=105", "weeks=x", "from=soon"):
        assert bob.get(f"{PEOPLE}capacity/?{wrong}").status_code == 400, wrong
    assert bob.get(f"{PROGRAM}capacity/?project=far").status_code == 404


def test_a_week_of_a_row_opens_what_makes_it_up(bob: Client) -> None:
    row = f"{PROGRAM}capacity/row/dana/?{SINCE}&project=one&week=2026-12-01"
    page = text(bob, row)
    assert "Week of 30 Nov 2026: 140 % of 40.0 h asked for; only both together" in page
    assert "/people/allocations/one/two/edit/" in page
    assert "projects/one/work/build/" not in page  # covered by the allocation, in another week
    assert bob.get(f"{PEOPLE}capacity/nobody/").status_code == 404


def test_an_allocation_is_made_told_of_changed_and_taken_back(
    bob: Client,
    world: Cast,  # noqa: F811
) -> None:
    new = f"{PEOPLE}allocations/new/"
    assert 'value="dana"' in text(bob, f"{new}?person=dana")
    typed = {"person": "dana", "project": "one", "share": "10 %", **DAYS}
    answer = bob.post(new, typed, follow=True).content.decode()
    assert (
        "Dana is above capacity in 1 week; most in the week of 2026-11-30: 60 h of 40 h." in answer
    )
    here = f"{PEOPLE}allocations/one/dana-one-2026-11-30/"
    assert bob.post(f"{here}edit/", {**typed, "share": "20 %", "version": 1}).status_code == 302
    assert bob.post(f"{here}edit/", {**typed, "version": 1}).status_code == 409
    assert bob.post(f"{here}edit/", {**typed, "share": "lots"}).status_code == 422
    assert bob.post(f"{here}1/restore/").status_code == 302
    assert bob.post(f"{here}remove/").status_code == 302
    assert len(allocations_of(world.vera)) == 3
    assert browser_of(world.vera).get(new).status_code == 403


def test_a_table_goes_out_and_comes_back_without_a_change(
    bob: Client,
    world: Cast,  # noqa: F811
) -> None:
    held = allocations_of(world.vera)
    for ending in ("csv", "xlsx"):
        file = BytesIO(bob.get(f"{PEOPLE}allocations.{ending}").content)
        file.name = f"allocations.{ending}"
        page = bob.post(f"{PEOPLE}allocations/import/", {"file": file}).content.decode()
        assert "3 rows: 0 new, 0 changed, 3 as before, 0 left out." in page
    assert allocations_of(world.vera) == held
    bad = BytesIO(b"person,colour\ndana,red\n")
    bad.name = "bad.csv"
    answer = bob.post(f"{PEOPLE}allocations/import/", {"file": bad})
    assert answer.status_code == 422
    assert "The table lacks: first day, last day." in answer.content.decode()


def test_a_request_is_asked_filled_and_opened_again(
    bob: Client,
    world: Cast,  # noqa: F811
) -> None:
    typed = {"role": "data scientist", "share": "50 %", **DAYS}
    assert bob.post(f"{PROGRAM}request/", typed).status_code == 302
    here = f"{PEOPLE}requests/one/data-scientist/"
    page = text(bob, here)
    assert "Yuki could take it." in page
    assert "Data scientist; free for all of it." in page
    assert bob.post(f"{here}fill/yuki/").status_code == 302
    assert request_named(world.vera, "data-scientist").state == "filled"
    assert "filled: Yuki" in text(bob, f"{PEOPLE}requests/")
    assert bob.post(f"{here}reopen/").status_code == 302
    assert bob.post(f"{here}withdraw/").status_code == 302
    assert request_named(world.vera, "data-scientist").state == "withdrawn"


def test_pools_and_bottlenecks_say_what_lies_idle_and_what_would_help(
    bob: Client,
    world: Cast,  # noqa: F811
) -> None:
    assert "not said" in text(bob, f"{PROGRAM}pools/")
    typed = {"market": "on_demand", "preempted": "0", "queue_wait": "0/8/16"}
    typed |= {"reservations": "2026-11-23 2026-12-04 3 1.50", "prices": "on demand 2.10"}
    assert bob.post(f"{PROGRAM}pools/gpu/edit/", typed).status_code == 302
    assert bob.get(f"{PROGRAM}pools/gpu/edit/").status_code == 200
    assert "Jobs wait 0.0 to 16.0 hours" in text(bob, f"{PROGRAM}pools/")
    assert bob.post(f"{PROGRAM}pools/gpu/wait/two/train/").status_code == 302
    assert bob.post(f"{PROGRAM}pools/gpu/wait/two/train/").status_code == 409
    page = text(bob, f"{PROGRAM}capacity/bottlenecks/")
    assert "One more engineer would bring the P80 forward by 7 days." in page
    set_request(world.bob, "automation", "more", {"role": "engineer", "share": 1, **DAYS}, AT)
    assert "engineer" in text(bob, f"{PROGRAM}capacity/?{SINCE}&tentative=1")
