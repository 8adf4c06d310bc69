"""Setting a risk, ending one, putting one back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.queries import program_named, project_within
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean, fresh_key, name_key, to_minor
from headway.domain.risks.actions.issues import issue_of_risk, withdraw_issue
from headway.domain.risks.models import Risk
from headway.domain.risks.queries import risk_facts, risk_named
from headway.domain.risks.rules import (
    RISK_FIELDS,
    RiskFacts,
    Said,
    composed_name,
    require_closure,
    require_stage,
    require_strategy,
)
from headway.errors import Conflict, Invalid


@transaction.atomic
def set_risk(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> RiskFacts:
    """Set the risk `key` of a program: made from `values`, or changed by them; "" makes a new one.

    Fields are RISK_FIELDS and `project` (its address). A new one needs its probability; one without
    a name is called by its cause, event and effect. Which items it delays is said in plans
    (`set_risk_effects`). One that occurs becomes an issue, and what was said of it before is kept.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    fields = _read(actor, parent, values)
    mine = Risk.objects.select_for_update().filter(program_id=parent.id)
    if not key:
        words = str(fields.get("name") or fields.get("event") or "")
        key = fresh_key(words, mine.values_list("key", flat=True))
    key = str(name_key("key", key))
    row = mine.filter(key=key).first()
    if row is not None:
        _change(actor, row, fields, at, "set_risk", version)
        return risk_facts(row, parent.currency)
    if "probability" not in fields:
        sentence = f"The risk '{key}' is new and needs a probability, from 0 to 1."
        raise Invalid(sentence)
    row = Risk(workspace_id=actor.workspace_id, program_id=parent.id, key=key, **fields)
    row.name = row.name or composed_name(row.cause, row.event, row.effect) or key
    state, row.state = row.state, "open"
    _require_sound(row)
    add_row(actor, row, at, "set_risk", program=parent.slug, **{**fields, "name": row.name})
    if state != "open":
        _change(actor, row, {"state": state}, at, "set_risk")
    return risk_facts(row, parent.currency)


@transaction.atomic
def close_risk(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> RiskFacts:
    """Close a risk: it stays in the register, and counts no more."""
    row, parent = _locked(actor, program, key)
    _change(actor, row, {"state": "closed"}, at, "close_risk", version)
    return risk_facts(row, parent.currency)


@transaction.atomic
def occur_risk(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> RiskFacts:
    """Say that a risk occurred: the plan counts it as certain, and an issue is raised.

    What was said of it is kept to be scored. Raises Conflict when it is not open.
    """
    row, parent = _locked(actor, program, key)
    if row.state != "open":
        sentence = f"“{row.name}” is {row.state} already; open it again to say otherwise."
        raise Conflict(sentence)
    _change(actor, row, {"state": "occurred"}, at, "occur_risk", version)
    return risk_facts(row, parent.currency)


@transaction.atomic
def restore_risk(actor: Actor, program: str, key: str, version: int, at: datetime) -> RiskFacts:
    """Put a risk back to its earlier `version`: the undo of a change, of closing or of occurring.

    An issue that nobody touched since it was raised goes with it.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = put_back(actor, Risk, version, at, program_id=parent.id, key=key)
    if row.state == "open":
        withdraw_issue(actor, row, at)
    return risk_facts(row, parent.currency)


def _locked(actor: Actor, program: str, key: str) -> tuple[Risk, ProgramFacts]:
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    held = risk_named(actor, parent, key)
    return Risk.objects.select_for_update().get(id=held.id), parent


def _change(
    actor: Actor,
    row: Risk,
    fields: dict[str, Any],
    at: datetime,
    action: str,
    version: int | None = None,
) -> None:
    """Write `fields`, with what follows from a risk that ends or is open again."""
    before, after = row.state, str(fields.get("state", row.state))
    if before == "open" and after != "open":
        fields |= {"ended_at": at, "said": _said(row, after, at).stored()}
    elif after == "open" and before != "open":
        fields |= {"ended_at": None, "said": {}}
    if fields.get("name") == "":
        parts = (fields.get(name, getattr(row, name)) for name in ("cause", "event", "effect"))
        fields["name"] = composed_name(*map(str, parts)) or row.name
    change_row(actor, row, fields, at, action, version)
    _require_sound(row)
    if before == "open" and after == "occurred":
        issue_of_risk(actor, row, at)


def _said(row: Risk, state: str, at: datetime) -> Said:
    """Return what was said last before the day on which a risk ends; younger, its first words.

    An estimate of the very day is hindsight: who knows that it comes says 95 % in the morning.
    """
    today = datetime.combine(at.date(), time(), UTC)
    versions: Any = Risk.history.filter(id=row.id)
    before = versions.filter(history_date__lt=today).order_by("-history_date", "-history_id")
    past = before.first() or versions.order_by("history_date", "history_id").first()
    held = past.instance if past is not None else row
    said = risk_facts(held, "USD")
    since = past.history_date if past is not None else at
    delay = said.mitigated_delay if said.is_mitigated and said.mitigated_delay else said.delay
    cost = said.mitigated_cost if said.is_mitigated and said.mitigated_cost else said.cost
    chance = said.chance if said.is_open else said.probability
    return Said(chance, state == "occurred", since, delay, cost)


def _require_sound(row: Risk) -> None:
    """Raise Invalid where the parts of a risk do not go together."""
    require_closure(row.closes_days, row.closes_from, row.closes_to)
    require_strategy(row.kind, row.strategy)
    require_stage(row.stage, (row.delay, row.cost, row.closes_days), row.strategy)


def _read(actor: Actor, program: ProgramFacts, values: Mapping[str, object]) -> dict[str, Any]:
    given = dict(values)
    placed: dict[str, object] = {}
    if "project" in given:
        slug = str(given.pop("project") or "")
        placed["project_id"] = project_within(actor, program, slug).id if slug else None
    if "origin" in given:  # what the radar saw; no form has it
        placed["origin"] = given.pop("origin")
    fields = clean(given, RISK_FIELDS)
    if "mitigation_cost" in fields:
        price = Decimal(str(fields.pop("mitigation_cost")))
        fields["mitigation_cost_minor"] = to_minor(price, program.currency)
    return {**fields, **placed}
