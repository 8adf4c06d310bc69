"""How one Jira is set up: which of its fields hold what, and what its states mean.

Read from `/field` and `/status`. Names of custom fields differ by language and by team; the type
in their schema does not, so that it is asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from headway.connectors.jira import words
from headway.connectors.tracker.fields import Fields
from headway.connectors.work import Progress

#: Fields that every Jira has and a plan can use. Descriptions and comments are never asked for.
_USUAL = (
    "summary", "status", "issuetype", "project", "parent", "issuelinks", "labels", "components",
    "assignee", "created", "duedate", "resolution", "resolutiondate", "statuscategorychangedate",
    "timeoriginalestimate",
)  # fmt: skip
_CATEGORIES = {
    "new": Progress.WAITING,
    "undefined": Progress.WAITING,
    "indeterminate": Progress.STARTED,
    "done": Progress.FINISHED,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Ids of the fields that hold story points, sprint, epic, start and end; states by id."""

    points: tuple[str, ...] = ()
    sprints: tuple[str, ...] = ()
    epics: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    states: Mapping[str, Progress] = ()  # type: ignore[assignment]
    blocking: frozenset[str] = frozenset()
    front: str = ""

    @property
    def asked(self) -> list[str]:
        """The fields to ask for."""
        return [*_USUAL, *self.points, *self.sprints, *self.epics, *self.starts, *self.ends]


def category_of(key: object) -> Progress | None:
    """Return what a state's category says, the same in every language; None for no category."""
    return _CATEGORIES.get(key) if isinstance(key, str) else None


def shape_of(
    fields: Iterable[object], states: Iterable[object], *, blocking: Iterable[str], front: str
) -> Shape:
    """Return the shape that the answers of `/field` and `/status` tell."""
    found: dict[str, list[tuple[int, str]]] = {}
    for payload in fields:
        told = Fields("field", payload)
        name = told.text("id", longest=100)
        holds = _holds(told)
        if name and holds:
            found.setdefault(holds[0], []).append((holds[1], name))
    by_use = {use: tuple(name for _, name in sorted(names)) for use, names in found.items()}
    return Shape(
        points=by_use.get("points", ()),
        sprints=by_use.get("sprint", ()),
        epics=by_use.get("epic", ()),
        starts=by_use.get("start", ()),
        ends=by_use.get("end", ()),
        states=_states(states),
        blocking=frozenset(words.plain(name) for name in blocking),
        front=front,
    )


def _holds(told: Fields) -> tuple[str, int] | None:
    """Return what a custom field holds and how good a witness it is (0 the best)."""
    kind, name = told.at("schema/custom"), words.plain(told.text("name"))
    sure = {
        words.SPRINT: "sprint",
        words.EPIC: "epic",
        words.POINTS: "points",
        words.TARGET_START: "start",
        words.TARGET_END: "end",
    }
    if isinstance(kind, str) and kind in sure:
        return sure[kind], 1 if kind == words.TARGET_START else 0
    sort = told.at("schema/type")
    if kind and sort == "number" and name in words.POINT_NAMES:
        return "points", 1
    if kind and sort in ("date", "datetime") and name in words.START_NAMES:
        return "start", 0
    return None


def _states(states: Iterable[object]) -> dict[str, Progress]:
    found: dict[str, Progress] = {}
    for payload in states:
        told = Fields("status", payload)
        progress = category_of(told.at("statusCategory/key"))
        name = told.text("id", longest=100)
        if name and progress is not None:
            found[name] = progress
    return found
