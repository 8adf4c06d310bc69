"""A real Prometheus on loopback: history filled in before it starts, and one target to scrape."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class PrometheusServer:
    """Where it listens, and whom the outbound client must allow for it."""

    url: str
    allowed: frozenset[tuple[str, int]]


def why_not() -> str:
    """Return why no Prometheus can be started here, empty when one can."""
    missing = [name for name in ("prometheus", "promtool") if not shutil.which(name)]
    return f"{missing[0]} is not installed (Debian: apt install prometheus)" if missing else ""


class _Exporter(BaseHTTPRequestHandler):
    """The smallest target: one gauge."""

    def do_GET(self) -> None:
        body = b"# TYPE fraud_live gauge\nfraud_live 42\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def a_prometheus(folder: Path, history: str) -> Iterator[PrometheusServer]:
    """Run a server in `folder` whose past is `history`, OpenMetrics with times."""
    (folder / "history.txt").write_text(history)
    data = folder / "data"
    fill = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "history.txt", str(data)]
    subprocess.run(fill, cwd=folder, check=True, capture_output=True)
    exporter = ThreadingHTTPServer(("127.0.0.1", 0), _Exporter)
    threading.Thread(target=exporter.serve_forever, daemon=True).start()
    target = f"127.0.0.1:{exporter.server_address[1]}"
    (folder / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s}\nscrape_configs:\n"
        f"  - {{job_name: fraud, static_configs: [{{targets: ['{target}']}}]}}\n"
    )
    port = _free_port()
    run = [
        "prometheus",
        "--config.file=prometheus.yml",
        f"--storage.tsdb.path={data}",
        "--storage.tsdb.retention.time=100y",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    process = subprocess.Popen(run, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/-/ready", b"")
        _wait_for(f"{url}/api/v1/query?query=fraud_live", b'"42"')
        yield PrometheusServer(url, frozenset({("127.0.0.1", port)}))
    finally:
        process.terminate()
        process.wait(10)
        exporter.shutdown()
        exporter.server_close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(url: str, content: bytes) -> None:
    """Wait until an address answers with `content` in it."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if content in answer.read():
                    return
        except OSError:
            pass
        if time.monotonic() > end:
            sentence = f"Prometheus was not ready at {url} in {_PATIENCE:g} s"
            raise TimeoutError(sentence)
        time.sleep(0.05)
