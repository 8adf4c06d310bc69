"""Levelling: a proposal of when everything starts, improved while one looks, applied or not."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway import clock
from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import (
    apply_levelling,
    cancel_levelling,
    clear_levelling,
    propose_levelling,
    undo_levelling,
)
from headway.domain.plans.queries import levelling_of, levellings_of
from headway.domain.plans.rules.levelling import MOST_SECONDS, SECONDS, LevellingFacts
from headway.domain.programs.queries import program_named
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Work"])

_ONE = "/programs/{slug}/levellings/{uuid:levelling}"


class LevellingBody(Given):
    """Which resources to level (none named: all), within float only or not, and how long."""

    resources: Annotated[list[str], Field(max_length=200)] = []
    smooth: bool = False
    seconds: Annotated[float, Field(ge=0, le=MOST_SECONDS)] = SECONDS
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class NothingBody(Given):
    """Nothing is asked besides the address."""


class Cleared(BaseModel):
    """How many items levelling held back, and does no more."""

    items: int


@operation(router, "GET", "/programs/{slug}/levellings", Permission.VIEW, Page[LevellingFacts])
def list_levellings(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[LevellingFacts]:
    """List the levelling proposals of a program, the oldest first."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = levellings_of(request.auth, program, clock.now(), moment)
    return page_of(list(reversed(rows)), lambda row: f"{row.at.isoformat()} {row.id}", asked)


@operation(router, "POST", "/programs/{slug}/levellings", Permission.PLAN, LevellingFacts, 201)
@slow
def propose(request: ApiRequest, slug: str, body: LevellingBody) -> LevellingFacts:
    """Compute a levelling proposal; the worker improves it for the seconds asked for.

    The plan is not touched: read it again for a better answer, then apply it.
    """
    values = body.model_dump()
    return propose_levelling(request.auth, slug, values, request.now, clock.now())


@operation(router, "GET", _ONE, Permission.VIEW, LevellingFacts)
def read_levelling(
    request: ApiRequest, slug: str, levelling: UUID, asked: Query[At]
) -> LevellingFacts:
    """Read a proposal: the best answer so far, how far the search is, whether it still fits."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return levelling_of(request.auth, program, levelling, clock.now(), moment)


@operation(router, "POST", _ONE + "/cancel", Permission.PLAN, LevellingFacts)
def cancel(request: ApiRequest, slug: str, levelling: UUID, body: NothingBody) -> LevellingFacts:
    """Stop the search; the best answer so far stands."""
    return cancel_levelling(request.auth, (slug, levelling), request.now, clock.now())


@operation(router, "POST", _ONE + "/apply", Permission.PLAN, LevellingFacts)
def apply(request: ApiRequest, slug: str, levelling: UUID, body: NothingBody) -> LevellingFacts:
    """Hold the items back as proposed; ask for a new forecast afterwards.

    409 when the plan changed since the proposal was computed.
    """
    return apply_levelling(request.auth, (slug, levelling), request.now, clock.now())


@operation(router, "POST", _ONE + "/undo", Permission.PLAN, LevellingFacts)
def undo_levelled(
    request: ApiRequest, slug: str, levelling: UUID, body: NothingBody
) -> LevellingFacts:
    """Put back what applying it replaced, to the day; 409 when that was changed since."""
    return undo_levelling(request.auth, (slug, levelling), request.now, clock.now())


@operation(router, "POST", "/programs/{slug}/levellings/clear", Permission.PLAN, Cleared)
def clear(request: ApiRequest, slug: str, body: NothingBody) -> Cleared:
    """Let every item go that levelling holds back."""
    return Cleared(items=clear_levelling(request.auth, slug, request.now))
