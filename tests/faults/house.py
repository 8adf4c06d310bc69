"""A whole Headway in processes of its own, to be killed: data folder, database, web server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from tests.prepared import prepare_folder

#: How long the server may take to answer after a start, on a busy machine.
PATIENCE_SECONDS = 90.0

_PREPARE = """
import django
django.setup()
from headway import clock
from headway.domain.accounts.actions import create_token, create_workspace
from headway.domain.accounts.models import Member, User
from headway.domain.accounts.queries import actor_for_user
from headway.domain.accounts.rules import Role, Scope
at = clock.now()
workspace = create_workspace("Soak", at)
user = User.objects.create_user("soak@example.com", "Soak")
Member.objects.create(workspace=workspace, user=user, role=Role.OWNER, joined_at=at)
actor = actor_for_user(user.id, workspace.slug)
print(create_token(actor, "soak", [Scope.EVIDENCE], at)[1])
"""

_INSPECT = """
import json
import django
django.setup()
from django.db import connection
from headway.domain.accounts.queries import audit_break, headway_actor, workspaces
from headway.domain.evidence.models import Head, Reading, Record
from headway.domain.evidence.queries import chain_break, projection_export
from headway.domain.evidence.actions import rebuild_readings
actor = headway_actor(workspaces()[0].id)
integrity = "ok"
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        integrity = cursor.fetchone()[0]
payloads = Record.objects.values_list("payload", flat=True)
texts = [json.loads(payload)["text"] for payload in payloads]
before = list(projection_export(actor))
rebuild_readings(actor)
print(json.dumps({
    "texts": texts,
    "head": Head.objects.get().sequence,
    "chain": str(chain_break(actor)),
    "audit": str(audit_break(actor)),
    "integrity": integrity,
    "rebuilt": before == list(projection_export(actor)),
}))
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class House:
    """One installation. `start` and `kill` as often as you like; `inspect` when it is quiet."""

    folder: Path
    database: str = ""
    port: int = field(default_factory=_free_port)
    token: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> Mapping[str, str]:
        """Return the environment its processes run in."""
        named = {
            "HEADWAY_HOME": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "headway.site.settings",
            "HEADWAY_BASE_URL": self.address,
        }
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | named | ({"DATABASE_URL": self.database} if self.database else {})

    def prepare(self) -> None:
        """Make the tables and a token."""
        if not self.database:
            prepare_folder(self.folder)
        self.token = self.run(_PREPARE).strip()

    def run(self, script: str) -> str:
        """Return what `script` prints, run in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start the web server, in a process group of its own, and wait until it answers."""
        server = ["-m", "granian", "--interface=wsgi", "--host=127.0.0.1", f"--port={self.port}"]
        shape = ["--workers=1", "--blocking-threads=4", "--log-level=warning", "--no-ws"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *server, *shape, "headway.site.wsgi:application"],
                env=self.environment(),
                start_new_session=True,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        headers = {"Authorization": f"Bearer {self.token}"}
        while time.monotonic() < until:
            try:
                answer = httpx.get(f"{self.address}/api/v1/me", headers=headers, timeout=5)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            assert answer.status_code == 200, answer.text
            return
        raise AssertionError((self.folder / "server.log").read_text())

    def kill(self) -> None:
        """Pull the plug: SIGKILL to every process of the server."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def inspect(self) -> dict[str, object]:
        """Return what the database holds, and whether it hangs together."""
        found: dict[str, object] = json.loads(self.run(_INSPECT))
        return found
