"""Deciding at a gate, and letting a release enter the stage behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.actions.approvals import record_at_gate, reference
from headway.domain.gates.actions.blocking import settle_gate
from headway.domain.gates.actions.locked import locked_gate
from headway.domain.gates.actions.waivers import require_free
from headway.domain.gates.models import Condition, Gate, GateDecision
from headway.domain.gates.queries.decisions import (
    Deciding,
    answers,
    deciding_at,
    decisions_by_gate,
)
from headway.domain.gates.queries.seen import gate_before, place_of, seen_now
from headway.domain.gates.rules.decisions import (
    CONDITIONAL,
    DECISION_FIELDS,
    GO,
    OPENING,
    OUTCOMES,
    RECYCLE,
    ConditionDraft,
    GateDecisionFacts,
    conditional,
    read_conditions,
    seen_digest,
    written,
)
from headway.domain.programs.actions import move_release
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import release_of
from headway.domain.programs.rules import ReleaseFacts
from headway.domain.programs.rules.fields import clean, meant
from headway.errors import Conflict, Invalid, Refused


@transaction.atomic
def decide_gate(
    actor: Actor,
    gate_id: UUID,
    values: Mapping[str, object],
    at: datetime,
    *,
    seen: str = "",
) -> GateDecisionFacts:
    """Decide at a gate: `outcome` (OUTCOMES), `reason`, `conditions` of a go with conditions.

    A go needs every requirement met or waived and every function that was asked or is needed to
    have approved; else Refused with the list. `seen` is the digest of what was looked at: Conflict
    when evidence moved on. Nobody decides their own. It is never undone: a later decision counts.
    """
    require(actor, Permission.DECIDE)
    gate = locked_gate(actor, gate_id)
    given = {"outcome": "", "reason": "", **values}
    raw = given.pop("conditions", ())
    fields: dict[str, Any] = clean(given, DECISION_FIELDS)
    outcome = _outcome(fields["outcome"])
    now = seen_now(actor, gate, at)
    if seen and seen != seen_digest(now):
        sentence = "What you looked at has changed since; look again, then decide."
        raise Conflict(sentence)
    conditions = read_conditions(raw, at.date(), [line.key for line in now.lines])
    _check_words(outcome, fields["reason"], conditions)
    require_free(actor, gate, now, "decides")
    standing = deciding_at(actor, gate, now)
    if outcome in OPENING:
        _check_go(outcome, conditions, standing)
    row = _row(actor, gate, standing, outcome, fields["reason"], at)
    _write(actor, gate, row, conditions, at)
    if outcome == RECYCLE:
        change_row(actor, gate, {"round": gate.round + 1}, at, "recycle_gate")
    settle_gate(actor, gate, at)
    return decisions_by_gate(actor, [gate.id])[gate.id][0]


def _outcome(word: str) -> str:
    if word not in OUTCOMES:
        sentence = (
            f"The outcome is {word!r}{meant(word, OUTCOMES)}; it is one of: {', '.join(OUTCOMES)}."
        )
        raise Invalid(sentence)
    return word


def _check_words(outcome: str, reason: str, conditions: Sequence[ConditionDraft]) -> None:
    """Raise Invalid for an outcome that does not say what it has to."""
    if outcome == CONDITIONAL and not conditions:
        sentence = "A go with conditions needs at least one: its text, owner and due day."
        raise Invalid(sentence)
    if outcome in OPENING:
        return
    if conditions:
        sentence = f"Conditions belong to a go with conditions, not to '{outcome}'."
        raise Invalid(sentence)
    if not reason:
        sentence = f"Say why: the reason of '{outcome}' is what people read first."
        raise Invalid(sentence)


def _check_go(outcome: str, conditions: Sequence[ConditionDraft], standing: Deciding) -> None:
    """Raise for a go that what is seen does not allow."""
    if standing.obstacles:
        count = len(standing.obstacles)
        said = "One thing stands" if count == 1 else f"{count} things stand"
        more = f" And {count - 10} more." if count > 10 else ""
        sentence = f"{said} against a go. {' '.join(standing.obstacles[:10])}{more}"
        raise Refused(sentence)
    bound = conditional(answers(standing.approvals))
    if outcome == GO and (conditions or bound):
        why = f"{bound[0].capitalize()} approved with conditions" if bound else "It has conditions"
        sentence = f"{why}: decide 'go_with_conditions', each condition with an owner and a day."
        raise Invalid(sentence)


def _row(
    actor: Actor, gate: Gate, standing: Deciding, outcome: str, reason: str, at: datetime
) -> GateDecision:
    """Return the decision, on record in the ledger, not stored yet."""
    now = standing.seen
    payload = {
        "release": gate.release.name,
        "stage": gate.stage,
        "outcome": outcome,
        "rules": gate.rules.number,
        "rules_digest": gate.rules.digest,
        "seen_digest": seen_digest(now),
        "reason": reason,
        "by_ref": reference(actor.member_id),
    }
    before = GateDecision.objects.filter(gate=gate, round=gate.round)
    return GateDecision(
        workspace_id=actor.workspace_id,
        gate=gate,
        round=gate.round,
        serial=(before.aggregate(last=Max("serial"))["last"] or 0) + 1,
        outcome=outcome,
        reason=reason,
        rules=gate.rules,
        seen=written(now),
        seen_digest=seen_digest(now),
        subject=now.subject,
        at=at,
        by=actor.label[:200],
        by_user=actor.user_id,
        record=record_at_gate(actor, gate, now, "gate_decision", payload, at),
    )


def _write(
    actor: Actor,
    gate: Gate,
    row: GateDecision,
    conditions: Sequence[ConditionDraft],
    at: datetime,
) -> None:
    row.save(force_insert=True)
    told = {"outcome": row.outcome, "round": row.round, "record": row.record}
    write_audit(actor, "decide_gate", place_of(gate), at, seen=row.seen_digest, **told)
    for number, draft in enumerate(conditions, 1):
        condition = Condition(
            workspace_id=actor.workspace_id,
            decision=row,
            key=f"c{number}",
            text=draft.text,
            owner=draft.owner,
            due=draft.due,
            requirement=draft.requirement,
        )
        add_row(actor, condition, at, "bind_go", owner=draft.owner, due=draft.due)


@transaction.atomic
def enter_stage(
    actor: Actor,
    release_id: UUID,
    stage: str,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
) -> ReleaseFacts:
    """Move a release to a stage, through the gates that stand before it.

    Forward, every gate that it passes must have a go that holds now; else Refused with the reason.
    Back, and where nothing is gated, it moves as it always did (`move_release`).
    """
    require(actor, Permission.PLAN)
    release = release_of(actor, release_id)
    for gate in gate_before(actor, release, stage):
        closed = deciding_at(actor, gate, seen_now(actor, gate, at)).closed
        if closed:
            sentence = (
                f"{release.system_name} {release.name} cannot enter '{stage}': the gate before "
                f"'{gate.stage}' is closed, {closed} Open it on the gate's page."
            )
            raise Refused(sentence)
    return move_release(actor, release_id, stage, at, reason=reason, version=version)
