"""Imports that wait are run one after the other, each in a process of its own that can be ended."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from headway.domain.plans.actions.importing.store import forget, touch_step
from headway.domain.plans.models import ImportJob
from headway.domain.plans.queries.import_jobs import is_to_stop, step_of
from headway.domain.plans.rules.jobs import ENDED, MOST_ATTEMPTS, SILENT_AFTER, JobState

_log = logging.getLogger("headway.imports")

#: A process target is a string: it lives among the interfaces, which the domain does not know.
RUNNER = (sys.executable, "-m", "headway.interfaces.worker.importing")

#: Between two looks at a running import, in seconds.
_LOOK_EVERY = 0.1
#: How long a process may take to end when it is asked to.
_GRACE = 10.0


def drain_imports(
    at: datetime,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    runner: Sequence[str] = RUNNER,
) -> int:
    """Run every import that waits, of all workspaces, the oldest first; return how many were run.

    One whose runner ended without a word is tried again, MOST_ATTEMPTS times in all. `is_stopping`
    ends the running one and leaves it waiting: it is taken up at the next start.
    """
    count = 0
    while not is_stopping():
        row = _claimed(at)
        if row is None:
            break
        count += 1
        _watch(row, at, is_stopping, runner)
    return count


def _claimed(at: datetime) -> ImportJob | None:
    """Take the oldest import that waits, or that runs and nobody watches over any more."""
    rows = ImportJob.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING))
    for row in rows.order_by("at"):
        if row.state == JobState.RUNNING and not _is_orphan(row.id, at):
            continue
        mine = ImportJob.objects.filter(id=row.id, state=row.state, attempts=row.attempts)
        if row.attempts >= MOST_ATTEMPTS:
            told = f"The import of {row.file_name} ended {row.attempts} times without a word; "
            told += "nothing was imported. The worker's log tells more."
            if mine.update(state=JobState.FAILED, changed_at=at, answer={"error": told}):
                forget(row.id)
        elif mine.update(state=JobState.RUNNING, attempts=F("attempts") + 1, changed_at=at):
            row.attempts += 1
            touch_step(row.id)
            return row
    return None


def _is_orphan(job: UUID, at: datetime) -> bool:
    step = step_of(job)
    return step is None or at.timestamp() - step.at > SILENT_AFTER


def _watch(
    row: ImportJob, at: datetime, is_stopping: Callable[[], bool], runner: Sequence[str]
) -> None:
    """Run a claimed import and see to its end: its own, a person's, ours."""
    process = subprocess.Popen([*runner, str(row.id), str(row.attempts)], stdout=sys.stderr)
    try:
        while process.poll() is None:
            touch_step(row.id)
            if is_to_stop(row.id) or is_stopping():
                break
            time.sleep(_LOOK_EVERY)
    finally:
        _end(process)
    mine = ImportJob.objects.filter(id=row.id, state=JobState.RUNNING, attempts=row.attempts)
    if is_to_stop(row.id):
        # Ended before it could write its last word: all it wrote was taken back.
        if mine.update(state=JobState.CANCELLED, changed_at=at):
            _log.info("the import of %s was cancelled", row.file_name)
    elif is_stopping():
        mine.update(state=JobState.WAITING, attempts=row.attempts - 1)
    elif mine.update(state=JobState.WAITING):
        _log.warning("the import of %s ended with code %s", row.file_name, process.returncode)
    if ImportJob.objects.filter(id=row.id, state__in=ENDED).exists():
        forget(row.id)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
