"""Claims about the undo of an import: all of it, and nothing that anybody did since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.connectors.tables.tables import JIRA_EN, plan_workbook

from headway.domain.accounts.models import AuditEntry
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    import_plan,
    link_items,
    undo_import,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import Dependency, WorkItem
from headway.domain.plans.queries import plan_value
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, NotFound, Refused

HOUR = timedelta(hours=1)
LATER = AT + timedelta(days=7)


@pytest.fixture
def churn(cast: Cast) -> Cast:
    """Jira's export, imported into a project."""
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Churn", "slug": "churn"}, AT)
    import_plan(cast.mia, JIRA_EN.encode(), "jira.csv", AT + HOUR, project="churn")
    return cast


def moved(cast: Cast) -> None:
    """Import the export of a week later: one item moved, one came, a link changed."""
    text = JIRA_EN.replace("MLP-4,10004,Story,To Do,To Do", "MLP-4,10004,Story,Doing,In Progress")
    text = text.replace(",,288000,,MLP-2,MLP-5,MLP-1", ",,144000,,,MLP-5,MLP-1")
    text += "Ship it,MLP-9,10009,Task,To Do,To Do,,04/Mar/26 9:00 AM,,,,,28800,,MLP-4,,\n"
    import_plan(cast.mia, text.encode(), "jira.csv", LATER, project="churn")


def test_the_first_import_undone_leaves_an_empty_project(churn: Cast) -> None:
    result = undo_import(churn.mia, "churn", AT + 2 * HOUR)
    assert (result.removed, result.restored, result.kept) == (4, 0, [])
    assert not WorkItem.objects.exists()
    assert not Dependency.objects.exists()
    assert WorkItem.history.filter(history_type="-").count() == 4


def test_a_later_import_undone_gives_back_the_plan_before_it(churn: Cast) -> None:
    before = plan_value(churn.mia, program_named(churn.mia, "fraud"))
    moved(churn)
    assert plan_value(churn.mia, program_named(churn.mia, "fraud")) != before
    result = undo_import(churn.mia, "churn", LATER + HOUR)
    assert (result.removed, result.restored) == (1, 2)
    assert plan_value(churn.mia, program_named(churn.mia, "fraud")) == before


def test_what_somebody_changed_since_is_kept_with_what_it_waits_for(churn: Cast) -> None:
    edit_item(churn.bob, ("churn", "MLP-4"), {"name": "Train a better one"}, AT + 2 * HOUR)
    result = undo_import(churn.mia, "churn", AT + 3 * HOUR)
    assert result.kept == ["MLP-2", "MLP-3", "MLP-4"]
    assert result.removed == 1
    assert Dependency.objects.filter(item__key="MLP-4").exists()


def test_an_item_that_others_wait_for_is_kept(churn: Cast) -> None:
    add_item(churn.bob, "churn", "OWN", {"name": "Own", "estimate": [1, 2, 3]}, AT + 2 * HOUR)
    link_items(churn.bob, LinkDraft("churn/OWN", "churn/MLP-5"), AT + 2 * HOUR)
    result = undo_import(churn.mia, "churn", AT + 3 * HOUR)
    assert result.kept == ["MLP-5"]
    assert Dependency.objects.get().predecessor.key == "MLP-5"


def test_it_is_undone_once_and_audited(churn: Cast) -> None:
    undo_import(churn.mia, "churn", AT + 2 * HOUR)
    assert AuditEntry.objects.order_by("-sequence")[0].action == "undo_import"
    with pytest.raises(Conflict, match="undone already"):
        undo_import(churn.mia, "churn", AT + 3 * HOUR)


def test_the_same_file_comes_back_after_an_undo(churn: Cast) -> None:
    undo_import(churn.mia, "churn", AT + 2 * HOUR)
    again = import_plan(churn.mia, JIRA_EN.encode(), "j.csv", AT + 3 * HOUR, project="churn")
    assert again.created == 4


def test_without_an_import_there_is_nothing_to_undo(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Churn", "slug": "churn"}, AT)
    with pytest.raises(Conflict, match="no import"):
        undo_import(cast.mia, "churn", AT)


def test_a_workbook_with_ranges_is_undone_too(cast: Cast) -> None:
    import_plan(cast.mia, plan_workbook(), "plan.xlsx", AT)
    assert undo_import(cast.mia, "plan", AT + HOUR).removed == 4


def test_nobody_else_undoes_it(churn: Cast) -> None:
    with pytest.raises(Refused):
        undo_import(churn.vera, "churn", AT + 2 * HOUR)
    with pytest.raises(NotFound):
        undo_import(churn.charlie, "churn", AT + 2 * HOUR)
    assert WorkItem.objects.count() == 4
