"""What Headway does by itself, in one function: read sources, forecast, judge, tell."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import headway_actor, workspaces
from headway.domain.accounts.rules import Actor
from headway.domain.assessments.actions import refresh_assessments
from headway.domain.installation.models import Tick
from headway.domain.notices.actions import send_notices, tell_shifts
from headway.domain.plans.actions import make_forecast
from headway.domain.programs.queries import programs_of
from headway.domain.sources.actions import SyncOutcome, sync_due
from headway.errors import HeadwayError

_log = logging.getLogger("headway.tick")

#: Ticks older than this are forgotten.
REMEMBERED = timedelta(days=7)


def tick(at: datetime) -> dict[str, object]:
    """Do what is due in every workspace at `at`; return what was done by workspace.

    One workspace's failure does not stop the others; it is kept with the tick. A pinned sample
    stands still: its story is told as of its own day.
    """
    begun = time.monotonic()
    outcome: dict[str, object] = {}
    failures = []
    for workspace in workspaces():
        if workspace.pinned_at is not None:
            continue
        try:
            outcome[workspace.slug] = _turn(workspace, at)
        except HeadwayError as error:
            failures.append(f"{workspace.slug}: {error}")
            _log.warning("tick failed in %s: %s", workspace.slug, error)
        except Exception as error:  # a bug met in one workspace must not silence the others
            failures.append(f"{workspace.slug}: {type(error).__name__}, see the log")
            _log.exception("tick failed in %s", workspace.slug)
    Tick.objects.filter(at__lt=at - REMEMBERED).delete()
    Tick.objects.create(
        at=at, seconds=time.monotonic() - begun, outcome=outcome, failure="; ".join(failures)
    )
    return outcome


def _turn(workspace: Workspace, at: datetime) -> dict[str, object]:
    actor = headway_actor(workspace.id)
    synced = sync_due(actor, at)
    done: dict[str, object] = {
        "synced": [one.source for one in synced if isinstance(one, SyncOutcome)],
        "failed": [str(one) for one in synced if not isinstance(one, SyncOutcome)],
        "shifts": refresh_programs(actor, at),
    }
    done["told"] = tell_shifts(actor, at)
    done["mails"] = send_notices(actor, at)
    return done


def refresh_programs(actor: Actor, at: datetime) -> int:
    """Forecast and judge every program as known at `at`; return how many verdicts changed."""
    shifts = 0
    for program in programs_of(actor, at):
        make_forecast(actor, program.slug, at)
        shifts += refresh_assessments(actor, program.slug, at)
    return shifts
