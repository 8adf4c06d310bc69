"""Asking functions to approve a gate, and answering: once, by somebody who may, on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.actions import record_evidence
from headway.domain.gates.actions.locked import locked_gate
from headway.domain.gates.models import ApprovalRequest, Gate
from headway.domain.gates.queries.approvals import (
    Places,
    delegations_of,
    hands_of,
    house_of,
    is_distinct,
    pushers_of,
)
from headway.domain.gates.queries.asked import member_names, request_facts, requests_by_gate
from headway.domain.gates.queries.seen import place_of, seen_now
from headway.domain.gates.rules.approvals import (
    Chair,
    RequestFacts,
    who_instead,
)
from headway.domain.gates.rules.decisions import Seen, seen_digest, written
from headway.domain.programs.rules.approving import ANSWER_FIELDS, read_function
from headway.domain.programs.rules.fields import clean
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef, instant

#: Where records of gates come from.
SOURCE = "headway:gates"


@transaction.atomic
def request_approvals(
    actor: Actor, gate_id: UUID, functions: Iterable[str], at: datetime
) -> list[RequestFacts]:
    """Ask functions to approve a gate in its round; who is asked already keeps their question.

    Raises Invalid for a function that does not approve, or none at all.
    """
    require(actor, Permission.PLAN)
    gate = locked_gate(actor, gate_id)
    wanted = sorted({read_function("function", one) for one in functions})
    if not wanted:
        sentence = "Nobody is asked: name at least one function, such as privacy."
        raise Invalid(sentence)
    there = ApprovalRequest.objects.filter(gate=gate, round=gate.round, answered_at__isnull=True)
    known = set(there.values_list("function", flat=True))
    fresh = [
        ApprovalRequest(
            workspace_id=actor.workspace_id,
            gate=gate,
            round=gate.round,
            function=function,
            requested_at=at,
            requested_by_id=actor.member_id,
        )
        for function in wanted
        if function not in known
    ]
    ApprovalRequest.objects.bulk_create(fresh)
    if fresh:
        asked = [one.function for one in fresh]
        write_audit(actor, "request_approvals", place_of(gate), at, functions=asked)
    names = member_names(actor)
    return [request_facts(row, names) for row in there.order_by("function")]


@transaction.atomic
def answer_approval(
    actor: Actor,
    request_id: UUID,
    values: Mapping[str, object],
    at: datetime,
    *,
    seen: str = "",
    version: int | None = None,
) -> RequestFacts:
    """Answer for a function (ANSWER_FIELDS: decision and statement), once; it becomes a record.

    `seen` is the digest of what the answerer looked at: when evidence moved on since, Conflict
    asks them to look again. Raises Conflict when it was answered before or belongs to a past
    round, and Refused with who may instead for somebody who holds no such function, whose own
    gate it is, or who answered for another function where the rules want two persons.
    """
    require(actor, Permission.DECIDE)
    fields = clean({"decision": "", "statement": "", **values}, ANSWER_FIELDS)
    row = _locked(actor, request_id, version)
    gate = row.gate
    now = seen_now(actor, gate, at)
    digest = seen_digest(now)
    if seen and seen != digest:
        sentence = "What you looked at has changed since; look again, then answer."
        raise Conflict(sentence)
    if fields["decision"] != "approved" and not fields["statement"]:
        sentence = "Say in the statement why it is refused, or what the conditions are."
        raise Invalid(sentence)
    chair = _chair(actor, gate, row, now, at)
    row.answered_at, row.answered_by_id = at, actor.member_id
    row.for_member_id = chair.giver.member_id if chair.giver else None
    row.decision, row.statement = str(fields["decision"]), str(fields["statement"])
    row.seen, row.seen_digest = written(now), digest
    row.record = _record(actor, row, now, at)
    row.version += 1
    row.save()
    told = {"decision": row.decision, "record": row.record, "seen": digest}
    write_audit(actor, "answer_approval", f"{row.function} for {place_of(gate)}", at, **told)
    return request_facts(row, member_names(actor))


def _locked(actor: Actor, request_id: UUID, version: int | None) -> ApprovalRequest:
    """Return an open question of a gate's present round, both locked: the first answer counts."""
    rows = ApprovalRequest.objects.filter(workspace_id=actor.workspace_id, id=request_id)
    gate_id = rows.values_list("gate_id", flat=True).first()
    if gate_id is None:
        sentence = "Nobody was asked this in this workspace."
        raise NotFound(sentence)
    gate = locked_gate(actor, gate_id)
    row = rows.select_for_update(of=("self",)).get()
    row.gate = gate
    if row.answered_at is not None:
        sentence = f"{row.function.capitalize()} answered this on {row.answered_at:%-d %b %Y}."
        raise Conflict(sentence)
    if row.round != gate.round:
        sentence = f"This was asked in round {row.round}; the gate is in round {gate.round} now."
        raise Conflict(sentence)
    if version is not None and version != row.version:
        sentence = f"The question moved on since version {version}; it is at {row.version} now."
        raise Conflict(sentence)
    return row


def _chair(actor: Actor, gate: Gate, row: ApprovalRequest, now: Seen, at: datetime) -> Chair:
    """Return in whose place the actor answers; Refused with the reason and who may instead."""
    asked = requests_by_gate(actor, [gate.id]).get(gate.id, ())
    places = Places(
        hands_of(house_of(actor), gate, pushers_of(actor, [now])[now.subject], row.requested_by_id),
        delegations_of(actor),
        [one for one in asked if one.round == gate.round],
        is_distinct(gate),
        at.date(),
    )
    reason = places.why_not(actor.member_id, row.function)
    chair = places.chair(actor.member_id, row.function)
    if reason or chair is None:
        sentence = f"{reason} {who_instead(row.function, places.who(row.function))}"
        raise Refused(sentence)
    return chair


def hand_of(actor: Actor, *permissions: Permission) -> Actor:
    """Return whoever carries an answer out: in the answerer's name, with a hand for these alone.

    Who approves need not be somebody who pushes evidence or edits plans.
    """
    return replace(actor, only=frozenset({Permission.VIEW, *permissions}))


def _record(actor: Actor, row: ApprovalRequest, now: Seen, at: datetime) -> int:
    """Record the answer about the version of the model that was seen; return its place."""
    gate = row.gate
    payload = {
        "function": row.function,
        "decision": row.decision,
        "statement": row.statement,
        "by_ref": reference(actor.member_id),
        "release": gate.release.name,
        "stage": gate.stage,
        "seen_digest": row.seen_digest,
        "requested_at": instant(row.requested_at),
        "for_ref": reference(row.for_member_id) or None,
    }
    line = next((one for one in now.lines if row.function in one.functions), None)
    return record_at_gate(
        actor, gate, now, "approval", {**payload, "requirement": line and line.key}, at
    )


def record_at_gate(
    actor: Actor,
    gate: Gate,
    now: Seen,
    kind: str,
    payload: Mapping[str, object],
    at: datetime,
) -> int:
    """Record what a person did at a gate, about the version that is judged; return its place."""
    about = now.subject or f"system:{gate.release.system.slug}"
    project = gate.release.project.slug if gate.release.project else None
    observation = Observation(SubjectRef.parse(about), kind, SOURCE, at, payload, project=project)
    outcome = record_evidence(hand_of(actor, Permission.EVIDENCE), [observation], at)
    if outcome.refused:
        raise Invalid(outcome.refused[0].reason)
    return outcome.sequences[0] if outcome.sequences else outcome.head_sequence


def reference(member: UUID | None) -> str:
    """Return what stands for a member in the ledger: opaque, so that a person can be erased."""
    return f"member:{member.hex}" if member else ""
