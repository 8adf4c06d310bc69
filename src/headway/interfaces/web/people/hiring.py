"""Openings: when they come, what they cost, what they do to the plan; and demand by role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.rules import Permission, may
from headway.domain.people.actions.staffing import (
    lower_capacity,
    raise_capacity,
    restore_opening,
    set_opening,
)
from headway.domain.people.queries import rate_card
from headway.domain.people.queries.staffing import opening_named, openings_of
from headway.domain.people.rules.hiring import (
    BUDGET_ODDS,
    OPENING_FIELDS,
    SCHEDULE_ODDS,
    USUAL_OPENING,
    OpeningFacts,
)
from headway.domain.plans.actions import forecast_soon
from headway.domain.programs.queries import program_named, programs_of
from headway.domain.progress.queries.hiring_page import (
    HiringPage,
    OpeningLine,
    hiring_page,
    later_effect,
    require_items,
)
from headway.errors import Conflict
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.people.roster import AREA
from headway.interfaces.web.people.staffing_forms import OpeningForm, opening_form
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.edit_forms import without
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave


def hiring(request: WorkspaceRequest) -> HttpResponse:
    """Show who is to come and when, what that costs, and what the plan asks of each role."""
    today = (request.at or request.now).date()
    found = hiring_page(request.actor, request.at, today)
    wanted = request.GET.get("later", "")
    coming = [one for one in found.lines if one.opening.is_coming]
    values = {
        "rows": [_row(one, today) for one in found.lines],
        "coming": coming,
        "late": [one for one in coming if (one.opening.late_days or 0) > 0],
        "months": found.months,
        "costs": _by_month(found),
        "demand": found.demand,
        "asked": found.months[: len(found.demand[0].days)] if found.demand else (),
        "effect": later_effect(request.actor, wanted, request.at)
        if wanted in {one.opening.key for one in coming}
        else None,
        "live": is_live(request),
        "manages": may(request.actor, Permission.PROGRAM),
        "plans": may(request.actor, Permission.PLAN),
    }
    return render(request, "people_web/hiring.html", values)


def _row(line: OpeningLine, today: date) -> Mapping[str, object]:
    one = line.opening
    return {
        "line": line,
        "opening": one,
        "p50": one.arrives(BUDGET_ODDS, today),
        "p80": one.arrives(SCHEDULE_ODDS, today),
        "full": date.fromisoformat(str(one.steps()[-1][0])),
        "counts": date.fromisoformat(str(one.raised[0][0])) if one.raised else None,
        "is_stale": bool(one.raised) and [list(step) for step in one.raised] != one.steps(),
        "yearly": one.yearly,
    }


def _by_month(page: HiringPage) -> list[tuple[str, list[Decimal | None], Decimal]]:
    """Return each currency's amounts in the page's months and their sum: two are never added."""
    rows = []
    for money in sorted({one.currency for one in page.costs}):
        mine = {one.month: one.amount for one in page.costs if one.currency == money}
        amounts = [mine.get(month) for month in page.months]
        rows.append((money, amounts, sum(mine.values(), Decimal(0))))
    return rows


def add_opening(request: WorkspaceRequest) -> HttpResponse:
    """Write an opening down."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        key, program = str(values.pop("key")), str(values.pop("program"))
        if key in {one.key for one in openings_of(request.actor)}:
            sentence = f"There is an opening '{key}' already; choose another key."
            raise Conflict(sentence)
        home = program_named(request.actor, program)
        require_items(request.actor, home.id, values.get("items"))
        set_opening(request.actor, key, _given(values), request.now, program=program)
        forecast_soon(request.actor, program, request.now)
        return Done(f"The opening {key} is written down.")

    start = {**USUAL_OPENING, "state": "open", "opened_on": request.now.date()}
    page = address(request, "hiring")
    programs = [(one.slug, one.name) for one in programs_of(request.actor)]
    form = opening_form(programs)
    lists = _lists(request)
    edit = Edit("Plan an opening", page, form, save, start, blame="key", area=AREA, lists=lists)
    return edit_page(request, lambda: edit)


def edit_opening(request: WorkspaceRequest, opening: str) -> HttpResponse:
    """Change an opening."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = opening_named(request.actor, opening)
        require_items(request.actor, before.program_id, values.get("items"))
        saved = set_opening(request.actor, opening, _given(values), request.now, version=version)
        _forecast(request, saved, before)
        undo = address(request, "restore_opening", opening=opening, version=before.version)
        return Done("The opening is changed.", undo if saved.version != before.version else "")

    def load() -> Edit:
        held = opening_named(request.actor, opening)
        fields = {name: getattr(held, name) for name in OPENING_FIELDS}
        return Edit(
            f"Edit the opening {opening}",
            address(request, "hiring"),
            without(OpeningForm, "key", "program"),
            save,
            fields
            | {name: "/".join(f"{one:g}" for one in fields[name]) for name in _SPANS}
            | {"items": "\n".join(held.items)},
            held.version,
            lists=_lists(request),
            area=AREA,
        )

    return edit_page(request, load)


_SPANS = ("lead", "ramp")
_OPEN = ("level", "paid", "probability")


def _given(values: Mapping[str, object]) -> dict[str, object]:
    """Return what was typed; an empty level is the role's, and who pays follows the resource."""
    return {name: value for name, value in values.items() if name not in _OPEN or value}


def _lists(request: WorkspaceRequest) -> Mapping[str, list[str]]:
    card = rate_card(request.actor)
    return {"edit-levels": [one.id for one in card.bands], "edit-roles": sorted(card.roles)}


def undo_opening(request: WorkspaceRequest, opening: str, version: int) -> HttpResponse:
    """Put an opening back to an earlier version, its capacity included."""
    before = opening_named(request.actor, opening)
    back = restore_opening(request.actor, opening, version, request.now)
    _forecast(request, back, before)
    return leave(request, address(request, "hiring"), Done("The opening is as it was before."))


def count_capacity(request: WorkspaceRequest, opening: str) -> HttpResponse:
    """Let the plan count on an opening, or, with `off`, no longer."""
    before = opening_named(request.actor, opening)
    is_off = "off" in request.POST or "off" in request.GET
    change = lower_capacity if is_off else raise_capacity
    after = change(request.actor, opening, request.now)
    _forecast(request, after, before)
    undo = address(request, "count_capacity", opening=opening) + ("" if is_off else "?off=1")
    words = "no longer counts on" if is_off else "counts on"
    done = Done(f"The plan {words} the opening {opening}.", undo)
    return leave(request, address(request, "hiring"), done)


def _forecast(request: WorkspaceRequest, after: OpeningFacts, before: OpeningFacts) -> None:
    """Forecast the program at once where anything changed: dates and money may hang on it."""
    if after.version != before.version:
        for program in programs_of(request.actor):
            if program.id == after.program_id:
                forecast_soon(request.actor, program.slug, request.now)
