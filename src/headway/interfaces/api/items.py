"""Work items: ranges instead of dates, what they wait for, what they need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    link_items,
    remove_item,
    restore_item,
    set_need,
    unlink_items,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.queries import (
    ItemHistoryLine,
    WorkLine,
    WorkView,
    history_of_item,
    item_named,
    work_line,
    work_table,
)
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.queries import program_named, project_named
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, cursor_of, page_of, place_in

router = Router(tags=["Work"])

#: One number, or [optimistic, most likely, pessimistic], in working days.
Days = float | Annotated[list[float], Field(max_length=3)] | None


class ItemBody(Given):
    """What of a work item can be changed."""

    name: str | None = None
    kind: str | None = None
    owner: str | None = None
    estimate: Days = None
    remaining: Days = None
    distribution: str | None = None
    attempts: dict[str, object] | None = None
    cost_minor: int | None = None
    not_before: date | None = None
    deadline: date | None = None
    started: date | None = None
    finished: date | None = None
    pinned: date | None = None
    done: Annotated[float, Field(ge=0, le=1)] | None = None
    calendar: str | None = None
    priority: Annotated[int, Field(ge=0, le=1000)] | None = None
    outline: Annotated[list[str], Field(max_length=20)] | None = None
    order: int | None = None


class NewItem(ItemBody):
    """A new work item, by its key in the project."""

    key: str
    name: str


class LinkBody(Given):
    """What an item waits for: `predecessor` is `project/key` of the same program."""

    predecessor: str
    kind: Literal["FS", "SS", "FF", "SF"] = "FS"
    lag: Annotated[float, Field(ge=-10_000, le=10_000)] = 0.0
    lag_unit: Literal["working", "elapsed", "percent"] = "working"


class NeedBody(Given):
    """How much of a resource an item takes; 0 units: none any more."""

    resource: str
    units: float


class RestoreBody(Given):
    """Which of an item's earlier versions comes back: `history_id` of its history."""

    history_id: Annotated[int, Field(ge=1, le=2**53)]


class WorkAsked(At):
    """Which work items; a page holds as many as the work table shows."""

    project: str = ""
    state: str = ""
    word: str = ""
    cursor: Annotated[str, Field(max_length=500)] = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """What an item waits for, written as in a plan file."""

    item: str
    after: tuple[str, ...]


@operation(router, "GET", "/programs/{slug}/items", Permission.VIEW, Page[WorkLine])
def list_items(request: ApiRequest, slug: str, asked: Query[WorkAsked]) -> Page[WorkLine]:
    """List the work of a program in plan order, with the forecast's dates beside it."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    view = WorkView(asked.project, asked.state, asked.word, place_in(asked.cursor))
    table = work_table(request.auth, program, view, moment)
    return Page(items=table.lines, next=cursor_of(table.more) if table.more else None)


@operation(router, "POST", "/projects/{slug}/items", Permission.PLAN, ItemFacts, 201)
def make_item(request: ApiRequest, slug: str, body: NewItem) -> ItemFacts:
    """Add a work item to a project's plan."""
    values = body.given()
    return add_item(request.auth, slug, values.pop("key"), values, request.now)


@operation(router, "GET", "/projects/{slug}/items/{key}", Permission.VIEW, ItemFacts)
def read_item(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> ItemFacts:
    """Read a work item."""
    moment = asked.moment(request)
    project = project_named(request.auth, slug, moment)
    return item_named(request.auth, project, key, moment)


@operation(router, "PATCH", "/projects/{slug}/items/{key}", Permission.PLAN, ItemFacts)
def change_item(request: ApiRequest, slug: str, key: str, body: ItemBody) -> ItemFacts:
    """Change a work item."""
    actor, at = request.auth, request.now
    project = project_named(actor, slug)

    def write(version: int) -> ItemFacts:
        return edit_item(actor, (slug, key), body.given(), at, version=version)

    return edit(request, lambda: item_named(actor, project, key), write)


@operation(router, "DELETE", "/projects/{slug}/items/{key}", Permission.PLAN, None, 204)
def delete_item(request: ApiRequest, slug: str, key: str) -> None:
    """Take a work item out of the plan; its history stays."""
    actor, at = request.auth, request.now
    project = project_named(actor, slug)

    def write(version: int) -> None:
        remove_item(actor, (slug, key), at, version=version)

    edit(request, lambda: item_named(actor, project, key), write)


@operation(
    router, "GET", "/projects/{slug}/items/{key}/history", Permission.VIEW, Page[ItemHistoryLine]
)
def list_item_history(
    request: ApiRequest, slug: str, key: str, asked: Query[AskedAt]
) -> Page[ItemHistoryLine]:
    """List the versions of a work item, the oldest first."""
    moment = asked.moment(request)
    project = project_named(request.auth, slug, moment)
    rows = history_of_item(request.auth, project, key, moment)
    return page_of(rows, lambda row: f"{row.history_id:018}", asked)


@operation(router, "POST", "/projects/{slug}/items/{key}/restore", Permission.PLAN, ItemFacts)
def restore(request: ApiRequest, slug: str, key: str, body: RestoreBody) -> ItemFacts:
    """Put an item back to an earlier version: undo an edit, or a removal with what went with it."""
    return restore_item(request.auth, (slug, key), body.history_id, request.now)


@operation(router, "POST", "/projects/{slug}/items/{key}/dependencies", Permission.PLAN, Waits)
def link(request: ApiRequest, slug: str, key: str, body: LinkBody) -> Waits:
    """Let an item wait for another one. A circle is refused."""
    draft = LinkDraft(f"{slug}/{key}", body.predecessor, body.kind, body.lag, body.lag_unit)
    link_items(request.auth, draft, request.now)
    return _waits(request, slug, key)


@operation(
    router,
    "DELETE",
    "/projects/{slug}/items/{key}/dependencies/{path:predecessor}",
    Permission.PLAN,
    None,
    204,
)
def unlink(request: ApiRequest, slug: str, key: str, predecessor: str) -> None:
    """Let an item no longer wait for another one; If-Match names the item's version."""
    actor, at = request.auth, request.now
    project = project_named(actor, slug)

    def write(version: int) -> None:
        unlink_items(actor, f"{slug}/{key}", predecessor, at, version=version)

    edit(request, lambda: item_named(actor, project, key), write)


@operation(router, "POST", "/projects/{slug}/items/{key}/needs", Permission.PLAN, ItemFacts)
def need(request: ApiRequest, slug: str, key: str, body: NeedBody) -> ItemFacts:
    """Say how much of a resource an item takes while it runs."""
    set_need(request.auth, f"{slug}/{key}", body.resource, body.units, request.now)
    return item_named(request.auth, project_named(request.auth, slug), key)


def _waits(request: ApiRequest, slug: str, key: str) -> Waits:
    line = work_line(request.auth, project_named(request.auth, slug), key)
    return Waits(f"{slug}/{key}", tuple(line.after))
