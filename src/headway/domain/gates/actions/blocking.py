"""A closed gate in the plan: a blocker on its milestone, opened and resolved as the gate is."""

from __future__ import annotations

from datetime import datetime, timedelta

from headway.domain.accounts.rules import Actor, Permission
from headway.domain.gates.actions.approvals import hand_of
from headway.domain.gates.models import Gate
from headway.domain.gates.queries.decisions import why_closed_by_gate
from headway.domain.gates.queries.seen import blocker_key, blocks_since, place_of
from headway.domain.plans.actions import set_blocked_items
from headway.domain.risks.actions import reopen_blocker, resolve_blocker, set_blocker
from headway.domain.risks.models import Blocker

#: A gate whose day is nearer than this holds its milestone up, wherever its release stands.
NEAR = timedelta(days=14)


def settle_gate(actor: Actor, gate: Gate, at: datetime, closed: str | None = None) -> bool:
    """Let the plan say whether a gate holds its milestone up; True when that changed.

    It does while it is closed and the release stands before it, or its day is near. `closed` is
    why it is closed, where the caller knows. What the wait costs is worked out as for any blocker.
    """
    milestone = gate.milestone
    if milestone is None:
        return False
    program = milestone.project.program
    key = blocker_key(gate.id)
    held = Blocker.objects.filter(program_id=program.id, key=key).first()
    if closed is None:
        closed = why_closed_by_gate(actor, [gate], at)[gate.id]
    holds_up = bool(closed) and milestone.finished is None and blocks_since(gate, at.date(), NEAR)
    hand = hand_of(actor, Permission.PLAN)
    if not holds_up:
        if held is None or held.state != "open":
            return False
        how = "The release moved on." if closed else "The gate was opened."
        resolve_blocker(hand, program.slug, key, at, how=how)
        return True
    if held is not None and held.state == "open":
        return False
    if held is not None:
        reopen_blocker(hand, program.slug, key, at)
    else:
        words = {"name": f"Gate closed: {place_of(gate)}"[:300], "owner": gate.owner}
        set_blocker(hand, program.slug, key, {**words, "waits_for": "the gate's decision"}, at)
    address = f"{milestone.project.slug}/{milestone.key}"
    set_blocked_items(hand, program.slug, key, [address], at)
    return True
