"""The Gantt chart's rows: what the plan holds and the latest forecast says, a window at a time.

The time it takes grows with the items, what it reads and sends does not with the rows shown: links
are read of the window alone, and the forecast is the stored one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.people.queries import own_person
from headway.domain.plans.queries.baselines import active_baseline
from headway.domain.plans.queries.forecasts import ForecastFacts, latest_forecast
from headway.domain.plans.queries.links import ItemLink, links_of
from headway.domain.plans.queries.network import items_of
from headway.domain.plans.rules import ItemFacts
from headway.domain.plans.rules.baselines import BaselineFacts
from headway.domain.plans.rules.outline import (
    ALL_LEVELS,
    GanttLine,
    Leaf,
    Window,
    folded,
    opening_level,
    outlined,
    weight_of,
    window_of,
)
from headway.domain.programs.queries import projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Invalid

#: What a reader may narrow the chart to.
ONLY = ("", "open", "critical", "near", "late", "mine")

#: How the rows below one row may stand.
SORTS = ("", "start", "p80", "float")

_NO_FORECAST = "It is not forecast yet"
_ADDED = "It was added after this forecast"
_NO_ESTIMATE = "It has no estimate, so it cannot be forecast"
_NEVER = "It does not end in half of the simulated outcomes"


@dataclass(frozen=True, slots=True)
class GanttView:
    """How a reader wants the chart. `level` None: as it opens by itself.

    `flipped` are the groups that are the other way than the level says; `after` is the row that
    the window follows.
    """

    project: str = ""
    only: str = ""
    word: str = ""
    sort: str = ""
    level: int | None = None
    flipped: Collection[str] = frozenset()
    after: str = ""


@dataclass(frozen=True, slots=True)
class GanttTable:
    """A window of rows with all that stands around it.

    `shown` counts the rows of all windows, `items` and `counts` (critical, near, late, mine, open)
    the items of the plan whatever the filter. `days` are the first and last day of any row.
    """

    window: Window
    shown: int
    items: int
    counts: Mapping[str, int]
    level: int
    days: tuple[date, date] | None
    links: Sequence[ItemLink]
    forecast: ForecastFacts | None
    baseline: BaselineFacts | None


def gantt_table(
    actor: Actor, program: ProgramFacts, view: GanttView, at: datetime | None = None
) -> GanttTable:
    """Return a window of the program's Gantt chart.

    Raises Invalid for a filter or an order that there is not, and for a row that shows no more.
    """
    require(actor, Permission.VIEW, program)
    _check(view)
    projects = projects_of(actor, program, at)
    names = {one.slug: one.name for one in projects if view.project in ("", one.slug)}
    slugs = {one.id: one.slug for one in projects if one.slug in names}
    places = {project_id: place for place, project_id in enumerate(slugs)}
    items = items_of(list(slugs), at)
    items.sort(key=lambda item: (places[item.project_id], item.order, item.key))
    forecast = latest_forecast(actor, program, at)
    leaves = [
        Leaf(_line(slugs[one.project_id], one, forecast), tuple(one.outline)) for one in items
    ]
    mine = _names_of(actor)
    tests = _tests(mine)
    wanted = [leaf for leaf in leaves if _matches(leaf.line, view, tests)]
    rows = outlined(wanted, names, _ORDERS[view.sort])
    rows = [_with_odds(row, forecast) for row in rows] if not _narrowed(view) else rows
    level = view.level if view.level is not None else _opening(rows, view)
    shown = folded(rows, level, view.flipped)
    window = window_of(shown, view.after)
    return GanttTable(
        window=window,
        shown=len(shown),
        items=len(items),
        counts={
            name: sum(test(leaf.line) for leaf in leaves) for name, test in tests.items() if name
        },
        level=level,
        days=_days(rows),
        links=links_of(actor, program, _items(window), at, {one.id: one for one in items}),
        forecast=forecast,
        baseline=active_baseline(actor, program, at),
    )


def _check(view: GanttView) -> None:
    for value, known in ((view.only, ONLY), (view.sort, SORTS)):
        if value not in known:
            some = ", ".join(one for one in known if one)
            sentence = f"'{value[:40]}' is none of these: {some}."
            raise Invalid(sentence)


def _opening(rows: Sequence[GanttLine], view: GanttView) -> int:
    """Return the level to open with: what was searched for shows."""
    return ALL_LEVELS if _narrowed(view) else opening_level(rows)


def _narrowed(view: GanttView) -> bool:
    return bool(view.only or view.word)


def _line(project: str, item: ItemFacts, forecast: ForecastFacts | None) -> GanttLine:
    key = f"{project}/{item.key}"
    said = _said(forecast, key)
    p50, p80 = _day(said.get("p50")), _day(said.get("p80"))
    floating = _number(said.get("float"))
    reached = item.finished or p80
    return GanttLine(
        key=key,
        name=item.name,
        depth=1,
        parent=project,
        project=project,
        item=item,
        start=_day(said.get("start")),
        p50=p50,
        p80=p80,
        float_days=None if item.finished else floating,
        criticality=_number(said.get("criticality")),
        weight=weight_of(floating, is_finished=item.finished is not None),
        is_late=bool(item.deadline and reached and reached > item.deadline),
        trouble=_trouble(item, forecast, said, p50),
    )


def _said(forecast: ForecastFacts | None, key: str) -> Mapping[str, object]:
    held = forecast.answer.get("items") if forecast else None
    row = held.get(key) if isinstance(held, dict) else None
    return row if isinstance(row, dict) else {}


def _trouble(
    item: ItemFacts, forecast: ForecastFacts | None, said: Mapping[str, object], p50: date | None
) -> str:
    """Say why an unfinished item has no date; empty when it has one."""
    if item.finished or p50:
        return ""
    if item.estimate is None and item.attempts is None and item.kind != "milestone":
        return _NO_ESTIMATE
    if forecast is None or forecast.problem:
        return _NO_FORECAST
    return _NEVER if said else _ADDED


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _names_of(actor: Actor) -> Collection[str]:
    """Return what an owner is called when it is the actor."""
    person = own_person(actor) if actor.member_id and may(actor, Permission.SELF) else None
    names = (person.key, person.name, person.email) if person else ()
    return {name.strip().lower() for name in (*names, actor.label) if name and name.strip()}


_Test = Callable[[GanttLine], bool]


def _tests(mine: Collection[str]) -> Mapping[str, _Test]:
    def owner(line: GanttLine) -> str:
        return line.item.owner.strip().lower() if line.item else ""

    return {
        "": lambda _: True,
        "open": lambda line: line.ended is None,
        "critical": lambda line: line.weight == "critical",
        "near": lambda line: line.weight == "near",
        "late": lambda line: line.is_late,
        "mine": lambda line: owner(line) in mine,
    }


def _matches(line: GanttLine, view: GanttView, tests: Mapping[str, _Test]) -> bool:
    word = view.word.lower()
    if word and line.item is not None:
        text = f"{line.item.key} {line.name} {line.item.owner}".lower()
        if word not in text:
            return False
    return tests[view.only](line)


def _last(day: date | None) -> date:
    return day or date.max


_ORDERS: Mapping[str, Callable[[GanttLine], object] | None] = {
    "": None,
    "start": lambda line: _last((line.item.started if line.item else None) or line.start),
    "p80": lambda line: _last(line.ended or line.p80),
    "float": lambda line: line.float_days if line.float_days is not None else float("inf"),
}


def _with_odds(row: GanttLine, forecast: ForecastFacts | None) -> GanttLine:
    """Return a project's row with the project's own P50 and P80: later than its items' latest."""
    held = forecast.answer.get("projects") if forecast and row.depth == 0 else None
    said = held.get(row.key) if isinstance(held, dict) else None
    if not isinstance(said, dict) or row.ended:
        return row
    return replace(row, p50=_day(said.get("p50")), p80=_day(said.get("p80")))


def _days(rows: Sequence[GanttLine]) -> tuple[date, date] | None:
    """Return the first and the last day that any row says."""
    days: list[date] = []
    for row in rows:
        days += [day for day in (row.start, row.p50, row.p80) if day]
        if row.item is not None:
            one = row.item
            bounds = (one.started, one.finished, one.not_before, one.deadline)
            days += [day for day in bounds if day]
    return (min(days), max(days)) if days else None


def _items(window: Window) -> Sequence[ItemFacts]:
    return [row.item for row in window.rows if row.item is not None]
