"""Registers of risks and the radar of 200 projects, against the same pages of a small workspace.

Two shapes: twenty programs of ten projects with 100 risks each, and one program of 200 projects
with 2,000. Both have 4,000 items of 500 owners, 60 months of costs (12,000 records), runs towards
a promised metric in every project, issues, assumptions that watch, decisions and blockers. CPU
seconds, best of three.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.timing import best_of

if TYPE_CHECKING:
    from headway.domain.accounts.models import Workspace
    from headway.domain.programs.models import Program, Project

PROJECTS, ITEMS, RISKS, PEOPLE, MONTHS = 200, 4_000, 2_000, 500, 60
AT = datetime(2026, 6, 10, 9, tzinfo=UTC)

#: What is looked at, below the address of a program.
PAGES = (
    ("register of risks", "risks/"),
    ("a risk", "risks/risk-0-0/"),
    ("radar", "radar/"),
    ("RAID: issues, actions, assumptions", "raid/"),
    ("an assumption", "assumptions/a0/"),
    ("an issue", "issues/i0/"),
    ("decision log", "decisions/"),
)


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our CPU seconds, those of the small workspace)."""
    import django

    django.setup()
    from headway.domain.installation.actions import prepare_database

    prepare_database()
    small = Visitor("small", programs=1, projects=1, items=10, risks=3)
    for words, programs in (("20 programs", 20), ("one program", 1)):
        large = Visitor(f"raid-{programs}", programs, PROJECTS, ITEMS, RISKS)
        for name, page in PAGES:
            address = f"programs/program/{page}"
            yield f"{name}, 200 projects in {words}", large.cpu(address), small.cpu(address)
        yield f"top risks, {words}", large.cpu("money/risks/"), small.cpu("money/risks/")


class Visitor:
    """The owner of a built workspace, signed in."""

    def __init__(self, slug: str, programs: int, projects: int, items: int, risks: int) -> None:
        from tests.builders.workspace import Size, build_workspace
        from tests.cast import a_member
        from tests.doors import browser_of

        from headway.domain.accounts.queries import headway_actor
        from headway.domain.accounts.rules import Role
        from headway.domain.plans.actions import make_forecast
        from headway.domain.programs.queries import programs_of

        workspace = build_workspace(Size(projects, items, 10, programs), slug=slug)
        _grow(workspace, many=projects > 1)
        actor = headway_actor(workspace.id)
        for program in programs_of(actor):
            for day in range(4 if program.slug == "program" else 1):
                make_forecast(actor, program.slug, AT + timedelta(days=day), trials=50)
        _risks(workspace, risks)
        self.slug, self.actor = slug, actor
        self.client = browser_of(a_member(workspace, f"Olga-{slug}", Role.OWNER))

    def get(self, page: str) -> Any:  # noqa: ANN401
        """Return the answer to `page`."""
        address = f"/w/{self.slug}/{page}"
        answer = self.client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer

    def cpu(self, page: str) -> float:
        """Return the least CPU seconds of `page` in three visits, after one to warm up."""
        self.get(page)
        return best_of(3, lambda: self.get(page), time.process_time)


def _grow(workspace: Workspace, *, many: bool) -> None:
    """Add what a register holds beside risks, costs of years, and runs."""
    from headway.domain.programs.models import Program, Project

    programs = list(Program.objects.filter(workspace=workspace).order_by("slug"))
    projects = list(Project.objects.filter(workspace=workspace).order_by("order"))
    _people(workspace, PEOPLE if many else 3)
    for program in programs:
        _registers(workspace, program, RISKS // len(programs) // 10 if many else 3)
    _evidence(workspace, projects)


def _people(workspace: Workspace, count: int) -> None:
    from headway.domain.people.models import Person
    from headway.domain.plans.models import WorkItem

    Person.objects.bulk_create(
        Person(workspace=workspace, key=f"p{n}", name=f"Person {n}") for n in range(count)
    )
    items = list(WorkItem.objects.filter(workspace=workspace).order_by("id"))
    for place, item in enumerate(items):
        item.owner = f"p{place % count}"
        item.kind = ("experiment", "task", "training", "data")[place % 4]
        if place % 5 == 0:
            item.started = date(2026, 5, 1)
        if place % 9 == 1:
            item.started, item.finished = date(2026, 2, 2), date(2026, 2, 20)
    WorkItem.objects.bulk_update(items, ["owner", "kind", "started", "finished"], batch_size=500)


def _risks(workspace: Workspace, count: int) -> None:
    """Add risks with their items, and to the newest forecasts what such a risk does at P80.

    The forecasts were made without them: to leave each of 2,000 out of 4,000 items takes minutes of
    the worker, and a reader's page reads the same rows whoever made them.
    """
    from simple_history.utils import bulk_create_with_history

    from headway.domain.plans.models import Forecast, RiskEffect, WorkItem
    from headway.domain.programs.models import Program
    from headway.domain.risks.models import Risk

    programs = list(Program.objects.filter(workspace=workspace).order_by("slug"))
    each = count // len(programs)
    rows = [
        Risk(
            workspace=workspace,
            program=program,
            key=f"risk-{place}-{n}",
            name=f"Because of {n}, something comes late",
            owner=f"p{n % PEOPLE}",
            review_on=date(2026, 5, 1) + timedelta(days=n % 200),
            probability=0.05 + (n % 17) / 20,
            delay=[1, 3, 10 + n % 5],
            cost=[0, 500, 4_000],
            mitigated_probability=0.05,
            mitigation_cost_minor=10_000,
            strategy="reduce",
            stage="monitoring",
        )
        for place, program in enumerate(programs)
        for n in range(each)
    ]
    bulk_create_with_history(rows, Risk, batch_size=500, default_date=AT - timedelta(days=30))
    effects = []
    for program in programs:
        items = list(WorkItem.objects.filter(project__program=program).order_by("id"))
        mine = [risk for risk in rows if risk.program_id == program.id]
        effects += [
            RiskEffect(workspace=workspace, risk=risk, item=items[(7 * place + k) % len(items)])
            for place, risk in enumerate(mine)
            for k in range(2)
        ]
    bulk_create_with_history(
        effects, RiskEffect, batch_size=500, default_date=AT - timedelta(days=30)
    )
    for forecast in Forecast.objects.filter(workspace=workspace):
        told = [one for one in forecast.answer["drivers"] if one["kind"] == "risk"]
        mine = [risk.key for risk in rows if risk.program_id == forecast.program_id]
        forecast.answer["drivers"] += [{**told[0], "id": key} for key in mine]
        forecast.save(update_fields=["answer"])


def _registers(workspace: Workspace, program: Program, count: int) -> None:
    from simple_history.utils import bulk_create_with_history

    from headway.domain.plans.models import Decision
    from headway.domain.programs.models import SuccessCriterion
    from headway.domain.risks.models import Action, Assumption, Blocker, Issue

    shared: dict[str, Any] = {"workspace": workspace, "program": program}
    watched = list(SuccessCriterion.objects.filter(project__program=program).order_by("id"))
    made: list[list[Any]] = [
        [
            Issue(**shared, key=f"i{n}", name=f"Issue {n}", days=3.0, raised_at=AT)
            for n in range(count)
        ],
        [Action(**shared, key=f"c{n}", name=f"Action {n}", owner="p1") for n in range(count)],
        [
            Assumption(
                **shared, key=f"a{n}", name=f"Assumption {n}", criterion=watched[n % len(watched)]
            )
            for n in range(count)
        ],
        [
            Blocker(**shared, key=f"b{n}", name=f"Blocker {n}", since=date(2026, 5, 4))
            for n in range(count // 4)
        ],
        [Decision(**shared, key=f"d{n}", question=f"Which way {n}?") for n in range(count)],
    ]
    for rows in made:
        if rows:
            bulk_create_with_history(
                rows, type(rows[0]), batch_size=500, default_date=AT - timedelta(days=1)
            )


def _evidence(workspace: Workspace, projects: list[Project]) -> None:
    """Record a cost a project and month, and twelve runs a project that flatten out."""
    from headway.domain.accounts.queries import headway_actor
    from headway.domain.evidence.actions import record_evidence
    from headway.observation import Observation, SubjectRef

    rows: list[Observation] = []
    for project in projects:
        subject = SubjectRef("project", project.slug)
        for month in range(MONTHS):
            first = date(2021 + (month + 5) // 12, (month + 5) % 12 + 1, 1)
            cost = {
                "amount": "3000.25",
                "currency": "USD",
                "category": "people",
                "description": "",
                "period_start": first.isoformat(),
                "period_end": (first + timedelta(days=27)).isoformat(),
            }
            rows.append(Observation(subject, "cost", "bench", AT, cost, None, project.slug))
        for number in range(12):
            ended = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(days=5 * number)
            value = {"metric": "recall", "value": 0.8 + 0.05 * (1 - 0.5**number), "n": 500}
            run = SubjectRef("run", f"bench/{project.slug}-{number}")
            rows.append(
                Observation(
                    run,
                    "evaluation",
                    "bench",
                    ended,
                    {**value, "dataset": "held-out", "dataset_digest": "d1"},
                    None,
                    project.slug,
                )
            )
    record_evidence(headway_actor(workspace.id), rows, AT)
