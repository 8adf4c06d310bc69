"""Budgets of 200 projects over 60 months, each against the same page of a small workspace.

Twenty programs of ten projects; each project has two lines phased over 60 months, one cost record
a month (12,000 records) and four services on a bill a month (48,000 charges: nine of ten by their
tag, the others shared by three projects each). p95 of ten visits is printed beside the ratio, in
CPU seconds. The first visit, which reads the bills once, is not counted; it is printed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headway.domain.accounts.rules import Actor
    from headway.domain.costs.rules import BillDraft

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
        ("a budget line, 60 months", "programs/p0/budget/lines/compute-0/"),
        ("people and money", "money/"),
        ("costs of 12 months by project", "money/costs/"),
        ("costs of 60 months by project", "money/costs/?from=2022-01&to=2026-12"),
        ("costs of 60 months by service", "money/costs/?by=service&from=2022-01&to=2026-12"),
        ("unit costs", "money/unit-costs/"),
        ("bills", "money/bills/"),
        ("whose it is", "money/allocation/"),
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
        from headway.domain.costs.actions import record_bills, set_allocation_rule

        workspace = create_workspace(f"Built {slug}", AT, slug=slug)
        actor = headway_actor(workspace.id)
        for number in range(programs):
            self._program(actor, f"p{number}", projects)
        for number in range(programs):
            three = ["0.5", "0.3", "0.2"] if projects > 2 else ["1"]  # noqa: PLR2004
            shares = [[f"p{number}-{at}", share] for at, share in enumerate(three)]
            values = {"conditions": [["tag:team", f"team-{number}"]], "shares": shares}
            set_allocation_rule(actor, f"shared-{number}", values, AT)
        for month in _months():
            record_bills(actor, [_bill(month, programs, projects)], AT)
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
        """Return the p95 of CPU seconds of ten visits, after one to warm up."""
        address = f"/w/{self.slug}/{page}"
        begun = time.process_time()
        answer = self.client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        print(f"  {address}: first visit {time.process_time() - begun:.3f} s")
        found = []
        for _ in range(VISITS):
            begun = time.process_time()
            self.client.get(address, headers={"host": "localhost"})
            found.append(time.process_time() - begun)
        return sorted(found)[-1]


def _months() -> list[date]:
    return [date(FIRST.year + n // 12, n % 12 + 1, 1) for n in range(MONTHS)]


def _bill(month: date, programs: int, projects: int) -> BillDraft:
    """Return a month's bill: four services a project, tagged by project or by team."""
    from headway.domain.costs.rules import BillDraft

    rows = []
    for number in range(programs * projects):
        home, place = divmod(number, projects)
        for service in range(4):
            own = (number + service) % 10
            tags = {"headway.project": f"p{home}-{place}"} if own else {"team": f"team-{home}"}
            amount = f"{50 + number % 37 + service * 13 + month.month}.{number % 100:02}"
            told = {"service": f"Service {service}", "sub_account": f"account-{number % 25}"}
            rows.append({**_money(amount), **told, "tags": tags, "rows": 720})
    total = sum((Decimal(str(row["billed"])) for row in rows), Decimal(0))
    totals = [{**_money(str(total)), "rows": 720 * len(rows)}]
    days = [
        {"day": str(month + timedelta(at)), **by, "currency": "USD"}
        | {"effective": f"{300 + number * 20 + at * 7 % 11}"}
        for at in range(28)
        for number, by in enumerate(_DAYS)
    ]
    told = ("FOCUS", "f", "0" * 64, 720 * len(rows), 0, totals, rows, days)
    return BillDraft("Cloud", "4711", f"{month:%Y-%m}", *told)


_DAYS = (
    *({"service": f"Service {number}"} for number in range(4)),
    *({"by": "sub_account", "value": f"account-{number}"} for number in range(12)),
    *({"by": "tag:team", "value": f"team-{number}"} for number in range(12)),
)


def _money(amount: str) -> dict[str, object]:
    return {"category": "Usage", "currency": "USD", "billed": amount, "effective": amount}
