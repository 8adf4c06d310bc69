"""What stands around a page: where one can go, who is here, and as of when one looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

#: key, label, letter after "g"; the order of PRODUCT's left navigation.
_PLACES = (
    ("home", "Home", "h"),
    ("programs", "Programs", "p"),
    ("systems", "Systems", "s"),
    ("releases", "Releases", "r"),
    ("people", "People and money", "m"),
    ("governance", "Governance", "v"),
    ("settings", "Settings", "e"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the left navigation: its icon is `key`, its shortcut `g` then `letter`."""

    key: str
    label: str
    href: str
    letter: str
    also: tuple[str, ...] = ()

    def covers(self, path: str) -> int:
        """Return how many characters of `path` belong to this place; 0 when it lies elsewhere."""
        prefixes = [prefix for prefix in (self.href, *self.also) if path.startswith(prefix)]
        return max(map(len, prefixes), default=0)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the command palette: `label` opens `href`; `hint` says what or where it is."""

    label: str
    href: str
    hint: str = ""
    icon: str = "next"


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a workspace's page. An empty one draws no navigation (sign-in, errors).

    `at` is the moment the page looks from, None for now; `pinned` says that it is not the reader
    who chose it (sample data). `palette` is the address that answers `?q=` with choices.
    """

    workspace: str = ""
    home: str = "/"
    places: tuple[Place, ...] = ()
    member: str = ""
    role: str = ""
    at: datetime | None = None
    pinned: bool = False
    palette: str = ""
    account: str = ""
    sign_out: str = "/accounts/logout/"
    version: str = ""


def known_places(
    addresses: Mapping[str, str], also: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Place, ...]:
    """Return the navigation for those `addresses` (key → path) that exist, in the product's order.

    `also` gives further path prefixes that belong to a place, e.g. projects to "programs".
    """
    more = also or {}
    return tuple(
        Place(key, label, addresses[key], letter, more.get(key, ()))
        for key, label, letter in _PLACES
        if key in addresses
    )


def current_place(places: tuple[Place, ...], path: str) -> str:
    """Return the key of the place that covers most of `path`, or nothing."""
    best = max(places, key=lambda place: place.covers(path), default=None)
    return best.key if best and best.covers(path) else ""


def keep_at(href: str, at: str) -> str:
    """Return a local `href` with the reader's as-of date `at` kept, unless it has its own."""
    parts = urlsplit(href)
    if not at or parts.netloc or parts.scheme or not parts.path or "at" in parse_qs(parts.query):
        return href
    query = "&".join(filter(None, (parts.query, urlencode({"at": at}))))
    return parts._replace(query=query).geturl()
