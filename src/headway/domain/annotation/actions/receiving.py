"""Taking labels in for their order: the receipts that an invoice is held against."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.analysis.agreement.inspecting import ACCEPTED, REWORK
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.annotation.queries import batch_page
from headway.domain.annotation.rules.standing import Delivery
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import fresh_key
from headway.domain.vendors.actions import set_receipt
from headway.errors import Invalid


@transaction.atomic
def receive_labels(actor: Actor, program: str, batch: str, at: datetime) -> tuple[int, int]:
    """Write a receipt of its order for each delivery of a batch, as evidence says what it holds.

    The same again changes nothing. A lot sent back has none accepted; one that nobody decided is
    not judged yet. A guideline that changes later takes no receipt back: the labels were accepted
    then. Returns (delivered, accepted). Raises Invalid without an order, or without labels.
    """
    require(actor, Permission.PLAN)
    page = batch_page(actor, program_named(actor, program), batch)
    standing = page.standing
    if page.order is None:
        sentence = f"“{standing.batch.name}” has no order; name one, then take its labels in."
        raise Invalid(sentence)
    if not standing.delivered:
        sentence = f"Nothing of “{standing.batch.name}” was delivered; there is nothing to take in."
        raise Invalid(sentence)
    for one in standing.deliveries:
        key = fresh_key(f"{batch} {one.name}", (), 60)
        set_receipt(actor, (program, page.order.key), key, _receipt(batch, one), at)
    accepted = sum(one.units for one in standing.deliveries if one.outcome == ACCEPTED)
    return standing.delivered, accepted


def _receipt(batch: str, one: Delivery) -> dict[str, object]:
    """Return what a receipt says of a delivery."""
    judged = {ACCEPTED: float(one.units), REWORK: 0.0}
    return {
        "received_on": one.moment.date(),
        "delivered": float(one.units),
        "accepted": judged.get(one.outcome),
        "batch": batch,
    }
