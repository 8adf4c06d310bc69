"""`headway next`: what would answer most comes first, until nothing that is due is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.cast import AT, Cast
from tests.interfaces.api.callers import caller

from headway.domain.programs.actions import create_program, create_project

Ask = Callable[..., Any]

ACME = ("--workspace", "acme")


@pytest.fixture
def acme(cast: Cast) -> Cast:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    return cast


def test_the_most_useful_step_is_the_first_line(acme: Cast, asked: Ask) -> None:
    code, out, _ = asked("next", *ACME)
    assert code == 0
    first, second, *_ = out.splitlines()
    assert first == "0 of 10 questions that are due have an answer."
    assert second == "   3  Import a plan: Scores has no plan."


def test_terminal_and_api_say_the_same(acme: Cast, answered: Ask) -> None:
    there = caller(acme.vera).get("/connect-next").json()  # type: ignore[attr-defined]
    assert answered("next", *ACME) == there
    assert [one["step"] for one in there["steps"]] == ["plan", "source", "criteria", "risks"]


def test_an_empty_workspace_is_told_where_to_begin(cast: Cast, asked: Ask) -> None:
    assert "   3  Import a plan.\n" in asked("next", *ACME)[1]
