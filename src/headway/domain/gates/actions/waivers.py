"""Setting a requirement aside until a day, and taking that back: both become records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import record_times
from headway.domain.gates.actions.approvals import record_at_gate, reference
from headway.domain.gates.actions.locked import locked_gate
from headway.domain.gates.models import Gate, Waiver
from headway.domain.gates.queries.approvals import hands_of, house_of, pushers_of
from headway.domain.gates.queries.asked import member_names
from headway.domain.gates.queries.seen import place_of, seen_now
from headway.domain.gates.queries.waivers import limits_of, waiver_facts, waivers_by_gate
from headway.domain.gates.rules.decisions import Seen
from headway.domain.gates.rules.waivers import GrantedWaiver, check_waiver, read_waiver
from headway.domain.programs.actions.rows import add_row, change_row
from headway.errors import Conflict, Invalid, NotFound, Refused


@transaction.atomic
def grant_waiver(
    actor: Actor, gate_id: UUID, values: Mapping[str, object], at: datetime
) -> GrantedWaiver:
    """Set a requirement of a gate aside until a day (WAIVER_FIELDS); never green, and on record.

    Whoever may decide grants it, and not for their own gate. Raises Invalid for a day that does
    not lie ahead within the rules' limit and for records that are not in the ledger, Refused past
    the gate's cap or for what the rules let nobody waive, Conflict for what is met or waived.
    """
    require(actor, Permission.DECIDE)
    gate = locked_gate(actor, gate_id)
    limits, today = limits_of(gate), at.date()
    draft = read_waiver(values, today, limits)
    now = seen_now(actor, gate, at)
    require_free(actor, gate, now, "waives")
    standing = waivers_by_gate(actor, [gate.id]).get(gate.id, ())
    line = now.line(draft.requirement)
    check_waiver(draft, line, standing, limits, today)
    _require_records(actor, draft.compensating)
    row = Waiver(
        workspace_id=actor.workspace_id,
        gate=gate,
        requirement=draft.requirement,
        owner=draft.owner,
        reason=draft.reason,
        compensating=list(draft.compensating),
        until=draft.until,
        granted_at=at,
        granted_by_id=actor.member_id,
    )
    row.record = _record(actor, gate, now, row, at)
    told = {"requirement": row.requirement, "until": row.until, "record": row.record}
    add_row(actor, row, at, "grant_waiver", gate=place_of(gate), **told)
    return waiver_facts(row, member_names(actor))


def require_free(actor: Actor, gate: Gate, now: Seen, does: str) -> None:
    """Raise Refused for an actor whose own gate it is, or who is no member."""
    hands = hands_of(house_of(actor), gate, pushers_of(actor, [now])[now.subject])
    hand = hands.get(actor.member_id) if actor.member_id else None
    if hand is None:
        sentence = f"A person {does} at a gate; a machine cannot."
        raise Refused(sentence)
    if hand.ties:
        sentence = (
            f"{hand.name} {' and '.join(hand.ties)}, and nobody {does} their own; ask another "
            "owner, manager or approver."
        )
        raise Refused(sentence)


def _require_records(actor: Actor, records: tuple[int, ...]) -> None:
    missing = sorted(set(records) - set(record_times(actor, records)))
    if missing:
        sentence = (
            f"There is no record {missing[0]} in this workspace's ledger; name evidence that is "
            "there, or push it first."
        )
        raise Invalid(sentence)


def _record(
    actor: Actor, gate: Gate, now: Seen, row: Waiver, at: datetime, *, revoked: bool = False
) -> int:
    payload = {
        "release": gate.release.name,
        "stage": gate.stage,
        "requirement": row.requirement,
        "reason": row.reason,
        "until": row.until,
        "compensating": row.compensating,
        "by_ref": reference(actor.member_id),
        "revoked": revoked,
    }
    return record_at_gate(actor, gate, now, "waiver", payload, at)


@transaction.atomic
def revoke_waiver(
    actor: Actor, waiver_id: UUID, at: datetime, *, version: int | None = None
) -> GrantedWaiver:
    """Take a waiver back: its requirement counts again at once. Conflict when it was before."""
    require(actor, Permission.DECIDE)
    rows = Waiver.objects.filter(workspace_id=actor.workspace_id, id=waiver_id)
    gate_id = rows.values_list("gate_id", flat=True).first()
    if gate_id is None:
        sentence = "There is no such waiver in this workspace."
        raise NotFound(sentence)
    gate = locked_gate(actor, gate_id)
    row = rows.select_for_update(of=("self",)).get()
    if row.revoked_at is not None:
        sentence = "This waiver is revoked already."
        raise Conflict(sentence)
    change_row(actor, row, {"revoked_at": at}, at, "revoke_waiver", version)
    _record(actor, gate, seen_now(actor, gate, at), row, at, revoked=True)
    return waiver_facts(row, member_names(actor))
