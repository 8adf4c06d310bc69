"""Claims about importing other tools' tables: twice is once, nothing is half done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.connectors.tables.tables import JIRA_DE, JIRA_EN, plan_workbook

from headway.domain.plans.actions import import_plan, make_forecast
from headway.domain.plans.models import ColumnMapping, Dependency, WorkItem
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.programs.models import Program, Project
from headway.errors import Invalid, Refused

LATER = AT + timedelta(days=7)


def bring(cast: Cast, data: bytes, name: str = "churn.csv", **asked: object) -> ImportResult:
    at = asked.pop("at", AT)
    return import_plan(cast.mia, data, name, at, **asked)  # type: ignore[arg-type]


def test_a_jira_export_becomes_a_project_with_a_forecast(cast: Cast) -> None:
    result = bring(cast, JIRA_EN.encode())
    assert (result.project, result.read, result.created) == ("churn", 5, 4)
    assert [one.reason[:20] for one in result.skipped if one.line] == ["'MLP-1' is the sum o"]
    answer = make_forecast(cast.mia, Program.objects.get().slug, AT)
    assert answer is not None
    assert answer.finish("p80") is not None


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Team_B__Plan v2 (final).csv", "team-b-plan-v2-final"),
        ("Größe & Maß.csv", "groe-ma"),
        ("計画.csv", "project"),
        ("a" * 80 + ".csv", "a" * 60),
    ],
)
def test_any_name_of_a_file_makes_a_project(cast: Cast, name: str, slug: str) -> None:
    assert bring(cast, JIRA_EN.encode(), name).project == slug


def test_a_second_import_changes_nothing_and_a_week_later_neither(cast: Cast) -> None:
    bring(cast, JIRA_EN.encode())
    again = bring(cast, JIRA_EN.encode())
    later = bring(cast, JIRA_EN.encode(), at=LATER)
    for result in (again, later):
        assert (result.created, result.updated, result.unchanged) == (0, 0, 4)
    assert WorkItem.history.count() == 4


def test_a_dry_run_says_the_same_and_leaves_nothing(cast: Cast) -> None:
    tried = bring(cast, JIRA_EN.encode(), dry_run=True)
    assert not Project.objects.exists()
    assert not ColumnMapping.objects.exists()
    assert bring(cast, JIRA_EN.encode()) == tried


def test_a_corrected_mapping_is_kept_for_the_next_file_of_the_same_headings(cast: Cast) -> None:
    tried = bring(cast, JIRA_DE.encode(), dry_run=True)
    assert tried.mapping is not None
    chosen = dict(tried.mapping) | {"unit": "minutes"}
    bring(cast, JIRA_DE.encode(), mapping=chosen)
    again = bring(cast, JIRA_DE.encode(), at=LATER)
    assert again.mapping == chosen
    assert (again.created, again.updated) == (0, 0)
    assert any("was kept" in note for note in again.notes)


def test_a_workbook_keeps_ranges_links_and_deadlines(cast: Cast) -> None:
    bring(cast, plan_workbook(), "plan.xlsx")
    items = {item.key: item for item in WorkItem.objects.all()}
    assert items["1"].estimate == [1.0, 2.0, 4.0]
    assert items["3"].distribution == "lognormal"
    link = Dependency.objects.get(item=items["3"])
    assert (link.predecessor.key, link.kind, link.lag) == ("2", "FS", 2.0)
    assert str(items["4"].deadline) == "2026-05-29"


def test_progress_told_by_a_later_export_reaches_the_plan(cast: Cast) -> None:
    bring(cast, JIRA_EN.encode())
    moved = JIRA_EN.replace(
        "Train baseline,MLP-4,10004,Story,To Do,To Do",
        "Train baseline,MLP-4,10004,Story,Doing,In Progress",
    )
    result = bring(cast, moved.encode(), at=LATER)
    assert (result.created, result.updated, result.unchanged) == (0, 1, 3)
    assert WorkItem.objects.get(key="MLP-4").started == LATER.date()


@pytest.mark.parametrize(
    ("data", "name", "mapping", "sentence"),
    [
        (b"", "x.xlsx", None, "empty"),
        (b"%PDF-1.7", "x.csv", None, "is a PDF"),
        (JIRA_EN.encode(), "x.csv", {"columns": {"name": ["Gone"]}}, "does not have"),
        (JIRA_EN.encode(), "x.csv", {"columns": []}, "The mapping cannot be used"),
        (b"Key,Summary,Status\nA-1,Train,Cancelled\n", "x.csv", None, "None of the 1 rows"),
    ],
)
def test_what_cannot_be_imported_leaves_nothing_behind(
    cast: Cast, data: bytes, name: str, mapping: dict[str, object] | None, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        bring(cast, data, name, mapping=mapping)
    assert not Project.objects.exists()
    assert not Program.objects.exists()


def test_who_may_not_plan_may_not_import_a_table(cast: Cast) -> None:
    with pytest.raises(Refused):
        import_plan(cast.vera, JIRA_EN.encode(), "x.csv", AT)


def test_our_own_csv_is_still_read_as_a_plan(cast: Cast) -> None:
    text = b"id,name,optimistic,most_likely,pessimistic,after\nA,Train,1,2,3,\n"
    result = bring(cast, text, "own.csv")
    assert result.mapping is None
    assert WorkItem.objects.get().estimate == [1.0, 2.0, 3.0]


def test_who_does_an_item_is_kept_and_not_lost_by_a_table_that_does_not_say(cast: Cast) -> None:
    bring(cast, JIRA_EN.encode())
    assert WorkItem.objects.get(key="MLP-3").owner == "Bo"
    silent = JIRA_EN.replace("In Progress,Bo,", "In Progress,,")
    assert bring(cast, silent.encode(), at=LATER).updated == 0
    assert WorkItem.objects.get(key="MLP-3").owner == "Bo"


def test_a_large_table_leaves_room_for_what_the_program_has_beside_it(cast: Cast) -> None:
    bring(cast, JIRA_EN.encode())
    rows = (f"B-{n},Label,Done,2020-01-{1 + n % 28:02}\n" for n in range(20_000))
    table = "Key,Summary,Status,Finished\n" + "".join(rows)
    result = bring(cast, table.encode(), "labels.csv", dry_run=True)
    assert result.created == 20_000 - 4
    assert "The 4 items finished longest ago" in result.skipped[0].reason
    assert "4 of this program are not in the file" in result.skipped[0].reason


def test_a_name_and_an_owner_too_long_for_a_plan_are_cut(cast: Cast) -> None:
    text = f"Key,Summary,Status,Assignee\nA-1,{'n' * 400},To Do,{'o' * 300}\n"
    bring(cast, text.encode())
    held = WorkItem.objects.get()
    assert (held.name, held.owner) == ("n" * 300, "o" * 200)
    assert bring(cast, text.encode(), at=LATER).updated == 0
