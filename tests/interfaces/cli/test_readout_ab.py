"""`headway readout ab` as people and pipelines call it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/reference/schemas/readout-ab.schema.json").read_text())
Said = Callable[..., Any]
N = 3000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write users.csv: `up` is better under `new`, `down` worse, `same` the same."""
    rng = np.random.default_rng(9)
    path = tmp_path_factory.mktemp("trial")
    arm = np.arange(N) % 2
    before = rng.gamma(2.0, 10.0, N)
    columns = {
        "user": np.arange(N),
        "variant": np.array(["control", "new"])[arm],
        "uneven": np.array(["control", "new"])[(rng.random(N) < 0.6).astype(int)],
        "day": np.array([f"2026-03-{2 + i * 10 // N:02d}" for i in range(N)]),
        "before": before.round(3),
        "up": (before + rng.normal(0, 5, N) + 3 * arm).round(3),
        "down": (before + rng.normal(0, 5, N) - 3 * arm).round(3),
        "same": rng.binomial(1, 0.2, N),
        "views": rng.poisson(4, N) + 1,
    }
    rows = [",".join(map(str, row)) for row in zip(*columns.values(), strict=True)]
    (path / "users.csv").write_text("\n".join([",".join(columns), *rows]))
    (path / "one.csv").write_text("variant,up\nnew,1\nnew,2\n")
    (path / "trial.yaml").write_text(
        "metrics: [{column: up, covariate: before}]\nguardrails: [same:ratio=views:-50%]\n"
        "split: 50/50\nmethod: sequential\ntime: day\nlocked_on: 2026-03-01\n"
    )
    return path


@pytest.mark.parametrize(
    ("options", "verdict", "code"),
    [
        ("--metric up", "ship", 0),
        ("--metric down", "stop", 1),
        ("--metric same:proportion", "keep running", 0),
        ("--metric up --variant uneven --split 50/50", "invalid", 1),
        ("--metric up --covariate before --method sequential --time day", "ship", 0),
        ("--metric up --method bayes", "ship", 0),
        ("--metric down --lower down", "ship", 0),
        ("--metric up --method sequential --looks 5 --planned 3000", "ship", 0),
        ("--metric up --guardrail down:-1%", "stop", 1),
        ("--metric same:ratio=views --planned 3000", "stop", 1),
    ],
)
def test_the_answer_is_one_word_and_a_code_that_a_pipeline_can_use(
    folder: Path, answered: Said, options: str, verdict: str, code: int
) -> None:
    document = answered(f"readout ab {folder}/users.csv {options}", schema="readout-ab", code=code)
    assert document["verdict"] == verdict
    assert document["units"] == N
    assert set(SCHEMA["required"]) == set(document)


def test_the_schema_itself_is_sound() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_plan_says_how_and_an_option_that_says_otherwise_is_a_deviation(
    folder: Path, answered: Said
) -> None:
    line = f"readout ab {folder}/users.csv --plan {folder}/trial.yaml"
    document = answered(line, schema="readout-ab")
    assert document["plan"]["deviations"] == []
    assert [one["role"] for one in document["metrics"]] == ["goal", "guardrail"]
    assert len(document["metrics"][0]["looks"]) == document["looks"] == 10
    assert document["metrics"][0]["variance_kept"] < 0.5
    changed = answered(f"{line} --alpha 0.1", schema="readout-ab")
    assert changed["plan"]["deviations"] == ["alpha: 0.1 instead of the planned 0.05."]
    assert changed["plan"]["digest"] == document["plan"]["digest"]


def test_a_plan_that_is_not_locked_is_noted(folder: Path, answered: Said, tmp_path: Path) -> None:
    plan = tmp_path / "open.yaml"
    plan.write_text("metrics: [up]\n")
    document = answered(f"readout ab {folder}/users.csv --plan {plan}")
    assert any("no locked_on" in note for note in document["notes"])


def test_the_text_answers_first_and_then_says_why(folder: Path, asked: Said) -> None:
    code, out, err = asked(f"readout ab {folder}/users.csv --metric up --split 50/50")
    assert code == 0
    first, _, split = out.splitlines()[:3]
    assert first.startswith("Ship 'new': up is better: +1")
    assert "n 1,500 control, 1,500 new" in first
    assert split.startswith("Split (fixed): 1,500 / 1,500 units in control / new")
    assert "Note: A fixed test counts once" in err


def test_a_page_and_junit_are_written_where_nothing_unmet_passes(
    folder: Path, asked: Said, tmp_path: Path
) -> None:
    page, junit = tmp_path / "trial.html", tmp_path / "trial.xml"
    line = f"readout ab {folder}/users.csv --plan {folder}/trial.yaml --metric down --metric up"
    code, _, err = asked(f"{line} --html {page} --junit {junit}")
    assert code == 1
    assert str(page) in err
    html = page.read_text()
    assert html.count("<svg") == 3
    assert "down is worse" in html
    assert "metrics: down:mean, up:mean instead of the planned" in html
    found = ET.parse(junit).getroot()[0]
    told = {case.get("name"): [part.tag for part in case] for case in found}
    assert told["decision"] == told["down"] == ["failure"]
    assert told["split"] == told["up"] == ["system-out"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("users.csv --metric upp", "users.csv has no column 'upp'. Did you mean 'up'?"),
        ("users.csv --metric variant", "a metric or covariate is a number"),
        ("users.csv --metric up --metric up", "'up' is named 2 times"),
        ("users.csv --metric up --control old", "no variant 'old'; users.csv has control, new"),
        ("users.csv --metric up --alpha 2", "alpha is 2"),
        ("users.csv --metric up --split 50/40", "adds up to 90"),
        ("users.csv --metric up --lower down", "no metric 'down'"),
        ("users.csv --metric up --looks 20", "read once"),
        ("users.csv", "No metric was named"),
        ("one.csv --metric up", "one.csv holds one variant, 'new'"),
        ("users.csv --metric up:proportion", "a proportion is 0 or 1"),
        ("users.xls --metric up", "no file"),
    ],
)
def test_a_bad_question_is_a_sentence(folder: Path, asked: Said, line: str, words: str) -> None:
    code, _, err = asked(f"readout ab {folder}/{line}")
    assert code == 2
    assert words in err
