"""Workspace commands against a running server: they answer as they would beside its database.

No test here may touch the local database (none asks for one): pytest-django refuses it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.interfaces.cli.conftest import SCHEMAS
from tests.interfaces.cli.test_up import free_port
from tests.interfaces.cli.there import There, a_server

from headway import clock
from headway.interfaces.cli.server import listed, post

Ask = Callable[..., Any]

PLAN = """
plan: Labels
start: 2026-11-23
items:
  - {id: A, name: Label, estimate: [5, 5, 7]}
  - {id: M, kind: milestone, after: A}
"""
NOTE = {
    "subject": "model:scores@1",
    "kind": "note",
    "source": "tests",
    "observed_at": "2026-10-05T12:00:00Z",
    "project": "scores",
    "payload": {"text": "late labels"},
}

#: A command of each sort that speaks to a server; none of them changes anything.
COMMANDS = [
    "status fraud",
    "sync lab",
    "report fraud --dry-run",
    "import {plan} --dry-run",
    "source add mlflow http://127.0.0.1:9 --name lab",
]

# Together in one worker: one server is started for all.
pytestmark = [pytest.mark.slow, pytest.mark.own_sqlite, pytest.mark.xdist_group("remote")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    with a_server(tmp_path_factory.mktemp("there")) as there:
        there.beside("source add mlflow http://127.0.0.1:9 --name lab")
        yield there


@pytest.fixture
def there(server: There, monkeypatch: pytest.MonkeyPatch) -> There:
    """The server, named in the environment with a token for everything."""
    _name(monkeypatch, server.environment())
    return server


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return str(path)


def _name(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    monkeypatch.delenv("HEADWAY_TOKEN", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


# --- the same answers ---------------------------------------------------------------------------


@pytest.mark.usefixtures("there")
def test_a_plan_is_imported_once(plan: str, answered: Ask, asked: Ask) -> None:
    tried = answered(f"import {plan} --project scores", "--dry-run", schema="import")
    done = answered(f"import {plan} --project scores", schema="import")
    assert tried == done
    assert done["created"] == 2
    assert answered(f"import {plan} --project scores", schema="import")["unchanged"] == 2
    assert asked(f"import {plan} --project scores")[:2] == (
        0,
        "scores: 2 items read, 0 created, 0 updated, 2 unchanged.\n",
    )


@pytest.mark.usefixtures("there")
def test_a_pipeline_asks_a_gate_of_a_server(answered: Ask, asked: Ask) -> None:
    assert answered("gate list")["gates"] == []
    post("/systems", {"name": "Scores", "slug": "scores-model"})
    release = post("/systems/scores-model/releases", {"name": "1", "project": "scores"})
    post(f"/releases/{release['id']}/gates", {"template": "tabular", "stages": ["live"]})
    closed = answered("gate check scores --stage live", schema="gate-check", code=1)
    assert closed["missing"][0] == "criteria-met"
    (line,) = answered("gate list --project scores")["gates"]
    assert (line["id"], line["missing"]) == (closed["id"], closed["missing"])
    code, _, err = asked("gate check scores --stage lime")
    assert code == 2
    assert "no gate before 'lime'; did you mean 'live'?" in err


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("cycle.yaml", "[5, 5, 7]", "[5, 5, 7], after: M"),
        ("two.yaml", "[5, 5, 7]", "[9, 5, 7], cost: -1, nonsense: 1"),
        ("plan.docx", "", ""),
    ],
)
def test_a_plan_that_cannot_be_read_is_told_in_the_same_words(
    there: There, tmp_path: Path, asked: Ask, name: str, old: str, new: str
) -> None:
    path = tmp_path / name
    path.write_text(PLAN.replace(old, new))
    found = asked(f"import {path} --project scores")
    assert found == there.beside(f"import {path} --project scores")
    assert (found[0], found[1]) == (2, "")


def test_the_status_is_the_same_document_and_the_same_text(
    there: There, plan: str, answered: Ask, asked: Ask
) -> None:
    answered(f"import {plan} --project scores")
    document = answered("status fraud", schema="status")
    assert document["finish"]["p50"] is not None
    assert document == json.loads(there.beside("status fraud --json")[1])
    assert asked("status") == there.beside("status")
    for day in ("2026-11-01", "2030-01-01", "yesterday"):
        line = f"status fraud --json --as-of {day}"
        assert asked(line) == there.beside(line)


def test_the_brief_is_the_same_document(there: There, plan: str, answered: Ask, asked: Ask) -> None:
    answered(f"import {plan} --project scores")
    moments = ("at", "since")
    document = answered("brief fraud", schema="brief")
    beside = json.loads(there.beside("brief fraud --json")[1])
    assert {key: value for key, value in document.items() if key not in moments} == {
        key: value for key, value in beside.items() if key not in moments
    }
    assert asked("brief fraud --since 2999-01-01")[0] == 2


def test_a_sample_that_stands_still_answers_as_of_its_own_day(
    there: There, plan: str, answered: Ask
) -> None:
    answered(f"import {plan} --project scores")
    answered("status fraud")
    there.pin("now() + timedelta(days=3)")
    try:
        document = answered("status fraud", schema="status")
        assert document == json.loads(there.beside("status fraud --json")[1])
        assert document["as_of"] == (clock.now() + timedelta(days=3)).date().isoformat()
    finally:
        there.pin("None")


def test_every_page_of_a_list_is_read(there: There, asked: Ask) -> None:
    names = [f"Program {number}" for number in range(60)]
    there.add_programs(names)
    try:
        code, out, err = asked("status")
        assert (code, out, err) == there.beside("status")
        assert err.count("program-") == 60
    finally:
        there.drop_programs(names)


def test_who_may_only_read_sees_the_status_and_changes_nothing(
    server: There, monkeypatch: pytest.MonkeyPatch, plan: str, answered: Ask, asked: Ask
) -> None:
    _name(monkeypatch, server.environment("read"))
    assert answered("status", schema="status")["program"] == "fraud"
    for line in (f"import {plan}", "sync lab", "report --format md"):
        code, out, err = asked(line)
        assert (code, out) == (2, "")
        assert "This token carries read" in err


@pytest.mark.usefixtures("there")
def test_a_report_is_frozen_once_and_fetched_in_each_format(tmp_path: Path, asked: Ask) -> None:
    code, out, err = asked(f"report fraud --format md,html,pdf --out {tmp_path}")
    assert code == 0, err
    files = [Path(line) for line in out.splitlines()]
    assert [file.suffix for file in files] == [".md", ".html", ".pdf"]
    assert len({file.stem for file in files}) == 1
    assert files[0].read_text().startswith("# Fraud")
    assert "<html" in files[1].read_text()
    assert files[2].read_bytes().startswith(b"%PDF-")


def test_a_draft_is_the_servers_and_is_not_frozen(there: There, tmp_path: Path, asked: Ask) -> None:
    asked(f"report --format md --out {tmp_path}")
    numbered = [path.name for path in tmp_path.iterdir()]
    assert asked(f"report --format md --dry-run --out {tmp_path}/draft.md")[0] == 0
    assert (tmp_path / "draft.md").read_text().startswith("# Fraud")
    asked(f"report --format md --out {tmp_path}")
    after = {path.name for path in tmp_path.iterdir()} - {*numbered, "draft.md"}
    first, second = (int(name.split("-")[-1].split(".")[0]) for name in (*numbered, *after))
    assert second == first + 1


@pytest.mark.usefixtures("there")
def test_the_same_evidence_is_stored_once(tmp_path: Path, answered: Ask) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(json.dumps(NOTE) + "\n")
    first = answered(f"evidence push any {path}", schema="evidence-push")
    again = answered(f"evidence push any {path} --source tests", schema="evidence-push")
    assert (first["recorded"], again["already_known"]) == (1, 1)
    assert again["head"] == first["head"]


@pytest.mark.usefixtures("there")
def test_the_file_of_another_tool_is_sent_whole(answered: Ask) -> None:
    file = SCHEMAS.parents[2] / "tests/cases/results/deepchecks.json"
    told = "--subject model:a@1 --observed-at 2026-11-01T09:00Z --commit 0f3c"
    words = f"evidence push any {file} {told}"
    first = answered(words, schema="evidence-push")
    assert (first["format"], first["recorded"]) == ("deepchecks", 8)
    assert answered(f"{words} --source other")["recorded"] == 8


def test_the_chains_are_verified_there(there: There, answered: Ask, asked: Ask) -> None:
    document = answered("audit verify")
    assert document["holds"]
    assert document == json.loads(there.beside("audit verify --json")[1])
    assert asked("audit verify") == there.beside("audit verify")
    for anchor in ("1:0", "999:0", "nonsense", "²:0"):
        words = f"audit verify --json --anchor {anchor}"
        assert asked(words) == there.beside(words)
        assert asked(words)[0] == (1 if anchor[0].isdecimal() else 2)


def test_a_source_out_of_reach_is_exit_code_three(there: There, asked: Ask) -> None:
    code, out, err = asked("sync --json")
    assert (code, out) == (3, "")
    assert err == there.beside("sync lab --json")[2]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("status nothing", "nothing"),
        ("sync absent", "absent"),
        ("report nothing", "nothing"),
        ("import {plan} --project absent", "absent"),
        ("status a/../b", "a/../b"),
    ],
)
def test_what_is_not_there_is_a_bad_question_in_the_same_words(
    there: There, plan: str, asked: Ask, line: str, word: str
) -> None:
    words = line.format(plan=plan)
    code, out, err = asked(words)
    assert (code, out) == (2, "")
    assert word in err
    if "/" not in word:
        assert err == there.beside(words)[2]


@pytest.mark.usefixtures("there")
def test_a_source_is_connected_there_in_the_same_words(there: There, asked: Ask) -> None:
    words = "source add mlflow http://127.0.0.1:9 --project scores --experiments a* --name"
    assert asked(f"{words} far") == (0, there.beside(f"{words} near")[1].replace("near", "far"), "")
    rows = {row["name"]: row for row in listed("/sources")}
    told = ("kind", "url", "project", "options", "has_secret", "has_webhook", "every_minutes")
    assert {key: rows["far"][key] for key in told} == {key: rows["near"][key] for key in told}
    assert rows["far"]["options"] == {"experiments": ["a*"]}
    assert asked("sync far")[0] == 3


@pytest.mark.usefixtures("there")
def test_a_sources_secret_goes_there_from_a_file_and_is_not_shown(
    tmp_path: Path, asked: Ask
) -> None:
    (tmp_path / "token").write_text("s3cret-token\n")
    words = "source add mlflow https://mlflow.invalid --name kept"
    files = ("--token-file", f"{tmp_path}/token", "--webhook-secret-file", f"{tmp_path}/token")
    code, out, err = asked(words, *files)
    kept = next(row for row in listed("/sources") if row["name"] == "kept")
    assert (code, kept["has_secret"], kept["has_webhook"]) == (0, True, True)
    assert f"/hooks/mlflow/{kept['id']}/" in err
    assert "s3cret" not in out + err + json.dumps(kept)


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(
    "words",
    [
        "mlflow http://127.0.0.1:9 --name lab",
        "abacus https://mlflow.invalid",
        "mlflow ftp://mlflow.invalid --name other",
        "mlflow https://a:b@mlflow.invalid --name other",
        "mlflow https://mlflow.invalid --name other --project absent",
    ],
)
def test_a_source_that_cannot_be_is_refused_there_in_the_same_words(
    there: There, asked: Ask, words: str
) -> None:
    found = asked(f"source add {words}")
    assert found == there.beside(f"source add {words}")
    assert found[:2] == (2, "")


# --- what can go wrong on the way ---------------------------------------------------------------


@pytest.mark.parametrize("line", COMMANDS)
def test_without_a_token_that_is_known_sign_in_is_needed(
    there: There,
    plan: str,
    tmp_path: Path,
    asked: Ask,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
) -> None:
    wrong = tmp_path / "token"
    wrong.write_text("hw_never-made")
    for file in (str(wrong), str(tmp_path / "absent"), ""):
        monkeypatch.setenv("HEADWAY_TOKEN_FILE", file)
        code, out, _ = asked(line.format(plan=plan))
        assert (code, out) == (4, ""), file


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("content", ["", "two words", "hw_a\nhw_b", "hw_é", "\x00\x01"])
def test_a_file_that_holds_no_token_is_not_shown(
    tmp_path: Path, asked: Ask, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    (tmp_path / "token").write_text(content)
    monkeypatch.setenv("HEADWAY_TOKEN_FILE", str(tmp_path / "token"))
    code, out, err = asked("status")
    assert (code, out) == (4, "")
    assert "does not hold a token" in err
    assert "hw_a" not in err


def test_a_token_in_the_environment_works_and_is_warned_of(
    there: There, asked: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEADWAY_TOKEN_FILE")
    monkeypatch.setenv("HEADWAY_TOKEN", there.house.token)
    code, _, err = asked("sync absent")
    assert code == 2
    assert "HEADWAY_TOKEN_FILE" in err
    assert there.house.token not in err


@pytest.mark.parametrize("line", COMMANDS)
def test_a_server_that_does_not_answer_is_exit_code_three(
    there: There, plan: str, asked: Ask, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for address in (nobody, f"{there.house.address}/elsewhere"):
        monkeypatch.setenv("HEADWAY_URL", address)
        code, out, err = asked(line.format(plan=plan))
        assert (code, out) == (3, ""), address
        assert address in err


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("line", [*COMMANDS, "evidence push any {plan}"])
def test_a_token_says_where_and_who_and_no_option_does(plan: str, asked: Ask, line: str) -> None:
    for option in ("--workspace acme", "--as alice@example.com"):
        code, out, err = asked(f"{line.format(plan=plan)} {option}")
        assert (code, out) == (2, "")
        assert option.split()[0] in err


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize("address", ["http://[", "no address", "http://203.0.113.9:8000"])
def test_nothing_is_sent_to_where_no_token_may_go(
    plan: str, asked: Ask, monkeypatch: pytest.MonkeyPatch, line: str, address: str
) -> None:
    monkeypatch.setenv("HEADWAY_URL", address)
    code, out, err = asked(line.format(plan=plan))
    assert (code, out) == (2, "")
    assert "HEADWAY_URL" in err


@pytest.mark.usefixtures("there")
def test_no_proxy_is_told_what_goes_to_this_machine(
    asked: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert asked("status")[0] == 0


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(
    "line", ["rebuild", "backup {folder}/b.zip", "restore {folder}/b.zip", "doctor"]
)
def test_a_command_that_only_works_locally_says_so(tmp_path: Path, asked: Ask, line: str) -> None:
    code, out, err = asked(line.format(folder=tmp_path))
    assert (code, out) == (2, "")
    assert "works on the local database only" in err
