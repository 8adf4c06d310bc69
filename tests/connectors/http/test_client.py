from __future__ import annotations

import gzip
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.peers.fault_server import Asked, Exchange, FaultServer, serving

from headway.connectors.http import Limits, Outbound, Patience
from headway.errors import SourceError

#: For servers that never finish: the waits end soon.
QUICK = Limits(connect=1, read=0.3, total=0.6, size=100_000)
#: For servers that answer: however busy the machine is, no wait ends before the answer.
CALM = Limits(connect=60, read=60, total=60, size=100_000)


@pytest.fixture
def waits() -> list[float]:
    """Return the waits that were asked for; nobody really waits."""
    return []


@pytest.fixture
def outbound(server: FaultServer, waits: list[float]) -> Iterator[Outbound]:
    with Outbound(
        allowed=server.allowed,
        limits=CALM,
        patience=Patience(4, 0.5, 30.0),
        sleep=waits.append,
    ) as client:
        yield client


@pytest.fixture
def hasty(server: FaultServer) -> Iterator[Outbound]:
    with Outbound(allowed=server.allowed, limits=QUICK) as client:
        yield client


def test_an_answer_is_returned_whole(server: FaultServer, outbound: Outbound) -> None:
    answer = outbound.send("POST", f"{server.url}/x", json={"a": 1}, params={"q": "é"})
    assert answer.json() == {"ok": True}
    assert server.asked[0].json() == {"a": 1}
    assert server.asked[0].path == "/x?q=%C3%A9"
    assert server.asked[0].headers["accept-encoding"] == "identity"


def test_a_connection_is_used_again(server: FaultServer, outbound: Outbound) -> None:
    ports: set[object] = set()

    def remember(exchange: Exchange, asked: Asked) -> None:
        ports.add(exchange.client_address[1])
        exchange.reply_json({})

    server.answer = remember
    for _ in range(3):
        outbound.send("GET", server.url)
    assert len(ports) == 1


def drip(exchange: Exchange, asked: Asked) -> None:
    exchange.send_response(200)
    exchange.send_header("Content-Length", "1000")
    exchange.end_headers()
    while not exchange.server.fault_server.done.wait(0.05):
        exchange.wfile.write(b"x")


def drip_headers(exchange: Exchange, asked: Asked) -> None:
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not exchange.server.fault_server.done.wait(0.05):
        exchange.wfile.write(b"X-A: b\r\n")


def hang(exchange: Exchange, asked: Asked) -> None:
    exchange.server.fault_server.done.wait(5)


def cut_in_half(exchange: Exchange, asked: Asked) -> None:
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    exchange.hang_up()


def hang_up_at_once(exchange: Exchange, asked: Asked) -> None:
    exchange.hang_up()


def speak_nonsense(exchange: Exchange, asked: Asked) -> None:
    exchange.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    exchange.hang_up()


def send_endlessly(exchange: Exchange, asked: Asked) -> None:
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not exchange.server.fault_server.done.is_set():
        exchange.wfile.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")


def promise_much(exchange: Exchange, asked: Asked) -> None:
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    while not exchange.server.fault_server.done.is_set():
        exchange.wfile.write(b"x" * 0x4000)


def send_a_bomb(exchange: Exchange, asked: Asked) -> None:
    exchange.reply(200, gzip.compress(b"0" * 1_000_000), {"Content-Encoding": "gzip"})


@pytest.mark.parametrize("fault", [drip, drip_headers, hang])
def test_a_server_that_never_finishes_is_left_in_time(
    server: FaultServer, hasty: Outbound, fault: Callable[[Exchange, Asked], None]
) -> None:
    server.answer = fault
    begun = time.monotonic()
    with pytest.raises(SourceError, match="in time") as caught:
        hasty.send("GET", f"{server.url}/?secret=hidden", headers={"X-Secret": "hidden"})
    assert caught.value.retry
    assert "hidden" not in str(caught.value)
    assert time.monotonic() - begun < 4.5, "it hung as long as the server did"


@pytest.mark.parametrize(
    ("fault", "retry", "words"),
    [
        (cut_in_half, True, "broke off"),
        (hang_up_at_once, True, "broke off"),
        (speak_nonsense, True, "broke off"),
        (send_endlessly, False, "more than 100000 bytes"),
        (promise_much, False, "more than 100000 bytes"),
        (send_a_bomb, False, "compressed"),
    ],
)
def test_a_fault_becomes_one_sentence(
    server: FaultServer,
    outbound: Outbound,
    fault: Callable[[Exchange, Asked], None],
    retry: bool,
    words: str,
) -> None:
    server.answer = fault
    with pytest.raises(SourceError, match=words) as caught:
        outbound.send("GET", f"{server.url}/?secret=hidden", headers={"X-Secret": "hidden"})
    assert caught.value.retry is retry
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(
    server: FaultServer, outbound: Outbound, waits: list[float], status: int
) -> None:
    def recover(exchange: Exchange, asked: Asked) -> None:
        exchange.reply_json({}, 200 if len(server.asked) == 3 else status)

    server.answer = recover
    assert outbound.send_patiently("GET", server.url).status == 200
    assert waits == [0.5, 1.0]


def test_patience_ends(server: FaultServer, outbound: Outbound, waits: list[float]) -> None:
    server.answer = lambda exchange, asked: exchange.reply(503)
    with pytest.raises(SourceError, match="status 503") as caught:
        outbound.send_patiently("GET", server.url)
    assert caught.value.retry
    assert len(server.asked) == 4
    assert waits == [0.5, 1.0, 2.0]


def test_a_broken_connection_is_tried_again(server: FaultServer, outbound: Outbound) -> None:
    def recover(exchange: Exchange, asked: Asked) -> None:
        (cut_in_half if len(server.asked) == 1 else exchange_ok)(exchange, asked)

    server.answer = recover
    assert outbound.send_patiently("GET", server.url).json() == {}


def exchange_ok(exchange: Exchange, asked: Asked) -> None:
    exchange.reply_json({})


RETRY_AFTER = [
    ({"Retry-After": "7"}, [7.0, 7.0, 7.0]),
    ({"Retry-After": "0"}, [0.5, 1.0, 2.0]),
    ({"Retry-After": "soon"}, [0.5, 1.0, 2.0]),
    ({"Retry-After": "Tue, 15 Nov 1994 08:12:40 GMT"}, [0.5, 1.0, 2.0]),
    ({"Retry-After": "9" * 400}, []),
    ({"Retry-After": "31"}, []),
]


@pytest.mark.parametrize(("headers", "expected"), RETRY_AFTER)
def test_the_server_says_how_long_to_wait(
    server: FaultServer,
    outbound: Outbound,
    waits: list[float],
    headers: dict[str, str],
    expected: list[float],
) -> None:
    server.answer = lambda exchange, asked: exchange.reply(429, headers=headers)
    with pytest.raises(SourceError, match="next synchronisation"):
        outbound.send_patiently("GET", server.url)
    assert waits == expected


def test_a_date_to_wait_for_is_read_by_the_servers_own_clock(
    server: FaultServer, outbound: Outbound, waits: list[float]
) -> None:
    def busy(exchange: Exchange, asked: Asked) -> None:
        exchange.send_response_only(503)
        exchange.send_header("Date", "Tue, 15 Nov 1994 08:12:31 GMT")
        exchange.send_header("Retry-After", "Tue, 15 Nov 1994 08:12:40 GMT")
        exchange.send_header("Content-Length", "0")
        exchange.end_headers()

    server.answer = busy
    with pytest.raises(SourceError):
        outbound.send_patiently("GET", server.url)
    assert waits == [9.0, 9.0, 9.0]


RATIONS = [
    (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "784887160"}, [9.0, 9.0, 9.0]),
    (429, {"RateLimit-Remaining": "0", "RateLimit-Reset": "784887160"}, [9.0, 9.0, 9.0]),
    (403, {"Retry-After": "3"}, [3.0, 3.0, 3.0]),
    (429, {"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "784887160"}, [0.5, 1.0, 2.0]),
    (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}, [0.5, 1.0, 2.0]),
    (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "784890000"}, []),
]


@pytest.mark.parametrize(("status", "headers", "expected"), RATIONS)
def test_a_spent_ration_is_waited_for_by_the_server_s_own_clock(
    server: FaultServer,
    outbound: Outbound,
    waits: list[float],
    status: int,
    headers: dict[str, str],
    expected: list[float],
) -> None:
    def spent(exchange: Exchange, asked: Asked) -> None:
        exchange.send_response_only(status)
        for name, value in {"Date": "Tue, 15 Nov 1994 08:12:31 GMT", **headers}.items():
            exchange.send_header(name, value)
        exchange.send_header("Content-Length", "0")
        exchange.end_headers()

    server.answer = spent
    with pytest.raises(SourceError) as caught:
        outbound.send_patiently("GET", server.url)
    assert caught.value.retry
    assert waits == expected


@pytest.mark.parametrize("status", [401, 403, 407])
def test_refused_credentials_are_not_tried_again(
    server: FaultServer, outbound: Outbound, status: int
) -> None:
    server.answer = lambda exchange, asked: exchange.reply(status, b"token hidden is bad")
    with pytest.raises(SourceError, match="refused the credentials") as caught:
        outbound.send_patiently("GET", server.url, headers={"Authorization": "Bearer hidden"})
    assert not caught.value.retry
    assert "hidden" not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"", b"<html>Sign in</html>", b"\xff\xfe", b"{", b"[" * 200_000])
def test_what_is_not_json_is_said_to_be_so(server: FaultServer, body: bytes) -> None:
    server.answer = lambda exchange, asked: exchange.reply(200, body)
    with Outbound(allowed=server.allowed) as outbound, pytest.raises(SourceError, match="not JSON"):
        outbound.send("GET", server.url).json()


def test_a_closed_port_is_unreachable_and_may_open_again() -> None:
    with serving() as gone:
        allowed, url = gone.allowed, gone.url
    patience = Patience(attempts=2, first=0)
    with (
        Outbound(allowed=allowed, limits=QUICK, patience=patience) as outbound,
        pytest.raises(SourceError, match="could not be reached") as caught,
    ):
        outbound.send_patiently("GET", url)
    assert caught.value.retry


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and a certificate for mlflow.test that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mlflow.test")])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=40_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("mlflow.test")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[FaultServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(context) as running:
        yield running


def call_tls(server: FaultServer, host: str, ca_file: Path | None) -> int:
    with Outbound(
        allowed=frozenset({(host, server.port)}),
        limits=Limits(connect=2, read=2, total=4),
        resolve=lambda name, port: ["127.0.0.1"],
        ca_file=str(ca_file) if ca_file else None,
    ) as outbound:
        return outbound.send("GET", f"https://{host}:{server.port}/").status


def test_the_certificate_is_checked_against_the_name(
    tls_server: FaultServer, certificate: Path
) -> None:
    assert call_tls(tls_server, "mlflow.test", certificate) == 200
    with pytest.raises(SourceError, match="could not be reached"):
        call_tls(tls_server, "other.test", certificate)


def test_a_certificate_nobody_signed_is_refused(tls_server: FaultServer) -> None:
    with pytest.raises(SourceError, match="could not be reached"):
        call_tls(tls_server, "mlflow.test", None)
    assert tls_server.asked == []
