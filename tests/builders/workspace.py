"""One seeded builder makes a workspace of any size, for query counts and benchmarks.

Up to 200 projects, 50,000 items and 1,000,000 records. The plan's rows are written in bulk, the
evidence goes through the real door (`record_evidence`), so that the ledger is a real ledger.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from simple_history.utils import bulk_create_with_history

from headway.domain.accounts.actions import create_workspace
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import headway_actor
from headway.domain.evidence.actions import record_evidence
from headway.domain.finance.models import BudgetLine
from headway.domain.people.models import Resource
from headway.domain.plans.models import Dependency, Need, Plan, WorkItem
from headway.domain.programs.models import Program, Project, SuccessCriterion, System
from headway.domain.risks.models import Risk
from headway.observation import Observation, SubjectRef

START = date(2026, 1, 5)
MOMENT = datetime(2026, 6, 1, 9, tzinfo=UTC)

#: Observations handed over at once, as a source would.
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Size:
    """How large it is: projects are spread over programs, items and records over projects."""

    projects: int = 4
    items: int = 60
    records: int = 400
    programs: int = 1


def build_workspace(size: Size, seed: int = 0, slug: str = "built") -> Workspace:
    """Make a workspace of `size`; the same seed gives the same content.

    The first program is called `program`, further ones `program-1` and so on.
    """
    rng = random.Random(seed)
    workspace = create_workspace(f"Built {slug}", MOMENT, slug=slug)
    programs = [
        Program(
            workspace=workspace,
            slug=f"program-{n}" if n else "program",
            name=f"Program {n}" if n else "Program",
            target=date(2027, 6, 30),
        )
        for n in range(size.programs)
    ]
    bulk_create_with_history(programs, Program, default_date=MOMENT)
    projects = _projects(workspace, programs, size.projects)
    _plans(workspace, programs, projects, size.items, rng)
    add_records(workspace, size.records, seed)
    return workspace


def _projects(workspace: Workspace, programs: list[Program], count: int) -> list[Project]:
    systems = [
        System(workspace=workspace, slug=f"system-{n}", name=f"System {n}") for n in range(count)
    ]
    bulk_create_with_history(systems, System, default_date=MOMENT)
    projects = [
        Project(
            workspace=workspace,
            program=programs[n % len(programs)],
            system=systems[n],
            slug=f"project-{n}",
            name=f"Project {n}",
            order=n,
        )
        for n in range(count)
    ]
    bulk_create_with_history(projects, Project, default_date=MOMENT)
    criteria = [
        SuccessCriterion(
            workspace=workspace,
            project=project,
            key="recall",
            name="Recall",
            subject=f"model:{project.slug}",
            metric="recall",
            target=0.9,
        )
        for project in projects
    ]
    bulk_create_with_history(criteria, SuccessCriterion, default_date=MOMENT)
    lines = [
        BudgetLine(
            workspace=workspace,
            program_id=project.program_id,
            project=project,
            key=f"people-{project.slug}",
            name="People",
            category="people",
            amount_minor=25_000_000,
        )
        for project in projects
    ]
    bulk_create_with_history(lines, BudgetLine, default_date=MOMENT)
    risks = [
        Risk(
            workspace=workspace,
            program_id=project.program_id,
            project=project,
            key=f"risk-{project.slug}",
            name="Labels come late",
            owner="mia",
            review_on=date(2027, 1, 1),
            probability=0.3,
            delay=[1, 3, 10],
            cost=[0, 500, 4_000],
        )
        for project in projects
    ]
    bulk_create_with_history(risks, Risk, default_date=MOMENT)
    return projects


def _plans(
    workspace: Workspace,
    programs: list[Program],
    projects: list[Project],
    count: int,
    rng: random.Random,
) -> None:
    """Give every project its share of items, each after one to three earlier ones nearby."""
    plans = [Plan(workspace=workspace, project=project, start=START) for project in projects]
    bulk_create_with_history(plans, Plan, default_date=MOMENT)
    people = {
        program.id: Resource(
            workspace=workspace,
            program=program,
            name="engineer",
            capacity=8,
            rate_micros=95_000_000,
        )
        for program in programs
    }
    bulk_create_with_history(list(people.values()), Resource, default_date=MOMENT)
    items: list[WorkItem] = []
    dependencies: list[Dependency] = []
    needs: list[Need] = []
    for project in projects:
        mine: list[WorkItem] = []
        for n in range(count // len(projects)):
            low = rng.randint(1, 8)
            item = WorkItem(
                workspace=workspace,
                project=project,
                key=f"item-{n}",
                name=f"Item {n}",
                estimate=[low, low + rng.randint(0, 3), low + rng.randint(4, 12)],
                order=n,
            )
            window = mine[-40:]
            for predecessor in rng.sample(window, min(len(window), rng.randint(1, 3))):
                dependencies.append(
                    Dependency(workspace=workspace, item=item, predecessor=predecessor)
                )
            if n % 2:
                resource = people[project.program_id]
                needs.append(Need(workspace=workspace, item=item, resource=resource, units=1))
            mine.append(item)
        items += mine
    bulk_create_with_history(items, WorkItem, batch_size=500, default_date=MOMENT)
    bulk_create_with_history(dependencies, Dependency, batch_size=500, default_date=MOMENT)
    bulk_create_with_history(needs, Need, batch_size=500, default_date=MOMENT)


def add_records(workspace: Workspace, count: int, seed: int = 0) -> None:
    """Record `count` observations of the workspace's projects, in batches as a source would."""
    rng = random.Random(seed)
    projects = list(Project.objects.filter(workspace=workspace).order_by("order"))
    actor = headway_actor(workspace.id)
    batch: list[Observation] = []
    for n in range(count):
        batch.append(_observation(projects[n % len(projects)], n, rng))
        if len(batch) == BATCH or n == count - 1:
            record_evidence(actor, batch, MOMENT)
            batch = []


def _observation(project: Project, number: int, rng: random.Random) -> Observation:
    """Return mostly runs, with an evaluation, a check and a cost now and then."""
    moment = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=number)
    kind = ("run", "run", "run", "run", "run", "run", "run", "evaluation", "check", "cost")[
        number // 200 % 10
    ]
    subjects = {
        "run": f"run:server/{number}",
        "evaluation": f"model:{project.slug}@1",
        "check": f"dataset:{project.slug}@1",
        "cost": f"project:{project.slug}",
    }
    value = round(0.7 + rng.random() * 0.25, 4)
    payloads: dict[str, dict[str, object]] = {
        "run": {
            "run_id": str(number),
            "name": f"run {number}",
            "status": "finished",
            "started_at": moment.isoformat(),
            "ended_at": moment.isoformat(),
            "metrics": {"recall": value},
        },
        "evaluation": {"metric": "recall", "value": value, "n": 500, "dataset": "held-out"},
        "check": {"check": "no nulls", "passed": rng.random() > 0.1, "rows": 1_000},
        "cost": {
            "amount": f"{rng.randint(100, 90_000) / 100:.2f}",
            "currency": "USD",
            "category": "compute",
            "period_start": moment.date().isoformat(),
            "period_end": moment.date().isoformat(),
        },
    }
    return Observation(
        SubjectRef.parse(subjects[kind]),
        kind,
        "builder",
        moment,
        payloads[kind],
        None,
        project.slug,
    )
