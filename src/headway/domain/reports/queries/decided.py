"""What was decided at gates: decisions with what was seen, approvals asked for, waivers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import ApprovalRequest, Condition, Gate, GateDecision, Waiver
from headway.domain.gates.rules.decisions import seen_of, seen_text
from headway.domain.programs.queries import rows_at
from headway.domain.reports.queries.persons import Persons
from headway.observation import canonical, instant
from headway.rendering.package import sealed

Row = dict[str, object]


def decided(actor: Actor, systems: Sequence[UUID], persons: Persons, at: datetime) -> Sequence[Row]:
    """Return what people did at the gates of these systems by `at`, oldest first.

    A decision carries the evidence that was seen and the rules, each with its digest.
    """
    require(actor, Permission.AUDIT)
    gates = Gate.objects.filter(
        workspace_id=actor.workspace_id, release__system_id__in=systems, opened_at__lte=at
    ).select_related("release__system")
    places = {
        gate.id: {
            "system": gate.release.system.slug,
            "release": gate.release.name,
            "stage": gate.stage,
        }
        for gate in gates
    }
    rows = [
        *_decisions(places, persons, at),
        *_approvals(places, persons, at),
        *_waivers(places, persons, at),
    ]
    return sorted(rows, key=lambda row: (str(row["at"]), canonical(row)))


def _decisions(places: dict[UUID, dict[str, str]], persons: Persons, at: datetime) -> Iterator[Row]:
    found = GateDecision.objects.filter(gate_id__in=places, at__lte=at)
    rows = list(found.select_related("rules"))
    conditions: dict[UUID, list[Row]] = {}
    kept = rows_at(Condition, at, decision_id__in=[row.id for row in rows])
    for one in sorted(kept, key=lambda one: one.key):
        said: Row = {
            "key": one.key,
            "text": persons.hidden(one.text),
            "owner": persons.of(one.owner),
            "due": one.due.isoformat(),
            "met_at": instant(one.met_at) if one.met_at and one.met_at <= at else None,
        }
        conditions.setdefault(one.decision_id, []).append(said)
    for row in rows:
        yield places[row.gate_id] | {
            "sort": "decision",
            "at": instant(row.at),
            "by": persons.of(row.by),
            "outcome": row.outcome,
            "reason": persons.hidden(row.reason),
            "subject": row.subject,
            "record": row.record,
            "rules": sealed(canonical(row.rules.content)),
            "seen": {"sha256": row.seen_digest, "text": seen_text(seen_of(row.seen))},
            "conditions": conditions.get(row.id, []),
        }


def _approvals(places: dict[UUID, dict[str, str]], persons: Persons, at: datetime) -> Iterator[Row]:
    rows = ApprovalRequest.objects.filter(gate_id__in=places, requested_at__lte=at)
    for row in rows.select_related("answered_by__user"):
        is_answered = row.answered_at is not None and row.answered_at <= at
        by = row.answered_by.user.email if is_answered and row.answered_by else ""
        yield places[row.gate_id] | {
            "sort": "approval",
            "at": instant(row.requested_at),
            "function": row.function,
            "answered_at": instant(row.answered_at) if is_answered and row.answered_at else None,
            "by": persons.of(by),
            "decision": row.decision if is_answered else "",
            "statement": persons.hidden(row.statement) if is_answered else "",
            "record": row.record if is_answered else None,
        }


def _waivers(places: dict[UUID, dict[str, str]], persons: Persons, at: datetime) -> Iterator[Row]:
    for row in rows_at(Waiver, at, gate_id__in=list(places)):
        is_revoked = row.revoked_at is not None and row.revoked_at <= at
        yield places[row.gate_id] | {
            "sort": "waiver",
            "at": instant(row.granted_at),
            "requirement": row.requirement,
            "owner": persons.of(row.owner),
            "reason": persons.hidden(row.reason),
            "until": row.until.isoformat(),
            "compensating": list(row.compensating),
            "revoked_at": instant(row.revoked_at) if is_revoked and row.revoked_at else None,
            "record": row.record,
        }
