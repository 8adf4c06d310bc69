"""What a GitLab issue says, as a row of work. Pure: payload in, row out.

Fields as in version 4 of the REST interface. An estimate is the tracked time; story
points are the weight, or a label such as `points: 5`. Both may be there: whoever imports says which
one counts.
"""

from __future__ import annotations

from headway.connectors.tracker.fields import NAME_LENGTH, Fields
from headway.connectors.tracker.labels import begun_label, points_in
from headway.connectors.work import Progress, Unit, WorkRow
from headway.errors import Problem

_SECONDS = 3600.0


def row_of(payload: object, project: str) -> WorkRow | Problem:
    """Return the row of one issue; a Problem for what is none."""
    number = Fields(project, payload).at("iid")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        sentence = "An entry has no issue number; it was left out. Ask who runs this server."
        return Problem(project, sentence)
    key = f"{project}#{number}"
    fields = Fields(key, payload)
    names = (Fields(key, {"name": label}).text("name") for label in fields.many("labels"))
    labels = tuple(dict.fromkeys(name for name in names if name))
    hours = _hours(fields)
    return WorkRow(
        key=key,
        name=fields.text("title", longest=NAME_LENGTH) or key,
        where=key,
        progress=_progress(fields, labels),
        status=_status(fields, labels),
        place=project,
        estimate=hours,
        unit=Unit.HOURS,
        points=_points(fields, labels),
        due=fields.day("due_date") or fields.day("milestone/due_date"),
        created_at=fields.moment("created_at"),
        finished_at=fields.moment("closed_at"),
        assignee=_assignee(fields),
        kind=fields.text("issue_type"),
        labels=labels,
        url=fields.url("web_url"),
        faults=tuple(fields.faults),
    )


def _progress(fields: Fields, labels: tuple[str, ...]) -> Progress:
    """Return how far it is; what was moved or closed as a copy goes on elsewhere."""
    state = fields.text("state")
    if state == "closed":
        elsewhere = fields.at("moved_to_id") or fields.at("duplicated_to_id")
        return Progress.DROPPED if elsewhere else Progress.FINISHED
    if state != "opened":
        fields.blame("state", "is neither opened nor closed")
    return Progress.STARTED if begun_label(labels) else Progress.WAITING


def _hours(fields: Fields) -> float | None:
    """Return the estimated time; no time tracked is 0 seconds there, and none here."""
    seconds = fields.number("time_stats/time_estimate") or None
    return None if seconds is None else seconds / _SECONDS


def _points(fields: Fields, labels: tuple[str, ...]) -> float | None:
    points = fields.number("weight")
    named = points_in(labels)
    if points is None and len(named) == 1:
        return named.pop()
    return points


def _status(fields: Fields, labels: tuple[str, ...]) -> str:
    """Return the state in words that can be told apart: what a label adds, and a move elsewhere."""
    state = fields.text("state")
    if state == "closed":
        return (
            "closed, moved" if fields.at("moved_to_id") or fields.at("duplicated_to_id") else state
        )
    return ", ".join(filter(None, (state, begun_label(labels))))


def _assignee(fields: Fields) -> str:
    """Return the first who is assigned, by name; an address in its place is left out."""
    for person in fields.things("assignees"):
        held = Fields(fields.where, person)
        return held.person("name") or held.person("username")
    return ""
