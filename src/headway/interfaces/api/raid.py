"""Actions, blockers and assumptions: who has to do what, what stands in the way, what is taken so.

What needs the plan (the items a blocker holds up, what each further week costs) comes with it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.db import transaction
from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import set_blocked_items
from headway.domain.plans.queries import blocker_standing, blocker_standings
from headway.domain.plans.rules import BlockerStanding
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import (
    close_action,
    reopen_action,
    reopen_assumption,
    reopen_blocker,
    resolve_blocker,
    set_action,
    set_assumption,
    set_blocker,
    settle_assumption,
)
from headway.domain.risks.queries import (
    action_named,
    actions_of,
    assumption_named,
    assumptions_of,
)
from headway.domain.risks.rules import ActionFacts, AssumptionFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["RAID"])

_PLAN, _VIEW = Permission.PLAN, Permission.VIEW
_ACTION = "/programs/{slug}/actions/{key}"
_BLOCKER = "/programs/{slug}/blockers/{key}"
_ASSUMPTION = "/programs/{slug}/assumptions/{key}"


class ActionBody(Given):
    """What of an action can be changed; a new one needs its name: what is to be done."""

    name: str | None = None
    owner: str | None = None
    due: date | None = None
    source_kind: str | None = None
    source_key: str | None = None
    note: str | None = None


class StepBody(Given):
    """Who hears of a blocker after how many working days."""

    who: str
    after_days: int


class BlockerBody(Given):
    """What of a blocker can be changed; `items` are addresses `project/key`, and replace all."""

    name: str | None = None
    waits_for: str | None = None
    owner: str | None = None
    since: date | None = None
    escalation: Annotated[list[StepBody], Field(max_length=6)] | None = None
    items: Annotated[list[str], Field(max_length=1_000)] | None = None


class AssumptionBody(Given):
    """What of an assumption can be changed; `criterion` is `project/criterion`, empty for none."""

    name: str | None = None
    rests_on_it: str | None = None
    criterion: str | None = None
    bound: float | None = None
    owner: str | None = None
    review_on: date | None = None
    note: str | None = None


class ActionEnd(Given):
    """What became of an action."""

    state: Literal["done", "dropped"]
    note: str = ""


class BlockerEnd(Given):
    """How a blocker was resolved."""

    how: str = ""


class AssumptionEnd(Given):
    """What an assumption turned out to be."""

    state: Literal["held", "failed"]
    note: str = ""


class AgainBody(Given):
    """Nothing is asked to open an entry again."""


@operation(router, "GET", "/programs/{slug}/actions", _VIEW, Page[ActionFacts])
def list_actions(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ActionFacts]:
    """List the actions of a program, closed ones too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = sorted(actions_of(request.auth, program, moment), key=lambda row: row.key)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", _ACTION, _VIEW, ActionFacts)
def read_action(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> ActionFacts:
    """Read an action."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return action_named(request.auth, program, key, moment)


@operation(router, "PUT", _ACTION, _PLAN, ActionFacts)
def put_action(request: ApiRequest, slug: str, key: str, body: ActionBody) -> ActionFacts:
    """Set an action: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)

    def write(version: int | None) -> ActionFacts:
        return set_action(actor, slug, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: action_named(actor, program, key), write)


@operation(router, "POST", _ACTION + "/close", _PLAN, ActionFacts)
def end_action(request: ApiRequest, slug: str, key: str, body: ActionEnd) -> ActionFacts:
    """Say that an action is done or dropped."""
    return close_action(request.auth, (slug, key), body.state, request.now, note=body.note)


@operation(router, "POST", _ACTION + "/reopen", _PLAN, ActionFacts)
def again_action(request: ApiRequest, slug: str, key: str, body: AgainBody) -> ActionFacts:
    """Say that an action is still to be done."""
    return reopen_action(request.auth, slug, key, request.now)


@operation(router, "GET", "/programs/{slug}/blockers", _VIEW, Page[BlockerStanding])
def list_blockers(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[BlockerStanding]:
    """List the blockers of a program with what they hold up and cost, resolved ones too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    today = (moment or request.now).date()
    found = blocker_standings(request.auth, [program], today, moment)[program.id]
    rows = sorted(found, key=lambda row: row.blocker.key)
    return page_of(rows, lambda row: row.blocker.key, asked)


@operation(router, "GET", _BLOCKER, _VIEW, BlockerStanding)
def read_blocker(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> BlockerStanding:
    """Read a blocker with what each further week costs."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    today = (moment or request.now).date()
    return blocker_standing(request.auth, program, key, today, moment)


@operation(router, "PUT", _BLOCKER, _PLAN, BlockerStanding)
@slow
def put_blocker(request: ApiRequest, slug: str, key: str, body: BlockerBody) -> BlockerStanding:
    """Set a blocker: made when there is none of this key, else changed; its cost is worked out."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)
    values = body.given()
    items = values.pop("items", None)

    def read() -> BlockerStanding:
        return blocker_standing(actor, program, key, at.date())

    def write(version: int | None) -> BlockerStanding:
        with transaction.atomic():
            set_blocker(actor, slug, key, values, at, version=version)
            if items is not None:
                set_blocked_items(actor, slug, key, items, at)
        return read()

    return edit_or_create(request, read, write)


@operation(router, "POST", _BLOCKER + "/close", _PLAN, BlockerStanding)
def end_blocker(request: ApiRequest, slug: str, key: str, body: BlockerEnd) -> BlockerStanding:
    """Say that a blocker no longer stands in the way, and how that came about."""
    resolve_blocker(request.auth, slug, key, request.now, how=body.how)
    return _blocker(request, slug, key)


@operation(router, "POST", _BLOCKER + "/reopen", _PLAN, BlockerStanding)
def again_blocker(request: ApiRequest, slug: str, key: str, body: AgainBody) -> BlockerStanding:
    """Say that it blocks still."""
    reopen_blocker(request.auth, slug, key, request.now)
    return _blocker(request, slug, key)


def _blocker(request: ApiRequest, slug: str, key: str) -> BlockerStanding:
    program = program_named(request.auth, slug)
    return blocker_standing(request.auth, program, key, request.now.date())


@operation(router, "GET", "/programs/{slug}/assumptions", _VIEW, Page[AssumptionFacts])
def list_assumptions(
    request: ApiRequest, slug: str, asked: Query[AskedAt]
) -> Page[AssumptionFacts]:
    """List the assumptions of a program, settled ones too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = sorted(assumptions_of(request.auth, program, moment), key=lambda row: row.key)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", _ASSUMPTION, _VIEW, AssumptionFacts)
def read_assumption(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> AssumptionFacts:
    """Read an assumption."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return assumption_named(request.auth, program, key, moment)


@operation(router, "PUT", _ASSUMPTION, _PLAN, AssumptionFacts)
def put_assumption(
    request: ApiRequest, slug: str, key: str, body: AssumptionBody
) -> AssumptionFacts:
    """Set an assumption: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)

    def write(version: int | None) -> AssumptionFacts:
        return set_assumption(actor, slug, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: assumption_named(actor, program, key), write)


@operation(router, "POST", _ASSUMPTION + "/close", _PLAN, AssumptionFacts)
def end_assumption(
    request: ApiRequest, slug: str, key: str, body: AssumptionEnd
) -> AssumptionFacts:
    """Say that an assumption held or failed."""
    return settle_assumption(request.auth, (slug, key), body.state, request.now, note=body.note)


@operation(router, "POST", _ASSUMPTION + "/reopen", _PLAN, AssumptionFacts)
def again_assumption(request: ApiRequest, slug: str, key: str, body: AgainBody) -> AssumptionFacts:
    """Say that an assumption is not known after all."""
    return reopen_assumption(request.auth, slug, key, request.now)
