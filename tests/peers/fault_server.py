"""A loopback server that misbehaves as told, and remembers what it was asked."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, object]:
        """Return the body as a JSON object."""
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


Answering = Callable[["Exchange", Asked], None]


class Exchange(BaseHTTPRequestHandler):
    """One request and the means to answer it, well or badly."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def reply(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer completely."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reply_json(self, value: object, status: int = 200) -> None:
        """Answer with JSON."""
        body = json.dumps(value).encode()
        self.reply(status, body, {"Content-Type": "application/json"})

    def hang_up(self) -> None:
        """End the connection after this answer."""
        self.close_connection = True

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, self.rfile.read(length))
        self.server.fault_server.asked.append(asked)
        try:
            self.server.fault_server.answer(self, asked)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.hang_up()

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the tests read `asked`."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    fault_server: FaultServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent about clients that hang up in the middle: it is what they should do."""


def _say_ok(exchange: Exchange, asked: Asked) -> None:
    exchange.reply_json({"ok": True})


@dataclass(slots=True)
class FaultServer:
    """The server: its port, what it answers (replace at will), and what it was asked."""

    port: int
    answer: Answering = _say_ok
    asked: list[Asked] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        """What an operator would allow to let it be called."""
        return frozenset({("127.0.0.1", self.port)})


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[FaultServer]:
    """Run a server on a free loopback port; over TLS with a `context`."""
    inner = _Server(("127.0.0.1", 0), Exchange)
    if context is not None:
        inner.socket = context.wrap_socket(inner.socket, server_side=True)
    server = FaultServer(int(inner.server_address[1]))
    inner.fault_server = server
    thread = threading.Thread(target=inner.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.done.set()
        inner.shutdown()
        inner.server_close()
        thread.join()
