"""Answers one what-if that the worker claimed, in a process that can be ended."""

from __future__ import annotations

import os
import sys
from uuid import UUID

import django


def main(job: str, attempt: str) -> None:
    """Answer the what-if `job` in its `attempt`-th try."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.site.settings")
    django.setup()

    from headway import clock
    from headway.domain.plans.actions import run_what_if

    run_what_if(UUID(job), int(attempt), clock.now())


if __name__ == "__main__":
    main(*sys.argv[1:])
