"""`headway audit` as people and scripts call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from headway.domain.evidence.rules import KINDS

Said = Callable[..., Any]

TRAIN = "from sklearn.svm import SVC\n\nSVC(random_state=1).fit(x, y)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "fraud"
    (root / "src").mkdir(parents=True)
    (root / "src/train.py").write_text(TRAIN)
    return root


def test_a_bad_answer_exits_1_and_holds_checks_levels_and_score(
    answered: Said, folder: Path
) -> None:
    answer = answered("audit", str(folder), schema="audit", code=1)
    found = {one["id"]: one for one in answer["checks"]}
    assert found["seeds"]["verdict"] == "met"
    assert found["seeds"]["evidence"] == ["src/train.py:3"]
    assert set(answer["maturity"]) == {"google", "microsoft", "aws"}
    assert len(answer["maturity"]["microsoft"]["columns"]) == 4
    assert answer["ml_test_score"]["final"] == 0


def test_a_line_of_evidence_is_one_that_the_ledger_takes(asked: Said, folder: Path) -> None:
    code, out, _ = asked("audit", str(folder), "--evidence", "--project", "fraud")
    line = json.loads(out)
    assert code == 1
    assert (line["kind"], line["subject"], line["project"]) == (
        "audit",
        "repository:fraud",
        "fraud",
    )
    payload = KINDS["audit"].model_validate_json(json.dumps(line["payload"]))
    assert len({one.id for one in payload.checks}) == len(payload.checks) == 38


def test_rules_with_reasons_make_it_good(asked: Said, answered: Said, folder: Path) -> None:
    bad = [
        one["id"]
        for one in answered("audit", str(folder), code=1)["checks"]
        if one["severity"] == "error"
    ]
    lines = [f"  - {{check: {id}, reason: only a spike of two weeks}}" for id in bad]
    (folder / "audit.yaml").write_text("ignore:\n" + "\n".join(lines))
    rules = str(folder / "audit.yaml")
    code, out, _ = asked("audit", str(folder), "--rules", rules)
    assert code == 0
    assert "only a spike of two weeks" in out
    assert asked("audit", str(folder), "--rules", rules, "--strict")[0] == 1
    code, _, err = asked("audit", str(folder), "--rules", str(folder / "none.yaml"))
    assert (code, "none.yaml" in err) == (2, True)


def test_reports_hold_what_is_bad_first(asked: Said, folder: Path, tmp_path: Path) -> None:
    html, junit = tmp_path / "a.html", tmp_path / "a.xml"
    asked("audit", str(folder), "--html", str(html), "--junit", str(junit))
    assert "Nothing is run" in html.read_text()
    suite = ElementTree.parse(junit).getroot()[0]
    assert int(suite.get("tests", 0)) == 38
    assert {case.get("name") for case in suite if case.find("error") is not None} >= {
        "tests",
        "lock",
    }


def test_two_shapes_at_once_are_a_bad_question(asked: Said, folder: Path) -> None:
    assert asked("audit", str(folder), "--evidence", "--json")[0] == 2
