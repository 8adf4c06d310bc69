"""`headway scenario …`: changes are tried beside the plan, compared, and made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cast import AT, Cast
from tests.domain.plans.actions.test_decisions import FASTER, a_plan

from headway.domain.plans.actions import edit_item
from headway.domain.plans.models import WorkItem

Ask = Callable[..., Any]

ACME = ("--workspace", "acme")


@pytest.fixture
def acme(cast: Cast) -> Cast:
    a_plan(cast)
    return cast


@pytest.fixture
def changes(tmp_path: Path) -> str:
    path = tmp_path / "faster.json"
    path.write_text(json.dumps(FASTER["changes"]))
    return str(path)


def test_it_is_tried_listed_compared_and_applied(
    acme: Cast, changes: str, answered: Ask, asked: Ask
) -> None:
    made = answered(f"scenario set b --name Faster --changes {changes}", *ACME)
    assert (made["key"], len(made["overrides"])) == ("b", 2)
    on = answered("scenario set c --name Less --on b", *ACME)
    assert (on["parent"], len(on["inherited"])) == ("b", 2)
    assert [one["key"] for one in answered("scenario list", *ACME)] == ["b", "c"]
    found = answered("scenario compare b c", *ACME)
    assert [one["key"] for one in found["scenarios"]] == ["b", "c"]
    code, out, _ = asked("scenario compare b", *ACME)
    assert code == 0
    assert "P80" in out
    assert WorkItem.objects.get(key="label").remaining == [30, 40, 60]
    assert "2 changes are in the plan" in asked("scenario apply b", *ACME)[1]
    assert WorkItem.objects.get(key="label").remaining == [10, 15, 20]
    assert "“Faster” is taken back" in asked("scenario undo b", *ACME)[1]
    assert WorkItem.objects.get(key="label").remaining == [30, 40, 60]
    assert answered("scenario throw-away c", *ACME)["state"] == "thrown"
    assert answered("scenario bring-back c", *ACME)["state"] == "open"


def test_what_moved_is_said_before_it_is_applied_all_the_same(
    acme: Cast, changes: str, asked: Ask
) -> None:
    assert asked(f"scenario set b --name Faster --changes {changes}", *ACME)[0] == 0
    edit_item(acme.bob, ("scores", "label"), {"remaining": [35, 45, 65]}, AT)
    code, _, err = asked("scenario apply b", *ACME)
    assert (code, "The plan moved" in err) == (2, True)
    assert asked("scenario apply b --anyway", *ACME)[0] == 0


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("scenario set b", "needs a name"),
        ("scenario compare b", "no scenario 'b'"),
        ("scenario apply b", "no scenario 'b'"),
        ("scenario undo b", "no scenario 'b'"),
        ("scenario set b --name B --changes /nowhere.json", "cannot be read"),
    ],
)
def test_a_bad_question_is_one_sentence_and_exit_code_two(
    acme: Cast, asked: Ask, line: str, why: str
) -> None:
    code, _, err = asked(line, *ACME)
    assert code == 2
    assert why in err


def test_a_file_that_is_no_json_is_named(acme: Cast, tmp_path: Path, asked: Ask) -> None:
    path = tmp_path / "x.json"
    path.write_text("{")
    code, _, err = asked(f"scenario set b --name B --changes {path}", *ACME)
    assert (code, "is no JSON" in err) == (2, True)
    assert asked("scenario list", *ACME)[1].startswith("Nothing is tried")
