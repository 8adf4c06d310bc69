"""Recording what was looked at of a contract: data processing agreement, security review, …."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import cast

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.rules.fields import clean
from headway.domain.programs.rules.fields import slug as read_slug
from headway.domain.vendors.actions.approving import record_about
from headway.domain.vendors.queries.standing import contract_named
from headway.domain.vendors.rules.evidence import REVIEW_FIELDS
from headway.errors import Invalid


@transaction.atomic
def record_review(
    actor: Actor,
    place: tuple[str, str],
    item: str,
    values: Mapping[str, object],
    at: datetime,
) -> int:
    """Record a person's answer (REVIEW_FIELDS) to an item that the contract at `place` wants.

    Returns the record. Whether it counts is judged from the record, and lapses with it. Raises
    Invalid for "met" without a link to where it is written down.
    """
    require(actor, Permission.EVIDENCE)
    contract = contract_named(actor, *place)
    fields = clean({"answer": "met", "role": "", **values}, REVIEW_FIELDS)
    if fields["answer"] == "met" and not fields.get("link"):
        sentence = "Say where it is written down: “met” needs a link."
        raise Invalid(sentence)
    until = cast("date | None", fields.get("valid_until"))
    moment = datetime.combine(until, time(23, 59, 59), UTC) if until else None
    if moment is not None and moment < at:
        sentence = f"It is valid until {until}, which is past; record a newer one."
        raise Invalid(sentence)
    payload = {
        "item": str(read_slug("item", item)),
        "answer": fields["answer"],
        "role": fields["role"],
        "statement": fields.get("statement", ""),
        "link": fields.get("link") or None,
        "done_on": fields.get("done_on"),
        "by_ref": f"member:{actor.member_id.hex}" if actor.member_id else "",
    }
    return record_about(actor, contract.subject, "attestation", payload, at, moment)
