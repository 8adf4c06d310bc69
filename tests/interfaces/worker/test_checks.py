"""A run that is asked for is done by a real worker, in a process of its own, and recorded."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.interfaces.worker.test_worker import Worker

pytestmark = [pytest.mark.slow]

ASK = """
import django; django.setup()
from headway import clock
from headway.domain.accounts.queries import owner_actor, workspace_named
from headway.domain.accounts.rules import Role
from headway.domain.accounts.models import Member, User
from headway.domain.checks.actions import add_monitor, ask_run, keep_upload
from headway.domain.programs.actions import create_program, create_project
workspace, now = workspace_named(""), clock.now()
user = User.objects.create_user("ines@example.com", "Ines", None)
Member.objects.create(workspace=workspace, user=user, role=Role.OWNER, joined_at=now)
actor = owner_actor(workspace)
create_program(actor, {"name": "Fraud", "slug": "fraud"}, now)
create_project(actor, "fraud", {"name": "Scores", "slug": "scores"}, now)
upload = keep_upload(actor, b"error\\n1\\n9\\n", "live.csv", now)
add_monitor(actor, "scores", "live-error", {
    "name": "Live error", "kind": "metric", "subject": "model:scores@1",
    "table": {"upload": str(upload.id)},
    "settings": {"column": "error", "statistic": "mean", "at_most": 1.5},
}, now)
ask_run(actor, "live-error", now, now)
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    running = Worker(tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(timeout=60)


def test_a_run_that_is_asked_for_is_done_and_recorded(worker: Worker) -> None:
    subprocess.run([sys.executable, "-c", ASK], env=worker.environment, check=True)
    until = time.monotonic() + 60
    asked = "SELECT state, verdict, value, record FROM checks_checkrun"
    while (found := worker.ask(asked)[0])[0] in ("waiting", "running"):
        assert time.monotonic() < until, found
        time.sleep(0.2)
    assert found[:3] == ("done", "unmet", 5.0)
    (kind,) = worker.ask("SELECT kind FROM evidence_record WHERE sequence = 1")[0]
    assert (found[3], kind) == (1, "check")
