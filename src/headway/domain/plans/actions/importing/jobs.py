"""Files that are stored, previewed and imported: at once when small, else by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.queries import member_actor, workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.importing import import_plan
from headway.domain.plans.actions.store import ask_to_stop, forget, keep_file, tell_step
from headway.domain.plans.models import ImportJob
from headway.domain.plans.queries.import_jobs import file_of, import_job_of, job_row
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.plans.rules.jobs import (
    AT_ONCE,
    DAYS_KEPT,
    ENDED,
    HOURS_STORED,
    LARGEST,
    MOST_STORED,
    ImportJobFacts,
    JobState,
)
from headway.errors import Conflict, HeadwayError, Invalid, Refused

Mapped = Mapping[str, object] | None


def store_import(
    actor: Actor, data: bytes, name: str, at: datetime, *, project: str = "", rows: int = 0
) -> ImportJobFacts:
    """Store a file once, to preview and import it; a member's oldest ones are forgotten.

    `rows` of it were counted by a preview already; 0 before one.
    Raises Invalid for a file that is larger than is read.
    """
    require(actor, Permission.PLAN)
    if actor.member_id is None:
        sentence = "Only a member of the workspace may store a file."
        raise Refused(sentence)
    if len(data) > LARGEST:
        sentence = f"{name[:200]} has {len(data):,} bytes; at most {LARGEST:,} are read."
        raise Invalid(sentence)
    forget_old_imports(at)
    mine = ImportJob.objects.filter(member_id=actor.member_id, state=JobState.STORED)
    for row in mine.order_by("-at")[MOST_STORED - 1 :]:
        _drop(row)
    job = uuid4()
    keep_file(job, data)
    scopes = sorted(actor.scopes) if actor.scopes is not None else None
    ImportJob.objects.create(
        id=job,
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        asked_as={"label": actor.label, "kind": actor.kind, "scopes": scopes},
        file_name="".join(sign for sign in name if sign.isprintable())[:200] or "file",
        size=len(data),
        rows=rows,
        project=project,
        at=at,
        changed_at=at,
    )
    return import_job_of(actor, job, at)


def preview_import(
    actor: Actor, job: UUID, at: datetime, *, mapping: Mapped = None
) -> ImportResult:
    """Say what a stored file would do to its project as of `at`; nothing is changed."""
    require(actor, Permission.PLAN)
    row = job_row(actor, job)
    result = import_plan(
        actor,
        file_of(row.id),
        row.file_name,
        at,
        project=row.project,
        dry_run=True,
        mapping=mapping,
    )
    ImportJob.objects.filter(id=row.id).update(rows=result.read)
    return result


def start_import(
    actor: Actor, job: UUID, at: datetime, moment: datetime, *, mapping: Mapped = None
) -> ImportJobFacts:
    """Import a stored file that was previewed: at once when it is small, else by the worker.

    `at` is the moment of the plan (a sample's own day), `moment` the one by the clock. Raises
    Conflict when it was started already, and what importing raises.
    """
    require(actor, Permission.PLAN)
    row = job_row(actor, job)
    if row.state != JobState.STORED:
        sentence = f"{row.file_name} was started already; it is {row.state}."
        raise Conflict(sentence)
    if row.rows > AT_ONCE:
        with transaction.atomic():
            _move(row, JobState.STORED, JobState.WAITING, moment, mapping=_plain(mapping))
            write_audit(actor, "start_import", row.project, at, file=row.file_name, rows=row.rows)
        return import_job_of(actor, row.id, moment)
    data = file_of(row.id)

    def settle(result: ImportResult) -> None:
        _move(row, JobState.STORED, JobState.DONE, moment, answer=result.as_json())

    import_plan(
        actor,
        data,
        row.file_name,
        at,
        project=row.project,
        mapping=mapping,
        settle=settle,
    )
    forget(row.id)
    return import_job_of(actor, row.id, moment)


def cancel_import(actor: Actor, job: UUID, at: datetime) -> ImportJobFacts:
    """Cancel an import: a waiting one ends here, a running one is ended by whoever runs it.

    What has ended stays as it ended.
    """
    require(actor, Permission.PLAN)
    row = job_row(actor, job)
    if row.state == JobState.RUNNING:
        ask_to_stop(row.id)  # by a file: while it writes, the database takes no other word
    elif row.state not in ENDED:
        _move(row, JobState(row.state), JobState.CANCELLED, at)
        forget(row.id)
    return import_job_of(actor, row.id, at)


def run_import(job: UUID, attempt: int, at: datetime) -> None:
    """Run the import that was claimed for its `attempt`-th try, as the member may act by now.

    What refuses the file ends the import as failed. Import and its end are one transaction: when
    another attempt was begun meanwhile, this one is taken back.
    """
    row = ImportJob.objects.get(id=job)

    def settle(result: ImportResult) -> None:
        _settle(job, attempt, JobState.DONE, at, result.as_json())

    try:
        asked = row.asked_as
        actor = member_actor(row.member_id, asked["label"], asked["scopes"], asked["kind"])
        moment = workspace_of(actor).pinned_at or at
        import_plan(
            actor,
            file_of(job),
            row.file_name,
            moment,
            project=row.project,
            mapping=row.mapping,
            tell=lambda what, done, total: tell_step(job, what, done, total),
            settle=settle,
        )
    except HeadwayError as error:
        found = error.problems if isinstance(error, Invalid) else ()
        problems = [{"where": one.where, "sentence": one.sentence} for one in found[:200]]
        told = {"error": str(error), "problems": problems}
        _settle(job, attempt, JobState.FAILED, at, told)
    forget(job)


def forget_old_imports(at: datetime) -> None:
    """Forget files that were stored and not asked for, and imports that ended long ago."""
    rows = ImportJob.objects
    for row in rows.filter(state=JobState.STORED, at__lt=at - timedelta(hours=HOURS_STORED)):
        _drop(row)
    ended = rows.filter(state__in=ENDED, changed_at__lt=at - timedelta(days=DAYS_KEPT))
    if ended.exists():  # even a removal of nothing would wait for the writers
        ended.delete()


def _drop(row: ImportJob) -> None:
    forget(row.id)
    row.delete()


def _plain(mapping: Mapped) -> dict[str, object] | None:
    return None if mapping is None else dict(mapping)


def _move(row: ImportJob, old: JobState, new: JobState, at: datetime, **fields: object) -> None:
    """Move an import on. Raises Conflict when it is not where it was seen."""
    there = ImportJob.objects.filter(id=row.id, state=old)
    if not there.update(state=new, changed_at=at, **fields):
        sentence = f"{row.file_name} is not {old} any more; look at it again."
        raise Conflict(sentence)


def _settle(
    job: UUID, attempt: int, state: JobState, at: datetime, answer: Mapping[str, object]
) -> None:
    mine = ImportJob.objects.filter(id=job, state=JobState.RUNNING, attempts=attempt)
    if not mine.update(state=state, changed_at=at, answer=dict(answer)):
        sentence = "Another attempt at this import was begun; this one is taken back."
        raise Conflict(sentence)
