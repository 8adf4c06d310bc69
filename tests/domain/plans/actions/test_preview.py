"""Claims about previews: they say what the import then does, and write nothing of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import AT, Cast
from tests.connectors.tables.tables import JIRA_EN, plan_workbook
from tests.domain.plans.actions.test_import_plan import CONTRACT, everything

from headway.domain.plans.actions import add_item, import_plan
from headway.domain.plans.actions.links import LinkDraft, link_items
from headway.domain.plans.models import WorkItem
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.models import Project
from headway.errors import HeadwayError, Invalid

LATER = AT + timedelta(days=7)
HEADINGS = ("Key", "Summary", "Status", "Estimate", "Due date", "Predecessors", "Parent", "Owner")
CELLS = (
    st.sampled_from(["A-1", "A-2", "A-3", "A-4"]),
    st.sampled_from(["Train", "Label", ""]),
    st.sampled_from(["Done", "To Do", "In Progress", "Cancelled", "odd"]),
    st.sampled_from(["1", "3", "", "-2", "x"]),
    st.sampled_from(["2026-12-24", "", "2026-13-01"]),
    st.sampled_from(["", "A-1", "A-2; A-3", "A-9", "A-1FS+2d"]),
    st.sampled_from(["", "", "A-1", "A-4"]),
    st.sampled_from(["", "Bo", "Ines"]),
)
TABLES = st.lists(st.tuples(*CELLS), min_size=1, max_size=5)
Row = tuple[str, ...]


def told(cast: Cast, data: bytes, name: str, **asked: object) -> ImportResult | str:
    """Return what came of an import, or the sentence that refused it."""
    try:
        return import_plan(cast.mia, data, name, LATER, **asked)  # type: ignore[arg-type]
    except HeadwayError as error:
        return str(error)


def as_csv(rows: Sequence[Row]) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows([HEADINGS, *rows])
    return held.getvalue().encode()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TABLES, TABLES)
def test_a_preview_of_any_table_says_what_its_import_does(
    cast: Cast, first: list[Row], second: list[Row]
) -> None:
    with transaction.atomic():
        told(cast, as_csv(first), "work.csv")
        before = everything()
        preview = told(cast, as_csv(second), "work.csv", dry_run=True)
        assert everything() == before
        assert told(cast, as_csv(second), "work.csv") == preview
        transaction.set_rollback(True)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    start=st.integers(0, len(CONTRACT)),
    length=st.integers(0, 30),
    text=st.text(alphabet="ABX[]{},:-0123456789 \n'\"é", max_size=8),
)
def test_a_preview_of_a_plan_file_with_any_slip_says_what_its_import_does(
    cast: Cast, start: int, length: int, text: str
) -> None:
    slipped = (CONTRACT[:start] + text + CONTRACT[start + length :]).encode()
    with transaction.atomic():
        told(cast, CONTRACT.encode(), "fraud.yaml")
        before = everything()
        preview = told(cast, slipped, "fraud.yaml", dry_run=True)
        assert everything() == before
        assert told(cast, slipped, "fraud.yaml") == preview
        transaction.set_rollback(True)


def test_a_preview_writes_no_item_not_even_to_take_it_back(cast: Cast) -> None:
    for data, name in ((JIRA_EN.encode(), "churn.csv"), (plan_workbook(), "plan.xlsx")):
        with CaptureQueriesContext(connection) as asked:
            import_plan(cast.mia, data, name, AT, dry_run=True)
        written = [one["sql"] for one in asked if not one["sql"].startswith("SELECT")]
        assert not [one for one in written if "workitem" in one or "dependency" in one]


def test_a_preview_refuses_a_circle_through_another_project(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    create_project(cast.mia, "fraud", {"name": "Rules"}, AT)
    table = b"Key,Summary,Estimate,Predecessors\nA-1,Train,3,\nA-2,Ship,2,\nA-3,Tell,1,A-1\n"
    import_plan(cast.mia, table, "scores.csv", AT, project="scores")
    add_item(cast.mia, "rules", "R", {"name": "Write rules", "estimate": 2}, AT)
    link_items(cast.mia, LinkDraft("rules/R", "scores/A-2"), AT)
    link_items(cast.mia, LinkDraft("scores/A-1", "rules/R"), AT)
    circle = table.replace(b"A-2,Ship,2,", b"A-2,Ship,2,A-1")
    with pytest.raises(Invalid, match="waits for itself"):
        import_plan(cast.mia, circle, "scores.csv", LATER, project="scores", dry_run=True)
    with pytest.raises(Invalid, match="waits for itself"):
        import_plan(cast.mia, circle, "scores.csv", LATER, project="scores")


def test_a_preview_counts_a_link_that_the_file_dropped(cast: Cast) -> None:
    table = b"Key,Summary,Estimate,Predecessors\nA-1,Train,3,\nA-2,Ship,2,A-1\n"
    import_plan(cast.mia, table, "work.csv", AT)
    preview = told(cast, table.replace(b"2,A-1", b"2,"), "work.csv", dry_run=True)
    assert isinstance(preview, ImportResult)
    assert (preview.created, preview.updated, preview.unchanged) == (0, 1, 1)


def test_how_far_an_import_is_is_told_from_reading_to_checking(cast: Cast) -> None:
    heard: list[tuple[str, int, int]] = []
    import_plan(cast.mia, JIRA_EN.encode(), "churn.csv", AT, tell=lambda *one: heard.append(one))
    assert [what for what, _, _ in heard] == ["reading", "comparing", "items", "links", "checking"]
    assert all(0 <= done <= total for _, done, total in heard)


def test_an_import_that_is_stopped_half_way_leaves_nothing(cast: Cast) -> None:
    before = everything()

    def stop(what: str, _done: int, _total: int) -> None:
        if what == "links":
            assert WorkItem.objects.exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_plan(cast.mia, JIRA_EN.encode(), "churn.csv", AT, tell=stop)
    assert everything() == before
    assert not Project.objects.exists()
