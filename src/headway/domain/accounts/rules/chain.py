"""The hash chain under the ledger and the audit trail: each row carries the digest of the last.

Editing, deleting, inserting or swapping a row breaks the chain at that row. Cutting the tail does
not: that is why heads are anchored outside (report footers, the daily head file).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from headway.observation import canonical, digest

#: What the first row of a chain points to.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One row of a chain as stored: its place, its text, and the two digests it claims."""

    sequence: int
    text: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain stops holding, and why."""

    sequence: int
    sentence: str


def audit_text(
    sequence: int,
    at: datetime,
    actor: str,
    action: str,
    thing: str,
    detail: Mapping[str, object],
) -> str:
    """Return the canonical text of an audit row: every column, so that none can change unseen."""
    content = {"sequence": sequence, "at": at, "actor": actor, "action": action, "thing": thing}
    return canonical({**content, "detail": detail})


def seal(previous: str, text: str) -> str:
    """Return the digest of a row: SHA-256 over the previous row's digest and this row's text."""
    return digest(f"{previous}\n{text}")


def first_break(
    links: Iterable[ChainLink],
    head: tuple[int, str] | None = None,
    anchor: tuple[int, str] | None = None,
) -> Break | None:
    """Walk `links` in order of sequence and return the first place where the chain breaks.

    `head` is the (sequence, digest) at which the chain must end: it shows a cut tail. `anchor` is
    one that was kept outside (a report's footer, the daily head file), at any place of the chain:
    it shows a chain that was written anew from there, head and all.
    """
    expected, previous = 1, GENESIS
    for link in links:
        sentence = _fault(link, expected, previous)
        if sentence:
            return Break(expected, sentence)
        if anchor is not None and link.sequence == anchor[0] and link.digest != anchor[1]:
            return Break(expected, f"Row {expected} is not the row {expected} that was anchored.")
        expected, previous = expected + 1, link.digest
    for kept, word in ((head, "noted as the last"), (anchor, "anchored")):
        if kept is not None and kept[0] >= expected:
            sentence = f"The chain ends at row {expected - 1}, but row {kept[0]} was {word}."
            return Break(expected, sentence)
    if head is not None and head != (expected - 1, previous):
        sentence = f"The chain ends at row {expected - 1}, but not as its head was noted."
        return Break(expected - 1, sentence)
    return None


def _fault(link: ChainLink, expected: int, previous: str) -> str:
    """Return what is wrong with `link` as row `expected` after digest `previous`, or nothing."""
    if link.sequence != expected:
        return f"Row {expected} is missing: the chain goes on with row {link.sequence}."
    if link.previous != previous:
        return f"Row {expected} does not follow row {expected - 1}: it was put in or moved."
    if seal(previous, link.text) != link.digest:
        return f"Row {expected} was edited: its content does not give its digest."
    return ""
