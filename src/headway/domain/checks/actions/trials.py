"""Online experiments: the plan is written, locked before the first look, amended, and decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.models import CheckRun, Monitor, TrialAmendment, TrialPlan
from headway.domain.checks.queries import monitor_named
from headway.domain.checks.queries.trials import looks_of, trial_of
from headway.domain.checks.rules import TrialFacts, plan_digest, read_plan
from headway.domain.checks.rules.trials import DECISIONS, TRIAL_FIELDS
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.rules.fields import choice, clean, text
from headway.errors import Conflict, Invalid
from headway.observation import Observation, SubjectRef


@transaction.atomic
def set_trial(
    actor: Actor,
    key: str,
    question: str,
    plan: Mapping[str, Any],
    at: datetime,
    *,
    version: int | None = None,
) -> TrialFacts:
    """Write the plan of the experiment that the monitor `key` watches, or change it.

    `plan` has the keys of a trial plan's file.

    Raises Conflict once it is locked: then only an amendment changes it.
    """
    require(actor, Permission.EVIDENCE)
    monitor = _experiment(actor, key)
    fields = {**clean({"question": question}, TRIAL_FIELDS), "plan": read_plan(plan)}
    row = TrialPlan.objects.select_for_update().filter(monitor_id=monitor.id).first()
    if row is None:
        row = TrialPlan(workspace_id=actor.workspace_id, monitor_id=monitor.id, **fields)
        add_row(actor, row, at, "set_trial", monitor=key, **fields)
        return trial_of(actor, monitor_named(actor, key))
    if row.state != "draft":
        sentence = f"The plan was locked on {row.locked_at:%Y-%m-%d}; amend it with a reason."
        raise Conflict(sentence)
    change_row(actor, row, fields, at, "set_trial", version)
    return trial_of(actor, monitor_named(actor, key))


@transaction.atomic
def lock_trial(actor: Actor, key: str, at: datetime, *, version: int | None = None) -> TrialFacts:
    """Lock the plan of an experiment before its first look; it is recorded with its digest."""
    require(actor, Permission.EVIDENCE)
    monitor, row = _locked(actor, key)
    if row.state != "draft":
        sentence = f"The plan is {row.state} already."
        raise Conflict(sentence)
    changes = {
        "state": "locked",
        "digest": plan_digest(row.plan),
        "locked_at": at,
        "locked_by": actor.label[:200],
    }
    change_row(actor, row, changes, at, "lock_trial", version)
    said = f"The plan of “{row.question}” was locked before the first look; digest {row.digest}."
    _note(actor, monitor, said, at)
    return trial_of(actor, monitor_named(actor, key))


@transaction.atomic
def amend_trial(
    actor: Actor,
    key: str,
    changes: Mapping[str, Any],
    reason: str,
    at: datetime,
    *,
    version: int | None = None,
) -> TrialFacts:
    """Change a locked plan, with a reason; how many looks had been taken is kept with it.

    Raises Invalid without a reason, Conflict for a plan that is not locked.
    """
    require(actor, Permission.EVIDENCE)
    monitor, row = _locked(actor, key)
    if row.state != "locked":
        sentence = f"The plan is {row.state}; only a locked one is amended."
        raise Conflict(sentence)
    said = str(text(2_000)("reason", reason))
    if not said:
        sentence = "An amendment needs its reason: whoever reads the result has to judge it."
        raise Invalid(sentence)
    after = read_plan({**row.plan, **changes})
    if after == row.plan:
        sentence = "Nothing in the plan would change."
        raise Invalid(sentence)
    looks = CheckRun.objects.filter(monitor_id=monitor.id, state="done").count()
    number = row.amendments.count() + 1
    TrialAmendment.objects.create(
        workspace_id=actor.workspace_id,
        trial=row,
        number=number,
        before=row.plan,
        after=after,
        reason=said,
        looks=looks,
        at=at,
        by=actor.label[:200],
    )
    wanted = {"plan": after, "digest": plan_digest(after)}
    change_row(actor, row, wanted, at, "amend_trial", version)
    told = f"Amendment {number} of “{row.question}” after {looks} looks: {said}"
    _note(actor, monitor, told, at)
    return trial_of(actor, monitor_named(actor, key))


@transaction.atomic
def decide_trial(
    actor: Actor,
    key: str,
    decision: str,
    reason: str,
    at: datetime,
    *,
    version: int | None = None,
) -> TrialFacts:
    """Decide an experiment (DECISIONS) on its last look; who and what was seen is kept.

    Raises Conflict before the first look, or when it is decided; Invalid without a reason for
    what the readout does not say.
    """
    require(actor, Permission.DECIDE)
    monitor, row = _locked(actor, key)
    taken = str(choice(*DECISIONS)("decision", decision))
    if row.state != "locked":
        sentence = f"The experiment is {row.state}; only one with a locked plan is decided."
        raise Conflict(sentence)
    looks = looks_of(actor, monitor_named(actor, key))
    if not looks:
        sentence = "Nobody has looked at this experiment yet, so there is nothing to decide on."
        raise Conflict(sentence)
    last, said = looks[-1], str(text(2_000)("reason", reason))
    if taken != last.word and not said:
        sentence = f"The readout says “{last.word}”; write why you decide “{taken}”."
        raise Invalid(sentence)
    seen = {"look": last.number, "word": last.word, "verdict": last.verdict, "n": last.n}
    changes = {
        "state": "decided",
        "decision": taken,
        "reason": said,
        "decided_at": at,
        "decided_by": actor.label[:200],
        "seen": {**seen, "sentence": last.sentence, "record": last.record},
    }
    change_row(actor, row, changes, at, "decide_trial", version)
    told = f"“{row.question}” was decided: {taken}, on look {last.number} ({last.word}). {said}"
    _note(actor, monitor, told.strip(), at)
    return trial_of(actor, monitor_named(actor, key))


def _experiment(actor: Actor, key: str) -> Monitor:
    held = monitor_named(actor, key)
    if held.kind != "experiment":
        sentence = f"“{held.name}” is of kind {held.kind}; only an experiment has a plan."
        raise Invalid(sentence)
    return Monitor.objects.select_for_update().get(id=held.id)


def _locked(actor: Actor, key: str) -> tuple[Monitor, TrialPlan]:
    monitor = _experiment(actor, key)
    held = trial_of(actor, monitor_named(actor, key))
    return monitor, TrialPlan.objects.select_for_update().get(id=held.id)


def _note(actor: Actor, monitor: Monitor, words: str, at: datetime) -> None:
    """Put what was done with a plan on record, beside the looks."""
    subject = SubjectRef.parse(monitor.subject)
    note = {"text": words[:10_000]}
    seen = Observation(subject, "note", "headway", at, note, project=monitor.project.slug)
    record_evidence(headway_actor(actor.workspace_id), [seen], at, may_lack_project=True)
