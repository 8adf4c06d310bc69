"""The Gantt chart of a program or a project: a page whose address restores everything it shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from headway.domain.plans.queries import (
    GanttTable,
    GanttView,
    ItemLink,
    gantt_table,
    is_behind,
    latest_forecast,
)
from headway.domain.plans.rules.baselines import BaselineFacts
from headway.domain.plans.rules.outline import ALL_LEVELS, GanttLine
from headway.domain.programs.queries import program_named, program_of, project_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import calendar_from
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.programs.project import head_of_project
from headway.rendering.gantt import (
    ZOOMS,
    Row,
    Scale,
    Shape,
    Wait,
    Weight,
    Zoom,
    head_svg,
    row_svg,
    scale_of,
    waits_sentence,
)

#: Groups that one address may hold open or shut against its level.
MOST_FLIPPED = 400

#: Charts of more rows than these draw the links of one row only.
MOST_WIRED = 300

#: Whether a forecast is of the plan as it stands is found out at once up to so many items.
CHECKED_AT_ONCE = 300

#: What a reader may narrow to, as its link says it.
_ONLY = (
    ("", "All"),
    ("open", "Open"),
    ("critical", "Critical"),
    ("near", "Near-critical"),
    ("late", "Late at P80"),
    ("mine", "Mine"),
)

_SORTS = (("", "Plan order"), ("start", "Start"), ("p80", "P80"), ("float", "Float"))

#: The keys of the chart, for the list that `?` opens.
KEYS = (
    ("Move along the rows of the Gantt chart", ("↑", "↓")),
    ("Fold or unfold a row, go to the row above it", ("←", "→")),
    ("Open the item of the row", ("Enter",)),
    ("Dependencies and dates of the row", ("e",)),
    ("Zoom out, zoom in", ("[", "]")),
    ("Switch between Gantt chart and table", ("g", "t")),
)


@dataclass(frozen=True, slots=True)
class RowView:
    """One row as the page shows it. `waits` and `holds` are JSON for the script's wires."""

    line: GanttLine
    svg: SafeString
    href: str
    panel: str
    fold: str
    said: str
    waits: str
    holds: str
    begins: str
    ends: str

    @property
    def level(self) -> int:
        """Return its level as assistive technology counts it."""
        return self.line.depth + 1


@dataclass(frozen=True, slots=True)
class Drawing:
    """What all rows are drawn on: the scale, the day as of which, what was once agreed."""

    scale: Scale
    today: date
    baseline: BaselineFacts | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the view."""

    label: str
    href: str
    is_chosen: bool
    count: int | None = None


def program_gantt(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show a program's Gantt chart, a window of rows at a time."""
    facts = program_named(request.actor, program, request.at)
    table = _table(request, facts, request.GET.get("project", ""))
    few = table.items <= CHECKED_AT_ONCE
    values = head_of(request, facts, table.forecast, check=few)
    plain = address(request, "program_plan", program=program)
    behind = "" if few else address(request, "program_behind", program=program)
    more = {"plain": plain, "check_behind": behind}
    return _page(request, "gantt.html", table, facts, values | more)


def project_gantt(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Show the part of the program's Gantt chart that is one project's."""
    parent = project_named(request.actor, project, request.at)
    facts = program_of(request.actor, parent, request.at)
    table = _table(request, facts, project)
    values = head_of_project(request, facts, parent, None)
    plain = address(request, "program_plan", program=facts.slug)
    more = {
        "plain": f"{plain}?{urlencode({'project': project})}",
        "forecast": table.forecast,
        "check_behind": address(request, "program_behind", program=facts.slug),
    }
    return _page(request, "project_gantt.html", table, facts, values | more)


def program_behind(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Say in a part of a page whether the plan changed since its forecast; nothing when not."""
    facts = program_named(request.actor, program, request.at)
    latest = latest_forecast(request.actor, facts, request.at)
    live = is_live(request)
    behind = live and is_behind(request.actor, facts, latest, request.at)
    values = {"program": facts, "forecast": latest, "behind": behind, "live": live}
    return render(request, "programs_web/_behind.html", values)


def _table(request: WorkspaceRequest, program: ProgramFacts, project: str) -> GanttTable:
    asked = request.GET
    view = GanttView(
        project=project,
        only=asked.get("only", ""),
        word=asked.get("word", "").strip()[:100],
        sort=asked.get("sort", ""),
        level=_level(asked.get("level", "")),
        flipped=_flipped(request),
        after=asked.get("after", ""),
    )
    return gantt_table(request.actor, program, view, request.at)


def _level(text: str) -> int | None:
    return min(int(text), ALL_LEVELS) if text.isascii() and text.isdigit() and text[:4] else None


def _flipped(request: WorkspaceRequest) -> frozenset[str]:
    keys = [key for key in request.GET.get("flip", "").split(",") if key]
    return frozenset(keys[:MOST_FLIPPED])


def _page(
    request: WorkspaceRequest,
    template: str,
    table: GanttTable,
    program: ProgramFacts,
    values: Mapping[str, object],
) -> HttpResponse:
    zoom = _zoom(request)
    today = (request.at or request.now).date()
    scale = _scale(request, program, table, zoom, today)
    chosen = {
        "table": table,
        "rows": _rows(request, table, Drawing(scale, today, table.baseline)),
        "head": mark_safe(head_svg(scale, today, program.target)),  # noqa: S308 - drawn by us
        "scale": scale,
        "previous": None
        if table.window.before is None
        else _with(request, after=table.window.before),
        "more": _with(request, after=table.window.more) if table.window.more else "",
        "only": _choices(request, "only", _ONLY, table.counts),
        "sorts": _choices(request, "sort", _SORTS),
        "zooms": _zooms(request, zoom),
        "zoom": zoom,
        "fold_all": _with(request, level="0", flip="", after=""),
        "unfold_all": _with(request, level=str(ALL_LEVELS), flip="", after=""),
        "wired": request.GET.get("links") == "all" and table.shown <= MOST_WIRED,
        "wires": _wires(request) if table.shown <= MOST_WIRED else "",
        "kept": [
            (key, value)
            for key, value in request.GET.items()
            if key not in ("word", "after", "flip", "level")
        ],
        "word": request.GET.get("word", ""),
        "today": today,
        "today_at": f"{scale.share(today):.4f}",
        "keys": KEYS,
    }
    whole = f"programs_web/{'_gantt_part.html' if _is_part(request) else template}"
    return render(request, whole, {**values, **chosen})


def _is_part(request: WorkspaceRequest) -> bool:
    """Say whether the chart alone is asked for: a fold, a zoom, the next rows; not a Back."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def _zoom(request: WorkspaceRequest) -> Zoom:
    text = request.GET.get("zoom", Zoom.FIT)
    if text not in ZOOMS:
        sentence = f"'{text[:40]}' is no zoom; these are: {', '.join(ZOOMS)}."
        raise Invalid(sentence)
    return Zoom(text)


def _scale(
    request: WorkspaceRequest, program: ProgramFacts, table: GanttTable, zoom: Zoom, today: date
) -> Scale:
    days = [*(table.days or ()), *([program.target] if program.target else ())]
    calendar = calendar_from(program.calendar)
    since = _day(request.GET.get("since", ""))
    return scale_of(
        days,
        zoom,
        today=today,
        since=since,
        weekdays=calendar.weekdays,
        free=frozenset(calendar.holidays),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = f"'{text[:40]}' is not a day; write it as 2026-03-31."
        raise Invalid(sentence) from None


def _with(request: WorkspaceRequest, **changes: str) -> str:
    """Return the page's own address with these parts changed; an empty one is left out."""
    kept = {key: value for key, value in request.GET.items() if key not in changes}
    asked = {key: value for key, value in {**kept, **changes}.items() if value}
    return f"{request.path}?{urlencode(asked)}"


def _choices(
    request: WorkspaceRequest,
    name: str,
    offered: Sequence[tuple[str, str]],
    counts: Mapping[str, int] | None = None,
) -> list[Choice]:
    now = request.GET.get(name, "")
    # A narrower chart has other groups and other rows: it opens by itself and at its top.
    reset = {"after": "", "flip": "", "level": ""} if name == "only" else {"after": ""}
    return [
        Choice(
            label,
            _with(request, **{**reset, name: value}),
            value == now,
            counts.get(value) if counts and value else None,
        )
        for value, label in offered
    ]


def _zooms(request: WorkspaceRequest, zoom: Zoom) -> dict[str, str]:
    """Return the addresses one step wider and one step nearer; empty at the ends."""
    place = ZOOMS.index(zoom)
    wider = ZOOMS[place - 1] if place else None
    nearer = ZOOMS[place + 1] if place + 1 < len(ZOOMS) else None
    return {
        "out": _with(request, zoom=str(wider)) if wider else "",
        "in": _with(request, zoom=str(nearer)) if nearer else "",
    }


def _wires(request: WorkspaceRequest) -> str:
    return _with(request, links="" if request.GET.get("links") == "all" else "all")


def _rows(request: WorkspaceRequest, table: GanttTable, drawing: Drawing) -> list[RowView]:
    links: dict[str, list[ItemLink]] = {}
    for one in table.links:
        links.setdefault(one.predecessor, []).append(one)
        links.setdefault(one.successor, []).append(one)
    flipped = _flipped(request)
    return [
        _row_view(
            request, line, drawing, links.get(line.key, ()), _fold(request, table, line, flipped)
        )
        for line in table.window.rows
    ]


def _fold(
    request: WorkspaceRequest, table: GanttTable, line: GanttLine, flipped: frozenset[str]
) -> str:
    """Return the address with a group folded the other way; empty for an item."""
    if not line.is_group:
        return ""
    return _with(
        request, level=str(table.level), flip=",".join(sorted(flipped ^ {line.key})), after=""
    )


def _row_view(
    request: WorkspaceRequest,
    line: GanttLine,
    drawing: Drawing,
    links: Sequence[ItemLink],
    fold: str,
) -> RowView:
    row = drawn_row(line, drawing.today, drawing.baseline)
    scale = drawing.scale
    page = panel = ""
    if line.item is not None:
        page = address(request, "item", project=line.project, item=line.item.key)
        panel = address(request, "item_links", project=line.project, item=line.item.key)
    elif line.depth == 0:
        page = address(request, "project", project=line.project)
    waits, holds, said = link_words(line.key, line.name, links)
    ends = scale.share_after(row.ends) if row.ends else None
    begins = scale.share(row.begins) if row.begins else None
    if row.shape is Shape.MILESTONE:
        begins = ends  # a moment: whatever binds it arrives at its diamond
    return RowView(
        line=line,
        svg=mark_safe(row_svg(row, scale)),  # noqa: S308 - drawn by us, all text escaped
        href=page,
        panel=panel,
        fold=fold,
        said=said,
        waits=waits,
        holds=holds,
        begins="" if begins is None else f"{begins:.4f}",
        ends="" if ends is None else f"{ends:.4f}",
    )


def link_words(key: str, name: str, links: Sequence[ItemLink]) -> tuple[str, str, str]:
    """Return a row's links as JSON (what it waits for, what it holds up) and as a sentence."""
    waits = [[one.predecessor, one.kind] for one in links if one.successor == key]
    holds = [[one.successor, one.kind] for one in links if one.predecessor == key]
    if not links:
        return "", "", ""
    names = {key: name}
    for one in links:
        names[one.predecessor], names[one.successor] = one.predecessor_name, one.successor_name
    said = [Wait(one.predecessor, one.successor, one.kind, one.lag_text) for one in links]
    return (
        json.dumps(waits) if waits else "",
        json.dumps(holds) if holds else "",
        waits_sentence(key, names, said),
    )


def _planned(baseline: BaselineFacts | None, key: str) -> tuple[date, date] | None:
    """Return the first and last day that the active baseline gives an item."""
    held = baseline.items.get(key) if baseline else None
    end = (held.p50 or held.finish) if held else None
    return (held.start or end, end) if held and end else None


def drawn_row(line: GanttLine, today: date, baseline: BaselineFacts | None = None) -> Row:
    """Return a row of the chart as it is drawn."""
    item = line.item
    trouble = line.trouble
    if item is None:
        return Row(
            key=line.key,
            name=line.name,
            shape=Shape.SUMMARY,
            weight=Weight(line.weight),
            start=line.start,
            p50=line.p50,
            p80=line.p80,
            finished=line.ended,
            trouble="" if line.p50 or line.ended else "Nothing below it has a date",
        )
    return Row(
        key=line.key,
        name=line.name,
        shape=Shape.MILESTONE if item.kind == "milestone" else Shape.BAR,
        weight=Weight(line.weight),
        start=line.start,
        p50=line.p50,
        p80=line.p80,
        started=item.started,
        done=item.done,
        until=today,
        planned=_planned(baseline, line.key),
        finished=item.finished,
        not_before=item.not_before,
        deadline=item.deadline,
        trouble=trouble,
    )
