"""What a vendor's own people see of their batches: counts and decisions, and nothing of others.

No record, no seed, no sample that waits, no program: whoever is inspected knows not which labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.annotation.queries.rows import labels_of
from headway.domain.annotation.queries.standing import standing_in
from headway.domain.annotation.rules.facts import BatchFacts
from headway.domain.annotation.rules.standing import BatchStanding
from headway.domain.programs.queries import programs_of
from headway.domain.vendors.queries import own_vendor


@dataclass(frozen=True, slots=True)
class OwnDelivery:
    """A delivery as its vendor sees it: `outcome` is accepted, rework, insufficient or stale."""

    name: str
    day: date
    units: int
    outcome: str
    replaced_by: str


@dataclass(frozen=True, slots=True)
class OwnBatch:
    """A batch as its vendor sees it, in labels; `order` is the order's name."""

    key: str
    name: str
    order: str
    guideline: str
    guideline_version: int | None
    current_version: int
    promised: int | None
    due: date | None
    state: str
    sentence: str
    delivered: int
    accepted: int
    waiting: int
    rework: int
    stale: int
    deliveries: Sequence[OwnDelivery]


def own_batches(actor: Actor, at: datetime | None = None) -> Sequence[OwnBatch]:
    """Return the batches under the orders of the actor's own vendor, by due day.

    NotFound for whoever works for no vendor.
    """
    require(actor, Permission.SELF)
    vendor = own_vendor(actor, at)
    house = headway_actor(actor.workspace_id)
    labels = labels_of(
        house,
        programs_of(house, at),
        at,
        vendors=[vendor.id],
        told=lambda one: isinstance(one, BatchFacts) and bool(one.order),
    )
    mine = {one.id: one.name for one in labels.orders.values() if one.vendor_id == vendor.id}
    return [
        _own(standing_in(labels, one), mine[one.order_id])
        for one in labels.batches.values()
        if one.order_id in mine
    ]


def _own(one: BatchStanding, order: str) -> OwnBatch:
    batch = one.batch
    return OwnBatch(
        batch.key,
        batch.name,
        order,
        batch.guideline,
        batch.guideline_version,
        one.current,
        batch.promised,
        batch.due,
        one.state,
        one.sentence,
        one.delivered,
        one.accepted,
        one.waiting,
        one.rework,
        one.stale,
        [
            OwnDelivery(
                held.name,
                held.moment.date(),
                held.units,
                "stale" if held.is_stale else held.outcome,
                held.replaced_by,
            )
            for held in one.deliveries
        ],
    )
