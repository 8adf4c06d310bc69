"""Answering what the radar proposes: accepted, it is a risk; dismissed, it is quiet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions import set_risk_effects
from headway.domain.programs.actions.rows import add_row, change_row, drop_row
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.radar.models import RadarAnswer
from headway.domain.radar.queries import proposal_named
from headway.domain.radar.rules import Proposal
from headway.domain.radar.rules.proposals import require_reason
from headway.domain.risks.actions import set_risk
from headway.domain.risks.rules import RiskFacts
from headway.errors import Conflict, NotFound


@transaction.atomic
def accept_proposal(
    actor: Actor,
    program: str,
    key: str,
    at: datetime,
    values: Mapping[str, object] | None = None,
) -> RiskFacts:
    """Make a risk of the proposal `key` (rule:subject), with its items; it is simulated from then.

    `values` (RISK_FIELDS) replace what is suggested. Raises NotFound where the facts do not make
    the proposal any more, Conflict where its risk is open already.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    line = proposal_named(actor, parent, key, at)
    one, held = line.proposal, line.answer
    if held is not None and held.answer == "accepted" and line.is_quiet:
        sentence = f"“{one.name}” is in the register already, as the risk {held.risk_key}."
        raise Conflict(sentence)
    risk = set_risk(actor, program, "", {**_suggested(one), **(values or {})}, at)
    set_risk_effects(actor, program, risk.key, one.items, at)
    told = {"answer": "accepted", "reason": "", "risk_id": risk.id}
    _answer(actor, parent, one, told, at, "accept_proposal")
    return risk


@transaction.atomic
def dismiss_proposal(actor: Actor, program: str, key: str, reason: str, at: datetime) -> None:
    """Say that the proposal `key` is no risk, and why: it is quiet until its facts change.

    Raises Invalid without a reason, NotFound where the facts do not make it any more.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    one = proposal_named(actor, parent, key, at).proposal
    told = {"answer": "dismissed", "reason": require_reason(reason), "risk_id": None}
    _answer(actor, parent, one, told, at, "dismiss_proposal")


@transaction.atomic
def ask_proposal_again(actor: Actor, program: str, key: str, at: datetime) -> None:
    """Take an answer back: the undo of a dismissal. The risk of an accepted one stays."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    rule, _, subject = key.partition(":")
    rows = RadarAnswer.objects.select_for_update().filter(program_id=parent.id)
    row = rows.filter(rule=rule, subject=subject).first()
    if row is None:
        sentence = f"Nobody has answered '{key[:120]}' yet."
        raise NotFound(sentence)
    drop_row(actor, row, at, "ask_proposal_again", program=parent.slug, proposal=key)


def _suggested(one: Proposal) -> dict[str, object]:
    """Return the fields of the risk that a proposal suggests."""
    return {
        "name": one.name,
        "cause": one.cause,
        "event": one.event,
        "effect": one.effect,
        "category": one.category,
        "probability": one.probability,
        "delay": None if one.delay is None else list(one.delay),
        "cost": None if one.cost is None else list(one.cost),
        "strategy": one.strategy,
        "response": one.response,
        "stage": "assessed",
        "origin": {
            "rule": one.rule,
            "subject": one.subject,
            "digest": one.digest,
            "facts": [
                *(fact.sentence for fact in one.facts),
                f"The chance: {one.why_probability}.",
                f"The range: {one.why_range}.",
            ],
        },
    }


def _answer(
    actor: Actor,
    program: ProgramFacts,
    one: Proposal,
    told: dict[str, Any],
    at: datetime,
    action: str,
) -> None:
    """Keep what was said of a proposal, in place of what was said before."""
    fields = {**told, "digest": one.digest, "answered_at": at, "answered_by": actor.label}
    rows = RadarAnswer.objects.select_for_update().filter(program_id=program.id)
    row = rows.filter(rule=one.rule, subject=one.subject).first()
    if row is not None:
        change_row(actor, row, fields, at, action)
        return
    row = RadarAnswer(
        workspace_id=actor.workspace_id,
        program_id=program.id,
        rule=one.rule,
        subject=one.subject,
        **fields,
    )
    add_row(actor, row, at, action, program=program.slug, proposal=one.key, **told)
