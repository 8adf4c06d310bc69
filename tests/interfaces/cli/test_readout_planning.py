"""`headway readout power` and `headway readout plan`: before a trial starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Said = Callable[..., Any]
SOUND = """
hypothesis: It sells more
split: 50/50
planned: 20000
min_days: 14
metrics: [paid]
guardrails: [wait:+2%]
locked_on: 2026-03-02
"""


@pytest.mark.parametrize(
    ("options", "units", "looks"),
    [
        ("--baseline 1 --sd 1 --effect 0.5", 128, 0),
        ("--baseline 1 --sd 1 --planned 128", 128, 0),
        ("--baseline 0.1 --effect 20% --method sequential --looks 5", 7868, 5),
        ("--baseline 0.1 --effect 20% --method sequential", None, 20),
        ("--baseline 0.1 --effect 20% --method bayes --comparisons 2", None, 0),
    ],
)
def test_the_size_is_answered_with_its_looks(
    answered: Said, options: str, units: int | None, looks: int
) -> None:
    document = answered(f"readout power {options}", schema="readout-power")
    assert len(document["looks"]) == looks
    assert sum(document["arms"].values()) == document["units"]
    assert document["power"] == pytest.approx(0.8, abs=0.01)
    if units is not None:
        assert document["units"] == pytest.approx(units, rel=1e-3)


def test_a_table_from_before_says_baseline_spread_and_correlation(
    tmp_path: Path, answered: Said, asked: Said
) -> None:
    rng = np.random.default_rng(2)
    before = rng.normal(10.0, 3.0, 4000)
    paid = before + rng.normal(0.0, 3.0, 4000)
    rows = [f"{one},{other},{int(one > 10)}" for one, other in zip(paid, before, strict=True)]
    table = tmp_path / "before.csv"
    table.write_text("\n".join(["paid,before,won", *rows]))
    line = f"readout power {table} --metric paid --covariate before --effect 2%"
    document = answered(line, schema="readout-power")
    assert document["baseline"] == pytest.approx(paid.mean())
    assert document["sd"] == pytest.approx(paid.std(ddof=1))
    plain = answered(f"readout power {table} --metric paid --effect 2%")
    assert document["units"] == pytest.approx(plain["units"] / 2, rel=0.05)
    assert answered(f"readout power {table} --metric won:proportion --effect 9%")["sd"] is None
    assert asked(f"readout power {table} --effect 2%")[0] == 2


def test_days_are_told_where_the_traffic_is_known(asked: Said) -> None:
    code, out, err = asked(
        "readout power --baseline 0.1 --effect 5% --daily 3000 --correlation 0.5"
    )
    assert code == 0
    assert "days at 3,000 a day) find a change of +5 % 80.0 % of the time" in out
    assert "leaves 75 % of the variance" in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--effect 5%", "Name the control's value"),
        ("--baseline 0.1", "Name the change to find"),
        ("--baseline 0.1 --effect much", "write a relative change"),
        ("--baseline 0.1 --effect 0", "least change worth finding"),
        ("--baseline 0.1 --planned 3", "8 units at least"),
        ("--baseline 0.1 --effect 5% --daily 0", "at least one unit"),
        ("--baseline 0.1 --effect 5% --method peeking", "choose one of fixed, sequential, bayes"),
        ("--baseline 0.1 --effect 5% --split 60/60", "adds up to 120"),
        ("--baseline 0.1 --effect 5% --looks 5", "read once"),
    ],
)
def test_a_bad_question_is_a_sentence(asked: Said, options: str, words: str) -> None:
    code, _, err = asked(f"readout power {options}")
    assert code == 2
    assert words in err


def test_a_sound_plan_has_a_digest_and_a_bad_one_is_stopped(
    tmp_path: Path, answered: Said, asked: Said
) -> None:
    path = tmp_path / "trial.yaml"
    path.write_text(SOUND)
    document = answered(f"readout plan {path}", schema="readout-plan")
    assert document["findings"] == []
    assert document["plan"]["digest"].startswith("sha256:")
    path.write_text(SOUND + "prior: 0.3\n")
    code, out, _ = asked(f"readout plan {path}")
    assert code == 1
    assert out.startswith("trial.yaml: it should not start as it is.")
    assert "prior without Bayes" in out
