"""Earned value of 10,000 items and of 200 projects, each against the same page of ten items.

Ten projects of 1,000 items in one program; and 200 projects of 50 items in twenty programs. Every
program has a baseline and a cost record a project and month, two items in three have begun.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.timing import cpu_of

VISITS = 5


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our CPU seconds, those of ten items)."""
    import django

    django.setup()
    from headway.domain.installation.actions import prepare_database

    prepare_database()
    small, large, wide = (
        _Earned("few", 2, 10),
        _Earned("deep", 10, 10_000),
        _Earned("wide", 200, 10_000, 20),
    )
    page, portfolio = "programs/program/earned-value/", "money/earned-value/"
    yield "earned value of 10,000 items", large.seconds(page), small.seconds(page)
    one = page + "?project=project-1"
    yield "the same, one project's 1,000 items", large.seconds(one), small.seconds(one)
    yield "the same, as of a past day", large.seconds(page + "?at=2026-08-03"), small.seconds(page)
    yield (
        "portfolio of 200 projects, 10,000 items",
        wide.seconds(portfolio),
        small.seconds(portfolio),
    )


class _Earned:
    """A workspace of programs that earn; its owner signed in."""

    def __init__(self, slug: str, projects: int, items: int, programs: int = 1) -> None:
        from tests.builders.earned import a_workspace_that_earns
        from tests.builders.workspace import Size
        from tests.cast import a_member
        from tests.doors import browser_of

        from headway.domain.accounts.rules import Role

        workspace = a_workspace_that_earns(Size(projects, items, 0, programs), slug)
        self.slug = slug
        self.client = browser_of(a_member(workspace, f"Olga-{slug}", Role.OWNER))

    def seconds(self, page: str) -> float:
        """Return the least CPU seconds of `page` in five visits, after one to warm up."""
        address = f"/w/{self.slug}/{page}"
        answer = self.client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return cpu_of(VISITS, lambda: self.client.get(address, headers={"host": "localhost"}))
