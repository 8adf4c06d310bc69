"""`headway up` on an empty installation, as processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

HEADWAY = [sys.executable, "-m", "headway.interfaces.cli.main"]

pytestmark = [pytest.mark.slow, pytest.mark.own_sqlite]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    kept = {name: word for name, word in os.environ.items() if not name.startswith("HEADWAY_")}
    kept.pop("DATABASE_URL", None)
    return {**kept, "HEADWAY_HOME": str(home)}


@pytest.fixture
def up(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = subprocess.Popen(
        [*HEADWAY, "up", "--port", str(port)],
        env=environment(tmp_path / "home"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield process, port
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert process.stdout is not None
    process.stdout.close()


def children_of(process: int) -> list[int]:
    path = Path(f"/proc/{process}/task/{process}/children")
    return [int(word) for word in path.read_text().split()]


def test_up_prints_a_link_for_the_first_owner_answers_and_stops(
    up: tuple[subprocess.Popen[str], int], tmp_path: Path
) -> None:
    process, port = up
    assert process.stdout is not None
    link = process.stdout.readline().strip()
    assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/start/\S{{20,}}/", link)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
        assert answer.status == 200
    children = children_of(process.pid)
    assert len(children) == 2

    busy = subprocess.run(
        [*HEADWAY, "up", "--port", str(port)],
        env=environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (busy.returncode, busy.stdout) == (2, "")
    assert f"Cannot listen at 127.0.0.1:{port}" in busy.stderr

    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert process.stdout.read() == ""
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
