"""Runs one import that the worker claimed, in a process of its own: ended, it leaves nothing."""

from __future__ import annotations

import os
import sys
from uuid import UUID

import django


def main(job: str, attempt: str) -> None:
    """Run the import `job` for its `attempt`-th try."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.site.settings")
    django.setup()

    from headway import clock
    from headway.domain.plans.actions import run_import

    run_import(UUID(job), int(attempt), clock.now())


if __name__ == "__main__":
    main(*sys.argv[1:])
