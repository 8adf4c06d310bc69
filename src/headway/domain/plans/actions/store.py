"""What lies in the data folder of a job: its file, how far it is, the wish to stop it."""

from __future__ import annotations

import json
import os
from uuid import UUID

from headway.domain.plans.queries.import_jobs import path_of


def keep_file(job: UUID, data: bytes) -> None:
    """Store a file, readable by us only."""
    path = path_of(job, "file")
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def forget(job: UUID) -> None:
    """Remove whatever is stored of a job."""
    for part in ("file", "step", "stop"):
        path_of(job, part).unlink(missing_ok=True)


def tell_step(job: UUID, what: str, done: int, total: int) -> None:
    """Write how far an import is; a reader sees the old word or the new one, never half."""
    fresh = path_of(job, "told")
    fresh.parent.mkdir(mode=0o700, exist_ok=True)
    fresh.write_text(json.dumps([what, done, total]))
    fresh.replace(path_of(job, "step"))


def touch_step(job: UUID) -> None:
    """Show that somebody still watches over the import."""
    try:
        os.utime(path_of(job, "step"))
    except FileNotFoundError:
        tell_step(job, "reading", 0, 1)


def ask_to_stop(job: UUID) -> None:
    """Ask whoever runs the import to end it."""
    wish = path_of(job, "stop")
    wish.parent.mkdir(mode=0o700, exist_ok=True)
    wish.touch()
