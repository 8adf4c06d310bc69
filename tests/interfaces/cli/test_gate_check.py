"""`headway gate check`: exit codes for pipelines, JSON, JUnit, and the templates of CI systems."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from tests.cast import AT, Cast
from tests.domain.gates.gated import V2, passed, recall
from tests.domain.gates.queries.test_pages import a_small_gate

from headway.domain.gates.models import Gate, GateDecision, Waiver
from headway.domain.programs.actions.rows import add_row

Ask = Callable[..., Any]

ROOT = Path(__file__).parents[3]
ACME = ("--workspace", "acme")
CHECK = "gate check meter --stage live"


def a_waiver(cast: Cast, until: str) -> None:
    gate = Gate.objects.get()
    row = Waiver(
        workspace_id=gate.workspace_id,
        gate=gate,
        requirement="drilled",
        owner="Mia",
        reason="One switch away.",
        until=date.fromisoformat(until),
        granted_at=AT,
    )
    add_row(cast.mia, row, AT, "grant_waiver")


@pytest.mark.django_db
def test_a_pipeline_asks_a_gate(cast: Cast, asked: Ask, answered: Ask, tmp_path: Path) -> None:
    a_small_gate(cast)
    closed = answered(CHECK, *ACME, schema="gate-check", code=1)
    assert closed["missing"] == ["promised", "drilled", "compared"]
    assert closed["notes"] == ["No version of a model is known of this system yet."]
    recall(cast, V2, 0.95)
    passed(cast, ["champion"], V2)
    code, out, _ = asked(f"{CHECK} --trace", *ACME)
    assert code == 1
    assert re.search(r"Compared +champion check of model:meter@2.* +met +yes +passed +\d+", out)
    assert "CLOSED. meter-system 1 into Live, model:meter@2: 2 of 3 met." in out
    assert re.search(r"Drilled +missing +operations", out)
    assert "Roll meter back once." in out
    # A waiver opens the gate, and the answer says so; once it is over the gate is closed again.
    a_waiver(cast, "2099-01-01")
    junit = tmp_path / "gate.xml"
    opened = answered(f"{CHECK} --junit {junit}", *ACME, schema="gate-check")
    assert (opened["open"], opened["waived"], opened["met"]) == (True, ["drilled"], 2)
    suite = ElementTree.parse(junit).getroot()[0]
    assert suite.attrib["tests"] == "3"
    assert [suite.attrib[key] for key in ("failures", "errors", "skipped")] == ["0", "0", "1"]
    Waiver.objects.update(until=date(2026, 1, 1))
    lapsed = answered(f"{CHECK} --junit {junit}", *ACME, schema="gate-check", code=1)
    assert lapsed["missing"] == ["drilled"]
    error = ElementTree.parse(junit).getroot().find(".//error")
    assert error is not None
    assert error.attrib["message"].endswith("Roll meter back once.")


@pytest.mark.django_db
def test_a_decision_to_hold_keeps_an_open_gate_closed(cast: Cast, answered: Ask) -> None:
    gate = a_small_gate(cast)
    recall(cast, V2, 0.95)
    passed(cast, ["champion"], V2)
    a_waiver(cast, "2099-01-01")
    decision = GateDecision(
        workspace_id=cast.acme.id,
        gate_id=gate.id,
        round=1,
        outcome="hold",
        rules_id=gate.rules_id,
        seen={},
        seen_digest="",
        at=AT,
        by="mia",
    )
    add_row(cast.mia, decision, AT, "decide_gate")
    held = answered(CHECK, *ACME, schema="gate-check", code=1)
    assert (held["open"], held["state"], held["missing"]) == (False, "held", [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("gate check meters --stage live", "There is no project 'meters'"),
        ("gate check meter --stage life", "no gate before 'life'; did you mean 'live'?"),
        ("gate check meter --stage live --version 9", "Nothing is known of version 9"),
        ("gate check meter --stage live --as-of soon", "'soon' is not a day"),
        ("gate check meter --stage live --junit /nowhere/x.xml", "cannot be written"),
    ],
)
def test_a_bad_question_exits_2_with_a_sentence(
    cast: Cast, asked: Ask, line: str, sentence: str
) -> None:
    a_small_gate(cast)
    code, _, err = asked(line, *ACME)
    assert code == 2
    assert sentence in err


@pytest.mark.django_db
def test_gates_are_listed_and_a_version_can_be_named(cast: Cast, asked: Ask, answered: Ask) -> None:
    assert "There is no gate yet" in asked("gate list", *ACME)[1]
    a_small_gate(cast)
    recall(cast, V2, 0.95)
    recall(cast, "model:meter@10", 0.2)
    (line,) = answered("gate list", *ACME, schema="gate-list")["gates"]
    assert (line["subject"], line["met"], line["asked"]) == ("model:meter@10", 0, 3)
    older = answered(f"{CHECK} --version 2", *ACME, schema="gate-check", code=1)
    assert (older["subject"], older["met"]) == (V2, 1)
    assert answered("gate list --project meter", *ACME)["gates"] == [line]


def test_the_github_action_has_the_shape_that_github_reads() -> None:
    action = yaml.safe_load((ROOT / "ci/github/action.yml").read_text())
    assert {"name", "description", "inputs", "outputs", "runs"} == set(action)
    assert action["runs"]["using"] == "composite"
    needed = {key for key, one in action["inputs"].items() if one["required"]}
    assert needed == {"project", "stage", "url", "token"}
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        # An input inside the script would let a branch name run commands.
        assert "${{" not in step["run"]
        for text in step["env"].values():
            (name,) = re.findall(r"\$\{\{ inputs\.(\w+) \}\}", text)
            assert name in action["inputs"]


def test_the_gitlab_template_reports_what_it_was_told() -> None:
    (job,) = yaml.safe_load((ROOT / "ci/gitlab/headway-gate.yml").read_text()).values()
    (command,) = job["script"]
    assert command.startswith("headway gate check ")
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"]["junit"] in command
    used = set(re.findall(r"\$(\w+)", command))
    assert used <= set(job["variables"])
