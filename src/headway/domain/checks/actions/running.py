"""Runs: asked for or due, done by the worker in a process of its own, recorded as evidence."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.actions.engines import answer_to
from headway.domain.checks.actions.recording import keep_result, standing_before
from headway.domain.checks.actions.tables import opened
from headway.domain.checks.models import CheckRun, Monitor, ReferenceData, TrialPlan
from headway.domain.checks.queries import RunLine, monitor_named
from headway.domain.checks.queries.monitors import monitor_rows
from headway.domain.checks.queries.runs import run_line
from headway.domain.checks.rules import MonitorFacts, RunRequest, RunResult
from headway.domain.checks.rules.hysteresis import after
from headway.domain.checks.rules.tables import read_table
from headway.domain.plans.actions.draining import Job, Line, drain, runner_of
from headway.domain.plans.actions.store import ask_to_stop, forget, tell_step
from headway.domain.plans.rules.jobs import ENDED, JobState
from headway.domain.programs.queries import facts
from headway.errors import Conflict, HeadwayError, Invalid, NotFound

RUNNER = runner_of("headway.interfaces.worker.checking")

#: States of a run that is not over.
OPEN = (JobState.WAITING, JobState.RUNNING)


@transaction.atomic
def ask_run(
    actor: Actor, key: str, at: datetime, moment: datetime, *, cause: str = "asked"
) -> RunLine:
    """Ask for a run of a monitor as of `at`; the worker does it. `moment` is by the clock.

    One that waits or runs already is returned: two at once would say the same. Raises Conflict
    for an experiment whose plan is not locked.
    """
    require(actor, Permission.EVIDENCE)
    held = monitor_named(actor, key)
    monitor = Monitor.objects.select_for_update().get(id=held.id)
    waiting = monitor.runs.filter(state__in=OPEN).order_by("number").first()
    if waiting is not None:
        return run_line(waiting)
    if monitor.kind == "experiment":
        _require_locked(monitor)
    row = _new(actor, monitor, monitor.table, at, moment, cause)
    if cause == "asked":
        write_audit(actor, "ask_run", f"monitor {key}: {monitor.name}", at, run=row.number)
    return run_line(row)


@dataclass(frozen=True, slots=True)
class ReferenceDraft:
    """Whose data becomes reference data: of a `table`, of what `run` read, else today's table."""

    run: int | None = None
    table: Mapping[str, object] | None = None
    reason: str = ""


@transaction.atomic
def ask_reference(
    actor: Actor, key: str, draft: ReferenceDraft, at: datetime, moment: datetime
) -> RunLine:
    """Ask for reference data of a monitor to be stored; what stood before stays in the history.

    Raises Conflict while another run is under way.
    """
    require(actor, Permission.EVIDENCE)
    held = monitor_named(actor, key)
    monitor = Monitor.objects.select_for_update().get(id=held.id)
    if monitor.runs.filter(state__in=OPEN).exists():
        sentence = f"A run of “{monitor.name}” is under way; wait for it, or cancel it."
        raise Conflict(sentence)
    row = _new(actor, monitor, _reference_table(monitor, draft), at, moment, "reference")
    row.answer = {"reason": draft.reason.strip()[:1_000]}
    row.save(update_fields=["answer"])
    thing = f"monitor {key}: {monitor.name}"
    write_audit(actor, "ask_reference", thing, at, run=row.number, reason=draft.reason)
    return run_line(row)


def _reference_table(monitor: Monitor, draft: ReferenceDraft) -> Mapping[str, Any]:
    if draft.table is not None:
        return read_table("reference", draft.table)
    if draft.run is None:
        table: Mapping[str, Any] = monitor.table
        return table
    past = monitor.runs.filter(number=draft.run).first()
    if past is None:
        sentence = f"The monitor '{monitor.key}' has no run {draft.run}."
        raise NotFound(sentence)
    read: Mapping[str, Any] = past.table
    return read


def _new(
    actor: Actor,
    monitor: Monitor,
    table: Mapping[str, Any],
    at: datetime,
    moment: datetime,
    cause: str,
) -> CheckRun:
    last = monitor.runs.aggregate(last=Max("number"))["last"] or 0
    try:
        return CheckRun.objects.create(
            workspace_id=actor.workspace_id,
            monitor=monitor,
            number=last + 1,
            cause=cause,
            asked_by=actor.label[:200],
            state=JobState.WAITING,
            at=at,
            changed_at=moment,
            table=dict(table),
        )
    except IntegrityError as error:
        sentence = f"A run of “{monitor.name}” is under way already."
        raise Conflict(sentence) from error


def _require_locked(monitor: Monitor) -> None:
    trial = TrialPlan.objects.filter(monitor_id=monitor.id).first()
    if trial is None or trial.state == "draft":
        sentence = (
            f"The plan of “{monitor.name}” is not locked; a look before it would choose the plan "
            "by its result. Lock the plan first."
        )
        raise Conflict(sentence)
    if trial.state == "decided":
        sentence = f"“{monitor.name}” is decided: {trial.decision}. A new question is a new plan."
        raise Conflict(sentence)


@transaction.atomic
def cancel_run(actor: Actor, key: str, number: int, at: datetime, moment: datetime) -> RunLine:
    """Stop a run that waits or runs; it says nothing. One that is over stays as it is."""
    require(actor, Permission.EVIDENCE)
    held = monitor_named(actor, key)
    row = CheckRun.objects.select_for_update().filter(monitor_id=held.id, number=number).first()
    if row is None:
        sentence = f"The monitor '{key}' has no run {number}."
        raise NotFound(sentence)
    if row.state not in ENDED:
        if row.state == JobState.RUNNING:
            ask_to_stop(row.id)
        row.state, row.changed_at = JobState.CANCELLED, moment
        row.save(update_fields=["state", "changed_at"])
        write_audit(actor, "cancel_run", f"monitor {key}: {held.name}", at, run=number)
    return run_line(row)


def ask_due(actor: Actor, at: datetime) -> int:
    """Ask for a run of each monitor of the workspace whose turn has come; return how many."""
    require(actor, Permission.SYNC)
    asked = 0
    rows = monitor_rows(actor, None, is_enabled=True)
    last = _last_turns([row.id for row in rows])
    for row in rows:
        due = facts(MonitorFacts, row).due(last.get(row.id))
        if due is None or due > at:
            continue
        if row.kind == "experiment" and not _is_locked(row):
            continue
        asked += ask_run(actor, row.key, at, at, cause="due").cause == "due"
    return asked


def _last_turns(monitors: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """Return when each monitor last ran, was to run, or was told not to."""
    rows = CheckRun.objects.filter(monitor_id__in=monitors).exclude(cause="reference")
    return dict(
        rows.values("monitor_id").annotate(last=Max("at")).values_list("monitor_id", "last")
    )


def _is_locked(row: Monitor) -> bool:
    return TrialPlan.objects.filter(monitor_id=row.id, state="locked").exists()


def drain_checks(
    at: datetime,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    runner: Sequence[str] = RUNNER,
) -> int:
    """Do every run that waits, as `drain` does; return how many were looked at."""
    return drain(Line(CheckRun, runner, _lost), at, is_stopping)


def _lost(job: Job) -> Mapping[str, object]:
    """Return what is written of a run whose process ended without a word each time."""
    row = CheckRun.objects.select_related("monitor").get(id=job.id)
    told = (
        f"The run ended {job.attempts} times without a word, most likely for want of memory; the "
        "worker's log tells more."
    )
    standing = standing_before(row)
    stands = after(standing, None, row.monitor.alert_after, row.monitor.clear_after)
    return {
        "verdict": "error",
        "sentence": told,
        "stand": stands.stand,
        "bad_in_a_row": stands.bad,
        "good_in_a_row": stands.good,
    }


def run_check(run: UUID, attempt: int, moment: datetime) -> None:
    """Do a run that was claimed for its `attempt`-th try, and keep what it found.

    What cannot be read is kept as a run without evidence, in a sentence; a bug is not: the run is
    tried again, and given up after some tries. A run that was cancelled meanwhile says nothing.
    """
    row = CheckRun.objects.select_related("monitor").get(id=run)
    begun = time.monotonic()
    try:
        result = _answer(row)
    except HeadwayError as error:
        result = RunResult("error", str(error), rule="the data can be read")
    pinned = Workspace.objects.get(id=row.workspace_id).pinned_at is not None
    learned = row.at if pinned else max(moment, row.at)
    mine = {"state": JobState.RUNNING, "attempts": attempt}
    with transaction.atomic():
        monitor = Monitor.objects.select_for_update().filter(id=row.monitor_id).first()
        fresh = CheckRun.objects.select_for_update().filter(id=run, **mine).first()
        if monitor is None or fresh is None:
            return
        fresh.seconds = round(time.monotonic() - begun, 3)
        fresh.changed_at = moment
        keep_result(headway_actor(row.workspace_id), monitor, fresh, result, learned)


def run_now(actor: Actor, key: str, at: datetime, moment: datetime) -> RunLine:
    """Do a run at once in this process: the demo, and the command line without a worker."""
    return _done_now(ask_run(actor, key, at, moment), moment)


def reference_now(
    actor: Actor, key: str, draft: ReferenceDraft, at: datetime, moment: datetime
) -> RunLine:
    """Store reference data at once in this process."""
    return _done_now(ask_reference(actor, key, draft, at, moment), moment)


def _done_now(line: RunLine, moment: datetime) -> RunLine:
    mine = CheckRun.objects.filter(id=line.id, state=JobState.WAITING)
    if not mine.update(state=JobState.RUNNING, attempts=1, changed_at=moment):
        sentence = "The worker has taken this run up already; look at its page."
        raise Conflict(sentence)
    run_check(line.id, 1, moment)
    forget(line.id)
    return run_line(CheckRun.objects.get(id=line.id))


def _answer(row: CheckRun) -> RunResult:
    """Ask the engine of a run's kind. Raises HeadwayError for what cannot be opened or read."""
    monitor = row.monitor
    house = headway_actor(row.workspace_id)
    is_reference = row.cause == "reference"
    reference = None
    if not is_reference:
        reference = ReferenceData.objects.filter(monitor_id=monitor.id).order_by("-number").first()
        row.reference = reference
        CheckRun.objects.filter(id=row.id).update(reference=reference)
    if monitor.kind == "drift" and reference is None and not is_reference:
        sentence = (
            f"“{monitor.name}” has no reference data to be held against; store it first, from a "
            "run or from a table."
        )
        raise Invalid(sentence)
    trial = TrialPlan.objects.filter(monitor_id=monitor.id).first()
    tables = {role: opened(house, table) for role, table in monitor.more_tables.items()}
    request = RunRequest(
        monitor.kind,
        monitor.settings,
        opened(house, row.table),
        tables,
        reference.stored if reference is not None else None,
        trial.plan if trial is not None else None,
        look=monitor.runs.filter(state=JobState.DONE).exclude(cause="reference").count() + 1,
        keeps_reference=is_reference,
        at=row.at,
    )

    def progress(what: str, done: int, total: int) -> None:
        tell_step(row.id, what, done, total)

    return answer_to(request, progress)
