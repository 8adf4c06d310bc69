"""A real MLflow server for tests: its own virtual environment, a free loopback port, a database
file of its own. It can be killed in the middle of anything and started again on the same data.
"""

from __future__ import annotations

import base64
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 120.0

MISSING = (
    "There is no MLflow to test against: make .venv-mlflow from examples/constraints.txt "
    "(`make test` does), or name another one in HEADWAY_MLFLOW_BIN."
)


def mlflow_program() -> Path:
    """Return the `mlflow` command; skip the test with a sentence when there is none."""
    program = Path(os.environ.get("HEADWAY_MLFLOW_BIN", _ROOT / ".venv-mlflow/bin/mlflow"))
    if not program.is_file():
        pytest.skip(MISSING)
    return program


@dataclass(slots=True)
class MlflowServer:
    """A server and the means to fill it. `post` and `get` speak MLflow's REST, not our client."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = None
    _http: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=60))

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        """What an operator would allow to let it be called."""
        return frozenset({("127.0.0.1", self.port)})

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            str(mlflow_program()), "server", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--backend-store-uri", f"sqlite:///{self.folder}/mlflow.sqlite",
            "--default-artifact-root", f"{self.folder}/artifacts",
        ]  # fmt: skip
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, env=_environment(), stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self._wait()

    def kill(self) -> None:
        """End it and its children at once, as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Kill it and let go of the client."""
        self.kill()
        self._http.close()

    def post(self, path: str, **body: object) -> dict[str, object]:
        """Call `POST /api/2.0/mlflow/<path>` and return the answer; it must be a good one."""
        return self._call("POST", path, json=body)

    def get(self, path: str, **query: str | int) -> dict[str, object]:
        """Call `GET /api/2.0/mlflow/<path>` and return the answer; it must be a good one."""
        return self._call("GET", path, params=query)

    def delete(self, path: str, **body: object) -> None:
        """Call `DELETE /api/2.0/mlflow/<path>`; the answer must be a good one."""
        self._call("DELETE", path, json=body)

    def _call(self, method: str, path: str, **content: object) -> dict[str, object]:
        url = f"{self.url}/api/2.0/mlflow/{path}"
        answer = self._http.request(method, url, **content)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        value = answer.json()
        assert isinstance(value, dict)
        return value

    def _wait(self) -> None:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            try:
                if self._http.get(f"{self.url}/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        log = (self.folder / "server.log").read_text(errors="replace")[-2000:]
        pytest.fail(f"The MLflow server did not start. The end of its log:\n{log}")


def mlflow_server(folder: Path) -> MlflowServer:
    """Return a started server that keeps its data in `folder`; close it when done."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = MlflowServer(folder, port)
    server.start()
    return server


def _environment() -> Mapping[str, str]:
    """Return the environment: no telemetry, no proxies, webhooks to loopback allowed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "DO_NOT_TRACK": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https",
        "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
        "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": base64.urlsafe_b64encode(
            secrets.token_bytes(32)
        ).decode(),
    }
