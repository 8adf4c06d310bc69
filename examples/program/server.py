"""A real MLflow server of our own: on the loopback, on a free port, in a folder that goes away."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

START_WITHIN = 180  # seconds; the first start of a database takes about 35


@contextmanager
def mlflow_server() -> Iterator[str]:
    """Start a server, yield its address, and stop it however the block ends."""
    with tempfile.TemporaryDirectory(prefix="headway-example-") as folder:
        root, port = Path(folder), _free_port()
        address = f"http://127.0.0.1:{port}"
        with (root / "server.log").open("wb") as log:
            process = subprocess.Popen(
                _command(root, port), stdout=log, stderr=subprocess.STDOUT, cwd=root
            )
            try:
                _wait_for(address, process, root / "server.log")
                yield address
            finally:
                process.terminate()
                process.wait(timeout=30)


def _command(root: Path, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "mlflow", "server"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--backend-store-uri", f"sqlite:///{root / 'mlflow.db'}"),
        *("--artifacts-destination", str(root / "artifacts")),
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{address}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.5)
    sentence = (
        f"The MLflow server did not answer within {START_WITHIN} s; it wrote:\n{log.read_text()}"
    )
    raise RuntimeError(sentence)
