"""Whatever a person types, whatever a name resolves to: what is internal is not reached."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import Never

import httpcore
import pytest
from tests.connectors.http.test_addresses import EMBEDDED, INTERNAL, INTERNAL_V6
from tests.peers.fault_server import Asked, Exchange, FaultServer

from headway.connectors.http import Limits, Outbound
from headway.connectors.http.transport import CheckedBackend, Deadline
from headway.errors import HeadwayError, Invalid, SourceError

QUICK = Limits(connect=1, read=1, total=2)

SPELLINGS = [
    "127.0.0.1", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "0",
    "2130706433", "0x7f000001", "0x7F.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.1%2f",
    "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::]", "0.0.0.0", "user@127.0.0.1",
    "ml.example.org@127.0.0.1", "user:pw@localhost", "127。0。0。1", "127｡0｡0｡1", "127．0．0．1",
    "①②⑦.⓪.⓪.①", "ⓛocalhost", "localhost%00.example.org", "127.0.0.1\\.example.org",
]  # fmt: skip

FORMS = ["http://{host}:{port}/", "http://{host}:{port}/a?b=c", "https://{host}:{port}/"]


@pytest.mark.parametrize(("form", "host"), list(itertools.product(FORMS, SPELLINGS)))
def test_no_spelling_of_this_machine_reaches_it(canary: FaultServer, form: str, host: str) -> None:
    with Outbound(limits=QUICK) as outbound, pytest.raises(HeadwayError):
        outbound.send("GET", form.format(host=host, port=canary.port))
    assert canary.asked == []


@pytest.mark.parametrize("address", INTERNAL + INTERNAL_V6 + EMBEDDED)
def test_no_name_leads_to_an_internal_address(canary: FaultServer, address: str) -> None:
    dialled = dial_of(lambda host, port: [address])
    assert dialled == []


@pytest.mark.parametrize("address", INTERNAL + INTERNAL_V6)
@pytest.mark.parametrize("order", [1, -1])
def test_a_public_companion_does_not_help(address: str, order: int) -> None:
    assert dial_of(lambda host, port: ["8.8.8.8", address][::order]) == []


def test_a_name_is_asked_once_and_what_was_checked_is_dialled() -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    assert dial_of(lambda host, port: next(answers)) == [("8.8.8.8", 80)]
    assert next(answers) == ["127.0.0.1"]


@pytest.mark.parametrize("second", ["127.0.0.1", "::1", "169.254.169.254", "100.64.0.1"])
def test_a_rebinding_name_is_checked_at_each_connection(second: str) -> None:
    answers = iter([["8.8.8.8"], [second]])

    def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    assert [dial_of(rebinding), dial_of(rebinding)] == [[("8.8.8.8", 80)], []]


def fail_to_resolve(host: str, port: int) -> Never:
    sentence = "name or service not known"
    raise OSError(sentence)


def test_open_closed_blocked_and_unknown_look_alike(canary: FaultServer) -> None:
    resolvers = [lambda host, port: ["127.0.0.1"], lambda host, port: ["10.0.0.5"], fail_to_resolve]
    ports = [canary.port, 9]
    answers = [look(resolver, port) for resolver in resolvers for port in ports]
    times = [took for _, took in answers]
    assert len({sentence for sentence, _ in answers}) == 1
    assert max(times) - min(times) < 0.05
    assert canary.asked == []


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_not_followed(server: FaultServer, canary: FaultServer, status: int) -> None:
    def redirect(exchange: Exchange, asked: Asked) -> None:
        exchange.reply(status, headers={"Location": f"{canary.url}/?token=hidden"})

    server.answer = redirect
    with Outbound(allowed=server.allowed) as outbound, pytest.raises(SourceError) as caught:
        outbound.send_patiently("GET", server.url)
    assert "redirect" in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert not caught.value.retry
    assert canary.asked == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_proxies_of_the_environment_are_ignored(
    server: FaultServer, canary: FaultServer, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, canary.url)
    with Outbound(allowed=server.allowed) as outbound:
        assert outbound.send("GET", server.url).status == 200
    assert canary.asked == []


def test_an_allowed_host_is_allowed_on_its_port_only(
    server: FaultServer, canary: FaultServer
) -> None:
    with Outbound(allowed=server.allowed, limits=QUICK) as outbound:
        assert outbound.send("GET", server.url).status == 200
        with pytest.raises(SourceError):
            outbound.send("GET", canary.url)
    assert canary.asked == []


def test_an_allowed_name_does_not_allow_its_address(server: FaultServer) -> None:
    allowed = frozenset({("mlflow.test", server.port)})
    with Outbound(allowed=allowed, limits=QUICK, resolve=lambda h, p: ["127.0.0.1"]) as outbound:
        assert outbound.send("GET", f"http://MLFLOW.test.:{server.port}/").status == 200
        assert server.asked[0].headers["host"].lower().startswith("mlflow.test")
        with pytest.raises(SourceError):
            outbound.send("GET", server.url)
        with pytest.raises(SourceError):
            outbound.send("GET", f"http://mlflow.test.evil.test:{server.port}/")
    assert len(server.asked) == 1


def test_unix_sockets_are_out_of_reach() -> None:
    backend = CheckedBackend(frozenset(), fail_to_resolve, Deadline())
    with pytest.raises(httpcore.ConnectError):
        backend.connect_unix_socket("/run/docker.sock")


@pytest.mark.parametrize("host", ["ml.example.org", "8.8.8.8"])
def test_a_token_is_never_sent_in_the_clear(host: str) -> None:
    with Outbound() as outbound, pytest.raises(Invalid) as caught:
        outbound.send("GET", f"http://{host}/", headers={"Authorization": "Bearer hidden"})
    assert "hidden" not in str(caught.value)


class Dial(httpcore.NetworkBackend):
    """Remembers who would have been called, and calls nobody."""

    def __init__(self) -> None:
        self.dialled: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *rest: object, **more: object) -> Never:
        self.dialled.append((host, port))
        sentence = "nobody is called in this test"
        raise httpcore.ConnectError(sentence)


def dial_of(resolver: object) -> list[tuple[str, int]]:
    """Return what a connection to a name would dial when `resolver` answers for it."""
    assert callable(resolver)
    dial = Dial()
    backend = CheckedBackend(frozenset(), resolver, Deadline(), dial=dial)
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("evil.test", 80, 1.0)
    return dial.dialled


def look(resolver: object, port: int) -> tuple[str, float]:
    """Return what a person reads, the port left out, and how long it took."""
    assert callable(resolver)
    with Outbound(limits=QUICK, resolve=resolver) as outbound:
        begun = time.monotonic()
        with pytest.raises(SourceError) as caught:
            outbound.send("GET", f"http://some.test:{port}/")
        return str(caught.value).replace(str(port), "PORT"), time.monotonic() - begun
