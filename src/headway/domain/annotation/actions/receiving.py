"""Taking accepted labels in for their order: the receipt that an invoice is held against."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.annotation.queries import batch_page
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import fresh_key
from headway.domain.vendors.actions import set_receipt
from headway.errors import Invalid


@transaction.atomic
def receive_labels(actor: Actor, program: str, batch: str, at: datetime) -> tuple[int, int]:
    """Write what evidence says of a batch into its order's receipt; the same again changes nothing.

    Returns (delivered, accepted). Raises Invalid for a batch without an order, or without labels.
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
    newest = max(one.moment for one in standing.deliveries)
    values: dict[str, object] = {
        "received_on": newest.date(),
        "delivered": float(standing.delivered),
        "accepted": float(standing.accepted),
        "batch": batch,
    }
    key = fresh_key(f"batch-{batch}", ())
    set_receipt(actor, (program, page.order.key), key, values, at)
    return standing.delivered, standing.accepted
