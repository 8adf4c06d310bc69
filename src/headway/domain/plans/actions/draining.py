"""Jobs that wait are run one after the other, each in a process of its own that can be ended."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast
from uuid import UUID

from django.db.models import F, Model

from headway.domain.plans.actions.store import forget, touch_step
from headway.domain.plans.queries.import_jobs import is_to_stop, step_of
from headway.domain.plans.rules.jobs import ENDED, MOST_ATTEMPTS, SILENT_AFTER, JobState

_log = logging.getLogger("headway.jobs")

#: Between two looks at a running job, in seconds.
_LOOK_EVERY = 0.1
#: How long a process may take to end when it is asked to.
_GRACE = 10.0


class Job(Protocol):
    """A row that waits for the worker; `at` puts the rows in order."""

    id: UUID
    state: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Line:
    """One sort of jobs: where they wait, what runs one, and what is written of a lost one.

    `runner` is the start of a command line that is given the job's id and the attempt. A job is
    lost when its runner ended without a word, MOST_ATTEMPTS times.
    """

    model: type[Model]
    runner: Sequence[str]
    lost: Callable[[Job], Mapping[str, object]]


def runner_of(module: str) -> tuple[str, ...]:
    """Return what runs one job: a process target is a string, for it lives among interfaces."""
    return (sys.executable, "-m", module)


def drain(line: Line, at: datetime, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Run every job that waits, of all workspaces, the oldest first; return how many were run.

    One whose runner ended without a word is tried again, MOST_ATTEMPTS times in all. `is_stopping`
    ends the running one and leaves it waiting: it is taken up at the next start.
    """
    count = 0
    while not is_stopping():
        row = _claimed(line, at)
        if row is None:
            break
        count += 1
        _watch(line, row, at, is_stopping)
    return count


def _claimed(line: Line, at: datetime) -> Job | None:
    """Take the oldest job that waits, or that runs and nobody watches over any more."""
    rows = line.model._default_manager.filter(state__in=(JobState.WAITING, JobState.RUNNING))
    for row in cast("Iterable[Job]", rows.order_by("at")):
        if row.state == JobState.RUNNING and not _is_orphan(row.id, at):
            continue
        mine = line.model._default_manager.filter(id=row.id, state=row.state, attempts=row.attempts)
        if row.attempts >= MOST_ATTEMPTS:
            if mine.update(state=JobState.FAILED, changed_at=at, **line.lost(row)):
                forget(row.id)
        elif mine.update(state=JobState.RUNNING, attempts=F("attempts") + 1, changed_at=at):
            row.attempts += 1
            touch_step(row.id)
            return row
    return None


def _is_orphan(job: UUID, at: datetime) -> bool:
    step = step_of(job)
    return step is None or at.timestamp() - step.at > SILENT_AFTER


def _watch(line: Line, row: Job, at: datetime, is_stopping: Callable[[], bool]) -> None:
    """Run a claimed job and see to its end: its own, a person's, ours."""
    command = [*line.runner, str(row.id), str(row.attempts)]
    process = subprocess.Popen(command, stdout=sys.stderr)
    try:
        while process.poll() is None:
            touch_step(row.id)
            if is_to_stop(row.id) or is_stopping():
                break
            time.sleep(_LOOK_EVERY)
    finally:
        _end(process)
    rows = line.model._default_manager
    mine = rows.filter(id=row.id, state=JobState.RUNNING, attempts=row.attempts)
    if is_to_stop(row.id):
        # Ended before it could write its last word: all that was not written is taken back.
        if mine.update(state=JobState.CANCELLED, changed_at=at):
            _log.info("the %s was cancelled", row)
    elif is_stopping():
        mine.update(state=JobState.WAITING, attempts=row.attempts - 1)
    elif mine.update(state=JobState.WAITING):
        _log.warning("the %s ended with code %s", row, process.returncode)
    if rows.filter(id=row.id, state__in=ENDED).exists():
        forget(row.id)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
