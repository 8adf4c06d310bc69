"""`headway baseline …`: a plan is frozen, listed, and held against today's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.cast import AT, Cast
from tests.domain.plans.actions.test_decisions import a_plan

from headway.domain.plans.actions import edit_item

Ask = Callable[..., Any]

ACME = ("--workspace", "acme")
SET = ("baseline set fraud --name Approved --reason Agreed", *ACME)


@pytest.fixture
def acme(cast: Cast) -> Cast:
    a_plan(cast)
    return cast


def test_a_plan_is_frozen_listed_and_compared(acme: Cast, answered: Ask, asked: Ask) -> None:
    made = answered(*SET)
    assert (made["key"], len(made["items"])) == ("approved", 3)
    assert [one["state"] for one in answered("baseline list fraud", *ACME)] == ["active"]
    edit_item(acme.bob, ("scores", "train"), {"estimate": [15, 18, 22]}, AT)
    found = answered("baseline variance fraud --status later", *ACME)
    assert found["baseline"] == "approved"
    assert [line["item"] for line in found["lines"]] == ["scores/report", "scores/train"]
    code, out, _ = asked("baseline variance", *ACME)
    assert code == 0
    assert "2 later, 1 on schedule" in out
    assert "scores/train" in out


def test_what_is_settled_about_a_baseline_is_taken_back(
    acme: Cast, answered: Ask, asked: Ask
) -> None:
    answered(*SET)
    answered("baseline set fraud --name Second --reason Changed", *ACME)
    assert "held against “Approved”" in asked("baseline activate approved", *ACME)[1]
    assert answered("baseline activate second", *ACME)["state"] == "active"
    assert answered("baseline set-aside approved", *ACME)["state"] != "active"
    assert "“Approved” is back." in asked("baseline put-back approved", *ACME)[1]
    assert asked("baseline activate ghost", *ACME)[0] == 2


def test_words_before_numbers(acme: Cast, asked: Ask) -> None:
    assert "No plan was agreed yet" in asked("baseline list fraud", *ACME)[1]
    code, out, _ = asked(*SET)
    assert code == 0
    assert out.startswith("approved: 3 items frozen, most likely ")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("baseline set fraud --name x", "reason is empty"),
        ("baseline variance fraud", "No plan was agreed yet"),
        ("baseline variance fraud --baseline x", "no baseline 'x'"),
        ("baseline set fraud --name x --reason y --as bob@example.com", "a contributor may not"),
    ],
)
def test_a_bad_question_is_one_sentence_and_exit_code_two(
    acme: Cast, asked: Ask, line: str, why: str
) -> None:
    code, _, err = asked(line, *ACME)
    assert code == 2
    assert why.lower() in err.lower()
