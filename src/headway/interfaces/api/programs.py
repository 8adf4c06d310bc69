"""Programs and what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.programs.actions import (
    create_program,
    drop_calendar,
    edit_program,
    keep_calendar,
    set_calendar,
    set_objective,
)
from headway.domain.programs.queries import objectives_of, program_named, programs_of
from headway.domain.programs.rules import ObjectiveFacts, ProgramFacts
from headway.domain.programs.rules.calendars import written_calendar
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Programs"])


class ProgramBody(Given):
    """What of a program can be changed. Its currency only while it has no project."""

    name: str | None = None
    purpose: str | None = None
    manager: str | None = None
    sponsor: str | None = None
    target: date | None = None
    currency: str | None = None
    progress: Literal["override", "retained"] | None = None
    one_point: Literal["certain", "history"] | None = None


class NewProgram(ProgramBody):
    """A new program; its address is made from its name unless `slug` says otherwise."""

    name: str
    slug: str | None = None


class CalendarBody(Given):
    """A calendar as in a plan file; {} is Monday to Friday."""

    calendar: dict[str, object]


class WrittenCalendarBody(Given):
    """A calendar as a plan file writes it: weekdays, hours, holidays, extra, zone."""

    calendar: dict[str, object]


class ObjectiveBody(Given):
    """What a program is for, or one of its projects."""

    name: str
    project: str = ""


@operation(router, "GET", "/programs", Permission.VIEW, Page[ProgramFacts])
def list_programs(request: ApiRequest, asked: Query[AskedAt]) -> Page[ProgramFacts]:
    """List programs, by slug."""
    rows = programs_of(request.auth, asked.moment(request))
    return page_of(rows, lambda row: row.slug, asked)


@operation(router, "POST", "/programs", Permission.PROGRAM, ProgramFacts, 201)
def make_program(request: ApiRequest, body: NewProgram) -> ProgramFacts:
    """Make a program."""
    return create_program(request.auth, body.given(), request.now)


@operation(router, "GET", "/programs/{slug}", Permission.VIEW, ProgramFacts)
def read_program(request: ApiRequest, slug: str, asked: Query[At]) -> ProgramFacts:
    """Read a program."""
    return program_named(request.auth, slug, asked.moment(request))


@operation(router, "PATCH", "/programs/{slug}", Permission.PROGRAM, ProgramFacts)
def change_program(request: ApiRequest, slug: str, body: ProgramBody) -> ProgramFacts:
    """Change a program."""
    actor, at = request.auth, request.now

    def write(version: int) -> ProgramFacts:
        return edit_program(actor, slug, body.given(), at, version=version)

    return edit(request, lambda: program_named(actor, slug), write)


@operation(router, "PUT", "/programs/{slug}/calendar", Permission.PLAN, ProgramFacts)
def change_calendar(request: ApiRequest, slug: str, body: CalendarBody) -> ProgramFacts:
    """Set the calendar that a program's work follows."""
    actor, at = request.auth, request.now

    def write(version: int) -> ProgramFacts:
        calendar: Mapping[str, object] = body.calendar
        return set_calendar(actor, program_named(actor, slug), calendar, at, version=version)

    return edit(request, lambda: program_named(actor, slug), write)


@operation(router, "PUT", "/programs/{slug}/calendars/{name}", Permission.PLAN, ProgramFacts)
def put_calendar(
    request: ApiRequest, slug: str, name: str, body: WrittenCalendarBody
) -> ProgramFacts:
    """Keep a calendar that work and resources may name."""
    actor, at = request.auth, request.now
    calendar = written_calendar(name, body.calendar)

    def write(version: int) -> ProgramFacts:
        return keep_calendar(actor, slug, calendar, at, version=version)

    return edit(request, lambda: program_named(actor, slug), write)


@operation(router, "DELETE", "/programs/{slug}/calendars/{name}", Permission.PLAN, ProgramFacts)
def delete_calendar(request: ApiRequest, slug: str, name: str) -> ProgramFacts:
    """Remove a calendar; what names it works in the program's own."""
    actor, at = request.auth, request.now

    def write(version: int) -> ProgramFacts:
        return drop_calendar(actor, slug, name, at, version=version)

    return edit(request, lambda: program_named(actor, slug), write)


@operation(router, "GET", "/programs/{slug}/objectives", Permission.VIEW, Page[ObjectiveFacts])
def list_objectives(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ObjectiveFacts]:
    """List what a program and its projects are for, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = objectives_of(request.auth, program, moment)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", "/programs/{slug}/objectives/{key}", Permission.VIEW, ObjectiveFacts)
def read_objective(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> ObjectiveFacts:
    """Read an objective."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    for row in objectives_of(request.auth, program, moment):
        if row.key == key:
            return row
    sentence = f"There is no objective '{key}' in {program.name}."
    raise NotFound(sentence)


@operation(router, "PUT", "/programs/{slug}/objectives/{key}", Permission.PROGRAM, ObjectiveFacts)
def put_objective(request: ApiRequest, slug: str, key: str, body: ObjectiveBody) -> ObjectiveFacts:
    """Set an objective: made when there is none of this key."""
    actor, at = request.auth, request.now
    program_named(actor, slug)

    def write(version: int | None) -> ObjectiveFacts:
        return set_objective(actor, slug, key, body.name, at, project=body.project, version=version)

    return edit_or_create(request, lambda: read_objective(request, slug, key, At()), write)
