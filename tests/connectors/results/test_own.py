"""What our own checks and readouts answer in a pipeline becomes evidence as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.connectors.results.files import AT, checks, numbers, said

from headway.connectors.results import Results
from headway.interfaces.cli.main import run

Answered = Callable[..., Results]


@pytest.fixture
def answered(capsys: pytest.CaptureFixture[str]) -> Answered:
    """Return a function that runs a command with --json and reads its answer as results."""

    def answer(*line: str, subject: str = "model:fraud@7") -> Results:
        assert run([*line, "--json"]) in (0, 1)
        return said(capsys.readouterr().out, subject)

    return answer


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return 200 rows: an id, a region, a score, whether it was right, and a variant."""
    rows = ["id,region,score,label,variant,spent"]
    for place in range(200):
        label = place % 3 == 0
        score = 0.9 - 0.001 * place if label else 0.1 + 0.001 * place
        variant = "ab"[place % 2]
        region = "north" if place < 150 else "south"
        rows.append(f"{place},{region},{score:.3f},{int(label)},{variant},{10 + place % 7}")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def test_an_answer_about_quality(table: Path, answered: Answered, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("columns:\n  score: {min: 0, max: 0.5}\n  gone: {nulls: 0}\n")
    results = answered("check", "quality", str(table), "--rules", str(rules), subject="")
    found = checks(results)
    assert found["check quality"] == (False, "false")
    assert False in {passed for passed, _ in found.values()}
    assert None in {passed for passed, raw in found.values() if raw == "missing"}
    assert {str(one.subject) for one in results.observations} == {"dataset:orders.csv"}
    assert results.observations[0].observed_at != AT


def test_an_answer_about_drift(table: Path, answered: Answered) -> None:
    results = answered("check", "drift", "--reference", str(table), "--current", str(table))
    found = checks(results)
    assert found["check drift"] == (True, "steady")
    assert found["drift of score"] == (True, "met")


def test_an_answer_about_segments(table: Path, answered: Answered) -> None:
    line = ("check", "segments", str(table), "--label", "label", "--score", "score")
    results = answered(*line, "--by", "region")
    evaluation = next(one for one in results.observations if one.kind == "evaluation")
    assert evaluation.payload["metric"] == "auc"
    assert isinstance(evaluation.payload["value"], float)
    assert len(evaluation.payload["segments"]) == 2  # type: ignore[arg-type]
    assert "check segments" in checks(results)


def test_an_answer_about_a_trial_that_must_keep_running(table: Path, answered: Answered) -> None:
    line = ("readout", "ab", str(table), "--variant", "variant", "--metric", "spent:mean")
    found = checks(answered(*line, "--control", "a"))
    assert found["readout ab"] == (None, "keep running")
    assert found["sample ratio"][0] is True


def test_an_answer_about_a_canary(answered: Answered, tmp_path: Path) -> None:
    for name, value in (("control", 1), ("canary", 3)):
        rows = [f"errors,{place},{value + place % 3 / 10}" for place in range(20)]
        (tmp_path / name).write_text("\n".join(["metric,time,value", *rows]))
    line = ("readout", "canary", str(tmp_path / "control"), str(tmp_path / "canary"))
    results = answered(*line)
    assert checks(results) == {"errors": (False, "high"), "readout canary": (False, "fail")}
    assert numbers(results) == {}
