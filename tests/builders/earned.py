"""A workspace whose programs earn: agreed plans, work that began and ended, costs by month."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from simple_history.utils import bulk_create_with_history, bulk_update_with_history
from tests.builders.workspace import MOMENT, START, Size, build_workspace

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import headway_actor
from headway.domain.evidence.actions import record_evidence
from headway.domain.plans.actions import make_forecast
from headway.domain.plans.models import Baseline, BaselineState, WorkItem
from headway.domain.plans.queries import plan_value
from headway.domain.plans.queries.baselines import write_content
from headway.domain.plans.queries.network import AT_ONCE
from headway.domain.plans.rules.baselines import PlannedItem, PlannedWhole
from headway.domain.programs.models import Program, Project
from headway.domain.programs.queries import program_named
from headway.domain.progress.models import Measure
from headway.observation import Observation, SubjectRef

#: Futures of the forecast: enough for a page to have one.
TRIALS = 100


def a_workspace_that_earns(
    size: Size, slug: str = "earning", *, forecast: bool = True
) -> Workspace:
    """Build a workspace of `size` with a baseline a program; two items in three have begun.

    One item in fifty earns by weighted steps, one in fifty with time. Programs that are not too
    large for it have a forecast.
    """
    workspace = build_workspace(size, slug=slug)
    _begin(workspace)
    for program in Program.objects.filter(workspace=workspace):
        _agree(workspace, program)
    _spend(workspace)
    if not forecast or size.items // size.programs > AT_ONCE:
        return workspace
    for program in Program.objects.filter(workspace=workspace):
        make_forecast(headway_actor(workspace.id), program.slug, MOMENT, trials=TRIALS)
    return workspace


def _begin(workspace: Workspace) -> None:
    """Let two items in three begin and half of them end, and some earn otherwise."""
    items = list(WorkItem.objects.filter(workspace=workspace).order_by("project__slug", "order"))
    measures = []
    for place, item in enumerate(items):
        if place % 3 < 2:
            item.started = START + timedelta(days=place % 120)
        if place % 3 == 0:
            item.finished = START + timedelta(days=place % 120 + 9)
        if place % 50 == 1:
            steps = [["half", 1, "2026-04-01"], ["all", 1, None]]
            measures.append(
                Measure(workspace=workspace, item=item, method="milestones", steps=steps)
            )
        if place % 50 == 2:
            measures.append(Measure(workspace=workspace, item=item, method="effort"))
    bulk_update_with_history(
        items, WorkItem, ["started", "finished"], batch_size=500, default_date=MOMENT
    )
    bulk_create_with_history(measures, Measure, batch_size=500, default_date=MOMENT)


def _agree(workspace: Workspace, program: Program) -> None:
    """Freeze a plan of the program's items, each over two weeks, one after the other."""
    items = (
        WorkItem.objects.filter(project__program=program)
        .select_related("project")
        .order_by("project__slug", "order")
    )
    planned = {}
    for place, item in enumerate(items):
        begin = START + timedelta(days=place % 300)
        end = begin + timedelta(days=13)
        planned[f"{item.project.slug}/{item.key}"] = PlannedItem(
            item.name, item.kind, begin, end, end, end, Decimal(100 + place % 7) + Decimal("0.25")
        )
    cost = sum((one.cost for one in planned.values()), Decimal(0))
    whole = PlannedWhole(
        max(one.finish for one in planned.values() if one.finish),
        None,
        None,
        None,
        cost,
        None,
        None,
        None,
        None,
        "USD",
    )
    facts = program_named(headway_actor(workspace.id), program.slug)
    content = write_content(whole, planned, plan_value(headway_actor(workspace.id), facts))
    row = Baseline.objects.create(
        workspace=workspace,
        program=program,
        key="agreed",
        name="Agreed",
        reason="The board.",
        at=MOMENT,
        made_by="tests",
        **content,
    )
    state = BaselineState(workspace=workspace, program=program, baseline=row, state="active")
    bulk_create_with_history([state], BaselineState, default_date=MOMENT)


def _spend(workspace: Workspace) -> None:
    """Record what each project cost in each of five months."""
    costs = []
    for project in Project.objects.filter(workspace=workspace):
        for month in range(1, 6):
            first = date(2026, month, 1)
            payload = {
                **{"amount": "1200.50", "currency": "USD", "category": "people", "description": ""},
                **{
                    "period_start": first.isoformat(),
                    "period_end": (first + timedelta(days=27)).isoformat(),
                },
            }
            subject = SubjectRef("project", project.slug)
            costs.append(
                Observation(
                    subject,
                    "cost",
                    "tests",
                    MOMENT - timedelta(days=1),
                    payload,
                    None,
                    project.slug,
                )
            )
    record_evidence(headway_actor(workspace.id), costs, MOMENT)
