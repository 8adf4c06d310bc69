"""Cells counted by the engine give the answers that rows give, and say how certain the area is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.analysis.segments.counted_cases import QUESTIONS, assert_same, messy

from headway.analysis.segments.judging import Verdict
from headway.analysis.segments.segments import Question, segments
from headway.analysis.segments.task import Columns
from headway.errors import Invalid


@pytest.mark.parametrize("name", QUESTIONS)
def test_cells_answer_as_rows_do(name: str, table_of: Any) -> None:
    table = table_of(**messy())
    exact = segments(table, replace(QUESTIONS[name], method="exact"))
    counted = segments(table, replace(QUESTIONS[name], method="bracket"))
    assert_same(exact, counted)


def test_the_area_of_rows_lies_in_that_of_cells(table_of: Any) -> None:
    table = table_of(**messy())
    question = Question(Columns("y", score="p"))
    exact = segments(table, replace(question, method="exact"))
    counted = segments(table, replace(question, method="bracket"))
    spread = counted.method["spread"]
    assert counted.method["auc"] == "bracket"
    assert 0 < spread < 1e-3
    assert abs(exact.overall.value("auc") - counted.overall.value("auc")) <= spread
    assert counted.overall.metrics["auc"].low < exact.overall.metrics["auc"].low


def test_scores_of_few_values_are_exact_in_buckets_too(table_of: Any) -> None:
    rng = np.random.default_rng(0)
    rows = {"y": rng.integers(0, 2, 500), "p": rng.integers(0, 20, 500) / 20}
    found = segments(table_of(**rows), Question(Columns("y", "p"), method="bracket"))
    exact = segments(table_of(**rows), Question(Columns("y", "p"), method="exact"))
    assert found.method["spread"] == 0.0
    assert found.overall.value("auc") == pytest.approx(exact.overall.value("auc"), abs=1e-12)


def test_numbers_are_cut_by_the_engine_and_edges_told(table_of: Any) -> None:
    rows = messy()
    found = segments(table_of(**rows), Question(Columns("y", "p"), ("number",), method="bracket"))
    assert len(found.edges["number"]) == 3
    assert sum(one.n for one in found.segments) == found.overall.n
    assert all(one.n > 120 for one in found.segments)
    names = {one.name for one in found.segments}
    assert any(name.startswith("number below ") for name in names)


@pytest.mark.parametrize(
    ("rows", "question", "said"),
    [
        ({"g": [f"u{at}" for at in range(1100)]}, {"by": ("g",)}, "more than 1,000 values"),
        ({}, {"columns": Columns("p", "y")}, "can't|more than 200 classes"),
        ({"y": [0, 1, 2, 3] * 275}, {}, "--positive"),
        ({"p": ["a", "b"] * 550}, {}, "numbers are asked for"),
        ({}, {"method": "guess"}, "none of"),
    ],
)
def test_what_cannot_be_counted_is_a_sentence(
    rows: Any, question: Any, said: str, table_of: Any
) -> None:
    columns = {"y": [0, 1] * 550, "p": np.linspace(0, 1, 1100)} | rows
    asked = {"columns": Columns("y", "p"), "method": "bracket"} | question
    with pytest.raises(Invalid, match=said):
        segments(table_of(**columns), Question(**asked))


def test_no_row_that_judges_is_no_evidence_here_either(table_of: Any) -> None:
    rows = {"y": np.array([], int), "p": np.array([], float), "g": np.array([], str)}
    for columns in (rows, {"y": [None, 1], "p": [0.5, float("nan")], "g": ["a", "b"]}):
        question = Question(Columns("y", "p"), ("g",), floors={"auc": 0.5}, method="bracket")
        assert segments(table_of(**columns), question).verdict is Verdict.MISSING
