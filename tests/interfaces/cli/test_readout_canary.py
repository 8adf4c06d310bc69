"""`headway readout canary` as people and pipelines call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/reference/schemas/readout-canary.schema.json").read_text())
Said = Callable[..., Any]


def table(**metrics: list[float]) -> str:
    rows = [
        f"{name},{time},{value}"
        for name, values in metrics.items()
        for time, value in enumerate(values)
    ]
    return "\n".join(["metric,time,value", *rows, ""])


@pytest.fixture
def sides(tmp_path: Path) -> list[str]:
    """Return two files: latency as before, and errors up seventyfold in seven of ten moments."""
    latency = [0.2 + 0.01 * (moment % 4) for moment in range(10)]
    (tmp_path / "control.csv").write_text(table(latency=latency, errors=[1.0] * 10))
    (tmp_path / "canary.csv").write_text(table(latency=latency, errors=[100.0] * 7 + [1.0] * 3))
    return [str(tmp_path / "control.csv"), str(tmp_path / "canary.csv")]


def test_the_document_is_that_of_the_published_schema(sides: list[str], answered: Said) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    document = answered("readout canary", *sides, schema="readout-canary", code=1)
    assert set(document) == set(SCHEMA["properties"])
    assert set(document["metrics"][0]) == set(SCHEMA["$defs"]["metric"]["properties"])
    assert (document["verdict"], document["score"]) == ("fail", 50)
    verdicts = {metric["name"]: metric["verdict"] for metric in document["metrics"]}
    assert verdicts == {"latency": "pass", "errors": "high"}


def test_kayentas_judge_is_asked_by_name_and_lets_it_pass(sides: list[str], answered: Said) -> None:
    asked = ("readout canary", *sides, "--judge", "kayenta")
    document = answered(*asked, schema="readout-canary")
    assert (document["verdict"], document["score"]) == ("pass", 100)
    assert document["judge"] == "NetflixACAJudge-v1.0"


def test_a_configured_metric_that_is_missing_keeps_it_from_passing(
    sides: list[str], answered: Said, tmp_path: Path
) -> None:
    metrics = [{"name": name, "groups": ["g"]} for name in ("latency", "saturation")]
    config = tmp_path / "canary.json"
    config.write_text(json.dumps({"metrics": metrics}))
    document = answered("readout canary", *sides, "--config", str(config), code=1)
    assert document["verdict"] == "no data"
    assert any("errors" in note for note in document["notes"])


def test_the_answer_comes_first(sides: list[str], asked: Said) -> None:
    code, out, _ = asked("readout canary", *sides)
    assert code == 1
    assert out.splitlines()[0].startswith("Fail: score 50 of 100 (pass from 95); 1 of 2 metrics")
    code, out, _ = asked("readout canary", sides[0], sides[0])
    assert (code, out.splitlines()[0]) == (0, "Pass: score 100 of 100 (pass from 95).")


def test_files_without_rows_are_no_data(tmp_path: Path, answered: Said) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("metric,time,value\n")
    document = answered("readout canary", str(empty), str(empty), code=1)
    assert (document["verdict"], document["score"]) == ("no data", None)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a,b\n", "no column 'metric'"), (b"metric,time,value\nm,1,\xff\n", "not UTF-8")],
)
def test_a_bad_file_is_named_and_exits_2(
    sides: list[str], asked: Said, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    code, out, err = asked("readout canary", sides[0], str(tmp_path / "bad.csv"))
    assert (code, out) == (2, "")
    assert "bad.csv" in err
    assert said in err


def test_a_page_and_test_cases_are_written_for_ci(
    sides: list[str], answered: Said, tmp_path: Path
) -> None:
    page, cases = tmp_path / "canary.html", tmp_path / "canary.xml"
    config = tmp_path / "canary.json"
    names = ("latency", "errors", "saturation")
    config.write_text(json.dumps({"metrics": [{"name": name} for name in names]}))
    options = ["--config", str(config), "--html", str(page), "--junit", str(cases)]
    answered("readout canary", *sides, *options, code=1)
    text = page.read_text()
    assert "errors" in text
    assert "<svg" in text
    suite = fromstring(cases.read_text()).find("testsuite")
    assert suite is not None
    assert {key: suite.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "4",
        "failures": "2",
        "errors": "1",
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "needs a --query"),
        (["--query", "errors"], "name = query"),
        (["--query", "errors=up"], "has no $side"),
        (["--query", "errors=up{v='$side'}", "--end", "noon"], "--end is 'noon'"),
        (["--query", "errors=up{v='$side'}", "--step", "0"], "--step 0"),
    ],
)
def test_a_bad_question_to_prometheus_is_a_sentence(
    asked: Said, options: list[str], said: str
) -> None:
    url = "http://127.0.0.1:1"
    code, out, err = asked("readout canary 7 8", "--prometheus", url, *options)
    assert (code, out) == (2, "")
    assert said in err


def test_a_prometheus_that_may_not_be_called_is_no_verdict(asked: Said) -> None:
    query = ["--query", 'errors=up{v="$side"}']
    asked_for = ("readout canary 7 8", "--prometheus", "http://127.0.0.1:1", *query)
    code, out, err = asked(*asked_for)
    assert (code, out) == (3, "")
    assert "HEADWAY_ALLOW_HOSTS" in err
