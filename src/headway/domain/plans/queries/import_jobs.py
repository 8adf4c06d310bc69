"""Imports as a reader sees them; what lies in the data folder of each.

Files are named by the job's id and by nothing that a person typed. How far an import is lies
beside the database, because a writer on SQLite keeps all others out until it has ended.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import ImportJob
from headway.domain.plans.rules.jobs import (
    ImportJobFacts,
    JobState,
    Step,
    done_sentence,
    percent_of,
    running_sentence,
    waiting_sentence,
)
from headway.errors import Conflict, NotFound

_GONE = "There is no such import here; it ended and was forgotten, or the file was never stored."


def import_job_of(actor: Actor, job: UUID, at: datetime) -> ImportJobFacts:
    """Return how far an import is; `at` is the moment by the clock, not a sample's own.

    Raises NotFound for one of another workspace.
    """
    require(actor, Permission.PLAN)
    row = job_row(actor, job)
    state = JobState(row.state)
    step = step_of(row.id) if state is JobState.RUNNING else None
    answer = row.answer
    return ImportJobFacts(
        id=row.id,
        file_name=row.file_name,
        project=answer.get("project", row.project),
        state=state,
        sentence=_sentence(actor, row, step, at),
        what=step.what if step else "",
        done=100 if state is JobState.DONE else percent_of(step) if step else 0,
        total=100,
        at=row.at,
        result=answer if state is JobState.DONE else None,
        problems=answer.get("problems", ()) if state is JobState.FAILED else (),
    )


def job_row(actor: Actor, job: UUID) -> ImportJob:
    """Return the row of an import of the actor's workspace; NotFound for any other."""
    row = ImportJob.objects.filter(workspace_id=actor.workspace_id, id=job).first()
    if row is None:
        raise NotFound(_GONE)
    return row


def _sentence(actor: Actor, row: ImportJob, step: Step | None, at: datetime) -> str:
    match JobState(row.state):
        case JobState.STORED:
            return "The file is stored; nothing was imported yet."
        case JobState.WAITING:
            mine = ImportJob.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING))
            behind = mine.filter(at__lt=row.at).count()
            return waiting_sentence((at - row.changed_at).total_seconds(), behind=behind)
        case JobState.RUNNING:
            return running_sentence(step)
        case JobState.DONE:
            pinned = workspace_of(actor).pinned_at is not None
            return done_sentence(row.answer, is_pinned=pinned)
        case JobState.FAILED:
            return str(row.answer.get("error", ""))
        case JobState.CANCELLED:
            return "Cancelled: nothing was imported."


def path_of(job: UUID, part: str) -> Path:
    """Return where a part of a job lies: its `file`, its last `step`, the wish to `stop` it."""
    return Path(settings.HOME) / "imports" / f"{job}.{part}"


def file_of(job: UUID) -> bytes:
    """Return a stored file. Raises Conflict when it is there no more."""
    try:
        return path_of(job, "file").read_bytes()
    except FileNotFoundError:
        sentence = "The file is not stored any more; choose it again."
        raise Conflict(sentence) from None


def step_of(job: UUID) -> Step | None:
    """Return what an import last told; None before its first word."""
    path = path_of(job, "step")
    try:
        what, done, total = json.loads(path.read_text())
        return Step(str(what), int(done), int(total), path.stat().st_mtime)
    except (FileNotFoundError, ValueError):
        return None


def is_to_stop(job: UUID) -> bool:
    """Say whether somebody asked for the import to end."""
    return path_of(job, "stop").exists()
