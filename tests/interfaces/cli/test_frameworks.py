"""`headway frameworks`: what is shipped, without Django and without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from headway.interfaces.cli.main import run

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs/reference/schemas/frameworks.schema.json").read_text()
)


def asked(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, object]:
    assert run(["frameworks", "--json", *more]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    Draft202012Validator(SCHEMA).validate(answer)
    return answer


def test_every_framework_is_listed_with_its_successor(capsys: pytest.CaptureFixture[str]) -> None:
    found = {one["id"]: one for one in asked(capsys)["frameworks"]}  # type: ignore[attr-defined]
    assert found["sr-11-7"]["superseded_by"] == "sr-26-2"
    assert found["nist-ai-rmf"]["controls"] == 72


def test_one_framework_comes_with_its_controls(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, "--id", "iso-42001")
    assert len(answer["controls"]) == 38  # type: ignore[arg-type]
    assert [one["id"] for one in answer["frameworks"]] == ["iso-42001"]  # type: ignore[attr-defined]


def test_what_is_superseded_or_unverified_says_so_in_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["frameworks"]) == 0
    listed = capsys.readouterr().out
    assert "superseded on 2026-04-17 by sr-26-2" in listed
    assert run(["frameworks", "--id", "gdpr-35"]) == 0
    assert capsys.readouterr().out.count("not verified against the official text") == 20


def test_an_unknown_framework_is_a_bad_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["frameworks", "--id", "nist"]) == 2
    assert "nist-ai-rmf" in capsys.readouterr().err


def test_the_command_needs_no_django() -> None:
    code = (
        "import sys; from headway.interfaces.cli.main import run; run(['frameworks']); "
        "assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
