"""Lists: pages that survive new rows, queries that do not grow with them, a true reference."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT, Cast, a_program, a_project
from tests.domain.evidence.payloads import a_run
from tests.interfaces.api.callers import caller, value_in

from headway.domain.evidence.actions import record_evidence
from headway.domain.plans.actions import add_item
from headway.interfaces.api.operations import DECLARED
from headway.interfaces.api.paging import Asked, cursor_of, page_of, place_in

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "api.md"

NAMES = st.sets(st.text(min_size=1, max_size=8).filter(lambda name: name.isprintable()))


@given(rows=NAMES, late=NAMES, limit=st.integers(1, 5))
def test_rows_that_arrive_while_one_walks_neither_repeat_nor_hide_another(
    rows: set[str], late: set[str], limit: int
) -> None:
    there, waiting = set(rows), sorted(late)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = page_of(sorted(there), str, Asked(cursor=cursor, limit=limit))
        seen += page.items
        cursor = page.next
        if waiting:
            there.add(waiting.pop())
    assert seen == sorted(set(seen))
    assert rows <= set(seen)


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-10-05T12:00:00Z", 200),
        ("2026-10-05T12:00:00%2B16:10", 200),
        ("2026-10-05T12:00:00", 422),
        ("1791201600", 422),
        ("0001-01-01T00:00:00%2B05:00", 422),
        ("9999-12-31T23:59:59-05:00", 422),
    ],
)
def test_a_moment_has_a_zone_and_is_written_out(cast: Cast, moment: str, status: int) -> None:
    assert caller(cast.vera).get(f"/evidence?at={moment}").status_code == status


@given(st.text())
def test_a_cursor_stands_for_its_place(place: str) -> None:
    if place.isprintable():
        assert place_in(cursor_of(place)) == place


@pytest.mark.parametrize(
    "path",
    [
        "/programs",
        "/programs/automation/projects",
        "/programs/automation/items",
        "/programs/automation/health",
        "/evidence",
        "/runs?project=p0&metrics=accuracy",
        "/subjects/unplaced",
        "/members",
        "/audit",
    ],
)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(cast: Cast, path: str) -> None:
    program = a_program(cast.acme, "automation", target="2027-06-30")
    a_project(cast.acme, "p0", program=program)
    add_item(cast.alice, "p0", "first", {"name": "First", "estimate": 3}, AT)
    record_evidence(cast.bob, [a_run("r0", project="p0"), a_run("lost")], AT)
    alice = caller(cast.alice)
    value_in(alice.get(path))
    few = _queries_for(cast, path)
    for number in range(1, 12):
        a_program(cast.acme, f"program-{number}")
        a_project(cast.acme, f"p{number}", program=program)
        add_item(cast.alice, "p0", f"i{number}", {"name": "More", "estimate": 3}, AT)
        runs = [a_run(f"r{number}", project="p0"), a_run(f"lost{number}")]
        record_evidence(cast.bob, runs, AT)
    assert _queries_for(cast, path) <= few + 1


def _queries_for(cast: Cast, path: str) -> int:
    alice = caller(cast.alice)
    value_in(alice.get("/me"))
    with CaptureQueriesContext(connection) as queries:
        value_in(alice.get(path))
    return len(queries)


def test_the_reference_lists_every_operation() -> None:
    lines = DOCUMENT.read_text().splitlines()
    written = [line for line in lines if line.startswith(("| GET", "| P", "| DELETE"))]
    rows = [f"| {one.method} | `{one.plain_path}` | {one.permission} | " for one in DECLARED]
    assert len(written) == len(rows)
    for row in rows:
        assert any(line.startswith(row) for line in written), row
