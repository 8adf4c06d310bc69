"""People on the roster, and the resources that work draws on."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.people.actions import set_person, set_resource, set_working_time
from headway.domain.people.actions.roster import import_roster
from headway.domain.people.queries import people_of, resources_of, working_time_of
from headway.domain.people.queries.skills import skills_of
from headway.domain.people.rules import PersonFacts, ResourceFacts
from headway.domain.people.rules.roster_file import COLUMNS, RosterImport, roster_rows
from headway.domain.people.rules.working_time import WorkingTimeFacts
from headway.domain.programs.queries import program_named
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given, check_type
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import File, documented, operation, slow
from headway.interfaces.api.paging import Asked, AskedAt, At, Page, page_of
from headway.rendering.cells import csv_text

router = Router(tags=["People"])

_TABLES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_ROSTER = {
    "required": True,
    "content": {kind: {"schema": {"type": "string"}} for kind in _TABLES},
}


class PersonBody(Given):
    """Somebody on the roster; a new one needs a name."""

    name: str | None = None
    role: str | None = None
    level: str | None = None
    team: str | None = None
    place: str | None = None
    manager: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    full_time_share: Annotated[float, Field(gt=0, le=1)] | None = None
    email: str | None = None
    time_zone: str | None = None
    check_in_day: Annotated[int, Field(ge=0, le=6)] | None = None
    check_in_at: time | None = None
    away_until: date | None = None
    is_asked: bool | None = None


class WorkingTimeBody(Given):
    """When somebody works.

    `schedule` is a week as a plan file writes a calendar (weekdays, hours, holidays, extra, zone);
    `changes` are the weeks from a day on, `absences` first and last days away.
    """

    schedule: dict[str, object] | None = None
    changes: Annotated[list[tuple[date, dict[str, object]]], Field(max_length=20)] | None = None
    absences: Annotated[list[tuple[date, date]], Field(max_length=200)] | None = None


class ResourceBody(Given):
    """A resource: how much of it there is, and what a day of one unit costs (decimal text)."""

    kind: Literal["people", "compute"] | None = None
    capacity: Annotated[float, Field(ge=0)] | None = None
    rate: str | None = None
    steps: Annotated[list[tuple[date, float]], Field(max_length=200)] | None = None
    calendar: str | None = None
    skills: Annotated[list[str], Field(max_length=50)] | None = None


@operation(router, "GET", "/people", Permission.VIEW, Page[PersonFacts])
def list_people(request: ApiRequest, asked: Query[Asked]) -> Page[PersonFacts]:
    """List the roster, by key."""
    return page_of(people_of(request.auth), lambda row: row.key, asked)


class RosterAsked(BaseModel):
    """What the file is called (its ending is .csv or .xlsx), and whether it is only tried."""

    file: Annotated[str, Field(min_length=1, max_length=200)] = "roster.csv"
    dry_run: bool = False


@operation(router, "GET", "/roster-table", Permission.VIEW, File)
def read_roster_table(request: ApiRequest) -> File:
    """Return the roster with skills as CSV, which the import reads again; pay is in no file."""
    rows = roster_rows(people_of(request.auth), skills_of(request.auth))
    data = csv_text([COLUMNS, *rows]).encode()
    return File("roster.csv", "text/csv; charset=utf-8", data)


@operation(router, "POST", "/roster-table", Permission.PROGRAM, RosterImport)
@slow
@documented(requestBody=_ROSTER)
def import_roster_table(request: ApiRequest, asked: Query[RosterAsked]) -> RosterImport:
    """Take a roster with skills (the body, CSV or XLSX); the same table twice changes nothing."""
    check_type(request, *_TABLES)
    return import_roster(request.auth, request.body, asked.file, request.now, dry_run=asked.dry_run)


@operation(router, "GET", "/people/{key}", Permission.VIEW, PersonFacts)
def read_person(request: ApiRequest, key: str) -> PersonFacts:
    """Read somebody on the roster."""
    for row in people_of(request.auth):
        if row.key == key:
            return row
    sentence = f"There is nobody '{key}' on the roster."
    raise NotFound(sentence)


@operation(router, "PUT", "/people/{key}", Permission.PROGRAM, PersonFacts)
def put_person(request: ApiRequest, key: str, body: PersonBody) -> PersonFacts:
    """Put somebody on the roster, or change them."""
    actor, at = request.auth, request.now

    def write(version: int | None) -> PersonFacts:
        return set_person(actor, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: read_person(request, key), write)


@operation(router, "GET", "/people/{key}/working-time", Permission.VIEW, WorkingTimeFacts)
def read_working_time(request: ApiRequest, key: str, asked: Query[At]) -> WorkingTimeFacts:
    """Read when somebody works; nothing where they told nothing."""
    return working_time_of(request.auth, key, asked.moment(request))


@operation(router, "PUT", "/people/{key}/working-time", Permission.PLAN, WorkingTimeFacts)
def put_working_time(request: ApiRequest, key: str, body: WorkingTimeBody) -> WorkingTimeFacts:
    """Say when somebody works: one's own working time, or as a manager."""
    actor, at = request.auth, request.now

    def write(version: int | None) -> WorkingTimeFacts:
        return set_working_time(actor, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: read_working_time(request, key, At()), write)


@operation(router, "GET", "/programs/{slug}/resources", Permission.VIEW, Page[ResourceFacts])
def list_resources(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ResourceFacts]:
    """List what the work of a program draws on, by name."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return page_of(resources_of(request.auth, program, moment), lambda row: row.name, asked)


@operation(router, "GET", "/programs/{slug}/resources/{path:name}", Permission.VIEW, ResourceFacts)
def read_resource(request: ApiRequest, slug: str, name: str, asked: Query[At]) -> ResourceFacts:
    """Read a resource."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    for row in resources_of(request.auth, program, moment):
        if row.name == name:
            return row
    sentence = f"There is no resource '{name}' in {program.name}."
    raise NotFound(sentence)


@operation(router, "PUT", "/programs/{slug}/resources/{path:name}", Permission.PLAN, ResourceFacts)
def put_resource(request: ApiRequest, slug: str, name: str, body: ResourceBody) -> ResourceFacts:
    """Set a resource: made when there is none of this name, else changed."""
    actor, at = request.auth, request.now
    program_named(actor, slug)

    def write(version: int | None) -> ResourceFacts:
        return set_resource(actor, slug, name, body.given(), at, version=version)

    return edit_or_create(request, lambda: read_resource(request, slug, name, At()), write)
