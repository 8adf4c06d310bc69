"""Outbound: one request, checked, capped in time and size, answered or explained.

Everything that can go wrong is a SourceError with the same few sentences. What stops a request
before an answer (a refused address, an unknown name, a closed port, a failed handshake) has one
sentence, so that its wording tells nobody which internal addresses exist. No message repeats a
header, a query or a body.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpcore
import httpx

from headway.connectors.http.addresses import (
    Destination,
    Resolver,
    destination_of,
    system_resolver,
)
from headway.connectors.http.transport import CheckedTransport, Deadline
from headway.errors import Invalid, SourceError

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


class TooLarge(SourceError):
    """An answer was larger than the cap; whoever can ask for less may try again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one request: seconds to connect, for each read, and in all; bytes of the answer."""

    connect: float = 5.0
    read: float = 20.0
    total: float = 60.0
    size: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a busy server is asked again: `attempts` in all, waits doubling from `first`.

    A server that asks for more than `longest` seconds is left for the next synchronisation.
    """

    attempts: int = 4
    first: float = 0.5
    longest: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: never a redirect, never larger than the cap, not yet judged."""

    destination: Destination
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def is_busy(self) -> bool:
        """Say whether the server asks to be tried again later.

        GitHub says so with 403 too, once the hour's requests are spent or came too fast.
        """
        return self.status in _BUSY or (self.status == 403 and self._is_rationed)

    @property
    def _is_rationed(self) -> bool:
        spent = self.headers.get("x-ratelimit-remaining", "").strip() == "0"
        return spent or "retry-after" in self.headers

    def json(self) -> object:
        """Return the body as JSON. Raises SourceError when it is something else."""
        try:
            value: object = json.loads(self.body)
        except (ValueError, RecursionError):
            sentence = (
                f"{self.destination} answered with something that is not JSON; "
                "check that the address is the interface for programs, not a sign-in page."
            )
            raise SourceError(sentence, retry=False) from None
        return value

    def retry_after(self) -> float | None:
        """Return the seconds the server asks us to wait, None when it does not say.

        Read from Retry-After, else from when its ration renews (`X-RateLimit-Reset` of GitHub,
        `RateLimit-Reset` of GitLab: Unix seconds), both against the server's own clock.
        """
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            told = parsedate_to_datetime(self.headers["date"])
            waited = (parsedate_to_datetime(text) if text else self._renewed_at()) - told
        except (ValueError, KeyError, TypeError, OverflowError):
            return None
        return max(waited, timedelta()).total_seconds()

    def _renewed_at(self) -> datetime:
        """Return when a spent ration renews. Raises KeyError or ValueError when nothing says."""
        spent = {"0"} & {
            self.headers.get(name, "").strip()
            for name in ("x-ratelimit-remaining", "ratelimit-remaining")
        }
        name = "x-ratelimit-reset" if "x-ratelimit-reset" in self.headers else "ratelimit-reset"
        if not spent:
            raise KeyError(name)
        return datetime.fromtimestamp(int(self.headers[name][:12]), UTC)


class Outbound:
    """The client. Close it, or use it in a `with`; one thread at a time."""

    def __init__(
        self,
        *,
        allowed: frozenset[tuple[str, int]] = frozenset(),
        limits: Limits | None = None,
        patience: Patience | None = None,
        resolve: Resolver = system_resolver,
        sleep: Callable[[float], None] = time.sleep,
        ca_file: str | None = None,
    ) -> None:
        """Call public addresses and the operator's `allowed` ones; trust `ca_file` if given."""
        self.allowed = allowed
        self._limits = limits or Limits()
        self._patience = patience or Patience()
        self._sleep = sleep
        self._deadline = Deadline()
        context = httpx.create_ssl_context(trust_env=False)
        if ca_file:
            context.load_verify_locations(ca_file)
        self._client = httpx.Client(
            transport=CheckedTransport(allowed, resolve, self._deadline, context),
            timeout=httpx.Timeout(self._limits.read, connect=self._limits.connect),
            follow_redirects=False,
            trust_env=False,
            headers={"user-agent": "headway", "accept-encoding": "identity"},
        )

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the client."""
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
    ) -> Answer:
        """Send one request once and return its answer, whatever its status but a redirect.

        Raises Invalid for an address that cannot be used, SourceError when no whole answer came.
        """
        destination = destination_of(url)
        self._guard_secrets(destination, headers or {})
        self._deadline.start(self._limits.total)
        try:
            request = self._client.build_request(
                method, url, headers=dict(headers or {}), params=params or None, json=json
            )
            response = self._client.send(request, stream=True)
            try:
                return self._read(destination, response)
            finally:
                response.close()
        except (httpcore.TimeoutException, httpx.TimeoutException) as error:
            raise _too_slow(destination, error) from None
        except (httpcore.ConnectError, httpcore.ConnectionNotAvailable, OSError):
            raise _unreachable(destination) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError):
            sentence = f"{destination} broke off in the middle of its answer; it is asked again."
            raise SourceError(sentence, retry=True) from None

    def send_patiently(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
    ) -> Answer:
        """Send a request that only reads, again while the server is busy or breaks off.

        Honours Retry-After. Raises SourceError when patience is over, or the credentials fail.
        """
        for attempt in range(1, self._patience.attempts + 1):
            last = attempt == self._patience.attempts
            wait = self._patience.first * 2 ** (attempt - 1)
            try:
                answer = self.send(method, url, headers=headers, params=params, json=json)
            except SourceError as error:
                if last or not error.retry:
                    raise
            else:
                if not answer.is_busy:
                    return _accepted(answer)
                wait = max(wait, answer.retry_after() or 0.0)
                if last or wait > self._patience.longest:
                    raise _busy(answer, wait)
            self._sleep(min(wait, self._patience.longest))
        sentence = "Patience needs at least one attempt; set attempts to 1 or more."
        raise Invalid(sentence)

    def _guard_secrets(self, destination: Destination, headers: Mapping[str, str]) -> None:
        """Refuse to send credentials in the clear, except where the operator answers for it."""
        is_secret = any(name.lower() == "authorization" for name in headers)
        is_clear = destination.scheme == "http"
        if is_secret and is_clear and (destination.host, destination.port) not in self.allowed:
            sentence = (
                f"{destination} is asked over http, and a token is never sent in the clear; "
                f"use https, or let an operator set HEADWAY_ALLOW_HOSTS={destination}."
            )
            raise Invalid(sentence)

    def _read(self, destination: Destination, response: httpx.Response) -> Answer:
        """Read the body up to the cap. Redirects and compressed bodies are refused."""
        if response.is_redirect or 300 <= response.status_code < 400:
            sentence = (
                f"{destination} answered with a redirect ({response.status_code}), which is never "
                "followed; give the final address."
            )
            raise SourceError(sentence, retry=False)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            sentence = f"{destination} compressed its answer although it was asked not to."
            raise SourceError(sentence, retry=False)
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > self._limits.size:
                raise _too_large(destination, self._limits.size)
            chunks.append(chunk)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(destination, response.status_code, headers, b"".join(chunks))


def _accepted(answer: Answer) -> Answer:
    """Return `answer` unless it refuses our credentials."""
    if answer.status in {401, 403, 407}:
        sentence = (
            f"{answer.destination} refused the credentials ({answer.status}); "
            "check the token and what it may read."
        )
        raise SourceError(sentence, retry=False)
    return answer


def _busy(answer: Answer, wait: float) -> SourceError:
    sentence = (
        f"{answer.destination} is busy or failing (status {answer.status}); "
        f"asked again at the next synchronisation, in {wait:.0f} seconds at the earliest."
    )
    return SourceError(sentence, retry=True)


def _unreachable(destination: Destination) -> SourceError:
    sentence = (
        f"{destination} could not be reached: nothing answers there, or its address is not a "
        "public one. Check the address; for an internal host an operator sets "
        f"HEADWAY_ALLOW_HOSTS={destination}."
    )
    return SourceError(sentence, retry=True)


def _too_slow(destination: Destination, error: Exception) -> SourceError:
    if isinstance(error, httpcore.ConnectTimeout | httpcore.PoolTimeout | httpx.ConnectTimeout):
        return _unreachable(destination)
    sentence = f"{destination} did not finish its answer in time; it is asked again."
    return SourceError(sentence, retry=True)


def _too_large(destination: Destination, size: int) -> TooLarge:
    sentence = (
        f"{destination} sent more than {size} bytes in one answer, which is the most that is read; "
        "ask for smaller pages."
    )
    return TooLarge(sentence, retry=False)
