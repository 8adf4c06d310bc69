"""Waivers as a debt: of one gate, and of the whole workspace, with what is still to be paid off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import Gate, Waiver
from headway.domain.gates.queries.asked import member_names
from headway.domain.gates.queries.seen import (
    gates_by_id,
    place_of,
    requirement_name,
    seen_by_gate,
    stage_rules,
)
from headway.domain.gates.rules.waivers import (
    Debt,
    GrantedWaiver,
    Limits,
    debt_of,
    standing_of,
)
from headway.domain.programs.queries import rows_at


def limits_of(gate: Gate) -> Limits:
    """Return how many waivers the gate's rules allow at a time, and for how many days."""
    stage = stage_rules(gate)
    return Limits(stage.most_waivers, stage.waiver_days) if stage else Limits()


def waivers_by_gate(
    actor: Actor, gates: Collection[UUID], at: datetime | None = None
) -> Mapping[UUID, Sequence[GrantedWaiver]]:
    """Return the waivers of these gates as known at `at`, the next to end first; two queries."""
    require(actor, Permission.VIEW)
    wanted, names = set(gates), member_names(actor)
    found: dict[UUID, list[GrantedWaiver]] = defaultdict(list)
    rows = rows_at(Waiver, at, workspace_id=actor.workspace_id)
    for row in sorted(rows, key=lambda row: (row.until, str(row.id))):
        if row.gate_id in wanted:
            found[row.gate_id].append(waiver_facts(row, names))
    return found


def waiver_facts(row: Waiver, names: Mapping[UUID, str]) -> GrantedWaiver:
    """Return a waiver as a frozen value."""
    granter = row.granted_by_id
    return GrantedWaiver(
        id=row.id,
        workspace_id=row.workspace_id,
        gate_id=row.gate_id,
        requirement=row.requirement,
        owner=row.owner,
        reason=row.reason,
        compensating=tuple(row.compensating),
        until=row.until,
        granted_at=row.granted_at,
        granted_by=names.get(granter, "a member who left") if granter else "Headway",
        revoked_at=row.revoked_at,
        record=row.record,
        version=row.version,
    )


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """A waiver in the list of debts: of which gate, which requirement, how it stands today."""

    waiver: GrantedWaiver
    gate_id: UUID
    place: str
    requirement: str
    state: str


@dataclass(frozen=True, slots=True)
class WaiversPage:
    """Every waiver of the workspace: what is owed first, then what ended."""

    lines: Sequence[WaiverLine]
    debt: Debt


#: What is owed stands before what ended.
_ORDER = {"expired": 0, "expiring": 1, "open": 2, "paid": 3, "revoked": 4}


def waivers_page(actor: Actor, at: datetime, *, known_at: datetime | None = None) -> WaiversPage:
    """Return the debt of the workspace on a day: expired, expiring, open; then paid and revoked."""
    gates, today = gates_by_id(actor, known_at), at.date()
    found = waivers_by_gate(actor, list(gates), known_at)
    seen = seen_by_gate(actor, [gates[one] for one in found], at, known_at=known_at)
    lines = [
        WaiverLine(
            one,
            gate_id,
            place_of(gates[gate_id]),
            requirement_name(gates[gate_id], one.requirement),
            standing_of(one, seen[gate_id].line(one.requirement), today),
        )
        for gate_id, rows in found.items()
        for one in rows
    ]
    ordered = sorted(lines, key=lambda line: (_ORDER[line.state], line.waiver.until))
    return WaiversPage(ordered, debt_of([line.state for line in ordered]))
