"""`headway up`: the web process and the worker process, started and stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from types import FrameType
from typing import Annotated

import typer

from headway import clock
from headway.errors import Conflict
from headway.interfaces.cli.output import print_line, say
from headway.interfaces.cli.place import open_database

#: How long the web process may take to answer for the first time.
PATIENCE_SECONDS = 60.0


def up(
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on")] = 8000,
    threads: Annotated[int, typer.Option(help="Requests answered at once")] = 8,
) -> None:
    """Serve the web pages and do the work in the background. Ctrl-C stops both.

    An empty installation prints a one-time link that makes the first owner.

    Examples:

      headway up

      HEADWAY_BASE_URL=https://headway.example.org headway up --host 0.0.0.0 --port 8080
    """
    open_database()
    from django.conf import settings

    from headway.domain.installation.actions import first_owner_link

    base = settings.BASE_URL if "HEADWAY_BASE_URL" in os.environ else f"http://{host}:{port}"
    os.environ["HEADWAY_BASE_URL"] = base
    processes = [start_web(host, port, threads), start_worker()]
    wait_for(host, port, processes[0])
    secret = first_owner_link(clock.now())
    say("Headway is up. Ctrl-C stops it.")
    print_line(f"{base}/start/{secret}/" if secret else base)
    raise typer.Exit(stay(processes))


def start_web(host: str, port: int, threads: int = 8) -> subprocess.Popen[bytes]:
    """Start the web process: one worker with threads, which suits SQLite and PostgreSQL alike."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface=wsgi",
            f"--host={host}",
            f"--port={port}",
            "--workers=1",
            f"--blocking-threads={threads}",
            "--log-level=warning",
            "--no-ws",
            "headway.site.wsgi:application",
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "headway.site.settings"},
        stdout=sys.stderr,
    )


def start_worker() -> subprocess.Popen[bytes]:
    """Start the worker process."""
    return subprocess.Popen(
        [sys.executable, "-m", "headway.interfaces.worker"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "headway.site.settings"},
        stdout=sys.stderr,
    )


def wait_for(host: str, port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the web process answers. Raises Conflict when it ended or never did."""
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/healthz"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    process.terminate()
    sentence = f"Nothing answers at {host}:{port}; is the port taken? Choose another with --port."
    raise Conflict(sentence)


def stay(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    """Stay until a process ends or a signal comes, then stop them all; return the exit code."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    while not asked and all(process.poll() is None for process in processes):
        time.sleep(0.2)
    for process in processes:
        process.terminate()
    codes = [process.wait() for process in processes]
    return 0 if asked else max(map(abs, codes))
