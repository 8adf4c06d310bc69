"""What a GitLab issue says, as a row of work. Pure: payload in, row out.

Fields as in version 4 of the REST interface. An estimate is the tracked time, or the weight; both
may be there, and the source says which one counts.
"""

from __future__ import annotations

from headway.connectors.tracker.fields import NAME_LENGTH, Fields
from headway.connectors.tracker.labels import is_begun, points_in
from headway.connectors.work import Progress, Unit, WorkRow
from headway.errors import Problem

_SECONDS = 3600.0


def row_of(payload: object, project: str, *, prefer: str = "time") -> WorkRow | Problem:
    """Return the row of one issue; a Problem for what is none."""
    number = Fields(project, payload).at("iid")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        sentence = "An entry has no issue number; it was left out. Ask who runs this server."
        return Problem(project, sentence)
    key = f"{project}#{number}"
    fields = Fields(key, payload)
    names = (Fields(key, {"name": label}).text("name") for label in fields.many("labels"))
    labels = tuple(dict.fromkeys(name for name in names if name))
    estimate, unit = _estimate(fields, labels, prefer)
    return WorkRow(
        key=key,
        name=fields.text("title", longest=NAME_LENGTH) or key,
        where=key,
        progress=_progress(fields, labels),
        estimate=estimate,
        unit=unit,
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
    return Progress.STARTED if is_begun(labels) else Progress.WAITING


def _estimate(fields: Fields, labels: tuple[str, ...], prefer: str) -> tuple[float | None, Unit]:
    """Return the estimate and its unit; no time tracked is 0 seconds there, and none here."""
    seconds = fields.number("time_stats/time_estimate") or None
    hours = None if seconds is None else seconds / _SECONDS
    points = fields.number("weight")
    named = points_in(labels)
    if points is None and len(named) == 1:
        points = named.pop()
    if hours is not None and (points is None or prefer == "time"):
        return hours, Unit.HOURS
    return points, Unit.POINTS


def _assignee(fields: Fields) -> str:
    """Return the first who is assigned, by name; an address in its place is left out."""
    for person in fields.things("assignees"):
        held = Fields(fields.where, person)
        return held.person("name") or held.person("username")
    return ""
