"""Promises between teams and vendors, with the float that the plan leaves them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.db import transaction
from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import plan_promise, set_promise_items, weigh_promise
from headway.domain.plans.queries import promise_standing, promise_standings
from headway.domain.plans.rules import PromiseStanding
from headway.domain.programs.queries import program_named
from headway.domain.stakeholders.actions import (
    confirm_promise,
    reopen_promise,
    set_promise,
    settle_promise,
)
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["RAID"])

_PLAN, _VIEW = Permission.PLAN, Permission.VIEW
_PROMISE = "/programs/{slug}/promises/{key}"


class PromiseBody(Given):
    """What of a promise can be changed; a new one needs its name and its giver, or its taker.

    What we give ("give") needs `program`. `items` are addresses `project/key`, and replace all.
    """

    name: str | None = None
    direction: Literal["get", "give"] | None = None
    giver: str | None = None
    taker: str | None = None
    owner: str | None = None
    needed_by: date | None = None
    promised: date | None = None
    note: str | None = None
    items: Annotated[list[str], Field(max_length=1_000)] | None = None


class ConfirmedBody(Given):
    """Who confirmed it, and for which day where it is another than the promised one."""

    by: str = ""
    promised: date | None = None


class PromiseEnd(Given):
    """What became of a promise."""

    state: Literal["kept", "broken", "withdrawn"]
    note: str = ""


class PromiseAgain(Given):
    """Nothing is asked to open a promise again, or to take it into the plan."""


@operation(router, "GET", "/programs/{slug}/promises", _VIEW, Page[PromiseStanding])
def list_promises(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[PromiseStanding]:
    """List the promises of a program with their float, settled ones too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    today = (moment or request.now).date()
    found = promise_standings(request.auth, [program], today, moment)[program.id]
    rows = sorted(found, key=lambda row: row.promise.key)
    return page_of(rows, lambda row: row.promise.key, asked)


@operation(router, "GET", _PROMISE, _VIEW, PromiseStanding)
def read_promise(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> PromiseStanding:
    """Read a promise with its float, and what P80 does when it lands as promised."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    today = (moment or request.now).date()
    return promise_standing(request.auth, program, key, today, moment)


@operation(router, "PUT", _PROMISE, _PLAN, PromiseStanding)
@slow
def put_promise(request: ApiRequest, slug: str, key: str, body: PromiseBody) -> PromiseStanding:
    """Set a promise: made when there is none of this key, else changed; its float is worked out."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)
    values = body.given()
    items = values.pop("items", None)

    def write(version: int | None) -> PromiseStanding:
        with transaction.atomic():
            set_promise(actor, slug, key, values, at, version=version)
            if items is not None:
                return set_promise_items(actor, slug, key, items, at)
            return weigh_promise(actor, slug, key, at)

    def read() -> PromiseStanding:
        return promise_standing(actor, program, key, at.date())

    return edit_or_create(request, read, write)


@operation(router, "POST", _PROMISE + "/confirm", _PLAN, PromiseStanding)
@slow
def confirm(request: ApiRequest, slug: str, key: str, body: ConfirmedBody) -> PromiseStanding:
    """Note that a promise was confirmed, by whom and for which day."""
    actor, at = request.auth, request.now
    confirm_promise(actor, (slug, key), at, by=body.by, promised=body.promised)
    return weigh_promise(actor, slug, key, at)


@operation(router, "POST", _PROMISE + "/plan", _PLAN, PromiseStanding)
@slow
def take_into_plan(request: ApiRequest, slug: str, key: str, body: PromiseAgain) -> PromiseStanding:
    """Let what waits for a promise begin no earlier than the day after; then ask for a forecast."""
    plan_promise(request.auth, slug, key, request.now)
    return _read(request, slug, key)


@operation(router, "POST", _PROMISE + "/close", _PLAN, PromiseStanding)
def end_promise(request: ApiRequest, slug: str, key: str, body: PromiseEnd) -> PromiseStanding:
    """Say that a promise was kept, broken or withdrawn."""
    settle_promise(request.auth, (slug, key), body.state, request.now, note=body.note)
    return _read(request, slug, key)


@operation(router, "POST", _PROMISE + "/reopen", _PLAN, PromiseStanding)
def again_promise(request: ApiRequest, slug: str, key: str, body: PromiseAgain) -> PromiseStanding:
    """Say that a promise is still to be kept."""
    reopen_promise(request.auth, slug, key, request.now)
    return _read(request, slug, key)


def _read(request: ApiRequest, slug: str, key: str) -> PromiseStanding:
    program = program_named(request.auth, slug)
    return promise_standing(request.auth, program, key, request.now.date())
