"""Budgets of 200 projects over 60 months, each against the same page of a small workspace.

Twenty programs of ten projects; each project has two lines phased over 60 months and one cost
record a month (12,000 records). p95 of ten visits is printed beside the ratio.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headway.domain.accounts.rules import Actor

PROGRAMS, PROJECTS, MONTHS = 20, 10, 60
VISITS = 10
FIRST = date(2022, 1, 1)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our p95 in seconds, that of the small workspace)."""
    import django

    django.setup()
    from headway.domain.installation.actions import prepare_database

    prepare_database()
    large, small = _Budgets("money", PROGRAMS, PROJECTS), _Budgets("change", 1, 1)
    for name, page in (
        ("budgets of 200 projects, 60 months", "money/budgets/"),
        ("a budget of 10 projects, 60 months", "programs/p0/budget/"),
    ):
        yield f"{name}, p95", large.p95(page), small.p95(page)


class _Budgets:
    """A workspace of programs with phased budgets and a cost record a project and month."""

    def __init__(self, slug: str, programs: int, projects: int) -> None:
        from tests.cast import a_member
        from tests.doors import browser_of

        from headway.domain.accounts.actions import create_workspace
        from headway.domain.accounts.queries import headway_actor
        from headway.domain.accounts.rules import Role

        workspace = create_workspace(f"Built {slug}", AT, slug=slug)
        actor = headway_actor(workspace.id)
        for number in range(programs):
            self._program(actor, f"p{number}", projects)
        self.slug = slug
        self.client = browser_of(a_member(workspace, f"Olga-{slug}", Role.OWNER))

    def _program(self, actor: Actor, slug: str, projects: int) -> None:
        from headway.domain.evidence.actions import record_evidence
        from headway.domain.finance.actions import set_budget_line
        from headway.domain.programs.actions import create_program, create_project
        from headway.observation import Observation, SubjectRef

        create_program(actor, {"name": slug, "currency": "USD"}, AT)
        costs = []
        for number in range(projects):
            project = f"{slug}-{number}"
            create_project(actor, slug, {"name": project}, AT)
            for category in ("people", "compute"):
                values = {
                    "amount": 600_000 + number,
                    "category": category,
                    "project": project,
                    "phasing": "even 2022-01 2026-12",
                }
                set_budget_line(actor, slug, f"{category}-{number}", values, AT)
            for month in _months():
                payload = {
                    "amount": f"{9_000 + number}.25",
                    "currency": "USD",
                    "category": "people",
                    "description": "",
                    "period_start": month.isoformat(),
                    "period_end": (month + timedelta(days=27)).isoformat(),
                }
                subject, when = SubjectRef("project", project), AT - timedelta(days=1)
                costs.append(Observation(subject, "cost", "bench", when, payload, None, project))
        record_evidence(actor, costs, AT)

    def p95(self, page: str) -> float:
        """Return the p95 of wall seconds of ten visits, after one to warm up."""
        address = f"/w/{self.slug}/{page}"
        answer = self.client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        found = []
        for _ in range(VISITS):
            begun = time.perf_counter()
            self.client.get(address, headers={"host": "localhost"})
            found.append(time.perf_counter() - begun)
        return sorted(found)[-1]


def _months() -> list[date]:
    return [date(FIRST.year + n // 12, n % 12 + 1, 1) for n in range(MONTHS)]
