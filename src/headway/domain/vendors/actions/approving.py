"""Asking functions about a contract, an order or an invoice, and answering, once, on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.rules.approving import ANSWER_FIELDS, read_function
from headway.domain.programs.rules.fields import clean
from headway.domain.vendors.actions.booking import book_if_owed
from headway.domain.vendors.models import VendorApproval, VendorRules
from headway.domain.vendors.queries.approvals import (
    Approving,
    approving_of,
    ask_facts,
    hands_of,
    rules_of,
)
from headway.domain.vendors.rules.approvals import RULES_FIELDS, AskFacts, RulesFacts, who_instead
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef, instant

#: Where records about vendors come from.
SOURCE = "headway:vendors"


@transaction.atomic
def set_vendor_rules(
    actor: Actor, values: Mapping[str, object], at: datetime, *, version: int | None = None
) -> RulesFacts:
    """Say whom the workspace asks (RULES_FIELDS), and how far an invoice may be off."""
    require(actor, Permission.PROGRAM)
    fields = clean(values, RULES_FIELDS)
    row = VendorRules.objects.select_for_update().filter(workspace_id=actor.workspace_id).first()
    if row is None:
        start: dict[str, Any] = {
            "contract_functions": list(RulesFacts().contract_functions),
            "invoice_functions": list(RulesFacts().invoice_functions),
        }
        row = VendorRules(workspace_id=actor.workspace_id, **(start | fields))
        add_row(actor, row, at, "set_vendor_rules", **fields)
    else:
        change_row(actor, row, fields, at, "set_vendor_rules", version)
    return rules_of(actor.workspace_id)


@transaction.atomic
def request_vendor_approvals(
    actor: Actor, subject: str, functions: Iterable[str], at: datetime
) -> Approving:
    """Ask functions to approve `subject` (contract:…, order:…, invoice:…); who waits keeps theirs.

    Raises Invalid for a function that does not approve, or none at all.
    """
    require(actor, Permission.PLAN)
    held = approving_of(actor, subject, at)
    wanted = sorted({read_function("function", one) for one in functions})
    if not wanted:
        sentence = "Nobody is asked: name at least one function, such as finance."
        raise Invalid(sentence)
    ask(actor, held.thing.subject, wanted, at, actor.member_id)
    return approving_of(actor, subject, at)


def ask(
    actor: Actor, subject: str, functions: Iterable[str], at: datetime, by: UUID | None
) -> None:
    """Write down that functions are asked; an open question stays as it is."""
    waiting = VendorApproval.objects.select_for_update().filter(
        workspace_id=actor.workspace_id, subject=subject, answered_at__isnull=True
    )
    known = set(waiting.values_list("function", flat=True))
    fresh = [one for one in functions if one not in known]
    VendorApproval.objects.bulk_create(
        VendorApproval(
            workspace_id=actor.workspace_id,
            subject=subject,
            function=one,
            requested_at=at,
            requested_by_id=by,
        )
        for one in fresh
    )
    if fresh:
        write_audit(actor, "request_vendor_approvals", subject, at, functions=fresh)


@transaction.atomic
def answer_vendor_approval(
    actor: Actor,
    ask_id: UUID,
    values: Mapping[str, object],
    at: datetime,
    *,
    seen: str = "",
    version: int | None = None,
) -> AskFacts:
    """Answer for a function (ANSWER_FIELDS: decision and statement), once; it becomes a record.

    An invoice whose last needed approval this is becomes a cost. `seen` is the digest of what the
    answerer looked at: Conflict when it moved on since, or was answered before; Refused, with who
    may instead, for who does not hold the function, asked for it, or took the invoice in.
    """
    require(actor, Permission.DECIDE)
    fields = clean({"decision": "", "statement": "", **values}, ANSWER_FIELDS)
    row = _locked(actor, ask_id, version)
    held = approving_of(_reader(actor), row.subject, at)
    if seen and seen != held.digest:
        sentence = "What you looked at has changed since; look again, then answer."
        raise Conflict(sentence)
    differs = held.thing.named.sort == "invoice" and held.thing.seen["match"] != "matched"
    if not fields["statement"] and (fields["decision"] != "approved" or differs):
        sentence = "Say in the statement why: it is refused, has conditions, or does not match."
        raise Invalid(sentence)
    _refuse_others(actor, row, held)
    row.answered_at, row.answered_by_id = at, actor.member_id
    row.decision, row.statement = str(fields["decision"]), str(fields["statement"])
    row.seen, row.seen_digest = dict(held.thing.seen), held.digest
    row.record = _record(actor, row, at)
    row.version += 1
    row.save()
    told = {"decision": row.decision, "record": row.record, "seen": held.digest}
    write_audit(actor, "answer_vendor_approval", f"{row.function} for {row.subject}", at, **told)
    if held.thing.named.sort == "invoice":
        book_if_owed(actor, held.thing, at)
    return ask_facts(row, {one.member_id: one.name for one in hands_of(_reader(actor))})


def _reader(actor: Actor) -> Actor:
    """Return the answerer with eyes: who may decide by a narrow token may see what they decide."""
    return replace(actor, only=frozenset({Permission.VIEW}))


def _locked(actor: Actor, ask_id: UUID, version: int | None) -> VendorApproval:
    """Return an open question, locked: the first answer counts."""
    rows = VendorApproval.objects.select_for_update()
    row = rows.filter(workspace_id=actor.workspace_id, id=ask_id).first()
    if row is None:
        sentence = "Nobody was asked this in this workspace."
        raise NotFound(sentence)
    if row.answered_at is not None:
        sentence = f"{row.function.capitalize()} answered this on {row.answered_at:%-d %b %Y}."
        raise Conflict(sentence)
    if version is not None and version != row.version:
        sentence = f"The question moved on since version {version}; it is at {row.version} now."
        raise Conflict(sentence)
    return row


def _refuse_others(actor: Actor, row: VendorApproval, held: Approving) -> None:
    hands = [one.tied(row.requested_by_id, held.thing.named.author) for one in hands_of(actor)]
    mine = next((one for one in hands if one.member_id == actor.member_id), None)
    reason = "Only a member who is signed in can answer; a machine cannot."
    if mine is not None:
        reason = mine.why_not(row.function)
    if reason:
        sentence = f"{reason} {who_instead(row.function, hands)}"
        raise Refused(sentence)


def _record(actor: Actor, row: VendorApproval, at: datetime) -> int:
    """Record an answer about what it answers; return its place in the ledger."""
    payload = {
        "function": row.function,
        "decision": row.decision,
        "statement": row.statement,
        "by_ref": f"member:{actor.member_id.hex}" if actor.member_id else "",
        "seen_digest": row.seen_digest,
        "requested_at": instant(row.requested_at),
    }
    return record_about(actor, row.subject, "approval", payload, at)


def record_about(
    actor: Actor,
    subject: str,
    kind: str,
    payload: Mapping[str, object],
    at: datetime,
    until: datetime | None = None,
) -> int:
    """Record what a person said of a contract, an order or an invoice; return its place."""
    told = Observation(SubjectRef.parse(subject), kind, SOURCE, at, payload, until)
    hand = replace(actor, only=frozenset({Permission.VIEW, Permission.EVIDENCE}))
    outcome = record_evidence(hand, [told], at, may_lack_project=True)
    if outcome.refused:
        raise Invalid(outcome.refused[0].reason)
    return outcome.sequences[0] if outcome.sequences else outcome.head_sequence
