"""`headway up`: the web process and the worker process, started and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Annotated

import typer

from headway import clock
from headway.errors import Conflict
from headway.interfaces.cli.output import print_line, say
from headway.interfaces.cli.place import open_database

#: How long the web process may take to answer for the first time.
PATIENCE_SECONDS = 60.0

#: How long a process may take to end what it is doing.
GRACE_SECONDS = 20.0


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

    def ready() -> None:
        secret = first_owner_link(clock.now())
        say("Headway is up. Ctrl-C stops it.")
        print_line(f"{base}/start/{secret}/" if secret else base)
        sys.stdout.flush()  # a pipe would keep the link to itself while we stay

    raise typer.Exit(serve(host, port, ready, threads=threads))


def serve(host: str, port: int, ready: Callable[[], None], *, threads: int = 8) -> int:
    """Start both processes, call `ready` once pages are served, and stay; return the exit code.

    Whatever ends it, neither process is left behind. Raises Conflict when the port is taken.
    """
    refuse_taken(host, port)
    asked = listen_for_signals()
    processes = [start_web(host, port, threads), start_worker()]
    try:
        wait_for(host, port, processes[0], asked)
        if not asked.is_set():
            ready()
        return stay(processes, asked)
    finally:
        stop(processes)


def refuse_taken(host: str, port: int) -> None:
    """Raise Conflict when something listens at this address already, or it is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sentence = f"Cannot listen at {host}:{port} ({error.strerror}); choose another --port."
            raise Conflict(sentence) from None


def listen_for_signals() -> threading.Event:
    """Return an event that is set when somebody asks us to stop."""
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return asked


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


def wait_for(
    host: str, port: int, process: subprocess.Popen[bytes], asked: threading.Event | None = None
) -> None:
    """Wait until the web process answers or we are asked to stop.

    Raises Conflict when the process ended, or did not answer in time.
    """
    asked = asked or threading.Event()
    reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None and not asked.is_set():
        try:
            with urllib.request.urlopen(f"http://{reached}:{port}/healthz", timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            asked.wait(0.1)
    if not asked.is_set():
        sentence = f"The web process does not answer at {host}:{port}; its messages stand above."
        raise Conflict(sentence)


def stay(processes: Sequence[subprocess.Popen[bytes]], asked: threading.Event | None = None) -> int:
    """Stay until we are asked to stop (0) or a process ends by itself (its code, at least 1).

    Neither process is left behind.
    """
    try:
        return _stayed(processes, asked or listen_for_signals())
    finally:
        stop(processes)


def _stayed(processes: Sequence[subprocess.Popen[bytes]], asked: threading.Event) -> int:
    while not asked.wait(0.2):
        codes = [process.poll() for process in processes]
        ended = [code for code in codes if code is not None]
        if ended:
            say("One of the two processes ended by itself; its messages stand above.")
            return max(1, *(abs(code) for code in ended))
    return 0


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End every process: asked first, and killed when it does not listen."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
