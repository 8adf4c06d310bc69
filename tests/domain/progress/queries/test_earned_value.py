"""Earned value asks the database as often for ten items as for a hundred, on any day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders.earned import a_workspace_that_earns
from tests.builders.workspace import MOMENT, Size

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor
from headway.domain.programs.queries import program_named
from headway.domain.progress.queries import earned_value, earned_value_of_portfolio


def queries_of(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def asked_of(actor: Actor) -> list[int]:
    """Return how many queries a program and the portfolio take, now and as of a past day."""
    program, later = program_named(actor, "program"), MOMENT + timedelta(days=1)
    return [
        queries_of(lambda live=live, read=read: read(live))  # type: ignore[misc]
        for live in (True, False)
        for read in (
            lambda live: earned_value(actor, program, later, live=live),
            lambda live: earned_value_of_portfolio(actor, later, live=live),
        )
    ]


@pytest.mark.django_db
def test_more_items_projects_and_programs_take_no_more_queries_and_the_past_adds_up_alike() -> None:
    few = a_workspace_that_earns(Size(2, 10, 0), "few", forecast=False)
    many = a_workspace_that_earns(Size(9, 180, 0, 3), "many", forecast=False)
    actor = headway_actor(many.id)
    counts = asked_of(headway_actor(few.id))
    assert asked_of(actor) == counts
    assert max(counts) <= 20
    later = MOMENT + timedelta(days=1)
    program = program_named(actor, "program")
    now = earned_value(actor, program, later)
    then = earned_value(actor, program, later, live=False)
    assert now.measures == then.measures
    assert now.points == then.points
    assert now.measures is not None
    assert sum(one.earned for part in now.projects for one in part.items) == (
        now.measures.status.earned
    )
    before = earned_value(actor, program, MOMENT - timedelta(days=1), live=False)
    assert before.measures is None


@pytest.mark.django_db
def test_the_portfolio_says_of_a_program_what_the_program_says_of_itself() -> None:
    actor = headway_actor(a_workspace_that_earns(Size(2, 10, 0), "told", forecast=True).id)
    later = MOMENT + timedelta(days=1)
    alone = earned_value(actor, program_named(actor, "program"), later)
    listed = earned_value_of_portfolio(actor, later).programs[0]
    assert listed.cost_p80 == alone.cost_p80
    assert alone.cost_p80 is not None
    assert listed.measures == alone.measures
