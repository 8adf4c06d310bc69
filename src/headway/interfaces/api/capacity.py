"""Capacity: allocations, requests for somebody, compute pools, load by week, bottlenecks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway import clock
from headway.connectors.tables import read_grid
from headway.domain.accounts.rules import Permission
from headway.domain.people.actions.allocations import (
    Imported,
    drop_allocation,
    import_allocations,
    set_allocation,
)
from headway.domain.people.actions.pools import set_pool
from headway.domain.people.actions.requests import (
    fill_request,
    reopen_request,
    set_request,
    withdraw_request,
)
from headway.domain.people.queries.allocations import (
    allocation_named,
    allocations_of,
    request_named,
    requests_of,
)
from headway.domain.people.queries.pools import pool_named
from headway.domain.people.rules.allocations import AllocationFacts, RequestFacts
from headway.domain.people.rules.heat import BLAMES, Blame, hours
from headway.domain.people.rules.loads import MOST_WEEKS, WEEKS, Weeks
from headway.domain.people.rules.pools import PoolFacts
from headway.domain.people.rules.tables import HEADINGS, read_rows, written_rows
from headway.domain.plans.actions import ask_bottlenecks
from headway.domain.plans.actions.queue_wait import add_queue_wait
from headway.domain.plans.queries import SuppositionFacts, latest_forecast
from headway.domain.plans.queries.bottlenecks import Bottlenecks, bottlenecks
from headway.domain.plans.queries.capacity import capacity_map
from headway.domain.plans.queries.finding import Candidate, candidates
from headway.domain.plans.queries.pool_use import PoolUse, pool_uses
from headway.domain.plans.rules import ItemFacts
from headway.domain.plans.rules.capacity import CapacityMap, MapView
from headway.domain.programs.queries import program_named
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given, check_type
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import File, documented, operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of
from headway.rendering.cells import csv_text, restored

router = Router(tags=["People"])

_TABLES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_BODY = {
    "required": True,
    "content": {kind: {"schema": {"type": "string"}} for kind in _TABLES},
}


class AmountBody(Given):
    """How much, one of a share (0.5) and hours of a usual week; and from when to when."""

    share: Annotated[float, Field(gt=0, le=2)] | None = None
    weekly_hours: Annotated[float, Field(gt=0, le=120)] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    note: str | None = None


class AllocationBody(AmountBody):
    """Who works on what; a new one needs a person, an amount and both days."""

    person: str | None = None
    program: str | None = None
    project: str | None = None
    item: str | None = None
    is_tentative: bool | None = None


class RequestBody(AmountBody):
    """Who is wanted: a role, skills with their least level, how much, from when to when."""

    project: str | None = None
    role: str | None = None
    skills: Annotated[dict[str, int], Field(max_length=12)] | None = None


@dataclass(frozen=True, slots=True)
class RequestTold:
    """A need for somebody; `skills` are the least levels by name."""

    id: UUID
    workspace_id: UUID
    key: str
    program_id: UUID
    program: str
    project: str
    role: str
    skills: Mapping[str, int]
    share: float | None
    weekly_hours: float | None
    starts_on: date
    ends_on: date
    state: str
    note: str
    version: int


class FillBody(Given):
    """Who takes a request."""

    person: str
    is_tentative: bool = False


class NothingBody(Given):
    """Nothing is asked for this."""


class PoolBody(Given):
    """What a compute resource offers beyond its capacity.

    `windows` are first day, last day, units; `reservations` first day, last day, units, price of
    an hour, and whether they lie on top of the quota; `queue_wait` is a range in hours.
    """

    machine: str | None = None
    market: Literal["on_demand", "reserved", "spot"] | None = None
    prices: dict[str, str] | None = None
    week: dict[str, object] | None = None
    windows: Annotated[list[tuple[date, date, float]], Field(max_length=50)] | None = None
    reservations: (
        Annotated[list[tuple[date, date, float, str, bool]], Field(max_length=50)] | None
    ) = None
    preempted: Annotated[float, Field(ge=0, le=0.9)] | None = None
    queue_wait: Annotated[list[float], Field(min_length=3, max_length=3)] | None = None


class WaitBody(Given):
    """The pool whose queue wait goes into the item's range."""

    pool: str


class AllocationsAsked(AskedAt):
    """Which allocations are listed."""

    person: str = ""
    program: str = ""


class WeeksAsked(At):
    """Which weeks are told: so many from the one of a day on, and whose load is `here`."""

    first: date | None = None
    weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] = WEEKS
    project: str = ""


class TableAsked(BaseModel):
    """The name of the file that is sent: its ending is .csv or .xlsx."""

    file: Annotated[str, Field(min_length=1, max_length=200)] = "allocations.csv"


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A person, role or pool with hours by week (unit-hours of roles and pools).

    `here` is what the program asked about takes, `above` whose work is above capacity: "", here,
    others or together.
    """

    key: str
    sort: str
    name: str
    group: str
    program: str
    capacity: Sequence[float]
    here: Sequence[float]
    others: Sequence[float]
    tentative: Sequence[float]
    above: Sequence[Blame]


@dataclass(frozen=True, slots=True)
class Load:
    """Who and what is asked for how much, by week; `weeks` are their Mondays."""

    weeks: Sequence[date]
    rows: Sequence[LoadRow]
    undated_items: int


@operation(router, "GET", "/allocations", Permission.VIEW, Page[AllocationFacts])
def list_allocations(request: ApiRequest, asked: Query[AllocationsAsked]) -> Page[AllocationFacts]:
    """List who works on what, how much and when, by key."""
    moment = asked.moment(request)
    rows = allocations_of(request.auth, moment, person=asked.person, program=asked.program)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", "/allocations/{key}", Permission.VIEW, AllocationFacts)
def read_allocation(request: ApiRequest, key: str, asked: Query[At]) -> AllocationFacts:
    """Read an allocation."""
    return allocation_named(request.auth, key, asked.moment(request))


@operation(router, "PUT", "/allocations/{key}", Permission.PLAN, AllocationFacts)
def put_allocation(request: ApiRequest, key: str, body: AllocationBody) -> AllocationFacts:
    """Set an allocation: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now

    def write(version: int | None) -> AllocationFacts:
        return set_allocation(actor, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: allocation_named(actor, key), write)


@operation(router, "DELETE", "/allocations/{key}", Permission.PLAN, None, 204)
def delete_allocation(request: ApiRequest, key: str) -> None:
    """Take an allocation away; its history stays."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        drop_allocation(actor, key, at, version=version)

    edit(request, lambda: allocation_named(actor, key), write)


@operation(router, "GET", "/allocation-table", Permission.VIEW, File)
def read_allocation_table(request: ApiRequest, asked: Query[At]) -> File:
    """Return every allocation as CSV, which the import reads again."""
    rows = written_rows(allocations_of(request.auth, asked.moment(request)))
    data = csv_text([HEADINGS, *rows]).encode()
    return File("allocations.csv", "text/csv; charset=utf-8", data)


@operation(router, "POST", "/allocation-table", Permission.PLAN, Imported)
@slow
@documented(requestBody=_BODY)
def import_allocation_table(request: ApiRequest, asked: Query[TableAsked]) -> Imported:
    """Read a table of allocations (the body, CSV or XLSX); the same table twice changes nothing."""
    check_type(request, *_TABLES)
    grid = read_grid(request.body, asked.file)
    rows = read_rows(grid.header, [[*map(restored, row)] for row in grid.rows], grid.lines)
    return import_allocations(request.auth, rows, request.now)


@operation(router, "GET", "/capacity-requests", Permission.VIEW, Page[RequestTold])
def list_requests(request: ApiRequest, asked: Query[AskedAt]) -> Page[RequestTold]:
    """List who is wanted, open, filled and withdrawn, by key."""
    rows = [_wanted(one) for one in requests_of(request.auth, asked.moment(request))]
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", "/capacity-requests/{key}", Permission.VIEW, RequestTold)
def read_request(request: ApiRequest, key: str, asked: Query[At]) -> RequestTold:
    """Read a request for somebody."""
    return _wanted(request_named(request.auth, key, asked.moment(request)))


@operation(router, "GET", "/capacity-requests/{key}/candidates", Permission.VIEW, list[Candidate])
def list_candidates(request: ApiRequest, key: str, asked: Query[At]) -> list[Candidate]:
    """List who could take a request, best first, each with the reason."""
    moment = asked.moment(request)
    return list(candidates(request.auth, request_named(request.auth, key, moment), moment))


@operation(router, "PUT", "/programs/{slug}/capacity-requests/{key}", Permission.PLAN, RequestTold)
def put_request(request: ApiRequest, slug: str, key: str, body: RequestBody) -> RequestTold:
    """Set a request of a program: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    program_named(actor, slug)

    def write(version: int | None) -> RequestTold:
        values = body.given()
        if body.skills is not None:
            values["skills"] = [[name, level] for name, level in body.skills.items()]
        return _wanted(set_request(actor, slug, key, values, at, version=version))

    return edit_or_create(request, lambda: _wanted(request_named(actor, key)), write)


@operation(router, "POST", "/capacity-requests/{key}/fill", Permission.PLAN, AllocationFacts)
def fill_capacity_request(request: ApiRequest, key: str, body: FillBody) -> AllocationFacts:
    """Give a request to somebody: an allocation is made, and the request is filled."""
    tentative = body.is_tentative
    return fill_request(request.auth, key, body.person, request.now, is_tentative=tentative)


@operation(router, "POST", "/capacity-requests/{key}/withdraw", Permission.PLAN, RequestTold)
def withdraw_capacity_request(request: ApiRequest, key: str, body: NothingBody) -> RequestTold:
    """Take an open request back."""
    return _wanted(withdraw_request(request.auth, key, request.now))


@operation(router, "POST", "/capacity-requests/{key}/reopen", Permission.PLAN, RequestTold)
def reopen_capacity_request(request: ApiRequest, key: str, body: NothingBody) -> RequestTold:
    """Open a request again; what it was filled with is taken away."""
    return _wanted(reopen_request(request.auth, key, request.now))


def _wanted(found: RequestFacts) -> RequestTold:
    told = {one.name: getattr(found, one.name) for one in fields(RequestTold)}
    return RequestTold(**{**told, "skills": dict(found.skills)})


@operation(router, "GET", "/load", Permission.VIEW, Load)
def read_load(request: ApiRequest, asked: Query[WeeksAsked]) -> Load:
    """Read who is asked for how much across programs, week by week."""
    moment = asked.moment(request)
    weeks = Weeks.of(asked.first or request.now.date(), asked.weeks)
    return _load(capacity_map(request.auth, MapView(weeks), moment))


@operation(router, "GET", "/programs/{slug}/load", Permission.VIEW, Load)
def read_program_load(request: ApiRequest, slug: str, asked: Query[WeeksAsked]) -> Load:
    """Read the same of who works for a program, its own load apart from that of others."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    weeks = Weeks.of(asked.first or request.now.date(), asked.weeks)
    return _load(capacity_map(request.auth, MapView(weeks, program, asked.project), moment))


def _load(found: CapacityMap) -> Load:
    heat = found.heat
    parts = [part.tolist() for part in (heat.capacity, heat.here, heat.others, heat.tentative)]
    above = heat.blame.tolist()
    is_one = found.view.program is not None
    rows = []
    for place, row in enumerate(found.rows):
        there, here, others, maybe = (
            [round(hours(one), 4) for one in part[place]] for part in parts
        )
        blames = [BLAMES[one] if is_one or not one else Blame.TOGETHER for one in above[place]]
        whose = (row.key, row.sort, row.name, row.group, row.program)
        rows.append(LoadRow(*whose, there, here, others, maybe, blames))
    return Load(found.view.weeks.mondays, rows, found.undated)


@operation(router, "GET", "/programs/{slug}/pools", Permission.VIEW, list[PoolUse])
def list_pools(request: ApiRequest, slug: str, asked: Query[WeeksAsked]) -> list[PoolUse]:
    """List the compute pools of a program with demand, reservations, idle time and cost by week."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    weeks = Weeks.of(asked.first or request.now.date(), asked.weeks)
    return list(pool_uses(request.auth, program, weeks, moment))


@operation(router, "GET", "/programs/{slug}/pools/{path:name}", Permission.VIEW, PoolFacts)
def read_pool(request: ApiRequest, slug: str, name: str, asked: Query[At]) -> PoolFacts:
    """Read what is known of a compute resource as a pool."""
    moment = asked.moment(request)
    _, found = pool_named(request.auth, program_named(request.auth, slug, moment), name, moment)
    if found is None:
        sentence = f"Nobody said yet what the pool '{name}' offers."
        raise NotFound(sentence)
    return found


@operation(router, "PUT", "/programs/{slug}/pools/{path:name}", Permission.PLAN, PoolFacts)
def put_pool(request: ApiRequest, slug: str, name: str, body: PoolBody) -> PoolFacts:
    """Say what a compute resource offers: quota, reservations, prices, queue wait."""
    actor, at = request.auth, request.now
    pool_named(actor, program_named(actor, slug), name)  # a pool is a resource first

    def write(version: int | None) -> PoolFacts:
        return set_pool(actor, slug, name, body.given(), at, version=version)

    return edit_or_create(request, lambda: read_pool(request, slug, name, At()), write)


@operation(router, "POST", "/projects/{slug}/items/{key}/queue-wait", Permission.PLAN, ItemFacts)
def put_queue_wait(request: ApiRequest, slug: str, key: str, body: WaitBody) -> ItemFacts:
    """Put a pool's queue wait, and what preemption loses, into the range of an item."""
    return add_queue_wait(request.auth, (slug, key), body.pool, request.now)


@operation(router, "GET", "/programs/{slug}/bottlenecks", Permission.VIEW, Bottlenecks)
@slow
def read_bottlenecks(request: ApiRequest, slug: str, asked: Query[At]) -> Bottlenecks:
    """Read what one unit more of each short resource does to P80, on common random numbers."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return bottlenecks(request.auth, program, latest_forecast(request.auth, program, moment))


@operation(router, "POST", "/programs/{slug}/bottlenecks", Permission.PLAN, SuppositionFacts)
def rank_bottlenecks(request: ApiRequest, slug: str, body: NothingBody) -> SuppositionFacts:
    """Ask the worker to rank the bottlenecks of a large plan; read them when it has ended."""
    program_named(request.auth, slug)
    return ask_bottlenecks(request.auth, slug, request.now, clock.now())
