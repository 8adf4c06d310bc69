"""Whole files: plans that come in, reports that go out."""

from __future__ import annotations

import json
from urllib.parse import quote
from uuid import UUID

import pytest
from tests.cast import AT, Cast
from tests.connectors.tables.tables import JIRA_EN
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

from headway.domain.accounts.models import AuditEntry
from headway.domain.plans.actions import run_import
from headway.domain.plans.models import ImportJob, WorkItem

YAML = b"""
plan: Labels
start: 2026-11-23
items:
  - {id: A, name: Label, estimate: [5, 5, 7]}
  - {id: M, kind: milestone, after: A}
"""
CSV = b"id,name,optimistic,most_likely,pessimistic,after\nA,Label,5,5,7,\nB,Train,2,3,4,A\n"
BINARY = "application/octet-stream"


@pytest.fixture
def mia(cast: Cast) -> Caller:
    """Mia, with a program of one project."""
    mia = caller(cast.mia)
    value_in(mia.post("/programs", {"name": "Fraud", "target": "2027-01-15"}), 201)
    value_in(mia.post("/programs/fraud/projects", {"name": "Scores"}), 201)
    return mia


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("plan.yaml", YAML, BINARY),
        ("plan.yml", YAML, "application/yaml"),
        ("plan.csv", CSV, "text/csv"),
    ],
)
def test_a_plan_is_imported_once(mia: Caller, name: str, data: bytes, kind: str) -> None:
    path = f"/plan-imports?file={name}&project=scores"
    first = value_in(mia.send("POST", path, data, kind))
    assert (first["project"], first["read"], first["created"]) == ("scores", 2, 2)
    again = value_in(mia.send("POST", path, data, kind))
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)


def test_a_foreign_table_is_previewed_with_its_mapping_and_taken_by_a_corrected_one(
    mia: Caller,
) -> None:
    path = "/plan-imports?file=jira.csv&project=scores"
    tried = value_in(mia.send("POST", f"{path}&dry_run=true", JIRA_EN.encode(), BINARY))
    assert tried["mapping"]["columns"]["name"] == ["Summary"]
    chosen = quote(json.dumps(tried["mapping"] | {"unit": "minutes"}))
    done = value_in(mia.send("POST", f"{path}&mapping={chosen}", JIRA_EN.encode(), BINARY))
    assert (done["created"], done["mapping"]["unit"]) == (4, "minutes")
    response = mia.send("POST", f"{path}&mapping=[1]", JIRA_EN.encode(), BINARY)
    assert "not a JSON object" in problem_in(response, 422, "invalid")["detail"]


def test_a_dry_run_says_the_same_and_changes_nothing(mia: Caller) -> None:
    path = "/plan-imports?file=plan.yaml&project=scores"
    before = AuditEntry.objects.count()
    tried = value_in(mia.send("POST", f"{path}&dry_run=true", YAML, BINARY))
    assert (WorkItem.objects.count(), AuditEntry.objects.count()) == (0, before)
    assert value_in(mia.send("POST", path, YAML, BINARY)) == tried


def test_without_a_project_the_plan_makes_its_own(mia: Caller) -> None:
    made = value_in(mia.send("POST", "/plan-imports?file=plan.yaml", YAML, BINARY))
    assert value_in(mia.get(f"/projects/{made['project']}"))["name"] == "Labels"


def test_each_problem_of_a_file_names_its_item_and_line(mia: Caller) -> None:
    data = YAML.replace(b"[5, 5, 7]", b"[9, 5, 7], cost: -1")
    response = mia.send("POST", "/plan-imports?file=plan.yaml&project=scores", data, BINARY)
    problem = problem_in(response, 422, "invalid")
    assert problem["errors"]
    assert all("item A" in error["pointer"] for error in problem["errors"])
    assert not WorkItem.objects.exists()


@pytest.mark.parametrize(
    ("query", "data", "kind", "status", "slug"),
    [
        ("", YAML, BINARY, 422, "invalid"),
        ("file=", YAML, BINARY, 422, "invalid"),
        ("file=plan.docx", YAML, BINARY, 422, "invalid"),
        ("file=plan.yaml", b" ", BINARY, 422, "invalid"),
        ("file=plan.yaml", b"\xff\x00", BINARY, 422, "invalid"),
        ("file=plan.yaml", YAML, "application/json", 415, "unsupported-media-type"),
        ("file=plan.yaml&project=absent", YAML, BINARY, 404, "not-found"),
        ("file=plan.yaml&dry_run=perhaps", YAML, BINARY, 422, "invalid"),
    ],
)
def test_a_file_that_cannot_be_taken_is_a_problem(
    mia: Caller, query: str, data: bytes, kind: str, status: int, slug: str
) -> None:
    problem_in(mia.send("POST", f"/plan-imports?{query}", data, kind), status, slug)


@pytest.mark.parametrize(
    ("form", "kind", "start"),
    [
        ("html", "text/html; charset=utf-8", b"<!"),
        ("md", "text/markdown; charset=utf-8", b"# Fraud"),
        (
            "pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            b"PK",
        ),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_a_report_is_taken_away_in_each_format(
    mia: Caller, form: str, kind: str, start: bytes
) -> None:
    number = value_in(mia.post("/programs/fraud/reports", {}), 201)["number"]
    frozen = mia.get(f"/programs/fraud/reports/{number}/file?format={form}")
    draft = mia.get(f"/programs/fraud/reports/draft?format={form}")
    for response, name in (
        (frozen, f"fraud-report-{number}.{form}"),
        (draft, f"fraud-draft.{form}"),
    ):
        assert (response.status_code, response["Content-Type"]) == (200, kind)
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Cache-Control"] == "no-store"
        assert response.content.lstrip().lower().startswith(start.lower())


def test_a_frozen_report_stays_while_the_draft_moves_on(mia: Caller) -> None:
    mia.post("/programs/fraud/reports", {})
    frozen = mia.get("/programs/fraud/reports/1/file?format=md").content
    mia.patch("/programs/fraud", {"name": "Renamed"}, mia.get("/programs/fraud")["ETag"])
    assert mia.get("/programs/fraud/reports/1/file?format=md").content == frozen
    assert b"# Renamed" in mia.get("/programs/fraud/reports/draft?format=md").content
    assert len(value_in(mia.get("/programs/fraud/reports"))["items"]) == 1


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/programs/fraud/reports/9/file", 404, "not-found"),
        ("/programs/absent/reports/draft", 404, "not-found"),
        ("/programs/fraud/reports/draft?format=docx", 422, "invalid"),
    ],
)
def test_a_report_that_is_not_there_is_a_problem(
    mia: Caller, path: str, status: int, slug: str
) -> None:
    problem_in(mia.get(path), status, slug)


def large(rows: int = 2_001) -> bytes:
    lines = (b"A-%d,Label batch %d,3\n" % (number, number) for number in range(rows))
    return b"Key,Summary,Estimate\n" + b"".join(lines)


def test_a_large_table_is_accepted_and_its_state_read_until_it_is_done(mia: Caller) -> None:
    path = "/plan-imports?file=work.csv&project=scores"
    response = mia.send("POST", path, large(), BINARY)
    job = value_in(response, 202)
    assert (job["state"], job["sentence"]) == ("waiting", "Waits for the worker.")
    assert response["Location"] == f"/api/v1/plan-imports/{job['id']}"
    assert not WorkItem.objects.exists()
    ImportJob.objects.update(state="running", attempts=1)
    run_import(UUID(job["id"]), 1, AT)
    done = value_in(mia.get(f"/plan-imports/{job['id']}"))
    assert (done["state"], done["done"], done["result"]["created"]) == ("done", 100, 2_001)


def test_a_large_table_with_a_fault_is_refused_at_once_and_a_dry_run_is_no_job(mia: Caller) -> None:
    path = "/plan-imports?file=work.csv&project=scores"
    data = large() + b'A-1,"open,3\n'
    problem = problem_in(mia.send("POST", path, data, BINARY), 422, "invalid")
    assert "line 2003" in problem["detail"]
    tried = value_in(mia.send("POST", f"{path}&dry_run=true", large(), BINARY))
    assert tried["created"] == 2_001
    assert not ImportJob.objects.exists()


def test_a_cancelled_import_stays_cancelled(mia: Caller) -> None:
    path = "/plan-imports?file=work.csv&project=scores"
    job = value_in(mia.send("POST", path, large(), BINARY), 202)
    cancel = f"/plan-imports/{job['id']}/cancel"
    for _ in range(2):
        assert value_in(mia.post(cancel, {}))["state"] == "cancelled"


def test_a_file_may_be_larger_than_any_other_body(mia: Caller) -> None:
    path = "/plan-imports?file=work.csv&project=scores&dry_run=true"
    data = b"Key,Summary,Notes\n" + b"".join(
        b"A-%d,Label,%s\n" % (number, b"x" * 130_000) for number in range(100)
    )
    assert value_in(mia.send("POST", path, data, BINARY))["created"] == 100
    problem_in(mia.send("POST", path, bytes(64 * 1024 * 1024 + 1), BINARY), 413, "too-large")
