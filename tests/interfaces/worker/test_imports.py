"""Claims about imports by a real worker: done once, ended at a word, and nothing half done."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.interfaces.worker.test_worker import Worker

pytestmark = [pytest.mark.slow, pytest.mark.own_sqlite]

STORE = """
import sys
import django; django.setup()
from headway import clock
from headway.domain.accounts.queries import owner_actor, workspace_named
from headway.domain.accounts.rules import Role
from headway.domain.accounts.models import Member, User
from headway.domain.plans.actions import preview_import, start_import, store_import
workspace, now, rows = workspace_named(""), clock.now(), int(sys.argv[1])
user = User.objects.create_user("ines@example.com", "Ines", None)
Member.objects.create(workspace=workspace, user=user, role=Role.OWNER, joined_at=now)
actor = owner_actor(workspace)
table = b"Key,Summary,Estimate\\n" + b"".join(b"A-%d,Label,3\\n" % n for n in range(rows))
job = store_import(actor, table, "work.csv", now).id
preview_import(actor, job, now)
print(start_import(actor, job, now, now).id)
"""
ITEMS = "SELECT count(*) FROM plans_workitem"


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    running = Worker(tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(timeout=60)


def start(worker: Worker, rows: int) -> str:
    """Store and start an import of `rows` rows; return its id."""
    command = [sys.executable, "-c", STORE, str(rows)]
    done = subprocess.run(
        command, env=worker.environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def state(worker: Worker) -> object:
    return worker.ask("SELECT state FROM plans_importjob")[0][0]


def test_an_import_is_done_while_the_worker_goes_on_ticking(worker: Worker) -> None:
    job = start(worker, 2_001)
    worker.until(lambda: state(worker) == "done")
    assert worker.ask(ITEMS) == [(2_001,)]
    worker.until(lambda: not list(worker.folder.glob(f"imports/{job}.*")))
    before = worker.ticks()
    worker.until(lambda: worker.ticks() > before)


def test_a_cancelled_import_is_ended_in_the_middle_and_leaves_nothing(worker: Worker) -> None:
    job = start(worker, 20_000)
    step = worker.folder / "imports" / f"{job}.step"
    worker.until(lambda: step.exists() and '"items"' in step.read_text())
    (worker.folder / "imports" / f"{job}.stop").touch()
    worker.until(lambda: state(worker) != "running")
    assert state(worker) == "cancelled"
    assert worker.ask(ITEMS) == [(0,)]
    assert worker.ask("SELECT count(*) FROM programs_project") == [(0,)]
    assert list(worker.folder.glob("imports/*")) == []
