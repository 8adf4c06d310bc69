"""What is written down in a meeting: a note, or something that lands where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from headway.domain.programs.rules.fields import text


class MinuteSort(StrEnum):
    """What a line of the minutes is. All but a note are kept elsewhere and shown from there."""

    NOTE = "note"
    ACTION = "action"
    RISK = "risk"
    BLOCKER = "blocker"
    DECIDED = "decided"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class MinuteDraft:
    """A line to be written. `words` are the note, or what is to be done, may happen or blocks.

    A decision is named by `decision` and, when taken, its `option`; `words` then say why. `who` is
    the owner, or for a blocker whom it waits for; `by` is the day it is due or deferred to.
    """

    sort: str = MinuteSort.NOTE
    words: str = ""
    who: str = ""
    by: date | None = None
    probability: float | None = None
    decision: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True)
class MinuteLine:
    """A line as it reads now: `key` names what it stands for, in the program; a note has none.

    `words`, `who`, `by` and `state` are those of the thing itself; empty when it is gone.
    """

    id: UUID
    sort: str
    key: str
    words: str
    who: str
    by: date | None
    state: str
    at: datetime
    author: str


read_note = text(2_000, required=True)
