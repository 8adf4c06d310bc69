"""Connections that go only to checked addresses, and that end when the time is up.

The check stands where the socket is opened, so a name that answers differently the second time
(DNS rebinding) gains nothing: what was checked is what is dialled. The Host header, SNI and the
certificate still carry the name.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator

import httpcore
import httpx

from headway.connectors.http.addresses import (
    Resolver,
    checked_addresses,
    normal_host,
    resolve_within,
)


class Deadline:
    """The moment the request in hand must be over; every wait on the network is cut to it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._end = float("inf")

    def start(self, seconds: float) -> None:
        """Give the next request `seconds` in all."""
        self._end = self._monotonic() + seconds

    def cap(self, timeout: float | None) -> float:
        """Return `timeout` cut to what is left. Raises httpcore.ReadTimeout when nothing is."""
        left = self._end - self._monotonic()
        if left <= 0:
            sentence = "the total time is over"
            raise httpcore.ReadTimeout(sentence)
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A network stream whose reads and writes end at the deadline, however slowly they drip."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.cap(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.cap(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        cap = self._deadline.cap(timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, cap), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves, checks, and dials exactly what was checked."""

    def __init__(
        self,
        allowed: frozenset[tuple[str, int]],
        resolve: Resolver,
        deadline: Deadline,
        *,
        dial: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._deadline = deadline
        self._dial = dial or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers, all of them checked before."""
        name = normal_host(host)
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(name, port, timeout):
            try:
                cap = self._deadline.cap(timeout)
                stream = self._dial.connect_tcp(address, port, cap, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _Stream(stream, self._deadline)
        raise failure

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        def ask(name: str, number: int) -> list[str]:
            return list(resolve_within(self._deadline.cap(timeout), self._resolve, name, number))

        is_allowed = (host, port) in self._allowed
        try:
            return checked_addresses(host, port, ask, allowed=is_allowed)
        except (OSError, UnicodeError) as error:
            sentence = "no address that may be called"
            raise httpcore.ConnectError(sentence) from error

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Refuse: a path on this machine is never the address of another system."""
        sentence = "unix sockets are never called"
        raise httpcore.ConnectError(sentence)


class _Body(httpx.SyncByteStream):
    """The bytes of an answer as they arrive."""

    def __init__(self, stream: httpcore.Response) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream.iter_stream()

    def close(self) -> None:
        self._stream.close()


class CheckedTransport(httpx.BaseTransport):
    """An httpx transport over the checked backend: no proxies, no retries, HTTP/1.1.

    It raises httpcore's errors as they are; the client turns them into one sentence.
    """

    def __init__(
        self,
        allowed: frozenset[tuple[str, int]],
        resolve: Resolver,
        deadline: Deadline,
        context: ssl.SSLContext,
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=2,
            network_backend=CheckedBackend(allowed, resolve, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` to a checked address and return the answer, its body still to be read."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
