"""As many queries for many projects as for few: the radar and what the registers are read by."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders.workspace import MOMENT, Size, build_workspace

from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.queries import assumption_standings
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import heaviest_standings, risk_standings
from headway.domain.programs.queries import program_named
from headway.domain.radar.queries import radar_of
from headway.domain.risks.actions import set_assumption


def counted(projects: int) -> Mapping[str, int]:
    """Return how many queries each reading takes in a program of so many projects."""
    size = Size(projects=projects, items=4 * projects, records=200)
    workspace = build_workspace(size, slug=f"flat-{projects}")
    actor = headway_actor(workspace.id)
    program = program_named(actor, "program")
    WorkItem.objects.filter(workspace=workspace).update(kind="experiment", started=MOMENT.date())
    for number in range(projects):
        taken = {"name": f"A{number}", "criterion": f"project-{number}/recall"}
        set_assumption(actor, "program", "", taken, MOMENT)
    found = {}
    for name, read in (
        ("radar", lambda: radar_of(actor, program, MOMENT)),
        ("register", lambda: risk_standings(actor, [program])),
        ("heaviest", lambda: heaviest_standings(actor, [program], most=5)),
        ("assumptions", lambda: assumption_standings(actor, program, MOMENT)),
    ):
        with CaptureQueriesContext(connection) as queries:
            read()
        found[name] = len(queries)
    return found


@pytest.mark.django_db
def test_reading_takes_as_many_queries_for_six_projects_as_for_two() -> None:
    few, many = counted(2), counted(6)
    assert few == many
    assert many["radar"] <= 30
    assert many["heaviest"] <= 8
