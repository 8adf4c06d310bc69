"""How items earn, what they follow, and taking over what evidence proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.plans.queries import item_named
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.queries import program_named, project_named
from headway.domain.progress.actions import (
    clear_follow,
    clear_measure,
    set_follow,
    set_measure,
    take_proposal,
)
from headway.domain.progress.queries import (
    follow_of,
    followed_items,
    measure_of,
)
from headway.domain.progress.rules import FollowFacts, MeasureFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Earned value"])


@dataclass(frozen=True, slots=True)
class FollowedTold:
    """An item that follows evidence, and the range of working days that is proposed for it.

    `from_start` says that it is the estimate of an item that has not started.
    """

    item: str
    follows: str
    mode: str
    remaining: Sequence[float] | None
    from_start: bool
    differs: bool
    decide: bool
    sentence: str
    record: int | None


class MeasureBody(Given):
    """How an item earns: a method; milestones as [what, weight, reached or null, planned for].

    Planned for: a day, a share of the item's days above 0, or null: where the weights put it.
    """

    method: Literal["milestones", "all_or_nothing", "labels", "question", "effort"] | None = None
    steps: list[list[str | float | None]] | None = None
    order: str | None = None


class FollowBody(Given):
    """What an item's remaining range follows: a criterion's metric, an order's labels, approvals.

    `subject` is what is approved: contract:vendor/key, order:program/key or invoice:vendor/key.
    """

    what: Literal["metric", "labels", "approvals"] | None = None
    criterion: str | None = None
    order: str | None = None
    subject: str | None = None
    mode: Literal["propose", "apply"] | None = None


class TakeBody(Given):
    """Nothing is asked to take over what evidence proposes."""


@operation(router, "GET", "/programs/{slug}/follows", Permission.VIEW, Page[FollowedTold])
def list_follows(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[FollowedTold]:
    """List the items that follow evidence, and what is proposed for each."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    at = moment or request.now
    rows = [
        FollowedTold(
            one.address,
            f"{one.follow.what}: {one.of}",
            one.follow.mode,
            one.proposal.remaining,
            one.proposal.from_start,
            one.proposal.differs,
            one.proposal.decide,
            one.proposal.sentence,
            one.pull.record,
        )
        for one in followed_items(request.auth, program, at, live=moment is None)
    ]
    return page_of(rows, lambda row: row.item, asked)


@operation(router, "GET", "/projects/{slug}/items/{key}/measure", Permission.VIEW, MeasureFacts)
def read_measure(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> MeasureFacts:
    """Read how an item earns, where somebody said so."""
    return _measure(request, slug, key, asked.moment(request))


@operation(router, "PUT", "/projects/{slug}/items/{key}/measure", Permission.PLAN, MeasureFacts)
def put_measure(request: ApiRequest, slug: str, key: str, body: MeasureBody) -> MeasureFacts:
    """Say how an item earns: told anew, or changed."""

    def write(version: int | None) -> MeasureFacts:
        address = f"{slug}/{key}"
        return set_measure(request.auth, address, body.given(), request.now, version=version)

    item = _item(request, slug, key)
    return edit_or_create(request, lambda: measure_of(request.auth, item), write)


@operation(router, "DELETE", "/projects/{slug}/items/{key}/measure", Permission.PLAN, None, 204)
def delete_measure(request: ApiRequest, slug: str, key: str) -> None:
    """Let an item earn as its kind does."""

    def write(version: int) -> None:
        clear_measure(request.auth, f"{slug}/{key}", request.now, version=version)

    edit(request, lambda: _measure(request, slug, key), write)


@operation(router, "GET", "/projects/{slug}/items/{key}/follow", Permission.VIEW, FollowFacts)
def read_follow(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> FollowFacts:
    """Read what an item follows."""
    return _follow(request, slug, key, asked.moment(request))


@operation(router, "PUT", "/projects/{slug}/items/{key}/follow", Permission.PLAN, FollowFacts)
def put_follow(request: ApiRequest, slug: str, key: str, body: FollowBody) -> FollowFacts:
    """Let an item follow a metric, labels or approvals: told anew, or changed."""

    def write(version: int | None) -> FollowFacts:
        address = f"{slug}/{key}"
        return set_follow(request.auth, address, body.given(), request.now, version=version)

    item = _item(request, slug, key)
    return edit_or_create(request, lambda: follow_of(request.auth, item), write)


@operation(router, "DELETE", "/projects/{slug}/items/{key}/follow", Permission.PLAN, None, 204)
def delete_follow(request: ApiRequest, slug: str, key: str) -> None:
    """Let an item follow nothing; what was written into the plan stays."""

    def write(version: int) -> None:
        clear_follow(request.auth, f"{slug}/{key}", request.now, version=version)

    edit(request, lambda: _follow(request, slug, key), write)


@operation(router, "POST", "/projects/{slug}/items/{key}/take-proposal", Permission.PLAN, ItemFacts)
def take_over(request: ApiRequest, slug: str, key: str, body: TakeBody) -> ItemFacts:
    """Write what evidence says is left of an item into the plan, with its origin."""
    return take_proposal(request.auth, f"{slug}/{key}", request.now)


def _item(request: ApiRequest, slug: str, key: str, moment: datetime | None = None) -> ItemFacts:
    """Return the item that an address names; NotFound where there is none, told or not."""
    return item_named(request.auth, project_named(request.auth, slug, moment), key, moment)


def _measure(
    request: ApiRequest, slug: str, key: str, moment: datetime | None = None
) -> MeasureFacts:
    return measure_of(request.auth, _item(request, slug, key, moment), moment)


def _follow(
    request: ApiRequest, slug: str, key: str, moment: datetime | None = None
) -> FollowFacts:
    return follow_of(request.auth, _item(request, slug, key, moment), moment)
