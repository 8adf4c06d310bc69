"""Claims about proposals that a real worker improves: to their end, and no longer than asked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.interfaces.worker.test_worker import Worker

pytestmark = [pytest.mark.slow, pytest.mark.own_sqlite]

PROPOSE = """
import sys
import django; django.setup()
from headway import clock
from headway.domain.accounts.queries import owner_actor, workspace_named
from headway.domain.accounts.rules import Role
from headway.domain.accounts.models import Member, User
from headway.domain.people.actions import set_resource
from headway.domain.plans.actions import add_item, propose_levelling, set_need
from headway.domain.programs.actions import create_program, create_project
workspace, now = workspace_named(""), clock.now()
user = User.objects.create_user("ines@example.com", "Ines", None)
Member.objects.create(workspace=workspace, user=user, role=Role.OWNER, joined_at=now)
actor = owner_actor(workspace)
create_program(actor, {"name": "Fraud", "slug": "fraud"}, now)
create_project(actor, "fraud", {"name": "Scores", "slug": "scores"}, now)
set_resource(actor, "fraud", "engineer", {"capacity": 1}, now)
for number in range(6):
    add_item(actor, "scores", f"i{number}", {"name": "Work", "estimate": [number + 2]}, now)
    set_need(actor, f"scores/i{number}", "engineer", 1, now)
values = {"seconds": float(sys.argv[1]), "smooth": True}
print(propose_levelling(actor, "fraud", values, now, now).state)
"""
ROWS = "SELECT state, answer FROM plans_levellingproposal"


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    running = Worker(tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(timeout=60)


def propose(worker: Worker, seconds: float) -> str:
    """Propose a levelling that no schedule can prove; return the state that it waits in."""
    command = [sys.executable, "-c", PROPOSE, str(seconds)]
    done = subprocess.run(
        command, env=worker.environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def state(worker: Worker) -> object:
    return worker.ask(ROWS)[0][0]


def test_a_proposal_is_improved_for_the_time_that_was_asked(worker: Worker) -> None:
    assert propose(worker, 1.0) == "waiting"
    worker.until(lambda: state(worker) == "done")
    answer = json.loads(str(worker.ask(ROWS)[0][1]))
    assert answer["conflicts"]
    assert answer["makespan"] == answer["makespan_before"]
    worker.until(lambda: not list(worker.folder.glob("imports/*")))


def test_a_search_that_is_stopped_ends_and_keeps_its_first_answer(worker: Worker) -> None:
    propose(worker, 600.0)
    worker.until(lambda: state(worker) == "running")
    (job,) = [path.stem for path in worker.folder.glob("imports/*.step")]
    (worker.folder / "imports" / f"{job}.stop").touch()
    worker.until(lambda: state(worker) in ("cancelled", "done"))
    assert json.loads(str(worker.ask(ROWS)[0][1]))["conflicts"]
