"""From an alert on a model to work in the plan: proposed by Headway, accepted by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.models import CheckRun, Monitor, RetrainingProposal
from headway.domain.checks.queries.retraining import proposal_named
from headway.domain.checks.rules.retraining import (
    PROPOSES,
    WORK_FIELDS,
    ProposalFacts,
    proposed_range,
)
from headway.domain.plans.actions.changing import make_change
from headway.domain.plans.queries.finished import finished_work
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import facts, program_of, project_named
from headway.domain.programs.rules.fields import clean, text
from headway.errors import Conflict, Invalid
from headway.observation import SubjectRef


def propose_retraining(
    actor: Actor, monitor: Monitor, run: CheckRun, at: datetime
) -> ProposalFacts | None:
    """Propose to train a model anew, because its monitor alerts; None where that is no answer.

    One proposal waits for each model: another alert before it is answered adds nothing.
    """
    ref = SubjectRef.parse(monitor.subject)
    if ref.kind != "model" or monitor.kind not in PROPOSES:
        return None
    waiting = RetrainingProposal.objects.filter(workspace_id=monitor.workspace_id, state="open")
    if waiting.filter(subject=monitor.subject).exists():
        return None
    project = project_named(actor, monitor.project.slug)
    done = finished_work(actor, program_of(actor, project))
    trained = [one for one in done if one.kind == "training"]
    here = [one for one in trained if one.project == project.slug] or trained
    estimate, words = proposed_range(
        [one.days for one in trained], [one.ratio for one in done if one.ratio is not None]
    )
    item = f"{project.slug}/retrain-{run.number}"
    work = {
        "add": item,
        "fields": {"name": f"Retrain {ref.name}", "kind": "training", "estimate": estimate},
        "needs": dict(here[-1].needs) if here else {},
        "after": [],
        "before": [],
    }
    row = RetrainingProposal(
        workspace_id=monitor.workspace_id,
        monitor=monitor,
        run=run,
        project=monitor.project,
        key=f"{monitor.key}-{run.number}"[:60],
        subject=monitor.subject,
        sentence=f"Train {ref} anew: {run.sentence}"[:5_000],
        record=run.record,
        work=work,
        range_words=words,
        made_at=at,
    )
    add_row(actor, row, at, "propose_retraining", monitor=monitor.key, run=run.number)
    return facts(ProposalFacts, row)


@transaction.atomic
def accept_retraining(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
) -> ProposalFacts:
    """Take a proposal into the plan: its work is added, tied to the evidence it rests on.

    `values` (WORK_FIELDS) say what is different from what was proposed: key, name, estimate,
    needs, after, before. The next forecast carries it, and its bridge names the evidence. Raises
    Conflict for one that is settled, Invalid where the plan would not hold.
    """
    require(actor, Permission.PLAN)
    row = _open(actor, key)
    work = _work(row.work, clean(values, WORK_FIELDS))
    project = project_named(actor, str(work["add"]).partition("/")[0])
    program = program_of(actor, project)
    origin = {"words": f"proposed when {_because(row)}", "record": row.record}
    make_change(actor, program, {**work, "origin": origin}, at)
    settled = {"state": "accepted", "work": work, "item": work["add"]}
    return _settle(actor, row, settled, reason, at, version)


def _because(row: RetrainingProposal) -> str:
    """Say what happened, for the line of a bridge."""
    record = f", record {row.record}" if row.record is not None else ""
    return f"“{row.monitor.name}” alerted{record}"


def _work(proposed: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    project = str(proposed["add"]).partition("/")[0]
    fields = dict(proposed["fields"])
    for name in ("name", "estimate"):
        if said.get(name):
            fields[name] = said[name]
    return {
        "add": f"{project}/{said['key']}" if said.get("key") else proposed["add"],
        "fields": fields,
        "needs": said.get("needs", proposed["needs"]),
        "after": said.get("after", proposed["after"]),
        "before": said.get("before", proposed["before"]),
    }


@transaction.atomic
def dismiss_retraining(
    actor: Actor, key: str, reason: str, at: datetime, *, version: int | None = None
) -> ProposalFacts:
    """Answer a proposal with no, and why. The alert itself stays until good runs clear it."""
    require(actor, Permission.PLAN)
    row = _open(actor, key)
    if not reason.strip():
        sentence = "Say why the model is not trained anew; the reason is kept with the alert."
        raise Invalid(sentence)
    return _settle(actor, row, {"state": "dismissed"}, reason, at, version)


@transaction.atomic
def reopen_retraining(
    actor: Actor, key: str, at: datetime, *, version: int | None = None
) -> ProposalFacts:
    """Let a dismissed proposal wait again: the undo of a no. Accepted work is taken out by hand."""
    require(actor, Permission.PLAN)
    held = proposal_named(actor, key)
    row = RetrainingProposal.objects.select_for_update().get(id=held.id)
    if row.state != "dismissed":
        sentence = f"The proposal is {row.state}; only a dismissed one can wait again."
        raise Conflict(sentence)
    changes = {"state": "open", "reason": "", "settled_at": None, "settled_by": ""}
    change_row(actor, row, changes, at, "reopen_retraining", version)
    return facts(ProposalFacts, row)


def _open(actor: Actor, key: str) -> RetrainingProposal:
    held = proposal_named(actor, key)
    row = RetrainingProposal.objects.select_for_update().get(id=held.id)
    if row.state != "open":
        sentence = f"The proposal is {row.state} since {row.settled_at:%Y-%m-%d}."
        raise Conflict(sentence)
    return row


def _settle(
    actor: Actor,
    row: RetrainingProposal,
    changes: Mapping[str, object],
    reason: str,
    at: datetime,
    version: int | None,
) -> ProposalFacts:
    said = text(2_000)("reason", reason)
    settled = {**changes, "reason": said, "settled_at": at, "settled_by": actor.label[:200]}
    change_row(actor, row, settled, at, f"{changes['state']}_retraining", version)
    return facts(ProposalFacts, row)
