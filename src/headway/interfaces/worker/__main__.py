"""Ticks every few seconds until it is asked to stop; a failing tick is logged, not fatal."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import django

#: Between two ticks. What is due is decided by each source's own interval.
SECONDS = 10.0

#: Between two looks for what waits: somebody looks at a page until theirs is done.
LINE_SECONDS = 0.5


def main() -> None:
    """Run ticks until SIGTERM or SIGINT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.site.settings")
    django.setup()
    from django.db import DatabaseError, connection

    from headway import clock
    from headway.domain.installation.actions import tick

    log = logging.getLogger("headway.worker")
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    lines = [
        threading.Thread(target=_drain, args=(name, stopped), name=name)
        for name in ("imports", "levellings", "what-ifs", "checks")
    ]
    for line in lines:
        line.start()
    with _compiling():
        while not stopped.wait(SECONDS):
            try:
                tick(clock.now(), is_stopping=stopped.is_set)
            except DatabaseError:
                log.exception("The database failed; the next tick tries again.")
                connection.close()
            except Exception:
                # A worker that ends takes `headway up` with it; the log tells, and so does doctor.
                log.exception("The tick failed; the next one tries again.")
    for line in lines:
        line.join()


@contextmanager
def _compiling() -> Iterator[None]:
    """Compile what simulates large plans, once per installation, in a process beside the ticks."""
    from headway.analysis import compiled

    if compiled.all_ready():
        yield
        return
    with subprocess.Popen([sys.executable, "-m", "headway.analysis.compiled"]) as process:
        try:
            yield
        finally:
            process.terminate()


def _drain(name: str, stopped: threading.Event) -> None:
    """Run what waits in a line beside the ticks: a forecast of minutes keeps nobody waiting."""
    from django.db import connection

    from headway import clock
    from headway.domain.checks.actions import drain_checks
    from headway.domain.plans.actions import drain_imports, drain_levellings, drain_what_ifs

    lines = {
        "imports": drain_imports,
        "levellings": drain_levellings,
        "what-ifs": drain_what_ifs,
        "checks": drain_checks,
    }
    drain = lines[name]
    while not stopped.wait(LINE_SECONDS):
        try:
            drain(clock.now(), is_stopping=stopped.is_set)
        except Exception:
            logging.getLogger("headway.worker").exception("%s failed; they are tried again.", name)
            connection.close()
    connection.close()


if __name__ == "__main__":
    main()
