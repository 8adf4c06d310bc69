"""Does one run of a monitor that the worker claimed, in a process that can be ended."""

from __future__ import annotations

import os
import sys
from uuid import UUID

import django


def main(run: str, attempt: str) -> None:
    """Do the run for its `attempt`-th try."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.site.settings")
    django.setup()

    from headway import clock
    from headway.domain.checks.actions import run_check

    run_check(UUID(run), int(attempt), clock.now())


if __name__ == "__main__":
    main(*sys.argv[1:])
