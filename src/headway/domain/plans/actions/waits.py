"""Tying blockers and promises to the work they touch, and working out what they do to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.items import edit_item
from headway.domain.plans.actions.links import item_at
from headway.domain.plans.models import BlockedItem, PromiseItem, WaitOutlook
from headway.domain.plans.queries import plan_value
from headway.domain.plans.queries.waits import (
    blocker_standing,
    blocker_standings,
    promise_standing,
    promise_standings,
    write_wait,
)
from headway.domain.plans.rules import BlockerStanding, PromiseStanding
from headway.domain.plans.rules.weighing import MOST_WEIGHED, weigh
from headway.domain.programs.actions.rows import add_dated, delete_dated
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.queries import blocker_named
from headway.domain.stakeholders.queries import promise_named
from headway.errors import Conflict, Invalid

A_DAY = timedelta(days=1)


@transaction.atomic
def set_blocked_items(
    actor: Actor, program: str, blocker: str, items: Iterable[str], at: datetime
) -> BlockerStanding:
    """Say which items (addresses) a blocker holds up: exactly these. Its cost is worked out."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    held = blocker_named(actor, parent, blocker, at.date())
    addresses = _tie(actor, parent, BlockedItem, {"blocker_id": held.id}, items, at)
    write_audit(actor, "set_blocked_items", f"blocker {blocker}", at, items=addresses)
    return weigh_blocker(actor, program, blocker, at)


@transaction.atomic
def set_promise_items(
    actor: Actor, program: str, promise: str, items: Iterable[str], at: datetime
) -> PromiseStanding:
    """Say which items (addresses) wait for a promise, or make what we promised: exactly these.

    The float of the promise is worked out, and what P80 does when it lands as promised.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    held = promise_named(actor, parent, promise)
    addresses = _tie(actor, parent, PromiseItem, {"promise_id": held.id}, items, at)
    write_audit(actor, "set_promise_items", f"promise {promise}", at, items=addresses)
    return weigh_promise(actor, program, promise, at)


def _tie(
    actor: Actor,
    program: ProgramFacts,
    model: Any,  # noqa: ANN401 - one of the two tables of links
    side: dict[str, Any],
    items: Iterable[str],
    at: datetime,
) -> list[str]:
    """Let the links of one side be exactly these items of the program; return their addresses."""
    addresses = sorted(set(items))
    wanted = set()
    for address in addresses:
        item, other = item_at(actor, address)
        if other.id != program.id:
            sentence = f"{address} belongs to another program than {program.slug}."
            raise Invalid(sentence)
        wanted.add(item.id)
    there = {row.item_id: row for row in model.objects.filter(**side)}
    for item_id, row in there.items():
        if item_id not in wanted:
            delete_dated(actor, row, at)
    fresh = [
        model(workspace_id=actor.workspace_id, item_id=item_id, **side)
        for item_id in sorted(wanted - set(there))
    ]
    add_dated(actor, model, fresh, at)
    return addresses


def weigh_blocker(actor: Actor, program: str, blocker: str, at: datetime) -> BlockerStanding:
    """Work out anew what each further week of a blocker costs."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    held = blocker_standing(actor, parent, blocker, at.date())
    if not held.blocker.is_open:
        return held
    _weigh(actor, parent, [held], [], at)
    return blocker_standing(actor, parent, blocker, at.date())


def weigh_promise(actor: Actor, program: str, promise: str, at: datetime) -> PromiseStanding:
    """Work out anew what the plan says of a promise: call it when its day changed."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    held = promise_standing(actor, parent, promise, at.date())
    if not held.promise.is_open:
        return held
    _weigh(actor, parent, [], [held], at)
    return promise_standing(actor, parent, promise, at.date())


def weigh_waits(actor: Actor, program: ProgramFacts, at: datetime) -> None:
    """Work out anew what every open blocker and promise does to the plan: it has moved.

    Of many, the oldest blockers and the promises with the least float (MOST_WEIGHED of each).
    """
    today = at.date()
    blockers = blocker_standings(actor, [program], today, at, only_open=True)[program.id]
    promises = promise_standings(actor, [program], today, at, only_open=True)[program.id]
    if blockers or promises:
        _weigh(actor, program, blockers[:MOST_WEIGHED], promises[:MOST_WEIGHED], at)


@transaction.atomic
def plan_promise(actor: Actor, program: str, promise: str, at: datetime) -> Sequence[str]:
    """Take the promised day into the plan: what waits for it begins the day after, or later.

    Returns the addresses of the items that moved. Raises Conflict when the plan says so already,
    Invalid for a promise without a day, or of ours.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    held = promise_standing(actor, parent, promise, at.date())
    lands = held.promise.promised
    if lands is None or held.promise.is_ours or not held.promise.is_open:
        sentence = f"“{held.promise.name}” is no open promise to us with a day: it moves nothing."
        raise Invalid(sentence)
    moved, first = [], lands + A_DAY
    for item in held.items:
        facts, _ = item_at(actor, item.address)
        if facts.started or facts.finished or (facts.not_before and facts.not_before >= first):
            continue
        place = (item.address.partition("/")[0], facts.key)
        edit_item(actor, place, {"not_before": first.isoformat()}, at)
        moved.append(item.address)
    if not moved:
        sentence = (
            f"No item that waits for “{held.promise.name}” may begin before {first} as it is."
        )
        raise Conflict(sentence)
    weigh_waits(actor, parent, at)
    return moved


def _weigh(
    actor: Actor,
    program: ProgramFacts,
    blockers: Sequence[BlockerStanding],
    promises: Sequence[PromiseStanding],
    at: datetime,
) -> None:
    """Simulate what is asked on the same random numbers, and keep the outlooks."""
    weighed = weigh(plan_value(actor, program, at), blockers, promises, at)
    for key, outlook in weighed.blockers.items():
        _keep(actor, {"blocker_id": key}, at, write_wait(outlook))
    for key, found in weighed.promises.items():
        _keep(actor, {"promise_id": key}, at, write_wait(found))


def _keep(actor: Actor, side: dict[str, Any], at: datetime, answer: dict[str, Any]) -> None:
    WaitOutlook.objects.update_or_create(
        workspace_id=actor.workspace_id, at=at, **side, defaults={"answer": answer}
    )
