"""`headway check segments` as people and pipelines call it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

Said = Callable[..., Any]
SCHEMAS = Path(__file__).parents[3] / "docs/reference/schemas"


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> str:
    """400 rows; in the south the score says nothing."""
    lines = ["y,p,region,age"]
    for at in range(400):
        truth, south = at % 2, at % 4 < 2
        lucky = at // 4 % 2
        score = (0.7 if (lucky if south else truth) else 0.3) + at % 7 / 100
        lines.append(f"{truth},{score:.2f},{'south' if south else 'north'},{20 + at % 50}")
    path = tmp_path_factory.mktemp("scored") / "scored.csv"
    path.write_text("\n".join(lines))
    return str(path)


def test_the_document_is_that_of_the_published_schema(scored: str, answered: Said) -> None:
    asked = (scored, "--label", "y", "--score", "p", "--by", "region,age", "--pairs")
    document = answered(
        "check segments", *asked, "--floor", "auc=0.8", schema="check-segments", code=1
    )
    assert document["overall"]["n"] == 400
    first = document["segments"][0]
    assert first["segment"].startswith("region=south")
    assert first["verdict"] == "unmet"
    assert first["weaker"]
    south = next(one for one in document["segments"] if one["segment"] == "region=south")
    assert south["auc"] == pytest.approx(0.5, abs=0.05)
    assert south["gap"] < -0.2
    assert document["fairness"][0]["by"] == "region"
    assert document["multiplicity"]["tested"] == len(document["segments"])
    assert document["calibration"]["slope"] is not None


def test_the_schema_itself_is_sound() -> None:
    schema = json.loads((SCHEMAS / "check-segments.schema.json").read_text())
    Draft202012Validator.check_schema(schema)


def test_the_answer_comes_first_and_the_weakest_leads(scored: str, asked: Said) -> None:
    code, out, _ = asked("check segments", scored, "--label", "y", "--score", "p", "--by", "region")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("not applicable: auc 0.7")
    assert [line.split()[0] for line in lines[4:7]] == ["all", "region=south", "region=north"]
    assert "Four fifths" in out


def test_a_page_and_junit_say_the_same(scored: str, asked: Said, tmp_path: Path) -> None:
    page, junit = tmp_path / "page.html", tmp_path / "junit.xml"
    code, _, err = asked(
        "check segments",
        scored,
        "--label",
        "y",
        "--score",
        "p",
        "--by",
        "region",
        "--max-gap",
        "0.1",
        "--html",
        str(page),
        "--junit",
        str(junit),
    )
    assert code == 1
    assert str(page) in err
    assert "region=south" in page.read_text()
    assert "<svg" in page.read_text()
    suite = ET.parse(junit).getroot()[0]  # noqa: S314  ours
    assert suite.attrib["failures"] == "2"
    assert [case.attrib["name"] for case in suite] == [
        "every segment",
        "all rows",
        "region=south",
        "region=north",
    ]
    assert "Calibration of all rows" in page.read_text()


def test_no_evidence_never_passes_in_ci(asked: Said, tmp_path: Path) -> None:
    empty, junit = tmp_path / "empty.csv", tmp_path / "junit.xml"
    empty.write_text("y,p\n1,\n0,\n")
    code, out, _ = asked(
        "check segments", str(empty), "--label", "y", "--score", "p", "--junit", str(junit)
    )
    assert code == 1
    assert out.startswith("missing: empty.csv: none of 2 rows has both a label and what the model")
    assert ET.parse(junit).getroot()[0].attrib["errors"] == "1"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--score", "p", "--score", "age"), "--score is given twice"),
        (("--score", "p", "--floor", "auc"), "METRIC=X"),
        (("--score", "p", "--floor", "auc=nan"), "METRIC=X"),
        (("--score", "p", "--floor", "auc=1", "--floor", "auc=0"), "auc twice"),
        (("--score", "p", "--by", "regoin"), "Did you mean 'region'"),
        (("--score", "p", "--html", "/nowhere/at/all.html"), "can't be written"),
        (("--score", "region"), "numbers are asked for"),
    ],
)
def test_a_bad_question_exits_2_with_a_sentence(
    scored: str, asked: Said, more: tuple[str, ...], said: str
) -> None:
    code, _, err = asked("check segments", scored, "--label", "y", *more)
    assert code == 2
    assert said in err
