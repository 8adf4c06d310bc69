"""Work as other systems tell it: one row an item, before anybody has decided what to keep.

Trackers and spreadsheets disagree on nearly everything; a WorkRow keeps what a plan can use and
says where it was read, so that a refusal can name the line. Nothing is guessed here: a field that
the source does not state is None, and what could not be read stands in `faults`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from headway.errors import Problem


class Progress(StrEnum):
    """How far an item is, in the three words that every tracker can be brought down to."""

    WAITING = "waiting"
    STARTED = "started"
    FINISHED = "finished"
    DROPPED = "dropped"


class Unit(StrEnum):
    """What an estimate counts."""

    DAYS = "days"  #: working days
    HOURS = "hours"  #: working hours
    POINTS = "points"  #: story points: no length of their own, only in proportion


@dataclass(frozen=True, slots=True)
class Link:
    """`other` must come before (its key in the same source); `lag_days` in working days."""

    other: str
    kind: str = "FS"
    lag_days: float = 0.0


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One item. `where` names its place in the source ("line 12", "PROJ-7"); `url` opens it.

    `estimate` is one number in `unit`, or with `low` and `high` a range around it; a tracker may
    tell story `points` beside it. `status` is the source's own word for how far it is, `place` the
    project or repository it stands in. `parent` and the links name keys of the same source;
    `blocks` names those that wait for this one. People are kept as the display name the source
    shows; an e-mail address is never kept. `faults` are fields that could not be read: the row
    stands without them.
    """

    key: str
    name: str
    where: str
    progress: Progress = Progress.WAITING
    status: str = ""
    place: str = ""
    is_milestone: bool = False
    parent: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Unit = Unit.DAYS
    points: float | None = None
    not_before: date | None = None
    due: date | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    assignee: str = ""
    kind: str = ""
    labels: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    blocks: tuple[str, ...] = ()
    url: str = ""
    faults: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkRead:
    """What one reading brought: `read` rows seen, `rows` usable, `skipped` with a reason each."""

    read: int
    rows: tuple[WorkRow, ...]
    skipped: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
