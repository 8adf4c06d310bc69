"""`headway card check`: exit codes, the published schema, and the line that is pushed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from headway.domain.evidence.rules import read_payload

Said = Callable[..., Any]
THIN = "# Pump\n\n## Intended use\nTells which pumps of a waterworks will fail within a week.\n"


@pytest.fixture
def thin(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(THIN)
    return path


def test_a_card_that_lacks_sections_is_a_bad_answer_in_the_published_schema(
    answered: Said, thin: Path, tmp_path: Path
) -> None:
    junit, html = tmp_path / "card.xml", tmp_path / "card.html"
    document = answered(
        f"card check {thin} --junit {junit} --html {html}", schema="card-check", code=1
    )
    verdicts = {one["name"]: one["verdict"] for one in document["sections"]}
    assert verdicts.pop("intended use") == "met"
    assert set(verdicts.values()) == {"missing"}
    assert document["completeness"] == pytest.approx(1 / 9)
    suite = ElementTree.parse(junit).getroot()[0]
    assert (suite.get("tests"), suite.get("errors")) == ("9", "8")
    assert "1 of 9 sections" in html.read_text()


def test_the_line_of_evidence_is_one_that_the_ledger_takes(asked: Said, thin: Path) -> None:
    code, out, _ = asked(f"card check {thin} --evidence model:pump@3")
    line = json.loads(out)
    assert (code, line["subject"], line["kind"]) == (1, "model:pump@3", "card")
    payload = read_payload("card", line["payload"])
    assert payload["completeness"] == pytest.approx(1 / 9)
    assert len(payload["sections"]) == 9


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (b"---\nlicense: [mit\n---\n# X\n", "", "line 2"),
        (b'{"model_details": ', "", "is not JSON: line 1"),
        (b'{"weights": 3}', "", "no card"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "", "not text"),
        (b"# X", "--kind person", "--kind is 'person'"),
    ],
)
def test_a_file_that_is_no_card_is_a_bad_question(
    asked: Said, tmp_path: Path, content: bytes, options: str, told: str
) -> None:
    path = tmp_path / "card"
    path.write_bytes(content)
    code, out, err = asked(f"card check {path} {options}")
    assert (code, out) == (2, "")
    assert told in err
    assert asked(f"card check {tmp_path / 'none.md'}")[0] == 2
