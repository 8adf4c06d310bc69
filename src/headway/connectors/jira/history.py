"""When an issue was begun and finished, read from the changes of its state.

An item counts as begun when it first came into a state "in progress" after it was last put back,
and as finished when it came into a state "done" that it has not left since. That is what a
reference class learns from; an export of Jira does not carry it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from headway.connectors.tracker.fields import Fields, moment_of
from headway.connectors.work import Progress

#: Milliseconds since 1970 from which a number counts as such; below it counts seconds.
_MILLISECONDS = 1e11
#: From so many changes on, a history without a total is taken to be cut off.
_CUT_AT = 40


@dataclass(frozen=True, slots=True)
class Move:
    """One change of state, by the states' ids."""

    at: datetime
    before: str
    after: str


def is_cut(payload: object) -> bool:
    """Say whether the history that came with an issue is only its latest part."""
    held = Fields("history", payload)
    count = len(held.many("changelog/histories"))
    total = held.at("changelog/total")
    if isinstance(total, int | float) and not isinstance(total, bool):
        return total > count
    return count >= _CUT_AT


def moves_of(histories: Iterable[object]) -> list[Move]:
    """Return the changes of state among `histories`, in order of time; what is none is left out."""
    found = []
    for history in histories:
        at = _moment(history.get("created")) if isinstance(history, Mapping) else None
        if at is None:
            continue
        for item in Fields("history", history).many("items"):
            change = Fields("history", item)
            if "status" in (change.at("fieldId"), change.at("field")):
                found.append(Move(at, change.text("from"), change.text("to")))
    return sorted(found, key=lambda move: move.at)


def span_of(
    moves: Sequence[Move], states: Mapping[str, Progress], created: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """Return when it was begun and when it was finished, as its `moves` say it stands now."""
    if not moves:
        return None, None
    is_born_begun = states.get(moves[0].before) is Progress.STARTED
    begun, finished = (created if is_born_begun else None), None
    for move in moves:
        progress = states.get(move.after)
        if progress is Progress.WAITING:
            begun, finished = None, None
        elif progress is Progress.STARTED:
            begun, finished = begun or move.at, None
        elif progress is Progress.FINISHED:
            finished = finished or move.at
    return begun, finished


def _moment(value: object) -> datetime | None:
    """Return the moment of a change: a text, or a number as the bulk interface writes it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return moment_of(value)
    try:
        seconds = value / 1000 if value >= _MILLISECONDS else value
        told = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return told if 1990 <= told.year < 2200 else None
