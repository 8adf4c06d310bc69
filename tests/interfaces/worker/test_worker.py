"""The worker as a process: it ticks, outlives what fails, and ends when asked to."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from tests.prepared import prepare_folder

pytestmark = [pytest.mark.slow, pytest.mark.own_sqlite]

PREPARE = """
import django; django.setup()
from headway import clock
from headway.domain.installation.actions import first_workspace, prepare_database
prepare_database()
first_workspace(clock.now())
"""
WORK = """
import headway.interfaces.worker.__main__ as worker
worker.SECONDS = 0.1
worker.main()
"""
#: How long a busy machine may take; nobody waits that long on an idle one.
PATIENCE = 60.0


@cache
def with_a_workspace() -> Path:
    """Return a data folder that holds a first workspace, made once for all who copy it."""
    folder = Path(mkdtemp(prefix="headway-worker-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    prepare_folder(folder)
    subprocess.run(
        [sys.executable, "-c", PREPARE], env=environment(folder), check=True, capture_output=True
    )
    return folder


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of processes in `folder`, on SQLite."""
    kept = {name: word for name, word in os.environ.items() if not name.startswith("HEADWAY_")}
    kept.pop("DATABASE_URL", None)
    named = {"HEADWAY_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "headway.site.settings"}
    return kept | named


class Worker:
    """A worker over a data folder of its own, on SQLite: what it does there is the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = environment(folder)
        shutil.copytree(with_a_workspace(), folder, dirs_exist_ok=True)
        self.log = folder / "worker.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", WORK], env=self.environment, stdout=log, stderr=log
            )

    def ask(self, question: str) -> list[tuple[object, ...]]:
        (file,) = self.folder.glob("*.sqlite3")
        with closing(sqlite3.connect(file, timeout=30)) as database, database:
            return database.execute(question).fetchall()

    def ticks(self) -> int:
        return int(str(self.ask("SELECT coalesce(max(id), 0) FROM installation_tick")[0][0]))

    def until(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not is_so():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    running = Worker(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ticks_until_it_is_asked_to_stop(worker: Worker, number: signal.Signals) -> None:
    worker.until(lambda: worker.ticks() >= 2)
    worker.process.send_signal(number)
    assert worker.process.wait(timeout=PATIENCE) == 0
    assert worker.ask("SELECT count(*) FROM installation_tick WHERE failure <> ''") == [(0,)]


def test_it_outlives_a_database_that_fails_and_goes_on(worker: Worker) -> None:
    worker.until(lambda: worker.ticks() >= 1)
    worker.ask("ALTER TABLE installation_tick RENAME TO elsewhere")
    worker.until(lambda: "the next tick tries again" in worker.log.read_text())
    worker.ask("ALTER TABLE elsewhere RENAME TO installation_tick")
    before = worker.ticks()
    worker.until(lambda: worker.ticks() > before)
    worker.process.terminate()
    assert worker.process.wait(timeout=PATIENCE) == 0
