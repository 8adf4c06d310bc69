"""Pages on large workspaces, each against the same page of a small one in the same run.

The floor is the page with next to nothing on it: routing, session, layout and its queries. The
ratio says what the rows cost, and so what a reader with a large program waits longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.timing import best_of


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our seconds, the floor's seconds) for the pages people open most."""
    import django

    django.setup()
    from tests.builders.workspace import Size

    from headway.domain.installation.actions import prepare_database

    prepare_database()
    small = _Visitor(Size(projects=1, items=5, records=5), "small")
    items = _Visitor(Size(projects=4, items=300, records=100), "items")
    runs = _Visitor(Size(projects=1, items=10, records=20_000), "runs")
    many = _Visitor(Size(projects=40, items=1_000, records=400, programs=20), "many")
    yield _line("program page, 300 items", items, small, "programs/program/")
    yield _line("its work table", items, small, "programs/program/plan/")
    yield _line("project page, 14,000 runs", runs, small, "projects/project-0/")
    yield _line("runs table, 14,000 runs", runs, small, "projects/project-0/runs/")
    yield _line("home, 20 programs", many, small, "")
    yield _line("portfolio, 20 programs", many, small, "programs/")
    brief = _Visitor(Size(projects=40, items=10_000, records=4_000, programs=8), "brief")
    yield _line("home, 40 projects with 10,000 items", brief, small, "")
    yield _line("program page, 1,250 items", brief, small, "programs/program/")
    gantt = _Visitor(Size(projects=4, items=5_000, records=4), "gantt")
    chart = "programs/program/plan/gantt/"
    yield _line("Gantt chart of 5,000 items, folded as it opens", gantt, small, chart)
    yield _line("the same unfolded, 100 rows", gantt, small, chart + "?level=99")
    further = chart + "?level=99&after=project-0/item-1100"
    yield _line("the same, its 12th window", gantt, small, further)


def _line(name: str, large: _Visitor, small: _Visitor, page: str) -> tuple[str, float, float]:
    return name, large.seconds(page), small.seconds(page.partition("?")[0])


class _Visitor:
    """An owner, signed in to a built workspace whose programs have a forecast."""

    def __init__(self, size: object, slug: str) -> None:
        from django.test import Client
        from tests.builders.workspace import MOMENT, Size, build_workspace
        from tests.cast import a_member
        from tests.doors import browser_of

        from headway.domain.accounts.queries import headway_actor
        from headway.domain.accounts.rules import Role
        from headway.domain.plans.actions import make_forecast
        from headway.domain.programs.queries import programs_of

        assert isinstance(size, Size)
        workspace = build_workspace(size, slug=slug)
        actor = headway_actor(workspace.id)
        for program in programs_of(actor):
            make_forecast(actor, program.slug, MOMENT + timedelta(minutes=1), trials=1_000)
        self.slug = slug
        self.client: Client = browser_of(a_member(workspace, f"Olga-{slug}", Role.OWNER))

    def seconds(self, page: str) -> float:
        """Return the least wall seconds of `page` in three visits, after one to warm up."""
        address = f"/w/{self.slug}/{page}"
        answer = self.client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return best_of(3, lambda: self.client.get(address, headers={"host": "localhost"}))
