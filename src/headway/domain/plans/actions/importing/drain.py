"""Imports that wait are run by the worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from headway.domain.plans.actions.draining import Job, Line, drain, runner_of
from headway.domain.plans.models import ImportJob

RUNNER = runner_of("headway.interfaces.worker.importing")


def drain_imports(
    at: datetime,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    runner: Sequence[str] = RUNNER,
) -> int:
    """Run every import that waits, as `drain` does; return how many were run."""
    return drain(Line(ImportJob, runner, _lost), at, is_stopping)


def _lost(row: Job) -> Mapping[str, object]:
    told = f"The {row} ended {row.attempts} times without a word; "
    return {"answer": {"error": f"{told}nothing was imported. The worker's log tells more."}}
