"""How often one may guess at a secret: one rule for every door that checks one."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from enum import StrEnum

#: Guesses evaluated in any hour from one network address, and at one account, at each door.
PER_ADDRESS = 20
PER_ACCOUNT = 10

#: What a bucket's name may measure; longer ones share a bucket with what they begin like.
KEY_LENGTH = 200

#: IPv6 providers hand out whole networks of this size; guesses are counted for the network.
IPV6_NETWORK = 64


class Door(StrEnum):
    """A place where somebody shows a secret."""

    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"
    PASSWORD = "password"
    RESET = "reset"
    LINK = "link"
    TOKEN = "token"
    HOOK = "hook"


def guess_limits(door: Door, address: str, account: str = "") -> list[tuple[str, int]]:
    """Return the (key, guesses an hour) that a guess at `door` counts against.

    `address` is the client's network address; `account` names what is guessed at, where it is
    known: an e-mail address, a user id.
    """
    limits = [(f"{door}:from:{network_of(address)}"[:KEY_LENGTH], PER_ADDRESS)]
    if account:
        limits.append((f"{door}:at:{account.strip().lower()}"[:KEY_LENGTH], PER_ACCOUNT))
    return limits


def network_of(address: str) -> str:
    """Return what is counted as one guesser: an IPv4 address, an IPv6 network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.IPv6Network((parsed, IPV6_NETWORK), strict=False))
    return str(parsed)


def bucket_size(per_hour: float) -> float:
    """Return how many guesses a full bucket holds: half of what an hour allows.

    The other half drips in over the hour, so that no hour ever sees more than `per_hour`.
    """
    return max(1.0, per_hour / 2)


def guesses_in(tokens: float, since: datetime, at: datetime, per_hour: float) -> float:
    """Return how many guesses a bucket holds at `at` that held `tokens` at `since`."""
    hours = max(0.0, (at - since).total_seconds() / 3600)
    size = bucket_size(per_hour)
    return min(size, tokens + hours * per_hour / 2)
