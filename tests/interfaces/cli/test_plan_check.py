"""`headway plan check` as people and scripts call it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Said = Callable[..., Any]

GOOD = """
plan: Screening
start: 2026-01-05
target: 2026-02-27
items:
  - {id: A, estimate: [3, 5, 9]}
  - {id: B, estimate: [2, 5, 12], after: A}
  - {id: C, estimate: [4, 6, 8], after: A}
  - {id: D, kind: milestone, after: [B, C]}
"""
WEAK = "plan: W\nitems:\n" + "\n".join(f"  - {{id: I{n}, estimate: 60}}" for n in range(12))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str, name: str = "plan.yaml") -> str:
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_a_good_plan_is_good(answered: Said, written: Callable[..., str]) -> None:
    answer = answered("plan check", written(GOOD), schema="plan-check")
    assert (answer["score"], answer["fit"], answer["findings"]) == (100, True, [])


def test_a_weak_plan_is_a_bad_answer_with_sentences(
    answered: Said, written: Callable[..., str]
) -> None:
    answer = answered("plan check", written(WEAK), schema="plan-check", code=1)
    assert answer["score"] < 60
    rules = [one["rule"] for one in answer["findings"]]
    assert {"missing-successor", "few-relations", "single-number-estimates"} <= set(rules)
    points = [one["points"] for one in answer["findings"]]
    assert points == sorted(points, reverse=True)


def test_strict_takes_any_warning_for_bad(answered: Said, written: Callable[..., str]) -> None:
    path = written(GOOD.replace("[2, 5, 12]", "[40, 50, 70]").replace("2026-02-27", "2026-06-26"))
    assert answered("plan check", path)["fit"]
    answered("plan check", path, "--strict", code=1)


def test_a_cycle_is_a_bad_answer_and_no_bad_question(
    answered: Said, written: Callable[..., str]
) -> None:
    looped = GOOD.replace("id: A, estimate: [3, 5, 9]", "id: A, estimate: [3, 5, 9], after: D")
    answer = answered("plan check", written(looped), schema="plan-check", code=1)
    assert answer["score"] == 0
    assert "waits for itself" in answer["findings"][0]["sentence"]


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("items: [{id: A, estimat: 2}]", (), "did you mean 'estimate'"),
        ("]", (), "plan.yaml"),
        (GOOD, ("--as-of", "soon"), "--as-of is 'soon'"),
    ],
)
def test_what_cannot_be_read_is_a_bad_question(
    asked: Said, written: Callable[..., str], text: str, more: tuple[str, ...], said: str
) -> None:
    code, out, err = asked("plan check", written(text), *more)
    assert (code, out) == (2, "")
    assert said in err


def test_people_read_a_table(asked: Said, written: Callable[..., str]) -> None:
    code, out, _ = asked("plan check", written(WEAK))
    assert code == 1
    assert "W: " in out
    assert "not fit to be forecast" in out
    assert "missing-successor" in out
    assert "Nothing to judge by:" in out
