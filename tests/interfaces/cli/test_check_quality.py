"""`headway check quality` as people and pipelines call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/reference/schemas/check-quality.schema.json").read_text())
GOOD = "id,age,country,seen\n1,30,DE,2026-11-23 08:00:00\n2,40,FR,2026-11-23 09:00:00\n"
BAD = "id,age,country,seen\n1,30,DE,2026-11-23 08:00:00\n1,400,NO,2026-11-20 09:00:00\n"
RULES = """
rows: {min: 1}
columns:
  id: {type: integer, unique: true, nulls: 0}
  age: {min: 0, max: 120}
  country: {in: [DE, FR], severity: warning}
  seen: {fresh: 24h}
"""
Said = Callable[..., Any]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "bad.csv").write_text(BAD)
    (tmp_path / "rules.yaml").write_text(RULES)
    return tmp_path


HELD = ("--rules", "rules.yaml", "--as-of", "2026-11-23T10:00")


def test_the_schema_itself_is_sound() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_good_table_passes_and_its_document_is_that_of_the_schema(
    files: Path, answered: Said
) -> None:
    document = answered("check quality good.csv", *HELD, schema="check-quality")
    assert set(document) == set(SCHEMA["properties"])
    assert document["passed"] is True
    assert {one["verdict"] for one in document["checks"]} == {"met"}


def test_a_bad_table_exits_1_and_says_first_what_is_broken(
    files: Path, asked: Said, answered: Said
) -> None:
    code, out, _ = asked("check quality bad.csv", *HELD)
    assert code == 1
    first = out.splitlines()[0]
    assert first == "bad.csv: not good: of 7 checks 2 broken, 1 warning; 2 rows"
    assert "age: 1 of 2 values (50 %) are not from 0 to 120. Least 30, most 400." in out
    assert "  id 1, age 400" in out
    document = answered("check quality bad.csv", *HELD, code=1, schema="check-quality")
    assert [one["name"] for one in document["checks"] if one["verdict"] == "unmet"] == [
        "id: unique",
        "age: range",
        "country: in",
    ]


def test_a_warning_passes_unless_strict(files: Path, asked: Said) -> None:
    (files / "rules.yaml").write_text("columns: {country: {in: [DE], severity: warning}}")
    assert asked("check quality good.csv", *HELD)[0] == 0
    assert asked("check quality good.csv", *HELD, "--strict")[0] == 1


def test_what_ci_and_people_read_is_written(files: Path, asked: Said) -> None:
    code, _, _ = asked("check quality bad.csv", *HELD, "--html", "q.html", "--junit", "q.xml")
    assert code == 1
    suite = ElementTree.fromstring((files / "q.xml").read_text())[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("7", "2", "0")
    page = (files / "q.html").read_text()
    assert page.index("Not good: of 7 checks 2 broken") < page.index("age: range")
    assert "400" in page
    assert asked("check quality bad.csv", *HELD, "--html", "no/q.html")[0] == 2


def test_what_is_proposed_is_kept_by_the_table(files: Path, asked: Said) -> None:
    code, out, err = asked("check quality good.csv --propose")
    assert code == 0
    assert "Review each rule" in err
    (files / "rules.yaml").write_text(out)
    assert asked("check quality good.csv", *HELD)[0] == 0


def test_an_earlier_answer_is_a_baseline(files: Path, asked: Said) -> None:
    (files / "rules.yaml").write_text("rows: {change: 0.1}")
    assert asked("check quality good.csv", *HELD)[0] == 1
    (files / "old.json").write_text('{"rows": 2}')
    assert asked("check quality good.csv", *HELD, "--baseline", "old.json")[0] == 0
    (files / "old.json").write_text('{"rows": 9}')
    assert asked("check quality good.csv", *HELD, "--baseline", "old.json")[0] == 1


def test_a_rule_names_files_beside_it_and_no_others(files: Path, answered: Said) -> None:
    rules = "columns: {country: {refers: {file: %s, column: code}}}"
    (files / "codes.csv").write_text("code\nDE\nFR\n")
    (files / "rules.yaml").write_text(rules % "codes.csv")
    assert answered("check quality good.csv", *HELD)["passed"]
    for name in ("../codes.csv", "/etc/passwd", "lost.csv"):
        (files / "rules.yaml").write_text(rules % name)
        (found,) = answered("check quality good.csv", *HELD, code=1)["checks"]
        assert found["verdict"] == "error"
        assert name in found["sentence"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["good.csv"], "Give either --rules FILE"),
        (["good.csv", "--propose", *HELD], "Give either --rules FILE"),
        (["lost.csv", *HELD], "There is no file 'lost.csv'"),
        (["good.csv", "--rules", "lost.yaml"], "lost.yaml"),
        (["good.csv", "--rules", "rules.yaml", "--as-of", "soon"], "--as-of is 'soon'"),
        (["good.csv", *HELD, "--separator", ";"], "separated by ','"),
        (["rules.yaml", *HELD], "ends in .yaml"),
        (["good.csv", "--rules", "good.csv"], "good.csv is not"),
        (["good.csv", *HELD, "--baseline", "rules.json"], "rules.json"),
    ],
)
def test_a_bad_question_is_named_and_exits_2(
    files: Path, asked: Said, options: list[str], said: str
) -> None:
    code, out, err = asked("check quality", *options)
    assert (code, out) == (2, "")
    assert said in err
