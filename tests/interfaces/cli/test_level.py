"""`headway level` as people and scripts call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/reference/schemas/level.schema.json").read_text())
PLAN = """
plan: Screening
start: 2026-01-05
resources: {people: {capacity: 1}, gpu: {capacity: 2}}
items:
  - {id: A, name: Label, estimate: [5, 5, 7], needs: {people: 1}}
  - {id: B, name: Train, estimate: [2, 3, 9], needs: {people: 1, gpu: 2}}
  - {id: M, kind: milestone, after: [A, B]}
"""
Said = Callable[..., Any]


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return str(path)


def test_the_document_is_that_of_the_published_schema(plan: str, answered: Said) -> None:
    document = answered("level", plan, schema="level")
    assert set(document) == set(SCHEMA["properties"])
    assert document["makespan"] == document["lower_bound"] == 8
    assert document["status"] == "optimal"
    assert document["start"]["M"] == 8
    assert document["start_dates"]["M"] == "2026-01-14"
    assert document["conflicts"] == []


def test_the_schema_itself_is_sound() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_within_float_the_finish_stays_and_a_conflict_makes_the_answer_bad(
    plan: str, answered: Said
) -> None:
    document = answered("level", plan, "--smooth", schema="level", code=1)
    assert document["makespan"] == document["makespan_before"] == 5
    assert document["status"] == "infeasible"
    assert {one["reason"] for one in document["conflicts"]} == {"no free capacity within float"}


def test_the_table_says_the_answer_first(plan: str, asked: Said) -> None:
    code, out, _ = asked("level", plan)
    assert code == 0
    first = out.splitlines()[0]
    assert first == "Screening: ends 14 Jan 2026 instead of 9 Jan 2026; proved to be the earliest"
    assert "What moves" in out


def test_the_same_schedules_and_seed_give_the_same_document(plan: str, answered: Said) -> None:
    asked = ("level", plan, "--schedules", "40", "--seed", "7")
    assert answered(*asked) == answered(*asked)


def test_a_time_limit_is_noted(plan: str, answered: Said) -> None:
    document = answered("level", plan, "--time-limit", "0.2")
    assert document["seconds"] >= 0
    assert any("machine" in note for note in document["notes"])


def test_a_plan_of_numbers_has_no_dates(tmp_path: Path, answered: Said) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace("start: 2026-01-05", "calendar: none"))
    document = answered("level", str(path), schema="level")
    assert document["finish"] is None
    assert set(document["start_dates"].values()) == {None}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--time-limit", "0"], "--time-limit is 0"),
        (["--time-limit", "nan"], "--time-limit is nan"),
        (["--schedules", "0"], "--schedules is 0"),
        (["--as-of", "soon"], "like 2026-06-30"),
        (["--resource", "tpu"], "no resource 'tpu'"),
    ],
)
def test_a_bad_question_is_named_and_exits_2(
    plan: str, asked: Said, options: list[str], said: str
) -> None:
    code, out, err = asked("level", plan, *options)
    assert (code, out) == (2, "")
    assert said in err


def test_a_file_that_is_not_there_is_named(asked: Said) -> None:
    code, _, err = asked("level", "no-such.yaml")
    assert code == 2
    assert "no-such.yaml" in err
