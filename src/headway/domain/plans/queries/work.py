"""The work table: items with their ranges, and what the latest forecast says of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from headway.domain.accounts.queries import BY_LINK
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.queries import names_of
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries.forecasts import latest_forecast
from headway.domain.plans.queries.network import items_of, joined_parts
from headway.domain.plans.rules import ItemFacts, JoinedParts
from headway.domain.programs.queries import facts, program_of, projects_of
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.fields import from_minor, meant
from headway.errors import Invalid, NotFound

#: Rows on a page of the work table.
PAGE = 100

#: The last row shown: its order, its project's address and its key (an imported key is any text).
_CURSOR = re.compile(
    r"(?P<order>[0-9]{1,10})/(?P<project>[a-z0-9-]{1,200})/(?P<key>.{1,60})", re.ASCII | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One work item in the table."""

    project: str
    project_name: str
    item: ItemFacts
    cost: Decimal
    after: Sequence[str]
    start: date | None
    p50: date | None
    p80: date | None
    float_days: float | None
    criticality: float | None
    p_by_deadline: float | None

    @property
    def state(self) -> str:
        """Return how far it is: done, under way, or waiting."""
        if self.item.finished:
            return "done"
        return "under way" if self.item.started else "waiting"


@dataclass(frozen=True, slots=True)
class WorkView:
    """How a reader wants the work: of one project, in one state, a word in the name.

    `after` is a cursor that a page gave out: the last row that was shown before.
    """

    project: str = ""
    state: str = ""
    word: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class WorkTable:
    """A page of work items in plan order; `more` is the cursor to the next page.

    A cursor names the place of the last row shown, so rows that come or go in between neither
    repeat nor hide another.
    """

    lines: Sequence[WorkLine]
    total: int
    more: str | None
    forecast_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemHistoryLine:
    """One version of an item: when, by whom, what it said."""

    history_id: int
    at: datetime
    author: str
    kind: str
    item: ItemFacts


def work_table(
    actor: Actor, program: ProgramFacts, view: WorkView, at: datetime | None = None
) -> WorkTable:
    """Return a page of the program's work items with the forecast's dates beside them.

    Raises Invalid for a cursor that no page gave out, or whose project is gone.
    """
    require(actor, Permission.VIEW, program)
    shown_last = _read_cursor(view.after)
    parts = joined_parts(actor, program, at)
    forecast = latest_forecast(actor, program, at)
    answer = forecast.answer if forecast else {}
    projects = projects_of(actor, program, at)
    names = {project.id: project.name for project in projects}
    lines = [
        line
        for line in (_line(parts, names[item.project_id], item, answer) for item in parts.items)
        if _wanted(line, view)
    ]
    rest = lines
    if shown_last is not None:
        places = {project.slug: place for place, project in enumerate(projects)}
        if shown_last[0] not in places:
            sentence = f"Project '{shown_last[0]}' is not in {program.name}; begin again."
            raise Invalid(sentence)
        rest = [line for line in lines if _comes_after(line, shown_last, places)]
    waits = _waits(parts)
    shown = [_with_waits(line, waits) for line in rest[:PAGE]]
    more = _cursor(shown[-1]) if len(rest) > PAGE else None
    return WorkTable(shown, len(lines), more, forecast.at if forecast else None)


def _cursor(line: WorkLine) -> str:
    return f"{line.item.order}/{line.project}/{line.item.key}"


def _read_cursor(cursor: str) -> tuple[str, int, str] | None:
    """Return project, order and key of the last row shown; None for the first page."""
    if not cursor:
        return None
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        sentence = f"The cursor {cursor[:60]!r} is not one this page gave out; begin again."
        raise Invalid(sentence)
    return found["project"], int(found["order"]), found["key"]


def _comes_after(line: WorkLine, last: tuple[str, int, str], places: Mapping[str, int]) -> bool:
    """Say whether a line stands after the last one shown."""
    project, order, key = last
    here = (places[line.project], line.item.order, line.item.key)
    return here > (places[project], order, key)


def _wanted(line: WorkLine, view: WorkView) -> bool:
    word = view.word.lower()
    return (
        (not view.project or line.project == view.project)
        and (not view.state or line.state == view.state)
        and (not word or word in f"{line.item.key} {line.item.name} {line.item.owner}".lower())
    )


def _line(parts: JoinedParts, name: str, item: ItemFacts, answer: Mapping[str, object]) -> WorkLine:
    slug = parts.slugs[item.project_id]
    items = answer.get("items")
    row = items.get(f"{slug}/{item.key}") if isinstance(items, dict) else None
    said: Mapping[str, object] = row if isinstance(row, dict) else {}
    return WorkLine(
        project=slug,
        project_name=name,
        item=item,
        cost=from_minor(item.cost_minor, parts.currency),
        after=(),
        start=_day(said.get("start")),
        p50=_day(said.get("p50")),
        p80=_day(said.get("p80")),
        float_days=_number(said.get("float")),
        criticality=_number(said.get("criticality")),
        p_by_deadline=_number(said.get("p_by_deadline")),
    )


def _waits(parts: JoinedParts) -> Mapping[str, Sequence[str]]:
    """Return what each item waits for, written as in a plan file, by item id."""
    keys = {item.id: f"{parts.slugs[item.project_id]}/{item.key}" for item in parts.items}
    waits: dict[str, list[str]] = {}
    for link in parts.dependencies:
        kind = "" if link.kind == "FS" else f" {link.kind}"
        suffix = {"elapsed": "e", "percent": "%"}.get(link.lag_unit, "")
        lag = f" {link.lag:+g}{suffix}" if link.lag else ""
        waits.setdefault(str(link.item_id), []).append(f"{keys[link.predecessor_id]}{kind}{lag}")
    return waits


def _with_waits(line: WorkLine, waits: Mapping[str, Sequence[str]]) -> WorkLine:
    words = waits.get(str(line.item.id), ())
    return replace(line, after=tuple(word.removeprefix(f"{line.project}/") for word in words))


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def item_named(
    actor: Actor, project: ProjectFacts, key: str, at: datetime | None = None
) -> ItemFacts:
    """Return one work item of a project. Raises NotFound with the nearest key."""
    require(actor, Permission.VIEW, project)
    items = items_of([project.id], at)
    for item in items:
        if item.key == key:
            return item
    hint = meant(key, (item.key for item in items))
    sentence = f"There is no work item '{key}' in {project.name}{hint or '.'}"
    raise NotFound(sentence)


def work_line(
    actor: Actor, project: ProjectFacts, key: str, at: datetime | None = None
) -> WorkLine:
    """Return one work item as the table shows it."""
    item = item_named(actor, project, key, at)
    program = program_of(actor, project, at)
    parts = joined_parts(actor, program, at)
    forecast = latest_forecast(actor, program, at)
    line = _line(parts, project.name, item, forecast.answer if forecast else {})
    return _with_waits(line, _waits(parts))


def _author(row: Any, names: Mapping[str, str]) -> str:  # noqa: ANN401 - simple_history is not typed
    """Say who wrote a version: a member, a person by a mailed link, or Headway itself."""
    if row.history_user:
        return str(row.history_user)
    key, by_link, _ = str(row.history_change_reason or "").partition(BY_LINK)
    return f"{names.get(key, key)}{by_link}" if by_link else "headway"


def history_of_item(
    actor: Actor, project: ProjectFacts, key: str, at: datetime | None = None
) -> Sequence[ItemHistoryLine]:
    """Return every version of an item up to `at`, newest first; a removed item has them still."""
    require(actor, Permission.VIEW, project)
    rows = WorkItem.history.filter(project_id=project.id, key=key).select_related("history_user")
    if at is not None:
        rows = rows.filter(history_date__lte=at)
    words = {"+": "added", "~": "changed", "-": "removed"}
    names = names_of(actor)
    lines = [
        ItemHistoryLine(
            row.history_id,
            row.history_date,
            _author(row, names),
            words[row.history_type],
            facts(ItemFacts, row),
        )
        for row in rows.order_by("-history_date", "-history_id")
    ]
    if not lines:
        item_named(actor, project, key, at)  # raises NotFound, with the nearest key
    return lines
