from __future__ import annotations

import ipaddress
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.connectors.http import Destination, destination_of, parse_allowed_hosts
from headway.connectors.http.addresses import checked_addresses, is_public, resolve_within
from headway.errors import Invalid

PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "100.63.255.255", "100.128.0.1", "172.32.0.1"]
PUBLIC_V6 = ["2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888"]

INTERNAL = [
    "0.0.0.0", "0.1.2.3", "10.0.0.5", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "100.127.255.255", "127.0.0.1", "127.1.2.3", "127.255.255.254", "168.63.129.16",
    "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255",
    "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255",
    "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.2.3",
    "240.0.0.1", "255.255.255.255",
]  # fmt: skip

INTERNAL_V6 = [
    "::", "::1", "::2", "::127.0.0.1", "::ffff:0:7f00:1", "64:ff9b:1::7f00:1", "100::1",
    "100:0:0:1::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1",
    "2001:20::1", "2001:db8::1", "3fff::1", "5f00::1", "fc00::1", "fd00::1", "fd00:ec2::254",
    "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "4000::1", "2606:4700::5efe:7f00:1",
    "2606:4700::200:5efe:a00:5",
]  # fmt: skip


def embeddings(text: str) -> list[str]:
    """Return the ways IPv6 carries an IPv4 address to its end."""
    number = int(ipaddress.IPv4Address(text))
    return [
        str(ipaddress.IPv6Address((0xFFFF << 32) | number)),
        str(ipaddress.IPv6Address((0x64FF9B << 96) | number)),
        str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80))),
    ]


EMBEDDED = [wrapped for text in INTERNAL for wrapped in embeddings(text)]


@pytest.mark.parametrize("text", PUBLIC + PUBLIC_V6)
def test_a_public_address_may_be_called(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", INTERNAL + INTERNAL_V6 + EMBEDDED)
def test_an_internal_address_is_never_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", [wrapped for text in PUBLIC for wrapped in embeddings(text)])
def test_a_wrapped_public_address_stays_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses())
def test_nothing_is_public_that_python_calls_private(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_public(address) and not getattr(address, "ipv4_mapped", None):
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_never_changes_the_answer(address: ipaddress.IPv4Address) -> None:
    answers = {is_public(ipaddress.ip_address(text)) for text in embeddings(str(address))}
    assert answers == {is_public(address)}


@pytest.mark.parametrize(
    ("url", "destination"),
    [
        ("https://ML.Example.ORG", Destination("https", "ml.example.org", 443)),
        ("http://ml.example.org./path", Destination("http", "ml.example.org", 80)),
        ("https://ml.example.org:8443/x?y=1", Destination("https", "ml.example.org", 8443)),
        ("http://[0:0:0:0:0:0:0:1]:5000", Destination("http", "::1", 5000)),
        ("http://127.0.0.1:5000", Destination("http", "127.0.0.1", 5000)),
        ("https://bücher.example", Destination("https", "xn--bcher-kva.example", 443)),
        ("http://my_host:81", Destination("http", "my_host", 81)),
        ("http://127。0。0。1:80", Destination("http", "127.0.0.1", 80)),
    ],
)
def test_an_address_has_one_destination(url: str, destination: Destination) -> None:
    assert destination_of(url) == destination


REFUSED = [
    "", "ml.example.org", "//ml.example.org", "ftp://ml.example.org", "file:///etc/passwd",
    "gopher://127.0.0.1:70/_x", "javascript:alert(1)", "http://", "http:///path", "http:foo",
    "http://user@ml.example.org", "http://user:hunter2@ml.example.org",
    "http://ml.example.org@127.0.0.1", "http://127.0.0.1:80@ml.example.org/",
    "http://ml.example.org\\@127.0.0.1", "http://ml.example.org/\n", "http://ml.example.org /",
    "http://ml.example.org/#secret", "http://ml.example.org:0", "http://ml.example.org:65536",
    "http://ml.example.org:-1", "http://ml.example.org:x", "http://2130706433", "http://0x7f000001",
    "http://0x7f.1", "http://127.1", "http://127.0.1", "http://0177.0.0.1", "http://017700000001",
    "http://0", "http://0x0", "http://0x", "http://127.0.0.1.1", "http://1.2.3.4.5",
    "http://127.0.0.0x1", "http://999.1.1.1", "http://a..b", "http://.a", "http://-a-.1",
    "http://[::1", "http://::1", "http://[::1%25lo]", "http://[fe80::1%eth0]", "http://[v1.x]",
    "http://a%2eb", "http://127%2e0%2e0%2e1", "http://a,b", "http://a;b", "http://*",
    "http://\u2488", "http://ml.example.org\t", "http://①②⑦.⓪.⓪.①",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_a_doubtful_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        destination_of(url)
    assert "hunter2" not in str(caught.value)
    assert str(caught.value).endswith("Write for example https://host:port/path.")


def test_allowed_hosts_are_read_in_the_spelling_that_is_compared() -> None:
    text = "MLflow.internal.:5000, 127.0.0.1:80\n[0:0::1]:5001"
    assert parse_allowed_hosts(text) == {
        ("mlflow.internal", 5000), ("127.0.0.1", 80), ("::1", 5001)
    }  # fmt: skip
    assert parse_allowed_hosts("  ") == frozenset()


@pytest.mark.parametrize(
    "text",
    ["mlflow", "mlflow:", ":80", "*:80", "*.corp:80", "mlflow:0", "mlflow:65536", "mlflow:a",
     "127.1:80", "http://mlflow:80", "mlflow:80/path", "mlflow:٣", "[::1]", "a b:80"],
)  # fmt: skip
def test_an_allowed_host_needs_an_exact_host_and_port(text: str) -> None:
    with pytest.raises(Invalid):
        parse_allowed_hosts(text)


def test_one_internal_address_spoils_a_name() -> None:
    def mixed(host: str, port: int) -> list[str]:
        return ["8.8.8.8", "::1"]

    with pytest.raises(OSError, match="no address"):
        checked_addresses("mixed.test", 80, mixed, allowed=False)


@pytest.mark.parametrize("answer", [[], ["not an address"], ["8.8.8.8", ""]])
def test_an_answer_without_addresses_is_none(answer: list[str]) -> None:
    with pytest.raises(OSError, match="no address"):
        checked_addresses("odd.test", 80, lambda host, port: answer, allowed=False)


def test_a_resolver_that_hangs_is_left_behind() -> None:
    release = threading.Event()

    def hang(host: str, port: int) -> list[str]:
        release.wait(10)
        return []

    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        resolve_within(0.05, hang, "slow.test", 80)
    release.set()
    assert time.monotonic() - begun < 2
