"""The items of the earned value page: those behind the plan, and a project's, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import nsmallest

from headway.domain.progress.queries import ItemValue, ProjectValue
from headway.domain.progress.rules import METHOD_WORDS
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.people.narrowing import page_at
from headway.interfaces.web.programs.addresses import address

#: Items that the page opens at once; of a larger plan those of one project, by its link.
MOST_ITEMS = 300
#: Items of a project on a page.
PAGE = 50
#: Items behind the plan that are named.
MOST_BEHIND = 10


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item in the table, with its addresses."""

    value: ItemValue
    method: str
    page: str
    measure: str
    follow: str


@dataclass(frozen=True, slots=True)
class OpenedProject:
    """A project whose items are shown: some of them, with the pages before and after."""

    project: ProjectValue
    rows: Sequence[ItemRow]
    first: int
    total: int
    previous: str = ""
    following: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """The items that have earned less than planned: the largest gaps, how many, and in all."""

    rows: Sequence[ItemRow]
    total: int
    gap: Decimal

    @property
    def more(self) -> int:
        """Return how many are not named."""
        return self.total - len(self.rows)


def behind_rows(
    request: WorkspaceRequest, program: str, projects: Sequence[ProjectValue]
) -> Behind:
    """Return the items that are furthest behind the plan in money."""
    found = [(gap, address, one) for one in projects for gap, address in one.gaps()]
    first = nsmallest(MOST_BEHIND, found, key=lambda row: (-row[0], row[1]))
    rows = [_row(request, program, one.item(where)) for _, where, one in first]
    return Behind(rows, len(found), sum((gap for gap, _, _ in found), Decimal(0)))


def opened_items(
    request: WorkspaceRequest, program: str, projects: Sequence[ProjectValue]
) -> Sequence[OpenedProject]:
    """Return the projects whose items are shown: all of a small plan, of a large one the chosen."""
    chosen = request.GET.get("project", "")
    if not chosen and sum(len(one.planned) for one in projects) <= MOST_ITEMS:
        return [_opened(request, program, one, 0, len(one.planned)) for one in projects]
    asked = request.GET.get("page", "")
    return [
        _opened(request, program, one, PAGE * page_at(asked, len(one.planned), PAGE), PAGE)
        for one in projects
        if one.slug == chosen
    ]


def _opened(
    request: WorkspaceRequest, program: str, project: ProjectValue, first: int, count: int
) -> OpenedProject:
    total = len(project.planned)
    rows = [_row(request, program, value) for value in project.some_items(first, count)]
    before = _turned(request, project, first - PAGE) if first else ""
    after = _turned(request, project, first + PAGE) if first + count < total else ""
    return OpenedProject(project, rows, first + 1, total, before, after)


def _turned(request: WorkspaceRequest, project: ProjectValue, first: int) -> str:
    """Return the address of the page that begins with the item at `first`."""
    query = request.GET.copy()
    query["project"], query["page"] = project.slug, str(first // PAGE)
    return f"{request.path}?{query.urlencode()}#items-{project.slug}"


def _row(request: WorkspaceRequest, program: str, value: ItemValue) -> ItemRow:
    work = value.work
    project, _, key = work.address.partition("/")
    method = METHOD_WORDS[work.method] + ("" if work.is_told else " (by kind)")
    if work.is_gone:
        return ItemRow(value, method, "", "", "")
    place = {"project": project, "item": key}
    follow = "" if work.finished else address(request, "follow_item", program=program, **place)
    return ItemRow(
        value,
        method,
        address(request, "item", **place),
        address(request, "measure_item", program=program, **place),
        follow,
    )
