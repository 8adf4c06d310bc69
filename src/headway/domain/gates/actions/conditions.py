"""Conditions of a go: met by what evidence shows, or said to be met by a person; else overdue."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.gates.actions.blocking import settle_gate
from headway.domain.gates.models import Condition, Gate
from headway.domain.gates.queries.decisions import condition_facts, why_closed_by_gate
from headway.domain.gates.queries.seen import WITH_PLACES, gates_by_id, seen_by_gate
from headway.domain.gates.rules.decisions import ConditionFacts
from headway.domain.people.queries import is_person
from headway.domain.programs.actions.rows import change_row
from headway.domain.programs.rules.fields import text
from headway.errors import Conflict, NotFound, Refused

_STATEMENT = text(4_000, required=True)

#: What stands for a person where evidence met a condition.
BY_EVIDENCE = "evidence"


@transaction.atomic
def meet_condition(
    actor: Actor,
    condition_id: UUID,
    statement: str,
    at: datetime,
    *,
    version: int | None = None,
) -> ConditionFacts:
    """Say that a condition is met, and how; its owner may, and whoever decides.

    One that names a requirement is met by evidence alone: Refused. Conflict when it was before.
    """
    require(actor, Permission.DISCUSS)
    row = (
        Condition.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, id=condition_id)
        .first()
    )
    if row is None:
        sentence = "There is no such condition in this workspace."
        raise NotFound(sentence)
    if not may(actor, Permission.DECIDE) and not is_person(actor, row.owner):
        sentence = f"“{row.text}” is owed by {row.owner}; they say it is met, or who decides."
        raise Refused(sentence)
    if row.requirement:
        sentence = (
            f"“{row.text}” is met when its requirement '{row.requirement}' is: push the evidence."
        )
        raise Refused(sentence)
    if row.met_at is not None:
        sentence = f"“{row.text}” was met on {row.met_at:%-d %b %Y} already."
        raise Conflict(sentence)
    met = {
        "met_at": at,
        "met_by": actor.label[:200],
        "statement": _STATEMENT("statement", statement),
    }
    change_row(actor, row, met, at, "meet_condition", version)
    return condition_facts(row)


def settle_gates(actor: Actor, at: datetime) -> int:
    """Do what gates do by themselves: evidence meets conditions, closed ones block their milestone.

    Return how many things changed. Needs `sync`: Headway watches.
    """
    require(actor, Permission.SYNC)
    changed = _meet_by_evidence(actor, at)
    gates = [gate for gate in gates_by_id(actor).values() if gate.milestone_id]
    closed = why_closed_by_gate(actor, gates, at)
    return changed + sum(_settle(actor, gate.id, closed[gate.id], at) for gate in gates)


@transaction.atomic
def _settle(actor: Actor, gate_id: UUID, closed: str, at: datetime) -> bool:
    rows = Gate.objects.select_for_update(of=("self",)).select_related(*WITH_PLACES)
    return settle_gate(actor, rows.get(id=gate_id), at, closed)


@transaction.atomic
def _meet_by_evidence(actor: Actor, at: datetime) -> int:
    rows = list(
        Condition.objects.select_for_update(of=("self",))
        .select_related("decision")
        .filter(workspace_id=actor.workspace_id, met_at__isnull=True)
        .exclude(requirement="")
        .order_by("id")
    )
    if not rows:
        return 0
    gates = gates_by_id(actor)
    seen = seen_by_gate(actor, [gates[row.decision.gate_id] for row in rows], at)
    count = 0
    for row in rows:
        line = seen[row.decision.gate_id].line(row.requirement)
        if line is not None and line.holds:
            met = {"met_at": at, "met_by": BY_EVIDENCE, "statement": line.sentence}
            count += change_row(actor, row, met, at, "meet_condition")
    return count
