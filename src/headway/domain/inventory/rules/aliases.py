"""Which version an alias pointed to, and when: changes known as intervals, never as false points.

A registry such as MLflow's keeps no time and no history of an alias. What is known are looks: one
that began at `seen_after` still found the old version, one that ended at `seen_by` found the new
one. The change lies between, `(after, by]`. A version that came and went between two looks leaves
no trace; nothing here can show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """A look that found an alias at another version than the look before (a record of it).

    `version` None: the alias points to nothing. `after` None: nobody looked before.
    """

    record: int
    version: str | None
    from_version: str | None
    after: datetime | None
    by: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """An alias came to point to `version` at some time in (after, by].

    `after` None: nobody looked before, so it may have pointed there for ever. `records` are those
    that bound the interval.
    """

    version: str | None
    from_version: str | None
    after: datetime | None
    by: datetime
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A version with the change that began it and the one that ended it (None: it still stands)."""

    version: str | None
    began: Change
    ended: Change | None


@dataclass(frozen=True, slots=True)
class Pointing:
    """Where an alias pointed at a moment: one version, one of several, or unknown.

    `versions` is empty where nobody knows; a None in it means that it may have pointed to nothing.
    """

    versions: tuple[str | None, ...]
    records: tuple[int, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Say whether exactly one answer is possible."""
        return len(self.versions) == 1


UNKNOWN = Pointing(())


def timeline(sightings: Iterable[Sighting]) -> tuple[Change, ...]:
    """Return the changes of one alias, oldest first; the order of `sightings` does not matter.

    Two looks at the same change bound it more narrowly together. Where two records contradict each
    other, there was a change that neither saw: it lies between them.
    """
    changes: list[Change] = []
    for seen in sorted(sightings, key=lambda one: (one.by, one.record)):
        before = changes[-1] if changes else None
        if before is None:
            after = None if seen.after is None else min(seen.after, seen.by)
            changes.append(Change(seen.version, seen.from_version, after, seen.by, (seen.record,)))
        elif seen.version == before.version and not _came_back(before, seen):
            changes[-1] = _narrowed(before, seen)
        else:
            changes += _unseen(before, seen)
            changes.append(_next(changes[-1], seen))
    return tuple(changes)


def spans(changes: Sequence[Change]) -> tuple[Span, ...]:
    """Return each version with what began and what ended it, oldest first."""
    ends = [*changes[1:], None] if changes else []
    return tuple(
        Span(change.version, change, end) for change, end in zip(changes, ends, strict=True)
    )


def pointing_at(changes: Sequence[Change], moment: datetime) -> Pointing:
    """Return where the alias pointed at `moment`, from its `changes` (oldest first).

    Inside the interval of a change it is the old or the new version, and which one is unknowable.
    """
    settled = [change for change in changes if change.by <= moment]
    opened = [change for change in changes if change.by > moment and _may_be_by(change, moment)]
    if not settled and not opened:
        return UNKNOWN
    first = settled[-1].version if settled else opened[0].from_version
    versions = dict.fromkeys([first, *(change.version for change in opened)])
    deciding = [*settled[-1:], *opened]
    records = sorted({record for change in deciding for record in change.records})
    return Pointing(tuple(versions), tuple(records))


def _may_be_by(change: Change, moment: datetime) -> bool:
    """Say whether the change may have come by `moment`; without a look before, nobody knows."""
    return change.after is not None and change.after <= moment


def _came_back(before: Change, seen: Sighting) -> bool:
    """Say whether the alias was elsewhere between two sightings of the same version."""
    if seen.after is None or seen.from_version == seen.version:
        return False
    return seen.after >= before.by


def _narrowed(before: Change, seen: Sighting) -> Change:
    """Return a change as two looks bound it together."""
    if seen.after is None or seen.from_version != before.from_version:
        return before
    after = seen.after if before.after is None else max(before.after, seen.after)
    if after == before.after or after >= before.by:
        return before
    return replace(before, after=after, records=(*before.records, seen.record))


def _unseen(before: Change, seen: Sighting) -> list[Change]:
    """Return the change that no look saw: the old version of `seen` is not that of `before`."""
    if seen.after is None or seen.from_version == before.version or seen.after < before.by:
        return []
    records = (*before.records, seen.record)
    return [Change(seen.from_version, before.version, before.by, seen.after, records)]


def _next(before: Change, seen: Sighting) -> Change:
    """Return the change that `seen` tells of, after `before`."""
    after = before.by if seen.after is None else seen.after
    if seen.from_version != before.version:
        # Its old version is not where the alias stood: only the newer look is to be believed.
        after = min(after, before.by)
    return Change(seen.version, before.version, min(after, seen.by), seen.by, (seen.record,))
