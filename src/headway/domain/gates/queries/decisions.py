"""Decisions of gates: what was decided, what stands against a go now, which conditions are owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.queries import names_by_address
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import Condition, Gate, GateDecision
from headway.domain.gates.queries.asked import requests_by_gate
from headway.domain.gates.queries.seen import gates_by_id, is_light, place_of, seen_by_gate
from headway.domain.gates.rules.approvals import ApprovalStanding, standings
from headway.domain.gates.rules.decisions import (
    ConditionFacts,
    GateDecisionFacts,
    Seen,
    obstacles,
    seen_of,
    why_closed,
)
from headway.domain.programs.queries import facts, rows_at


def decisions_by_gate(
    actor: Actor, gates: Collection[UUID], at: datetime | None = None
) -> Mapping[UUID, Sequence[GateDecisionFacts]]:
    """Return what was decided at these gates as known at `at`, the newest first; three queries."""
    require(actor, Permission.VIEW)
    rows = GateDecision.objects.select_related("rules").filter(
        workspace_id=actor.workspace_id, gate_id__in=gates
    )
    if at is not None:
        rows = rows.filter(at__lte=at)
    found = list(rows.order_by("-at", "-round", "-serial"))
    conditions = _conditions(actor, [row.id for row in found], at)
    names = names_by_address(actor) if found else {}
    by_gate: dict[UUID, list[GateDecisionFacts]] = defaultdict(list)
    for row in found:
        by_gate[row.gate_id].append(
            facts(
                GateDecisionFacts,
                row,
                rules=row.rules.number,
                seen=seen_of(row.seen),
                by=names.get(row.by.partition(" ")[0], "a member") if "@" in row.by else row.by,
                conditions=tuple(conditions.get(row.id, ())),
            )
        )
    return by_gate


def _conditions(
    actor: Actor, decisions: Sequence[UUID], at: datetime | None
) -> Mapping[UUID, Sequence[ConditionFacts]]:
    """Return the conditions of these decisions, the first due first."""
    if not decisions:
        return {}
    found: dict[UUID, list[ConditionFacts]] = defaultdict(list)
    rows = rows_at(Condition, at, workspace_id=actor.workspace_id, decision_id__in=list(decisions))
    for row in sorted(rows, key=lambda row: (row.due, row.key)):
        found[row.decision_id].append(condition_facts(row))
    return found


def condition_facts(row: Condition) -> ConditionFacts:
    """Return a condition as a frozen value."""
    return facts(ConditionFacts, row)


@dataclass(frozen=True, slots=True)
class Deciding:
    """What whoever decides at a gate needs: what is seen, who answered, what stands against a go.

    `closed` says why the gate lets nothing through now; empty while a go holds.
    """

    gate_id: UUID
    place: str
    round: int
    seen: Seen
    approvals: Sequence[ApprovalStanding]
    obstacles: Sequence[str]
    decisions: Sequence[GateDecisionFacts]
    closed: str

    @property
    def last(self) -> GateDecisionFacts | None:
        """Return the decision that stands."""
        return self.decisions[0] if self.decisions else None

    @property
    def is_open(self) -> bool:
        """Say whether a release may pass now."""
        return not self.closed


def deciding_at(actor: Actor, gate: Gate, seen: Seen) -> Deciding:
    """Return how deciding stands at one gate now, against what is `seen`."""
    asked = requests_by_gate(actor, [gate.id]).get(gate.id, ())
    approvals = standings([one for one in asked if one.round == gate.round], seen)
    decisions = decisions_by_gate(actor, [gate.id]).get(gate.id, ())
    return deciding_of(gate, seen, approvals, decisions)


def deciding_of(
    gate: Gate,
    seen: Seen,
    approvals: Sequence[ApprovalStanding],
    decisions: Sequence[GateDecisionFacts],
) -> Deciding:
    """Put together what is known of deciding at one gate."""
    last = decisions[0] if decisions else None
    against = obstacles(seen, answers(approvals))
    return Deciding(
        gate.id,
        place_of(gate),
        gate.round,
        seen,
        approvals,
        against,
        decisions,
        _closed(gate, seen, last, against),
    )


def _closed(gate: Gate, seen: Seen, last: GateDecisionFacts | None, against: Sequence[str]) -> str:
    """Say why a gate is closed; a light one, approved beforehand, opens where nothing lacks."""
    if last is None and is_light(gate):
        return f"it is light, and not all is there. {against[0]}" if against else ""
    return why_closed(last, gate.round, seen)


def answers(approvals: Sequence[ApprovalStanding]) -> Mapping[str, tuple[str, str]]:
    """Return the state and the reason of each function's approval, as `obstacles` reads them."""
    return {one.function: (one.state, one.sentence) for one in approvals}


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition that is owed: of which gate, and how it stands on a day."""

    condition: ConditionFacts
    gate_id: UUID
    place: str
    state: str


def conditions_owed(
    actor: Actor, at: datetime, *, known_at: datetime | None = None
) -> Sequence[ConditionLine]:
    """Return the conditions of the decisions that stand and are not met, overdue ones first."""
    gates = gates_by_id(actor, known_at)
    found = decisions_by_gate(actor, list(gates), known_at)
    lines = [
        ConditionLine(one, gate_id, place_of(gates[gate_id]), one.state(at.date()))
        for gate_id, rows in found.items()
        for one in rows[0].conditions
        if one.met_at is None
    ]
    return sorted(lines, key=lambda line: (line.condition.due, line.place, line.condition.key))


def why_closed_by_gate(
    actor: Actor, gates: Sequence[Gate], at: datetime, *, known_at: datetime | None = None
) -> Mapping[UUID, str]:
    """Return why each gate lets nothing through; empty words where a release may pass.

    As many queries for a hundred gates as for one.
    """
    ids = [gate.id for gate in gates]
    seen = seen_by_gate(actor, gates, at, known_at=known_at)
    decided = decisions_by_gate(actor, ids, known_at)
    asked = requests_by_gate(actor, ids, known_at)
    found = {}
    for gate in gates:
        now = seen[gate.id]
        mine = [one for one in asked.get(gate.id, ()) if one.round == gate.round]
        against = obstacles(now, answers(standings(mine, now)))
        last = next(iter(decided.get(gate.id, ())), None)
        found[gate.id] = _closed(gate, now, last, against)
    return found
