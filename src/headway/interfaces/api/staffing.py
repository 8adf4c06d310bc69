"""Skills and their gaps, openings with their cost, and what live systems take from people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.people.actions.skills import (
    set_certification,
    set_skill_need,
    set_skills,
)
from headway.domain.people.actions.staffing import (
    add_operations_load,
    change_operations_load,
    lower_capacity,
    raise_capacity,
    remove_operations_load,
    set_opening,
)
from headway.domain.people.queries import person_named
from headway.domain.people.queries.skills import certifications, skill_needs, skills_of
from headway.domain.people.queries.staffing import (
    hiring_cost,
    opening_named,
    openings_of,
    operations_loads,
)
from headway.domain.people.rules.hiring import MonthCost, OpeningFacts
from headway.domain.people.rules.operations import OperationsLoadFacts
from headway.domain.people.rules.skills import (
    CertificationFacts,
    SkillGap,
    SkillNeedFacts,
    skills_version,
)
from headway.domain.programs.queries import program_named
from headway.domain.progress.queries.hiring_page import require_items
from headway.domain.progress.queries.skills_page import skills_page
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import Asked, AskedAt, At, Page, page_of

router = Router(tags=["People"])


@dataclass(frozen=True, slots=True)
class PersonSkills:
    """Somebody's skills with levels 0 to 4; `version` changes with them."""

    id: UUID
    person: str
    skills: Mapping[str, int]
    version: int


class SkillsBody(Given):
    """All of somebody's skills with levels; what is not named is gone."""

    skills: Annotated[dict[str, Annotated[int, Field(ge=0, le=4)]], Field(max_length=200)]


class SkillNeedBody(Given):
    """What a role, an item (project/KEY) or a system asks for; level 0 takes it away."""

    sort: Literal["role", "item", "system"]
    about: Annotated[str, Field(max_length=200)]
    skill: Annotated[str, Field(max_length=100)]
    level: Annotated[int, Field(ge=0, le=4)]


class CertificationBody(Given):
    """A certificate that somebody holds; one of the same name is changed."""

    name: Annotated[str, Field(max_length=100)]
    issuer: str | None = None
    obtained_on: date | None = None
    expires_on: date | None = None


Span = tuple[float, float, float]


class OpeningBody(Given):
    """An opening; a new one needs program and role. `lead` in calendar days, `ramp` in weeks.

    `items` wait for it (project/KEY); it is `paid` by the plan's work or apart from it, on top.
    """

    program: str | None = None
    role: str | None = None
    level: str | None = None
    team: str | None = None
    resource: str | None = None
    units: Annotated[float, Field(gt=0)] | None = None
    state: Literal["open", "offered", "filled", "cancelled"] | None = None
    opened_on: date | None = None
    needed_from: date | None = None
    filled_on: date | None = None
    lead: Span | None = None
    ramp: Span | None = None
    first_share: Annotated[float, Field(ge=0, le=1)] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    items: list[str] | None = None
    paid: Literal["work", "apart"] | None = None


class LoadBody(Given):
    """Hours a week that a system takes from a role, or from one person of it."""

    kind: Literal["retraining", "on_call", "incidents", "label_refresh", "other"] | None = None
    role: str | None = None
    person: str | None = None
    hours: Annotated[float, Field(gt=0)] | None = None
    starts: date | None = None
    ends: date | None = None


class AskedWeeks(AskedAt):
    """How many weeks of work are looked at."""

    weeks: Annotated[int, Field(ge=1, le=104)] = 12


class AskedUntil(AskedAt):
    """Through the month of which day."""

    until: date


@operation(router, "GET", "/people/{key}/skills", Permission.VIEW, PersonSkills)
def read_skills(request: ApiRequest, key: str) -> PersonSkills:
    """Read what somebody can do, with levels 0 to 4."""
    return _skills(request, key)


def _skills(request: ApiRequest, key: str) -> PersonSkills:
    person = person_named(request.auth, key)
    held = skills_of(request.auth).get(key, {})
    return PersonSkills(person.id, key, held, skills_version(held))


@operation(router, "PUT", "/people/{key}/skills", Permission.PLAN, PersonSkills)
def put_skills(request: ApiRequest, key: str, body: SkillsBody) -> PersonSkills:
    """Say what somebody can do: one's own skills, or as a manager."""

    def write(version: int) -> PersonSkills:
        set_skills(request.auth, key, body.skills, request.now, version=version)
        return _skills(request, key)

    return edit(request, lambda: _skills(request, key), write)


@operation(router, "GET", "/certifications", Permission.VIEW, Page[CertificationFacts])
def list_certifications(request: ApiRequest, asked: Query[Asked]) -> Page[CertificationFacts]:
    """List the certificates that people hold, by person."""
    found = certifications(request.auth)
    return page_of(found, lambda row: f"{row.person}/{row.name}", asked)


@operation(router, "POST", "/people/{key}/certifications", Permission.PLAN, CertificationFacts)
def post_certification(
    request: ApiRequest, key: str, body: CertificationBody
) -> CertificationFacts:
    """Write a certificate of somebody down: one's own, or as a manager."""
    values = {name: value for name, value in body.given().items() if name != "name"}
    return set_certification(request.auth, key, body.name, values, request.now)


@operation(router, "GET", "/skill-needs", Permission.VIEW, Page[SkillNeedFacts])
def list_skill_needs(request: ApiRequest, asked: Query[AskedAt]) -> Page[SkillNeedFacts]:
    """List what roles, items and systems ask their people to know."""
    found = skill_needs(request.auth, asked.moment(request))
    return page_of(found, lambda row: f"{row.sort}/{row.about}/{row.skill}", asked)


@operation(router, "POST", "/skill-needs", Permission.PLAN, SkillNeedFacts | None)
def post_skill_need(request: ApiRequest, body: SkillNeedBody) -> SkillNeedFacts | None:
    """Say which level of a skill something asks for; level 0 takes it away and answers null."""
    need = (body.sort, body.about, body.skill)
    return set_skill_need(request.auth, need, body.level, request.now)


@operation(router, "GET", "/skill-gaps", Permission.VIEW, Page[SkillGap])
def list_skill_gaps(request: ApiRequest, asked: Query[AskedWeeks]) -> Page[SkillGap]:
    """List the skills that the next weeks' work asks for, with who has them, by skill."""
    moment = asked.moment(request)
    today = (moment or request.now).date()
    found = skills_page(request.auth, moment, today, weeks=asked.weeks)
    return page_of(found.gaps, lambda row: row.skill, asked)


@operation(router, "GET", "/openings", Permission.VIEW, Page[OpeningFacts])
def list_openings(request: ApiRequest, asked: Query[AskedAt]) -> Page[OpeningFacts]:
    """List who is to be hired, by key."""
    found = openings_of(request.auth, at=asked.moment(request))
    return page_of(found, lambda row: row.key, asked)


@operation(router, "GET", "/openings/{key}", Permission.VIEW, OpeningFacts)
def read_opening(request: ApiRequest, key: str, asked: Query[At]) -> OpeningFacts:
    """Read an opening."""
    return opening_named(request.auth, key, asked.moment(request))


@operation(router, "PUT", "/openings/{key}", Permission.PROGRAM, OpeningFacts)
def put_opening(request: ApiRequest, key: str, body: OpeningBody) -> OpeningFacts:
    """Write an opening down, or change it; its program stays."""
    actor, at = request.auth, request.now
    values = {name: value for name, value in body.given().items() if name != "program"}

    def write(version: int | None) -> OpeningFacts:
        if values.get("items"):
            home = opening_named(actor, key).program_id if version else None
            home = home or program_named(actor, body.program or "").id
            require_items(actor, home, values["items"])
        return set_opening(actor, key, values, at, program=body.program or "", version=version)

    return edit_or_create(request, lambda: opening_named(actor, key), write)


@operation(router, "POST", "/openings/{key}/count", Permission.PLAN, OpeningFacts)
def count_opening(request: ApiRequest, key: str) -> OpeningFacts:
    """Let the plan count on an opening: its resource's capacity rises from the day at P80."""
    return raise_capacity(request.auth, key, request.now)


@operation(router, "POST", "/openings/{key}/uncount", Permission.PLAN, OpeningFacts)
def uncount_opening(request: ApiRequest, key: str) -> OpeningFacts:
    """Take the capacity back that an opening added."""
    return lower_capacity(request.auth, key, request.now)


@operation(router, "GET", "/programs/{slug}/hiring-cost", Permission.VIEW, Page[MonthCost])
def list_hiring_cost(request: ApiRequest, slug: str, asked: Query[AskedUntil]) -> Page[MonthCost]:
    """List what a program's openings cost by month and currency, at even odds of their day."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    today = (moment or request.now).date()
    found = hiring_cost(request.auth, program, asked.until, moment, today=today)
    return page_of(found, lambda row: f"{row.month}/{row.currency}", asked)


@operation(router, "GET", "/operations-loads", Permission.VIEW, Page[OperationsLoadFacts])
def list_operations_loads(request: ApiRequest, asked: Query[AskedAt]) -> Page[OperationsLoadFacts]:
    """List what live systems take from people."""
    return page_of(
        operations_loads(request.auth, asked.moment(request)), lambda row: str(row.id), asked
    )


@operation(router, "POST", "/systems/{slug}/operations-loads", Permission.PLAN, OperationsLoadFacts)
def post_operations_load(request: ApiRequest, slug: str, body: LoadBody) -> OperationsLoadFacts:
    """Reserve hours a week for a system."""
    return add_operations_load(request.auth, slug, body.given(), request.now)


@operation(router, "PUT", "/operations-loads/{uuid:load_id}", Permission.PLAN, OperationsLoadFacts)
def put_operations_load(request: ApiRequest, load_id: UUID, body: LoadBody) -> OperationsLoadFacts:
    """Change what is reserved for a system."""
    actor, at = request.auth, request.now

    def write(version: int) -> OperationsLoadFacts:
        return change_operations_load(actor, load_id, body.given(), at, version=version)

    return edit(request, lambda: _load(request, load_id), write)


@operation(router, "DELETE", "/operations-loads/{uuid:load_id}", Permission.PLAN, None, 204)
def delete_operations_load(request: ApiRequest, load_id: UUID) -> None:
    """Reserve it no longer."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        remove_operations_load(actor, load_id, at, version=version)

    edit(request, lambda: _load(request, load_id), write)


def _load(request: ApiRequest, load_id: UUID) -> OperationsLoadFacts:
    for row in operations_loads(request.auth):
        if row.id == load_id:
            return row
    sentence = "There is no such operations load here; it may have been removed."
    raise NotFound(sentence)
