"""What an import that the worker does is doing, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

#: Rows up to which a file is imported while one waits; more are the worker's.
AT_ONCE = 2_000
#: Bytes of the largest file that is stored.
LARGEST = 64 * 1024 * 1024
#: Files of one member that are stored and not yet imported; the oldest goes first.
MOST_STORED = 5
#: A stored file that nobody asks for is forgotten after this many hours.
HOURS_STORED = 24
#: What came of an import is told for this many days.
DAYS_KEPT = 7
#: How often an import that ends without a word is tried.
MOST_ATTEMPTS = 3
#: Seconds without a sign after which the worker is taken for silent.
SILENT_AFTER = 30.0


class JobState(StrEnum):
    """Where a file is on its way."""

    STORED = "stored"  #: previewed, nothing asked for yet
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: States that nothing leads out of.
ENDED = frozenset((JobState.DONE, JobState.FAILED, JobState.CANCELLED))


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done, how much of it is done and of how much, and when that was told."""

    what: str
    done: int
    total: int
    at: float  #: seconds since the epoch


@dataclass(frozen=True, slots=True)
class ImportJobFacts:
    """An import as a reader sees it. `result` is that of `headway import --json`, once done."""

    id: UUID
    file_name: str
    project: str
    state: JobState
    sentence: str
    what: str  #: reading, comparing, items, links, checking …
    done: int
    total: int
    at: datetime
    result: Mapping[str, object] | None = None
    problems: Sequence[Mapping[str, str]] = ()

    @property
    def has_ended(self) -> bool:
        """Say whether nothing more will happen."""
        return self.state in ENDED


#: Of the whole work, how far each step begins and ends, in percent: reading is a fifth.
_SPANS = {
    "reading": (0, 15),
    "comparing": (15, 25),
    "items": (25, 80),
    "changed items": (25, 80),
    "links": (80, 88),
    "needs": (88, 90),
    "checking": (90, 100),
}
_SAID = {"reading": "Reading the file", "comparing": "Comparing", "checking": "Checking the plan"}


def percent_of(step: Step) -> int:
    """Return how far an import is, from 0 to 100; it never runs back."""
    first, last = _SPANS.get(step.what, (0, 0))
    return first + int((last - first) * min(1.0, step.done / max(1, step.total)))


def running_sentence(step: Step | None) -> str:
    """Say what an import that runs is doing."""
    if step is None:
        return "The worker has begun."
    if step.what in _SAID:
        return f"{_SAID[step.what]}."
    return f"Writing {step.what}: {step.done:,} of {step.total:,}."


def waiting_sentence(seconds: float, *, behind: int) -> str:
    """Say why an import waits: behind others, for the worker's next turn, or for no worker."""
    if behind:
        return f"Waits for {behind} other import{'s' if behind > 1 else ''}."
    if seconds <= SILENT_AFTER:
        return "Waits for the worker."
    return (
        f"No worker has taken it up for {seconds:,.0f} s: `headway up` runs one. The file is kept; "
        "it is imported when a worker runs, or not at all if you cancel."
    )


def done_sentence(result: Mapping[str, object], *, is_pinned: bool) -> str:
    """Say what an import did, and who makes the forecast of it."""
    told = f"{result['created']:,} created, {result['updated']:,} updated, "
    told += f"{result['unchanged']:,} as before."
    if is_pinned:
        return f"{told} The sample stands still: ask for its forecast on the program's page."
    return f"{told} The worker makes the forecast next; the program's page says when it is there."
