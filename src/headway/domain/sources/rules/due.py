"""When a source is read next, and when everything in it is read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Runs change after they end without a trace; once a night everything is compared by content.
SWEEP_EVERY = timedelta(hours=24)

#: After this many failures in a row the waits stop growing.
_LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Standing:
    """How reading a source has gone so far."""

    is_enabled: bool
    every: timedelta
    wanted_at: datetime | None
    synced_at: datetime | None
    swept_at: datetime | None
    failed_at: datetime | None
    failures_in_a_row: int


def next_try(standing: Standing) -> datetime | None:
    """Return when a source is due again; None: at once. Failures double the wait, to six hours."""
    if standing.failures_in_a_row and standing.failed_at is not None:
        wait = standing.every * (1 << min(standing.failures_in_a_row - 1, 8))
        return standing.failed_at + min(wait, _LONGEST_WAIT)
    return standing.synced_at + standing.every if standing.synced_at else None


def is_due(standing: Standing, at: datetime) -> bool:
    """Say whether a source is to be read at `at`: it is its time, or somebody asked."""
    if not standing.is_enabled:
        return False
    tried = max(filter(None, (standing.synced_at, standing.failed_at)), default=None)
    if standing.wanted_at is not None and (tried is None or standing.wanted_at > tried):
        return True
    due = next_try(standing)
    return due is None or due <= at


def needs_sweep(standing: Standing, at: datetime) -> bool:
    """Say whether this reading compares everything by content."""
    return standing.swept_at is None or at - standing.swept_at >= SWEEP_EVERY
