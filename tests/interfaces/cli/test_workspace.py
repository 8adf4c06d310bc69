"""The commands with a workspace, on the local database, as people and scripts call them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.cast import AT, Cast
from tests.connectors.tables.tables import JIRA_EN
from tests.interfaces.cli.conftest import SCHEMAS

from headway import clock
from headway.domain.accounts.actions import create_workspace
from headway.domain.accounts.models import AuditEntry, Workspace
from headway.domain.assessments.actions import judge_health
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.evidence.models import Record
from headway.domain.programs.actions import create_program, create_project
from headway.rendering.report.starter import starter_deck

Ask = Callable[..., Any]
ROOT = Path(__file__).parents[3]

PLAN = """
plan: Scores
start: 2026-11-23
items:
  - {id: A, name: Label, estimate: [5, 5, 7]}
  - {id: M, kind: milestone, after: A}
"""
LINE = {
    "subject": "model:scores@1",
    "kind": "evaluation",
    "source": "tests",
    "observed_at": "2026-10-05T12:00:00Z",
    "project": "scores",
    "payload": {"metric": "recall", "value": 0.97, "n": 500, "dataset": "held-out"},
}


@pytest.fixture
def acme(cast: Cast) -> Cast:
    """Return the cast; Acme is named by every command, for there are two workspaces."""
    create_program(cast.mia, {"name": "Fraud", "target": "2027-01-15"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    return cast


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return str(path)


@pytest.fixture
def lines(tmp_path: Path) -> str:
    path = tmp_path / "lines.jsonl"
    # A line separator within a text is no end of line.
    note = {**LINE, "kind": "note", "payload": {"text": "late\u2028labels"}}
    path.write_text(f"{json.dumps(LINE)}\n{json.dumps(note, ensure_ascii=False)}\n")
    return str(path)


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_every_published_schema_is_sound(path: Path) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_text()))


@pytest.mark.usefixtures("acme")
def test_a_plan_is_imported_once(plan: str, answered: Ask, asked: Ask) -> None:
    words = f"import {plan} --project scores --workspace acme"
    first = answered(words, "--dry-run", schema="import")
    assert first["created"] == 2
    assert answered(words, schema="import")["created"] == 2
    assert answered(words, schema="import")["unchanged"] == 2
    code, out, _ = asked(words)
    assert (code, out.count("\n")) == (0, 1)
    assert "2 unchanged" in out


@pytest.mark.usefixtures("acme")
def test_a_plan_that_cannot_be_read_is_a_bad_question(tmp_path: Path, asked: Ask) -> None:
    path = tmp_path / "cycle.yaml"
    path.write_text(PLAN.replace("[5, 5, 7]", "[5, 5, 7], after: M"))
    code, out, err = asked(f"import {path} --project scores --workspace acme")
    assert (code, out) == (2, "")
    assert "A" in err
    assert asked("import nowhere.yaml --workspace acme")[0] == 2


@pytest.mark.usefixtures("acme")
def test_the_same_evidence_is_stored_once(lines: str, answered: Ask, asked: Ask) -> None:
    words = f"evidence push any {lines} --workspace acme"
    first = answered(words, schema="evidence-push")
    assert (first["recorded"], first["already_known"], first["refused"]) == (2, 0, [])
    again = answered(words, schema="evidence-push")
    assert (again["recorded"], again["already_known"], again["head"]) == (0, 2, first["head"])
    assert "already known" in asked(words)[1]


@pytest.mark.usefixtures("acme")
def test_a_refused_line_is_named_and_the_answer_is_bad(tmp_path: Path, answered: Ask) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(LINE) + "\nnonsense\n")
    document = answered(
        f"evidence push any {path} --workspace acme", schema="evidence-push", code=1
    )
    assert [row["line"] for row in document["refused"]] == [2]


@pytest.mark.usefixtures("acme")
def test_the_file_of_another_tool_is_known_by_its_content(asked: Ask, answered: Ask) -> None:
    file = ROOT / "tests/cases/results/great-expectations-empty.json"
    words = f"evidence push any {file} --workspace acme --project scores"
    first = answered(words, schema="evidence-push")
    assert (first["format"], first["recorded"]) == ("great-expectations", 6)
    again = answered(words, schema="evidence-push")
    assert (again["recorded"], again["already_known"]) == (0, 6)
    code, out, _ = asked(words)
    assert (code, out.split(":")[0]) == (0, "great-expectations")


@pytest.mark.usefixtures("acme")
def test_a_file_without_a_time_is_stored_once_when_it_is_given_one(answered: Ask) -> None:
    file = ROOT / "tests/cases/results/deepchecks.json"
    words = f"evidence push check {file} --workspace acme --subject model:scores@1"
    dated = f"{words} --observed-at 2026-11-01T09:00+01:00 --commit 0f3c --dataset-digest 9f2c"
    first = answered(dated, schema="evidence-push")
    record = json.loads(Record.objects.latest("sequence").payload)
    assert (record["commit"], record["dataset_digest"]) == ("0f3c", "9f2c")
    assert (first["recorded"], answered(dated)["already_known"]) == (6, 6)
    assert [note["where"] for note in first["notes"]] == ["time", "check"]


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "give --subject"),
        ("--subject model:s@1 --format junit", "no JUnit XML: it looks like Deepchecks"),
        ("--subject model:s@1 --format weka", "no format 'weka'"),
        ("--subject model:s@1 --observed-at yesterday", "--observed-at is 'yesterday'"),
        ("--subject model:s@1 --format lines --commit 0f3c", "name their commit and digest"),
    ],
)
def test_a_file_that_cannot_be_placed_is_a_sentence(asked: Ask, options: str, said: str) -> None:
    file = ROOT / "tests/cases/results/deepchecks.json"
    code, out, err = asked(f"evidence push any {file} --workspace acme {options}")
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.usefixtures("acme")
def test_the_status_answers_date_odds_and_six_dimensions(
    plan: str, lines: str, answered: Ask, asked: Ask
) -> None:
    asked(f"import {plan} --project scores --workspace acme")
    asked(f"evidence push any {lines} --workspace acme")
    document = answered("status fraud --workspace acme", schema="status")
    assert document["finish"]["p50"] is not None
    assert [one["name"] for one in document["projects"]] == ["scores"]
    code, out, _ = asked("status --workspace acme")
    assert code == 0
    assert out.startswith("Fraud, as of ")
    assert "compliance" in out
    assert "\x1b" not in out


@pytest.mark.usefixtures("acme")
def test_the_brief_adds_up_to_the_difference_of_the_two_dates(
    plan: str, tmp_path: Path, answered: Ask, asked: Ask
) -> None:
    asked(f"import {plan} --project scores --workspace acme")
    young = answered("brief fraud --workspace acme", schema="brief")
    assert "there is nothing before" in young["problem"]
    assert young["bridge"] == []
    code, out, _ = asked("brief --workspace acme")
    assert (code, out.strip().splitlines()) == (0, [young["problem"], "Nothing needs you."])
    assert asked("brief --workspace acme --since yesterday")[0] == 2
    assert asked("brief --workspace acme --since 2999-01-01")[0] == 2


@pytest.mark.usefixtures("acme")
def test_the_export_of_a_tracker_is_imported_by_a_mapping_from_a_file(
    tmp_path: Path, answered: Ask, asked: Ask
) -> None:
    path = tmp_path / "jira.csv"
    path.write_text(JIRA_EN)
    words = f"import {path} --project scores --workspace acme"
    tried = answered(words, "--dry-run", schema="import")
    assert tried["mapping"]["unit"] == "seconds"
    chosen = tmp_path / "map.json"
    chosen.write_text(json.dumps(tried | {"mapping": tried["mapping"] | {"unit": "minutes"}}))
    assert answered(f"{words} --map {chosen}", schema="import")["created"] == 4
    assert answered(words, schema="import")["unchanged"] == 4
    chosen.write_text("[]")
    code, _, err = asked(f"{words} --map {chosen}")
    assert (code, "is not a JSON object" in err) == (2, True)


@pytest.mark.usefixtures("acme")
def test_a_status_without_an_answer_is_null_with_a_note(answered: Ask) -> None:
    document = answered("status --workspace acme", schema="status")
    assert document["finish"] == {"p50": None, "p80": None}
    assert document["p_on_time"] is None
    assert document["notes"]


@pytest.mark.usefixtures("acme")
def test_a_viewer_may_see_the_status_and_not_import(plan: str, asked: Ask) -> None:
    assert asked("status --workspace acme --as vera@example.com")[0] == 0
    code, out, err = asked(f"import {plan} --workspace acme --as vera@example.com")
    assert (code, out) == (2, "")
    assert "A viewer may not do this" in err


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("status", "--workspace"),
        ("status --workspace nobody", "nobody"),
        ("status nothing --workspace acme", "nothing"),
        ("status --workspace acme --as charlie@example.com", "charlie"),
        ("status --workspace acme --as-of yesterday", "yesterday"),
        ("sync absent --workspace acme", "absent"),
        ("report --workspace acme --format docx", "docx"),
        ("report --workspace acme --audience board", "board"),
        ("audit verify --workspace acme --anchor 12", "sequence:digest"),
        ("import absent.yaml --workspace acme", "absent.yaml"),
        ("backup /nowhere/at/all.zip", "/nowhere/at"),
        ("restore absent.zip", "holds a workspace already"),
    ],
)
@pytest.mark.usefixtures("acme")
def test_a_bad_question_is_one_sentence_and_exit_code_two(line: str, word: str, asked: Ask) -> None:
    code, out, err = asked(line)
    assert (code, out) == (2, "")
    assert word in err


@pytest.mark.usefixtures("db")
def test_the_only_workspace_needs_no_name(asked: Ask) -> None:
    create_workspace("Solo", AT)
    code, out, err = asked("audit verify")
    assert (code, err) == (0, "")
    assert out.startswith("audit: holds.\nledger: holds.\n")


def test_another_workspace_is_not_shown_by_the_program_of_the_same_name(
    acme: Cast, answered: Ask
) -> None:
    create_program(acme.charlie, {"name": "Fraud"}, AT)
    document = answered("status fraud --workspace other", schema="status")
    assert document["projects"] == []


@pytest.mark.usefixtures("acme")
def test_one_report_is_frozen_and_written_in_each_format(
    tmp_path: Path, asked: Ask, plan: str
) -> None:
    asked(f"import {plan} --project scores --workspace acme")
    code, out, _ = asked(f"report fraud --workspace acme --format md,html --out {tmp_path}")
    assert code == 0
    assert out.splitlines() == [str(tmp_path / f"fraud-report-1.{form}") for form in ("md", "html")]
    code, out, _ = asked(f"report --workspace acme --format md --dry-run --out {tmp_path}/now.md")
    assert (tmp_path / "now.md").read_text().startswith("# Fraud")
    assert AuditEntry.objects.filter(action="freeze_report").count() == 1


@pytest.mark.usefixtures("acme")
def test_one_pack_is_written_for_several_audiences_on_a_deck_of_ones_own(
    tmp_path: Path, asked: Ask, plan: str
) -> None:
    asked(f"import {plan} --project scores --workspace acme")
    (tmp_path / "ours.pptx").write_bytes(starter_deck())
    line = (
        f"report fraud --workspace acme --audience executive,finance --format pptx,xlsx "
        f"--template {tmp_path}/ours.pptx --out {tmp_path}"
    )
    code, out, err = asked(line)
    assert code == 0, err
    names = [Path(one).name for one in out.splitlines()]
    assert names == [
        "fraud-report-1.pptx",
        "fraud-report-1.xlsx",
        "fraud-report-1-finance.pptx",
        "fraud-report-1-finance.xlsx",
    ]
    assert "no place for" in err
    assert AuditEntry.objects.filter(action="freeze_report").count() == 1
    assert AuditEntry.objects.filter(action="keep_template").count() == 1


def test_a_greener_judgement_needs_a_reason_at_the_command_line(
    acme: Cast, tmp_path: Path, asked: Ask, plan: str
) -> None:
    asked(f"import {plan} --project scores --workspace acme")
    until = (clock.now() + timedelta(days=9)).date()
    draft = JudgementDraft("fraud", "quality", "It holds.", level="good", until=until)
    judge_health(acme.mia, draft, clock.now())
    code, _, err = asked(f"report --workspace acme --format md --out {tmp_path}")
    assert code == 2
    assert "write the reason" in err
    line = f"report --workspace acme --format md --out {tmp_path} --reason Agreed"
    assert asked(line)[0] == 0
    assert "Written reason: Agreed" in (tmp_path / "fraud-report-1.md").read_text()


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("--audience vendor", "add --vendor"),
        ("--vendor lab", "add vendor to --audience"),
        ("--audience vendor --vendor ghost", "Nothing in Fraud is of 'ghost'"),
        ("--template nowhere.pptx", "cannot be read"),
    ],
)
def test_a_pack_that_cannot_be_is_refused(asked: Ask, options: str, why: str) -> None:
    code, _, err = asked(f"report --workspace acme {options}")
    assert code == 2
    assert why in err


@pytest.mark.usefixtures("acme")
def test_several_formats_want_a_folder(tmp_path: Path, asked: Ask) -> None:
    assert asked(f"report --workspace acme --format md,html --out {tmp_path}/x.md")[0] == 2


@pytest.mark.usefixtures("acme")
def test_a_source_is_added_without_its_token_being_shown(
    tmp_path: Path, asked: Ask, answered: Ask
) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret-token\n")
    words = "source add mlflow http://127.0.0.1:9 --workspace acme"
    code, out, err = asked(words, "--token-file", str(token), "--webhook-secret-file", str(token))
    assert code == 0
    assert "/hooks/mlflow/" in err
    assert "s3cret" not in out + err
    assert asked(words)[0] == 2


@pytest.mark.usefixtures("acme")
def test_a_source_out_of_reach_is_exit_code_three(asked: Ask) -> None:
    asked("source add mlflow https://mlflow.invalid --workspace acme")
    code, _, err = asked("sync --workspace acme")
    assert code == 3
    assert "mlflow.invalid" in err
    assert asked("sync mlflow --workspace acme --json")[:2] == (3, "")


@pytest.mark.usefixtures("acme")
def test_nothing_connected_is_said(answered: Ask, asked: Ask) -> None:
    assert answered("sync --workspace acme") == []
    assert "source add" in asked("sync --workspace acme")[2]


@pytest.mark.usefixtures("acme")
def test_projections_remade_are_equal(lines: str, answered: Ask, asked: Ask) -> None:
    asked(f"evidence push any {lines} --workspace acme")
    assert all(one["equal"] for one in answered("rebuild"))
    assert "nothing changed" in asked("rebuild")[1]


def test_a_tampered_trail_is_a_bad_answer(acme: Cast, asked: Ask, answered: Ask) -> None:
    from tests.guards import released_guards

    with released_guards():
        AuditEntry.objects.filter(workspace=acme.acme).update(thing="something else")
    code, out, _ = asked("audit verify --workspace acme")
    assert code == 1
    assert answered("audit verify --workspace acme", code=1)["holds"] is False


@pytest.mark.usefixtures("acme")
def test_a_ledger_that_lost_its_tail_does_not_match_the_anchor(
    lines: str, answered: Ask, asked: Ask
) -> None:
    asked(f"evidence push any {lines} --workspace acme")
    head = answered("audit verify --workspace acme")["head"]
    anchor = f"{head['sequence']}:{head['digest']}"
    assert asked(f"audit verify --workspace acme --anchor {anchor}")[0] == 0
    assert asked(f"audit verify --workspace acme --anchor 3:{head['digest']}")[0] == 1


def test_a_pinned_sample_answers_as_of_its_own_day(acme: Cast, answered: Ask) -> None:
    Workspace.objects.filter(id=acme.acme.id).update(pinned_at=AT)
    assert answered("status --workspace acme", schema="status")["as_of"] == "2026-11-23"
