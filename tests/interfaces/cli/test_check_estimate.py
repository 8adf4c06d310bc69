"""`headway check estimate` as people and pipelines call it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Said = Callable[..., Any]


@pytest.fixture(scope="module")
def asked_of(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    folder = tmp_path_factory.mktemp("estimate")
    for name, seed in (("may", 1), ("june", 2)):
        rng = np.random.default_rng(seed)
        p = rng.beta(1, 2, 3000)
        pq.write_table(pa.table({"p": p, "y": rng.random(3000) < p}), folder / f"{name}.parquet")
    files = ("--reference", f"{folder}/may.parquet", "--current", f"{folder}/june.parquet")
    return (*files, "--label", "y", "--score", "p")


def test_the_document_is_that_of_the_published_schema(
    asked_of: tuple[str, ...], answered: Said, tmp_path: Path
) -> None:
    html, junit = tmp_path / "e.html", tmp_path / "e.xml"
    files = ("--html", str(html), "--junit", str(junit))
    told = answered("check estimate --max-loss auc=0.1", *asked_of, *files, schema="check-estimate")
    assert told["verdict"] == told["metrics"]["auc"]["verdict"] == "met"
    assert told["metrics"]["f1"]["verdict"] == "not_applicable"
    assert "Estimated, not realised" in html.read_text()
    suite = ElementTree.parse(junit).find("testsuite")
    assert suite is not None
    assert (suite.attrib["failures"], suite.attrib["skipped"]) == ("0", "6")


def test_a_bound_that_is_not_kept_for_certain_ends_badly(
    asked_of: tuple[str, ...], asked: Said
) -> None:
    code, out, _ = asked("check estimate --max-loss auc=0", *asked_of)
    assert code == 1
    assert out.startswith("Estimated, not realised: auc")


@pytest.mark.parametrize(
    ("option", "said"),
    [("auc", "no METRIC=NUMBER"), ("auc=-1", "0 or more"), ("rmse=1", "known here are auc")],
)
def test_a_bad_bound_is_a_sentence(
    asked_of: tuple[str, ...], asked: Said, option: str, said: str
) -> None:
    code, _, err = asked("check estimate", *asked_of, "--max-loss", option)
    assert code == 2
    assert said in err
