"""What may be talked about, and how each thing is written: `kind:key`, as in `risk:fraud/R1`.

This is the allow-list. A kind that stands here has a finder in `queries.things`, which asks the
thing's own query, so that nobody talks about what they cannot see.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from headway.errors import Invalid

#: The longest key: a place (60), a slash, a name in it (60), with room to spare.
LONGEST_KEY = 150


class Kind(StrEnum):
    """A sort of thing that people talk about; its key is said behind it."""

    PROGRAM = "program"  # its address
    PROJECT = "project"  # its address
    ITEM = "item"  # project/key
    CRITERION = "criterion"  # project/key
    RISK = "risk"  # program/key
    DECISION = "decision"  # program/key
    ACTION = "action"  # program/key
    BLOCKER = "blocker"  # program/key
    ASSUMPTION = "assumption"  # program/key
    PROMISE = "promise"  # program/key
    MEETING = "meeting"  # program/forum/number
    REPORT = "report"  # program/number
    RECORD = "record"  # its sequence in the ledger


@dataclass(frozen=True, slots=True)
class About:
    """Which thing is meant: nothing says yet that it exists, nor that one may see it."""

    kind: Kind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def place(self) -> str:
        """Return the program or project that the thing stands in, or the key itself."""
        return self.key.partition("/")[0]

    @property
    def name(self) -> str:
        """Return what the thing is called in its place; empty for a place of its own."""
        return self.key.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that was found for somebody who may see it. `owner` is a key of the roster."""

    workspace_id: UUID
    about: About
    name: str
    owner: str = ""
    program: str = ""


def read_about(field: str, value: object) -> About:
    """Read `kind:key`. Raises Invalid for a kind that nobody talks about, and for no key."""
    kind, _, key = str(value or "").strip().partition(":")
    if kind not in set(Kind):
        known = ", ".join(Kind)
        sentence = f"The {field} {str(value)[:80]!r} is of no kind that is talked about: {known}."
        raise Invalid(sentence)
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        sentence = f"The {field} {str(value)[:80]!r} names no {kind}; write it as {kind}:key."
        raise Invalid(sentence)
    return About(Kind(kind), key)
