"""A project with a plan, a table, and a monitor that reads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.cast import AT, Cast

from headway.domain.accounts.queries import headway_actor
from headway.domain.checks.actions import add_monitor, ask_run, keep_upload
from headway.domain.checks.actions.recording import keep_result
from headway.domain.checks.models import CheckRun, Monitor
from headway.domain.checks.rules import MonitorFacts, RunResult
from headway.domain.plans.actions import add_item, link_items
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.programs.actions import create_program, create_project

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

LOW = b"error\n0.9\n1.1\n1.0\n"
HIGH = b"error\n5.0\n5.2\n\n"
ERROR_BELOW = {"column": "error", "statistic": "mean", "at_most": 1.5, "unit": "ppm"}


def a_project(cast: Cast) -> None:
    """Make Fraud with its project Scores: a finished training, then integration."""
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    done = {"started": "2026-11-09", "finished": "2026-11-12"}
    train = {"name": "Train", "kind": "training", "estimate": [3, 4, 6], **done}
    add_item(cast.bob, "scores", "train", train, AT)
    add_item(cast.bob, "scores", "integrate", {"name": "Integrate", "estimate": [5, 8, 12]}, AT)
    link_items(cast.bob, LinkDraft("scores/integrate", "scores/train"), AT)


def a_monitor(cast: Cast, data: bytes = LOW, **values: Any) -> MonitorFacts:
    """Watch the error of a live model in an uploaded table."""
    upload = keep_upload(cast.bob, data, "live.csv", AT)
    given = {
        "name": "Live error",
        "kind": "metric",
        "subject": "model:scores@3",
        "table": {"upload": str(upload.id)},
        "settings": ERROR_BELOW,
        "commit": "31fc361",
        **values,
    }
    return add_monitor(cast.bob, "scores", "live-error", given, AT)


def a_run(cast: Cast, verdict: str, at: datetime, key: str = "live-error") -> CheckRun:
    """Let a run of a monitor say `verdict`, as an engine would have answered."""
    line = ask_run(cast.bob, key, at, at)
    row = CheckRun.objects.get(id=line.id)
    monitor = Monitor.objects.get(key=key)
    n = 0 if verdict == "insufficient" else 100
    result = RunResult(verdict, f"It is {verdict}.", "a rule", value=1.0, bound=1.5, n=n)
    keep_result(headway_actor(monitor.workspace_id), monitor, row, result, at)
    return row
