"""What a link says of its two ends, and what it may lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.discussion.rules.words import is_address
from headway.domain.programs.rules.fields import Reader, choice, text
from headway.errors import Invalid

LONGEST_ADDRESS = 2_000
#: Links of one thing, from either end; who needs more wants a list of their own.
MOST_LINKS = 50

#: Sort → how it is said from the end that was linked.
LINK_SORTS: Mapping[str, str] = {
    "relates to": "relates to",
    "caused by": "causes",
    "duplicates": "is duplicated by",
    "evidence": "is evidence for",
}


@dataclass(frozen=True, slots=True)
class LinkTo:
    """A link to be made: to a thing (`to`, as kind:key) or to an https address (`url`)."""

    sort: str = "relates to"
    to: str = ""
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link as one of its ends shows it: `about` is the other end, empty for an address.

    `name` is what the other end is called now; empty when it is gone or not to be seen.
    """

    id: UUID
    sort: str
    said: str
    about: str
    name: str
    url: str
    title: str
    made_by: str
    member: UUID | None
    made_at: datetime
    version: int


def said_of(sort: str, *, from_here: bool) -> str:
    """Say a sort of link as seen from the end that made it, or from the other one."""
    return sort if from_here else LINK_SORTS[sort]


def read_url(field: str, value: object) -> str:
    """Read an https address, or nothing."""
    found = str(value or "").strip()
    if not found:
        return ""
    if len(found) > LONGEST_ADDRESS or not _is_plain(found) or not is_address(found, "https"):
        sentence = (
            f"The {field} {found[:80]!r} is no address that can be linked: it begins with https://,"
            f" names a host and nobody's account, and has at most {LONGEST_ADDRESS} signs."
        )
        raise Invalid(sentence)
    return found


def _is_plain(address: str) -> bool:
    return address.isprintable() and not any(sign in address for sign in ' <>"\\^`{|}')


LINK_FIELDS: Mapping[str, Reader] = {
    "sort": choice(*LINK_SORTS),
    "url": read_url,
    "title": text(200),
}
