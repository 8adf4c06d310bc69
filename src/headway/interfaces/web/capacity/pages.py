"""The heat map across programs and of one program, and the numbers behind a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.people.rules.heat import BLAMES, Blame, hours, overtime
from headway.domain.people.rules.loads import Weeks
from headway.domain.plans.queries import latest_forecast
from headway.domain.plans.queries.capacity import capacity_map
from headway.domain.plans.rules.capacity import CapacityMap, MapRow, MapView, Piece
from headway.domain.programs.queries import program_named, projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.errors import NotFound
from headway.interfaces.web.capacity.asking import PAGE, SORTS, Asked, asked_words, grouped
from headway.interfaces.web.capacity.drawing import MARK_WORDS, heads_of, week_of
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.program import head_of
from headway.rendering import phrases

_BLAME_WORDS = {
    Blame.NONE: "",
    Blame.HERE: "this work alone is above capacity",
    Blame.OTHERS: "others alone are above capacity",
    Blame.TOGETHER: "only both together are above capacity",
}


def capacity(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: who is above capacity; then everybody by week."""
    asked = Asked.of(request)
    found = capacity_map(request.actor, MapView(asked.window), request.at)
    values = _values(found, asked, lambda row: address(request, "capacity_row", row=row.key))
    values |= {"live": is_live(request), "tabs": tabs(request)}
    return render(request, "capacity_web/capacity.html", values)


def program_capacity(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show the same of who and what works for a program: this program's load apart from others'."""
    facts = program_named(request.actor, program, request.at)
    asked = Asked.of(request)
    found = capacity_map(request.actor, _view(request, facts, asked), request.at)
    place = {"program": program}
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at), check=False)
    values |= _values(
        found, asked, lambda row: address(request, "program_capacity_row", row=row.key, **place)
    )
    values["projects"] = projects_of(request.actor, facts, request.at)
    return render(request, "capacity_web/program.html", values)


def tabs(request: WorkspaceRequest) -> Sequence[tuple[str, str]]:
    """Return the pages on capacity across programs, as (label, address)."""
    names = {"Heat map": "capacity", "Allocations": "allocations", "Requests": "requests"}
    return [(label, address(request, name)) for label, name in names.items()]


def _view(request: WorkspaceRequest, facts: ProgramFacts, asked: Asked) -> MapView:
    known = {one.slug for one in projects_of(request.actor, facts, request.at)}
    if asked.project and asked.project not in known:
        sentence = f"There is no project '{asked.project[:60]}' in {facts.name}."
        raise NotFound(sentence)
    return MapView(asked.window, facts, asked.project)


def _values(found: CapacityMap, asked: Asked, href: Callable[[MapRow], str]) -> dict[str, object]:
    groups, more = grouped(found, asked, href)
    weeks, step = found.view.weeks, timedelta(days=7 * asked.weeks)
    is_now = weeks.first == Weeks.of(asked.today, 1).first
    return {
        "found": found,
        "said": said_of(found),
        "asked": asked,
        "carried": asked_words(asked),
        "heads": heads_of(weeks),
        "groups": groups,
        "columns": weeks.count + 1,
        "more": asked.href(skip=asked.skip + PAGE) if more else "",
        "marks": MARK_WORDS if found.view.program else (),
        "spans": [(count, asked.href(weeks=count)) for count in (13, 26, 52, 104)],
        "sorts": [(name, word, asked.href(sort=word, open="")) for word, name in SORTS.items()],
        "maybe": asked.href(tentative="" if asked.tentative else "1"),
        "before": asked.href(**{"from": weeks.first - step}),
        "after": asked.href(**{"from": weeks.first + step}),
        "now": "" if is_now else asked.href(**{"from": ""}),
    }


def said_of(found: CapacityMap) -> str:
    """Say who is above capacity, the worst first: the page's answer."""
    heat, weeks = found.heat, found.view.weeks
    if not found.rows:
        return "Nobody and nothing is asked for here yet."
    above = heat.is_above
    worst = [place for place in range(len(found.rows)) if above[place].any()]
    if not worst:
        return f"Nobody is above capacity in these {weeks.count} weeks."
    over = np.maximum(heat.load - heat.capacity, 0)
    share = over.sum(axis=1) / np.maximum(heat.capacity.sum(axis=1), 1)
    worst.sort(key=lambda place: (found.rows[place].sort != "person", -float(share[place])))
    first = worst[0]
    when = np.flatnonzero(above[first])
    many = phrases.quantity(len(when), "week")
    begins = phrases.day(weeks.mondays[int(when[0])])
    highest = int(heat.percent[first][when].max())
    said = f"{found.rows[first].name} is above capacity in {many}, first in the week of {begins}"
    said += f" ({highest}\u00a0% at most)." if highest < 999 else "."
    others = len(worst) - 1
    if others:
        said += f" {others} more row{'s are' if others > 1 else ' is'} above it at times."
    return said


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week of a row in numbers, in hours; `over` is the share of the load above capacity."""

    monday: date
    href: str
    capacity: float
    here: float
    others: float
    tentative: float
    free: float
    percent: int | None
    over: float | None
    words: str


@dataclass(frozen=True, slots=True)
class PieceLine:
    """What asks something of a row: its name, where it is changed, how much of the week."""

    piece: Piece
    href: str
    hours: float


def capacity_row(request: WorkspaceRequest, row: str) -> HttpResponse:
    """Show the numbers of a row across programs, and what makes them up."""
    asked = Asked.of(request)
    found = capacity_map(request.actor, MapView(asked.window), request.at)
    back = address(request, "capacity")
    values = _row_values(request, found, asked, row) | {
        "live": is_live(request),
        "back": back,
        "area": ("People", address(request, "people")),
    }
    return render(request, "capacity_web/row.html", values)


def program_capacity_row(request: WorkspaceRequest, program: str, row: str) -> HttpResponse:
    """Show the numbers of a row as a program sees them."""
    facts = program_named(request.actor, program, request.at)
    asked = Asked.of(request)
    found = capacity_map(request.actor, _view(request, facts, asked), request.at)
    values = _row_values(request, found, asked, row) | {
        "live": is_live(request),
        "program": facts,
        "back": address(request, "program_capacity", program=program),
        "area": (facts.name, address(request, "program", program=program)),
    }
    return render(request, "capacity_web/row.html", values)


def _row_values(
    request: WorkspaceRequest, found: CapacityMap, asked: Asked, key: str
) -> dict[str, object]:
    place = found.place.get(key)
    if place is None:
        sentence = f"There is no row '{key[:60]}' on this map: nobody there has work in it."
        raise NotFound(sentence)
    week = week_of(request.GET.get("week", ""), found.view.weeks)
    number = found.view.weeks.mondays.index(week) if week else None
    pieces = [
        PieceLine(
            one, _href(request, one), hours(int(taken.sum() if number is None else taken[number]))
        )
        for one, taken in found.pieces_of(place)
    ]
    pieces = [one for one in pieces if one.hours > 0]
    pieces.sort(key=lambda one: (one.piece.is_tentative, -one.hours, one.piece.key))
    lines = [_week_line(found, place, n, asked) for n in range(found.view.weeks.count)]
    return {
        "row": found.rows[place],
        "found": found,
        "asked": asked,
        "week": week,
        "cell": lines[number] if number is not None else None,
        "pieces": pieces,
        "lines": lines,
        "here": request.path,
        "allocating": _allocating(request, found.rows[place], week),
    }


def _week_line(found: CapacityMap, place: int, number: int, asked: Asked) -> WeekLine:
    heat = found.heat
    parts = (heat.capacity, heat.here, heat.others, heat.tentative, heat.free)
    there, here, others, maybe, free = (int(part[place, number]) for part in parts)
    percent = int(heat.percent[place, number])
    blame = BLAMES[int(heat.blame[place, number])] if found.view.program else Blame.NONE
    monday = found.view.weeks.first + timedelta(days=7 * number)
    return WeekLine(
        monday=monday,
        href=asked.href(week=monday) + "#week",
        capacity=hours(there),
        here=hours(here),
        others=hours(others),
        tentative=hours(maybe),
        free=hours(free),
        percent=percent if 0 <= percent < 999 else None,
        over=overtime(here + others, there) if here + others > there else None,
        words=_BLAME_WORDS[blame],
    )


def _href(request: WorkspaceRequest, piece: Piece) -> str:
    match piece.sort:
        case "item":
            project, _, key = piece.key.partition("/")
            return address(request, "item", project=project, item=key)
        case "allocation":
            return address(request, "edit_allocation", allocation=piece.key)
        case "request":
            return address(request, "request", wanted=piece.key)
        case _:
            return ""


def _allocating(
    request: WorkspaceRequest, row: MapRow, week: date | None
) -> Mapping[str, str] | None:
    """Return where somebody is allocated from this row on; None for a role or a pool."""
    if row.sort != "person" or not is_live(request):
        return None
    start = f"&starts_on={week}" if week else ""
    return {"href": f"{address(request, 'add_allocation')}?person={row.key}{start}"}
