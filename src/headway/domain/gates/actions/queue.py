"""Taking measured queue time into the plan: the review lasts as long as reviews have lasted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.actions.locked import locked_gate
from headway.domain.gates.queries.queue import QueueOffer, queue_offer
from headway.domain.gates.queries.seen import place_of
from headway.domain.plans.actions import edit_item
from headway.errors import Conflict


@transaction.atomic
def take_queue_time(
    actor: Actor, gate_id: UUID, at: datetime, *, version: int | None = None
) -> QueueOffer:
    """Let the review before a gate's milestone last as its functions have taken to answer.

    The estimate changes like any other, undone like any other; the trail keeps why. Raises
    Conflict where there is no such review, too few answers, or nothing new.
    """
    require(actor, Permission.PLAN)
    gate = locked_gate(actor, gate_id)
    offer = queue_offer(actor, gate, at)
    if not offer.is_new or offer.after is None:
        why = " ".join(one.sentence for one in offer.functions if one.estimate is None)
        said = why or "the plan says so already." if offer.item else "no review stands before it."
        sentence = f"There is no queue time to take into the plan of {place_of(gate)}: {said}"
        raise Conflict(sentence)
    project, _, key = offer.item.partition("/")
    edit_item(actor, (project, key), {"estimate": list(offer.after)}, at, version=version)
    reason = " ".join(one.sentence for one in offer.functions)
    told = {"before": list(offer.before), "after": list(offer.after), "reason": reason}
    write_audit(actor, "take_queue_time", offer.item, at, gate=place_of(gate), **told)
    return queue_offer(actor, gate, at)
