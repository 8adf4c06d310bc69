"""What a GitHub issue says, as a row of work. Pure: payload in, row out.

GitHub knows open and closed only. That work was begun is read from a label in common use; how long
it takes, from a label such as `points: 5`. Both are what teams write who plan on GitHub alone.
Fields as in the REST interface, version 2022-11-28.
"""

from __future__ import annotations

import re

from headway.connectors.tracker.fields import NAME_LENGTH, Fields
from headway.connectors.tracker.labels import begun_label, points_in
from headway.connectors.work import Progress, WorkRow
from headway.errors import Problem

#: Reasons of closing that say the work was not done.
_DROPPED = {"not_planned", "duplicate"}
_ISSUE = re.compile(r"/repos/([\w.-]+/[\w.-]+)/issues/(\d{1,12})$")


def row_of(payload: object, repository: str) -> WorkRow | Problem | None:
    """Return the row of one issue; None for a pull request, a Problem for what is no issue."""
    raw = Fields(repository, payload)
    number = raw.at("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        sentence = "An entry has no issue number; it was left out. Ask who runs this server."
        return Problem(repository, sentence)
    if raw.at("pull_request") is not None:
        return None
    key = f"{repository}#{number}"
    fields = Fields(key, payload)
    labels = _labels(fields)
    return WorkRow(
        key=key,
        name=fields.text("title", longest=NAME_LENGTH) or key,
        where=key,
        progress=_progress(fields, labels),
        parent=_parent(fields),
        status=_status(fields, labels),
        place=repository,
        points=_points(fields, labels),
        due=fields.day("milestone/due_on"),
        created_at=fields.moment("created_at"),
        finished_at=fields.moment("closed_at"),
        assignee=fields.person("assignee/login"),
        kind=fields.text("type/name"),
        labels=labels,
        url=fields.url("html_url"),
        faults=tuple(fields.faults),
    )


def _labels(fields: Fields) -> tuple[str, ...]:
    """Return the names of the labels; an old interface gives the names alone."""
    names = []
    for label in fields.many("labels"):
        held = {"name": label} if isinstance(label, str) else label
        name = Fields(fields.where, held).text("name")
        if name:
            names.append(name)
    return tuple(dict.fromkeys(names))


def _progress(fields: Fields, labels: tuple[str, ...]) -> Progress:
    state = fields.text("state")
    if state == "closed":
        dropped = fields.text("state_reason") in _DROPPED
        return Progress.DROPPED if dropped else Progress.FINISHED
    if state != "open":
        fields.blame("state", "is neither open nor closed")
    return Progress.STARTED if begun_label(labels) else Progress.WAITING


def _status(fields: Fields, labels: tuple[str, ...]) -> str:
    """Return the state in words that can be told apart: why it was closed, what a label adds."""
    state = fields.text("state")
    more = fields.text("state_reason") if state == "closed" else begun_label(labels)
    return ", ".join(filter(None, (state, more)))


def _points(fields: Fields, labels: tuple[str, ...]) -> float | None:
    found = points_in(labels)
    if len(found) > 1:
        fields.blame("labels", "name more than one number of points")
        return None
    return found.pop() if found else None


def _parent(fields: Fields) -> str:
    match = _ISSUE.search(fields.url("parent_issue_url"))
    return f"{match[1]}#{match[2]}" if match else ""
