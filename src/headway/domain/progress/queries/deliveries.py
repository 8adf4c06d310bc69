"""Accepted labels under an order: what an item that earns by labels has earned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from headway.analysis.agreement.inspecting import ACCEPTED
from headway.domain.accounts.rules import Actor
from headway.domain.annotation.queries import batch_standings
from headway.domain.annotation.rules.standing import BatchStanding
from headway.domain.programs.rules import ProgramFacts
from headway.domain.progress.rules.earning import Deliveries
from headway.domain.vendors.queries import orders_of, receipts_of
from headway.domain.vendors.rules import OrderFacts, ReceiptFacts


def deliveries_by_order(
    actor: Actor, programs: Sequence[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Mapping[str, Deliveries]]:
    """Return what was wanted and accepted under each order, by program id and the order's key.

    Accepted is what batches of the order say by their inspections; where it has none, what its
    receipts say was accepted. Delivered alone earns nothing. As many queries as for one program.
    """
    orders = {
        program: [one for one in mine if one.units]
        for program, mine in orders_of(actor, programs, at).items()
    }
    ordered = [order for mine in orders.values() for order in mine]
    if not ordered:
        return {}
    receipts = receipts_of(actor, ordered, at)
    standings = batch_standings(actor, programs, at)
    return {
        program: _deliveries(mine, _accepted(standings[program]), receipts)
        for program, mine in orders.items()
    }


def _deliveries(
    orders: Sequence[OrderFacts],
    batches: Mapping[str, Sequence[tuple[date, int]]],
    receipts: Mapping[UUID, Sequence[ReceiptFacts]],
) -> Mapping[str, Deliveries]:
    """Return the deliveries of each of a program's orders, by its key."""
    return {
        order.key: Deliveries(
            int(order.units or 0),
            batches.get(order.key)
            or tuple(
                (one.received_on, int(one.accepted))
                for one in receipts[order.id]
                if one.accepted is not None
            ),
        )
        for order in orders
    }


def _accepted(standings: Iterable[BatchStanding]) -> Mapping[str, tuple[tuple[date, int], ...]]:
    """Return the accepted deliveries of batches that count still, by the key of their order."""
    found: dict[str, list[tuple[date, int]]] = {}
    for one in standings:
        for delivery in one.deliveries:
            counts = delivery.counts and not delivery.is_stale and delivery.outcome == ACCEPTED
            if counts and one.batch.order:
                found.setdefault(one.batch.order, []).append(
                    (delivery.moment.date(), delivery.units)
                )
    return {order: tuple(rows) for order, rows in found.items()}
