"""A corpus of broken files for each importer of plans: no crash, no half import, a clear sentence.

Each goes through the preview and through the import, which have to say the same.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from tests.cast import AT, Cast
from tests.connectors.tables.test_broken import READ, REFUSED, broken
from tests.domain.plans.actions.broken_plans import CSV, YAML
from tests.domain.plans.actions.test_import_plan import everything

from headway.domain.plans.actions import import_plan
from headway.domain.plans.models import WorkItem
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.programs.actions import create_program, create_project
from headway.errors import Invalid


@pytest.fixture(autouse=True)
def a_project(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    first = b"Key,Summary,Duration\nOLD-1,Kept,3\n"
    import_plan(cast.mia, first, "old.csv", AT, project="scores")


def brought(cast: Cast, data: bytes, name: str, *, dry_run: bool) -> ImportResult:
    return import_plan(cast.bob, data, name, AT, project="scores", dry_run=dry_run)


def refusal(cast: Cast, data: bytes, name: str) -> str:
    """Return the sentence that refuses a file: preview and import the same, nothing changed."""
    before = everything()
    told = []
    for dry_run in (True, False):
        with pytest.raises(Invalid) as caught:
            brought(cast, data, name, dry_run=dry_run)
        told.append(str(caught.value))
        assert everything() == before
    assert told[0] == told[1]
    assert told[0].endswith((".", "!", "?"))
    assert len(told[0]) < 700
    return told[0]


@pytest.mark.parametrize("importer", [REFUSED | READ, YAML, CSV])
def test_each_corpus_is_as_large_as_was_promised(importer: dict[str, object]) -> None:
    assert len(importer) >= 60


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_changes_nothing(cast: Cast, case: str) -> None:
    assert refusal(cast, broken(case), "file.csv").startswith("file.csv")


@pytest.mark.parametrize("case", READ)
def test_what_is_damaged_is_imported_as_its_preview_said_and_twice_is_once(
    cast: Cast, case: str
) -> None:
    before = everything()
    preview = brought(cast, READ[case], "file.csv", dry_run=True)
    assert everything() == before
    assert brought(cast, READ[case], "file.csv", dry_run=False) == preview
    assert WorkItem.objects.filter(key="OLD-1").exists()
    assert WorkItem.objects.count() == 1 + preview.created
    for one in preview.skipped:
        assert one.line is not None or one.reason
        assert one.reason.endswith((".", "was"))
    again = brought(cast, READ[case], "file.csv", dry_run=False)
    assert (again.created, again.updated) == (0, 0)


@pytest.mark.parametrize("case", YAML)
def test_a_broken_plan_file_changes_nothing_and_names_its_line(cast: Cast, case: str) -> None:
    data, said = YAML[case]
    assert said in refusal(cast, data, "plan.yaml")


@pytest.mark.parametrize("case", CSV)
def test_a_broken_plan_table_changes_nothing_and_names_its_line(cast: Cast, case: str) -> None:
    data, said = CSV[case]
    assert said in refusal(cast, data, "plan.csv")


@pytest.mark.parametrize("case", ["dates of nowhere", "negative lengths", "a range backwards"])
def test_a_cell_that_could_not_be_used_is_named_by_line_and_column(cast: Cast, case: str) -> None:
    skipped = brought(cast, READ[case], "file.csv", dry_run=True).skipped
    heading = {"dates of nowhere": "Due date", "negative lengths": "Duration"}.get(case, "Min")
    lines = [one.line for one in skipped if f"'{heading}' says '" in one.reason]
    assert lines[0] == 2


@pytest.mark.parametrize(
    "name", ["", ".", "plan", "plan.exe", "plan.yaml.zip", "a" * 500, "\0.csv"]
)
def test_a_file_of_any_name_is_imported_or_refused(cast: Cast, name: str) -> None:
    with suppress(Invalid):
        brought(cast, b"Key,Summary\nA-1,Train\n", name, dry_run=False)
