"""What a Jira issue says, as a row of work. Pure: payload in, row out.

Fields as in version 2 (Server, Data Center) and 3 (Cloud) of the REST interface: what is read of
an issue is the same in both. A state counts by its category, which no language changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from headway.connectors.jira import words
from headway.connectors.jira.history import Move, span_of
from headway.connectors.jira.shape import Shape, category_of
from headway.connectors.tracker.fields import NAME_LENGTH, Fields, clean
from headway.connectors.work import Link, Progress, Unit, WorkRow
from headway.errors import Problem

Value = TypeVar("Value")

_SECONDS = 3600.0
_KEY = re.compile(r"[^\W_][\w.]{0,79}-\d{1,12}")
#: A sprint as Server writes it: `…Sprint@1[id=7,state=FUTURE,name=…,startDate=2026-11-30T…,…]`.
_SPRINT = re.compile(r"\b(state|startDate)=([^,\]]*)")


def row_of(payload: object, shape: Shape, moves: Sequence[Move] = ()) -> WorkRow | Problem:
    """Return the row of one issue with the `moves` of its state; a Problem for what is none."""
    entry = Fields("Jira", payload)
    key = entry.at("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        number = clean(str(entry.at("id") or ""))[:40] or "without an id"
        sentence = "Its key is missing or no issue key; it was left out. Ask who runs this Jira."
        return Problem(f"Jira entry {number}", sentence)
    fields = Fields(key, payload)
    progress, status = _progress(fields, shape)
    kind = fields.text("fields/issuetype/name")
    before, after = _links(fields, shape)
    times = _times(fields, shape, progress, moves)
    return WorkRow(
        key=key,
        name=fields.text("fields/summary", longest=NAME_LENGTH) or key,
        where=key,
        progress=progress,
        status=status,
        place=fields.text("fields/project/key") or key.rpartition("-")[0],
        is_milestone=words.plain(kind) in words.MILESTONES,
        parent=_parent(fields, shape),
        estimate=_hours(fields),
        unit=Unit.HOURS,
        points=_first(fields.number, shape.points),
        not_before=_first(fields.day, shape.starts) or _sprint_start(fields, shape),
        due=fields.day("fields/duedate") or _first(fields.day, shape.ends),
        created_at=times.created,
        started_at=times.begun,
        finished_at=times.finished,
        assignee=fields.person("fields/assignee/displayName"),
        kind=kind,
        labels=_labels(fields),
        links=tuple(Link(other) for other in before),
        blocks=after,
        url=f"{shape.front}/browse/{key}",
        faults=tuple(fields.faults),
    )


def _progress(fields: Fields, shape: Shape) -> tuple[Progress, str]:
    """Return how far it is, and the state's own word; done without being done is dropped."""
    name = fields.text("fields/status/name")
    progress = category_of(fields.at("fields/status/statusCategory/key"))
    if progress is None:
        progress = shape.states.get(fields.text("fields/status/id"))
    if progress is None:
        fields.blame("fields/status", "has no category that is known")
        progress = Progress.WAITING
    resolution = fields.text("fields/resolution/name")
    if progress is not Progress.FINISHED or not resolution:
        return progress, name
    is_dropped = words.plain(resolution) in words.DROPPED
    return Progress.DROPPED if is_dropped else progress, f"{name} ({resolution})"


class _Times(NamedTuple):
    created: datetime | None
    begun: datetime | None
    finished: datetime | None


def _times(fields: Fields, shape: Shape, progress: Progress, moves: Sequence[Move]) -> _Times:
    """Return its moments; where no history tells them, those that its fields do."""
    created = fields.moment("fields/created")
    begun, finished = span_of(moves, shape.states, created)
    changed = fields.moment("fields/statuscategorychangedate")
    resolved = fields.moment("fields/resolutiondate")
    if progress is Progress.STARTED:
        return _Times(created, begun or changed, None)
    if progress is Progress.FINISHED:
        return _Times(created, begun, finished or resolved or changed)
    return _Times(created, None, None)


def _hours(fields: Fields) -> float | None:
    """Return the original estimate; no estimate is sometimes written as 0 seconds."""
    seconds = fields.number("fields/timeoriginalestimate") or None
    return None if seconds is None else seconds / _SECONDS


def _first(read: Callable[[str], Value | None], names: Sequence[str]) -> Value | None:
    """Return what the first field that holds anything says."""
    return next((told for name in names if (told := read(f"fields/{name}")) is not None), None)


def _parent(fields: Fields, shape: Shape) -> str:
    """Return the parent's key, else the epic's: Server keeps epics in a field of their own."""
    key = fields.text("fields/parent/key")
    if key:
        return key
    return next((told for name in shape.epics if (told := fields.text(f"fields/{name}"))), "")


def _labels(fields: Fields) -> tuple[str, ...]:
    """Return the labels and, after them, the names of the components."""
    labels = [
        Fields(fields.where, {"name": one}).text("name") for one in fields.many("fields/labels")
    ]
    parts = [Fields(fields.where, one).text("name") for one in fields.things("fields/components")]
    return tuple(dict.fromkeys(name for name in (*labels, *parts) if name))


def _links(fields: Fields, shape: Shape) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys that come before it and those that wait for it."""
    before: list[str] = []
    after: list[str] = []
    for payload in fields.things("fields/issuelinks"):
        link = Fields(fields.where, payload)
        outward = words.plain(link.text("type/outward"))
        name = words.plain(link.text("type/name"))
        is_first = outward in words.COMES_FIRST or name in {"blocks"} | shape.blocking
        if not is_first and outward not in words.COMES_LATER:
            continue
        onward, back = link.text("outwardIssue/key"), link.text("inwardIssue/key")
        after.append(onward if is_first else back)
        before.append(back if is_first else onward)
    return _told(before), _told(after)


def _told(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in keys if key))


def _sprint_start(fields: Fields, shape: Shape) -> date | None:
    """Return the first day of a sprint to come that it stands in; Server writes sprints as text."""
    days = []
    for name in shape.sprints:
        for sprint in fields.many(f"fields/{name}"):
            told = dict(_SPRINT.findall(sprint)) if isinstance(sprint, str) else sprint
            held = Fields(fields.where, told)
            if held.text("state").lower() == "future" and held.text("startDate") != "<null>":
                days.append(held.day("startDate"))
    return max(filter(None, days), default=None)
