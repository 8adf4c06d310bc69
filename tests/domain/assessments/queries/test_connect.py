"""What a workspace is told to connect next, step by step, until nothing is left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders.workspace import Size, build_workspace
from tests.cast import AT, Cast
from tests.domain.evidence.many_runs import an_mlflow_run, synced

from headway import clock
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries import connect_next
from headway.domain.assessments.rules.connect import Step
from headway.domain.evidence.actions import record_evidence, set_run_rule
from headway.domain.finance.actions import set_budget_line
from headway.domain.plans.actions import add_item, edit_item, make_forecast
from headway.domain.programs.actions import (
    create_program,
    create_project,
    edit_program,
    set_criterion,
)
from headway.domain.risks.actions import set_risk
from headway.observation import Observation, SubjectRef

LATER = AT + timedelta(hours=1)


def steps(actor: Actor) -> dict[Step, int]:
    return {one.step: one.answers for one in connect_next(actor, LATER).steps}


def first(actor: Actor) -> Step | None:
    return next(iter(steps(actor)), None)


def a_paid_item(cast: Cast) -> None:
    values = {"name": "Label", "estimate": [5, 8, 12], "cost_minor": 900_000, "owner": "ines"}
    add_item(cast.mia, "scores", "label", values, AT)
    make_forecast(cast.mia, "fraud", AT, trials=200)


def test_an_empty_workspace_is_told_to_begin_with_a_plan(cast: Cast) -> None:
    assert first(cast.mia) is Step.PLAN


def test_each_step_taken_leaves_the_list_until_it_is_empty(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    assert steps(cast.mia) == {Step.PLAN: 3, Step.SOURCE: 1, Step.CRITERIA: 1, Step.RISKS: 1}
    a_paid_item(cast)
    expected = {Step.SOURCE, Step.CRITERIA, Step.TARGET, Step.BUDGET, Step.RISKS}
    assert set(steps(cast.mia)) == expected
    edit_program(cast.mia, "fraud", {"target": "2027-06-30"}, AT)
    set_budget_line(cast.mia, "fraud", "all", {"amount": "20000"}, AT)
    set_risk(cast.mia, "fraud", "late", {"probability": 0.2}, AT)
    wanted = {"name": "Recall", "subject": "model:scores", "metric": "recall", "target": 0.9}
    set_criterion(cast.mia, "scores", "recall", wanted, AT)
    assert steps(cast.mia) == {Step.SOURCE: 2}
    synced(cast.bob, [an_mlflow_run(1, "scores", metrics={"test_recall": 0.95})])
    assert steps(cast.mia) == {Step.INBOX: 2}
    set_run_rule(cast.bob, {"group": "scores", "project": "scores"}, AT)
    assert steps(cast.mia) == {Step.METRICS: 1}
    set_criterion(cast.mia, "scores", "recall", {"subject": "run:*", "metric": "test_recall"}, AT)
    assert steps(cast.mia) == {}
    edit_item(cast.mia, ("scores", "label"), {"started": AT.date().isoformat()}, AT)
    assert steps(cast.mia) == {Step.BILLS: 1}
    paid = {
        "amount": "12.00",
        "currency": "USD",
        "category": "compute",
        "period_start": "2026-11-01",
        "period_end": "2026-11-02",
    }
    bill = Observation(SubjectRef("project", "scores"), "cost", "bills", AT, paid, project="scores")
    record_evidence(cast.bob, [bill], AT)
    assert steps(cast.mia) == {}


def test_a_promise_that_is_not_due_is_not_missing(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    wanted = {"subject": "model:scores", "metric": "recall", "target": 0.9}
    set_criterion(cast.mia, "scores", "recall", wanted, AT)
    assert steps(cast.mia)[Step.SOURCE] == 2
    set_criterion(cast.mia, "scores", "recall", {"due": "2027-03-01"}, AT)
    assert steps(cast.mia)[Step.SOURCE] == 1


def test_scratch_runs_connect_nothing(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    synced(cast.bob, [an_mlflow_run(1, "play")])
    assert Step.INBOX in steps(cast.mia)
    set_run_rule(cast.bob, {"group": "play", "is_scratch": True}, AT)
    assert Step.SOURCE in steps(cast.mia)
    assert Step.INBOX not in steps(cast.mia)


def test_another_workspace_is_not_counted(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    a_paid_item(cast)
    assert first(cast.charlie) is Step.PLAN


@pytest.mark.django_db
def test_it_asks_the_same_few_questions_however_many_projects_there_are() -> None:
    counts = []
    for projects in (1, 6):
        size = Size(projects=projects, items=projects * 4, records=projects * 20)
        workspace = build_workspace(size, slug=f"built-{projects}")
        actor = headway_actor(workspace.id)
        with CaptureQueriesContext(connection) as found:
            connect_next(actor, clock.now())
        counts.append(len(found))
    assert counts[0] == counts[1] <= 36
