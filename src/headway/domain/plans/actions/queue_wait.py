"""A pool's queue, written into an item's range by somebody: no network reads it off the pool."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.queries.pools import pool_named
from headway.domain.people.rules import ResourceFacts
from headway.domain.people.rules.pools import PoolFacts, waited
from headway.domain.plans.actions.soundness import require_sound_plan
from headway.domain.plans.models import Need, WorkItem
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.actions.rows import change_row
from headway.domain.programs.queries import facts, program_of, project_named
from headway.domain.programs.rules.calendars import calendar_from
from headway.errors import Conflict, Invalid, NotFound

#: Where an item's origin names the pool whose wait is in its range.
_POOL = "pool"


@transaction.atomic
def add_queue_wait(
    actor: Actor,
    place: tuple[str, str],
    pool: str,
    at: datetime,
    *,
    version: int | None = None,
) -> ItemFacts:
    """Put a pool's queue wait, and what spot work loses, into the range of the item at `place`.

    Its origin says so, with the pool and its version: once a version, not twice. Raises Invalid
    for an item without a range, or one that does not need the pool; Conflict where it is in there.
    """
    require(actor, Permission.PLAN)
    parent = project_named(actor, place[0])
    program = program_of(actor, parent)
    resource, known = pool_named(actor, program, pool)
    row = WorkItem.objects.select_for_update().filter(project_id=parent.id, key=place[1]).first()
    if row is None:
        sentence = f"There is no work item '{place[1]}' in {parent.name}."
        raise NotFound(sentence)
    if known is None or (known.queue_wait is None and not known.preempted):
        sentence = f"Nobody said how long work waits for {resource.name}; write its queue wait."
        raise Invalid(sentence)
    _require_waiting(row, resource, known)
    changes = _longer(row, known, calendar_from(program.calendar).hours_per_day)
    changes["origin"] = {**row.origin, "words": _words(known), _POOL: str(known.id)}
    change_row(actor, row, changes, at, "add_queue_wait", version)
    require_sound_plan(actor, parent)
    return facts(ItemFacts, row)


def _require_waiting(row: WorkItem, resource: ResourceFacts, known: PoolFacts) -> None:
    """Raise where an item does not wait for a pool, or its range holds the wait already."""
    if not Need.objects.filter(item_id=row.id, resource_id=resource.id).exists():
        sentence = f"{row.name} does not need {resource.name}, so that it does not wait for it."
        raise Invalid(sentence)
    if row.finished is not None:
        sentence = f"{row.name} is finished; it waits for nothing any more."
        raise Invalid(sentence)
    if row.origin.get(_POOL) == str(known.id):
        sentence = f"The wait for {resource.name} is in this range already; edit the range itself."
        raise Conflict(sentence)


def _longer(row: WorkItem, known: PoolFacts, hours_a_day: float) -> dict[str, object]:
    """Return the range that is worked from, with the wait in it. Raises Invalid without a range."""
    for name in ("remaining", "estimate"):
        held = getattr(row, name)
        if held is not None:
            return {name: waited(held, known, hours_a_day)}
    if row.attempts:
        each = waited(row.attempts["each"], known, hours_a_day)
        return {"attempts": {**row.attempts, "each": each}}
    sentence = f"{row.name} has no range yet; estimate it first."
    raise Invalid(sentence)


def _words(known: PoolFacts) -> str:
    low, likely, high = known.queue_wait or (0, 0, 0)
    words = f"holds a wait of {low:g}/{likely:g}/{high:g} h for {known.name}"
    if known.market == "spot" and known.preempted:
        words += f", and {known.preempted:.0%} lost to preemption"
    return words
