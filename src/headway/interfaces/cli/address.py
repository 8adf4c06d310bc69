"""Where HEADWAY_URL leads, and whether a token may travel there.

The rule is the connectors' one: plain http carries a token only to where the operator allowed it,
host and port, in HEADWAY_ALLOW_HOSTS. This machine itself needs no leave.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address

from headway.connectors.http import Destination, destination_of, parse_allowed_hosts
from headway.errors import Invalid


@dataclass(frozen=True, slots=True)
class Server:
    """A server that may be spoken to: its address, without a slash at the end.

    `is_private` says whether https hides what is said. Only then may the environment put a proxy
    in between: through plain http it would read the token.
    """

    url: str
    is_private: bool


def named_server(url: str) -> Server:
    """Return the server that `url` names. Raises Invalid where a token would travel in clear."""
    try:
        destination = destination_of(url)
    except Invalid as error:
        sentence = f"HEADWAY_URL names no server: {error}"
        raise Invalid(sentence) from None
    if destination.scheme != "https" and not _may_be_plain(destination):
        sentence = (
            f"HEADWAY_URL leads to {destination} over plain http, where anybody on the way reads "
            f"the token; use https, or set HEADWAY_ALLOW_HOSTS={destination} where you trust the "
            "whole way."
        )
        raise Invalid(sentence)
    return Server(url.rstrip("/"), destination.scheme == "https")


def _may_be_plain(destination: Destination) -> bool:
    if _is_this_machine(destination.host):
        return True
    allowed = parse_allowed_hosts(os.environ.get("HEADWAY_ALLOW_HOSTS", ""))
    return (destination.host, destination.port) in allowed


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
