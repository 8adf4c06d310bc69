"""`headway check drift` as people and pipelines call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/reference/schemas/check-drift.schema.json").read_text())
Said = Callable[..., Any]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a reference, data that drifted in age, and data that did not."""
    folder = tmp_path_factory.mktemp("drift")
    for name, shift, seed in (("june", 0.0, 1), ("july", 6.0, 2), ("same", 0.0, 3)):
        rng = np.random.default_rng(seed)
        age = rng.normal(40, 10, 6000) + shift
        land = rng.choice(["DE", "FR"], 6000, p=[0.7, 0.3])
        pq.write_table(pa.table({"age": age, "land": land}), folder / f"{name}.parquet")
    return folder


def test_the_document_is_that_of_the_published_schema(data: Path, answered: Said) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    told = answered(
        "check drift --by land",
        *("--reference", f"{data}/june.parquet", "--current", f"{data}/july.parquet"),
        schema="check-drift",
        code=1,
    )
    assert told["drifted"]
    assert set(told) == set(SCHEMA["properties"])
    age, land = told["columns"]["age"], told["columns"]["land"]
    assert set(age) == set(SCHEMA["$defs"]["column"]["properties"])
    assert (age["verdict"], land["verdict"]) == ("unmet", "met")
    assert 0.2 < age["ks"]["low"] <= age["ks"]["high"] < 0.3
    assert 5 < age["wasserstein"]["low"] <= age["wasserstein"]["high"] < 7
    assert age["n"] == 6000
    assert sum(bin_["reference"] for bin_ in age["bins"]) == 6000
    assert set(told["segments"]) == {"DE", "FR"}
    assert told["segments"]["FR"]["age"]["drifted"]


def test_data_without_drift_end_well(data: Path, asked: Said) -> None:
    code, out, _ = asked(
        "check drift", "--reference", f"{data}/june.parquet", "--current", f"{data}/same.parquet"
    )
    assert code == 0
    assert out.splitlines()[0] == "0 of 2 columns drifted."


def test_a_baseline_is_saved_once_read_often_and_grows(
    data: Path, tmp_path: Path, asked: Said, answered: Said
) -> None:
    stored, grown = tmp_path / "june.json", tmp_path / "both.json"
    code, _, err = asked(
        "check drift", "--reference", f"{data}/june.parquet", "--save-baseline", str(stored)
    )
    assert code == 0
    assert "june.json" in err
    current = ("--current", f"{data}/july.parquet")
    told = answered(
        "check drift", "--baseline", str(stored), *current, schema="check-drift", code=1
    )
    assert told["columns"]["age"]["drifted"]
    same = ("--current", f"{data}/same.parquet", "--save-baseline", str(grown))
    assert asked("check drift", "--baseline", str(stored), *same)[0] == 0
    document = json.loads(grown.read_text())
    assert document["rows"] == 12_000
    assert [part["name"] for part in document["of"]] == ["june.parquet", "same.parquet"]
    assert all(part["digest"].startswith("sha256:") for part in document["of"])


def test_a_page_and_a_result_for_ci_are_written(data: Path, tmp_path: Path, asked: Said) -> None:
    html, junit = tmp_path / "d.html", tmp_path / "d.xml"
    code, _, _ = asked(
        "check drift",
        *("--reference", f"{data}/june.parquet", "--current", f"{data}/july.parquet"),
        *("--html", str(html), "--junit", str(junit)),
    )
    assert code == 1
    suite = ElementTree.parse(junit).find("testsuite")
    assert suite is not None
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("2", "1")
    page = html.read_text()
    assert "1 of 2 columns drifted: age" in page
    assert page.count("<svg") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Name what to compare with"),
        (("--reference", "a.csv", "--baseline", "b.json"), "either --reference TABLE or"),
        (("--baseline", "b.json", "--current", "a.csv", "--exact"), "stored baseline cannot"),
        (("--reference", "a.csv"), "Name the data with --current"),
        (("--baseline", "none.json", "--current", "a.csv"), "There is no baseline"),
        (("--reference", "none.csv", "--current", "a.csv"), "There is no file"),
        (("--reference", "{}", "--current", "{}", "--columns", "agee"), "Did you mean 'age'?"),
        (("--reference", "{}", "--current", "{}", "--by", "agee"), "Did you mean 'age'?"),
        (("--reference", "{}", "--current", "{}", "--by", "age"), "more than 200 different"),
        (("--reference", "{}", "--current", "{}", "--q", "2"), "bound q is 2"),
        (("--reference", "{}", "--save-baseline", "/nowhere/b.json"), "can't be written"),
    ],
)
def test_a_bad_question_is_a_sentence(
    data: Path, asked: Said, options: tuple[str, ...], said: str
) -> None:
    file = str(data / "june.parquet")
    code, _, err = asked("check drift", *(option.replace("{}", file) for option in options))
    assert code == 2
    assert said in err
