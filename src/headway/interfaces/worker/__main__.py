"""Ticks every few seconds until it is asked to stop; a failing tick is logged, not fatal."""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType

import django

#: Between two ticks. What is due is decided by each source's own interval.
SECONDS = 10.0


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
    while not stopped.wait(SECONDS):
        try:
            tick(clock.now())
        except DatabaseError:
            log.exception("The database failed; the next tick tries again.")
            connection.close()
        except Exception:
            # A worker that ends takes `headway up` with it; the log tells, and so does doctor.
            log.exception("The tick failed; the next one tries again.")


if __name__ == "__main__":
    main()
