"""`headway check fit` and `headway check compare` as people and pipelines call them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

Said = Callable[..., Any]
SCHEMAS = Path(__file__).parents[3] / "docs/reference/schemas"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training that is known by heart, a test that is guessed, a curve, and two versions."""
    path = tmp_path_factory.mktemp("fit")
    rows = [(at, at % 97, 1 if at % 3 else -1) for at in range(300)]
    train = [f"{at},{truth}.5,{truth}.6" for at, truth, _ in rows]
    test = [f"{at + 290},{truth}.5,{truth + 20 * sign}.5" for at, truth, sign in rows]
    (path / "train.csv").write_text("\n".join(["id,y,p", *train]))
    (path / "test.csv").write_text("\n".join(["id,y,p", *test]))
    (path / "curve.csv").write_text("size,train,test\n100,1,0.1\n200,1,0.2\n400,1,0.28\n")
    both = [f"{at % 2},{0.4 + at % 7 / 20},{0.3 + at % 2 / 3 + at % 5 / 50}" for at in range(300)]
    (path / "both.csv").write_text("\n".join(["y,old,new", *both]))
    return path


def test_a_model_that_knows_training_by_heart_exits_1(folder: Path, answered: Said) -> None:
    document = answered(
        "check fit",
        "--train",
        str(folder / "train.csv"),
        "--test",
        str(folder / "test.csv"),
        "--label",
        "y",
        "--prediction",
        "p",
        "--metric",
        "r2",
        "--target",
        "0.6",
        "--id",
        "id",
        "--curve",
        str(folder / "curve.csv"),
        schema="check-fit",
        code=1,
    )
    assert document["verdict"] == "over"
    assert document["gap"] == pytest.approx(document["train"] - document["test"])
    assert document["curve"]["verdict"] == "over"
    assert document["hints"][-1]["count"] == 10
    assert document["target"]["verdict"] == "unmet"


def test_the_answer_comes_first_in_text_page_and_junit(
    folder: Path, asked: Said, tmp_path: Path
) -> None:
    page, junit = tmp_path / "fit.html", tmp_path / "fit.xml"
    train = str(folder / "train.csv")
    code, out, _ = asked(
        "check fit",
        "--train",
        train,
        "--test",
        train,
        "--label",
        "y",
        "--prediction",
        "p",
        "--html",
        str(page),
        "--junit",
        str(junit),
    )
    assert code == 0
    assert out.startswith("good: rmse 0.1")
    assert "Fit of a model" in page.read_text()
    assert 'failures="0"' in junit.read_text()


def test_two_versions_are_compared(
    folder: Path, answered: Said, asked: Said, tmp_path: Path
) -> None:
    both = ("check compare", str(folder / "both.csv"), "--label", "y")
    document = answered(*both, "--score", "old", "--score", "new", schema="check-compare")
    assert document["verdict"] == "better"
    assert document["second"]["metrics"]["auc"]["value"] == 1.0
    assert document["mcnemar"]["only_second_right"] > document["mcnemar"]["only_first_right"]
    page = tmp_path / "compare.html"
    code, out, _ = asked(*both, "--score", "new", "--score", "old", "--html", str(page))
    assert code == 1
    assert out.startswith("worse: auc 1 (new)")
    assert "McNemar" in page.read_text()


@pytest.mark.parametrize("name", ["check-fit", "check-compare"])
def test_the_schemas_are_sound(name: str) -> None:
    Draft202012Validator.check_schema(json.loads((SCHEMAS / f"{name}.schema.json").read_text()))


def test_one_version_alone_can_t_be_compared(folder: Path, asked: Said) -> None:
    both = str(folder / "both.csv")
    code, _, err = asked("check compare", both, "--label", "y", "--score", "old")
    assert code == 2
    assert "Name two of one kind" in err
