"""Which addresses Headway may call: public ones, and those the operator named.

Python's `is_private` is False for carrier NAT, NAT64, 6to4, cloud metadata and multicast, so an
address must be global by Python's table, absent from our own list, and stay so after every
embedded IPv4 address has been unwrapped (IPv4-mapped, NAT64 RFC 6052, 6to4 RFC 3056).
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from headway.errors import Invalid

#: Host and port to address texts. Raises OSError when there is no answer.
Resolver = Callable[[str, int], Sequence[str]]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS = {"http": 80, "https": 443}

# IANA special-purpose registries (RFC 6890 and later), and what clouds answer metadata on.
_DENIED_V4 = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
    198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 168.63.129.16/32 224.0.0.0/4 240.0.0.0/4
"""
_DENIED_V6 = """
    ::/96 ::ffff:0:0:0/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32
    2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
"""
_DENIED = tuple(ipaddress.ip_network(text) for text in (_DENIED_V4 + _DENIED_V6).split())
_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

# A last label that is a number is no name: the system reads it as an address (127.1, 0x7f000001).
_LEGACY_NUMBER = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)$", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a request goes: scheme, host in ASCII lower case without a trailing dot, and port."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Return `host:port`, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def destination_of(url: str) -> Destination:
    """Return where `url` leads. Raises Invalid, never repeating what may be a secret in it.

    Two addresses with equal destinations share an origin: a stored secret is kept only then.
    """
    try:
        parsed = httpx.URL(url)
        port = parsed.port
    except (httpx.InvalidURL, ValueError, TypeError):
        _refuse("it cannot be read")
    if _UNSAFE.search(url):
        _refuse("it holds a space, a control character or a backslash")
    if parsed.scheme not in _PORTS:
        _refuse("it starts with neither https:// nor http://")
    if parsed.userinfo:
        _refuse("it carries a user name or password; give the secret as a token instead")
    if parsed.fragment:
        _refuse("it has a part after #")
    if port is not None and not 0 < port < 65536:
        _refuse("its port is not between 1 and 65535")
    host = normal_host(parsed.raw_host.decode("ascii"))
    return Destination(parsed.scheme, host, port or _PORTS[parsed.scheme])


def parse_allowed_hosts(text: str) -> frozenset[tuple[str, int]]:
    """Read HEADWAY_ALLOW_HOSTS: `host:port` entries separated by commas or spaces, IPv6 in [ ].

    Raises Invalid naming the entry: no wildcards and no entry without a port, on purpose.
    """
    return frozenset(_allowed(entry) for entry in re.split(r"[,\s]+", text) if entry)


def _allowed(entry: str) -> tuple[str, int]:
    host, separator, port = entry.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if entry.startswith("[") else host
    number = int(port) if port.isascii() and port.isdigit() else 0
    if not separator or not host or not 0 < number < 65536 or "*" in host:
        sentence = (
            f"HEADWAY_ALLOW_HOSTS has the entry {entry!r}, which is not host:port; "
            "write each host with its port, for example mlflow.internal:5000."
        )
        raise Invalid(sentence)
    return normal_host(host), number


def normal_host(host: str) -> str:
    """Return `host` in the one spelling that is compared; refuse spellings that hide an address."""
    text = host.lower().removesuffix(".")
    if "%" in text:
        _refuse("its host holds a percent sign")
    address = literal_address(text)
    if address is not None:
        return str(address)
    if _LEGACY_NUMBER.match(text):
        _refuse("its host is a number; write the four-part address or the name")
    if not _HOST.match(text) or ".." in text:
        _refuse("its host is not a name or an IP address")
    return text


def _refuse(reason: str) -> None:
    sentence = f"The address cannot be used: {reason}. Write for example https://host:port/path."
    raise Invalid(sentence) from None


def literal_address(host: str) -> Address | None:
    """Return the address that `host` spells out, None when it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Say whether `address`, and every address embedded in it, is one anybody may be sent to."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not _is_denied(address)
    embedded = _embedded(address)
    if embedded is not None:
        return is_public(embedded)
    return (
        address.is_global
        and address in _UNICAST_V6
        and not _is_denied(address)
        and not _is_isatap(address)
    )


def _is_denied(address: Address) -> bool:
    return any(address.version == network.version and address in network for network in _DENIED)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that traffic to `address` ends at, None when it has none."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _is_isatap(address: ipaddress.IPv6Address) -> bool:
    """Say whether the interface part is ISATAP (RFC 5214), which tunnels to an IPv4 address."""
    return (int(address) >> 32) & 0xFDFFFFFF == 0x00005EFE


def checked_addresses(host: str, port: int, resolve: Resolver, *, allowed: bool) -> list[str]:
    """Return the addresses of `host` that may be dialled; raises OSError when there are none.

    One address that is not public spoils all of them: a name that mixes public and internal
    addresses is an attack or a mistake. With `allowed`, the operator answers for the host.
    """
    literal = literal_address(host)
    texts = [host] if literal is not None else list(resolve(host, port))
    if allowed and texts:
        return texts
    addresses = [literal_address(text) for text in texts]
    if not addresses or any(address is None or not is_public(address) for address in addresses):
        sentence = "no address that may be called"
        raise OSError(sentence)
    return [str(address) for address in addresses]


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the operating system for the addresses of `host`, in its order, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve_within(seconds: float, resolve: Resolver, host: str, port: int) -> Sequence[str]:
    """Call `resolve`, giving up with TimeoutError: the system's own call knows no time limit."""
    answers: queue.Queue[Sequence[str] | Exception] = queue.Queue(1)

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer
