"""Pages that read: labels across programs, of a program, one batch, guideline, pilot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.annotation.queries import (
    Extra,
    ReadyForecast,
    batch_details,
    batch_page,
    guideline_diff,
    guideline_named,
    overview,
    pilot_named,
    program_page,
    ready_forecast,
)
from headway.domain.annotation.rules import BatchStanding
from headway.domain.annotation.rules.pilots import AnnotatorLine
from headway.domain.people.queries import names_of
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.queries import program_named, programs_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import number, whole
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import is_live
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.vendors.turning import BESIDE, Turned, turned
from headway.rendering import phrases

#: Shape and tone of a batch's state: the verdict whose look it takes.
LOOKS = {
    "accepted": "met",
    "delivering": "met",
    "inspecting": "insufficient",
    "rework": "unmet",
    "stale": "stale",
    "ordered": "not_due",
}


#: Batches by who has to do something: what goes back, what waits, what is stale, the rest.
ATTENTION = ("rework", "inspecting", "stale", "delivering", "ordered", "accepted")
#: Rows of a list on a page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A batch in a table, with the look of its state."""

    program: ProgramFacts
    standing: BatchStanding
    look: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel: labels, as a share of what was promised or delivered."""

    label: str
    count: int
    share: float | None


def across(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: the order whose labels come last; then each program's orders, and vendors."""
    at = request.at or request.now
    programs = programs_of(request.actor, request.at)
    found, vendors = overview(request.actor, programs, at, known_at=request.at)
    rows = [Row(p, one, LOOKS[one.state]) for p, _, batches in found for one in batches]
    forecasts = [(program, one) for program, some, _ in found for one in some]
    values = _turned(request, rows, forecasts) | {
        "said": _said([one for _, one in forecasts], rows),
        "vendors": turned(request, vendors, "vendors", PAGE),
        "live": is_live(request),
    }
    return render(request, "annotation_web/across.html", values)


def program_annotation(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Answer first: when the labels are there, how fast they come, what one costs; then why."""
    facts = program_named(request.actor, program, request.at)
    at = request.at or request.now
    found = program_page(request.actor, facts, at, known_at=request.at)
    forecasts = found.forecasts
    rows = [Row(facts, one, LOOKS[one.state]) for one in found.batches]
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= _turned(request, rows, [(facts, one) for one in forecasts])
    values |= {
        "said": _said(forecasts, rows),
        "guidelines": found.guidelines,
        "pilots": turned(request, found.pilots, "pilots", PAGE),
        "main": _main(forecasts),
        "weeks": _weeks(_main(forecasts)),
        "supposed": _supposed(request, facts),
    }
    return render(request, "annotation_web/program.html", values)


def _turned(
    request: WorkspaceRequest,
    rows: Sequence[Row],
    forecasts: Sequence[tuple[ProgramFacts, ReadyForecast]],
) -> dict[str, Any]:
    """Return batches and orders page by page: first what waits for somebody, then by day."""
    waiting = sorted(rows, key=lambda row: ATTENTION.index(row.standing.state))
    open_first = sorted(forecasts, key=lambda one: not one[1].remaining)
    return {
        "rows": turned(request, waiting, "batches", PAGE),
        "forecasts": turned(request, open_first, "orders", BESIDE),
    }


def _main(forecasts: Sequence[ReadyForecast]) -> ReadyForecast | None:
    """Return the order to speak of first: the last one whose labels are not all there."""
    open_ = [one for one in forecasts if one.remaining]
    known = open_ or list(forecasts)
    return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week's labels, as a share of what was agreed for a week."""

    monday: date
    delivered: int
    is_ramp: bool
    share: float | None


def _weeks(one: ReadyForecast | None) -> Sequence[WeekRow]:
    """Return the weeks that an order's forecast looks at, the newest first."""
    if one is None:
        return []
    agreed = one.planned_a_week
    return [
        WeekRow(
            week.monday,
            week.delivered,
            week.is_ramp,
            week.delivered / agreed if agreed else None,
        )
        for week in reversed(one.weeks)
    ]


def _said(forecasts: Sequence[ReadyForecast], rows: Sequence[Row]) -> str:
    """Say when the labels are there, how fast they come, at what price, and what goes back."""
    one = _main(forecasts)
    if one is None:
        return "No labels are ordered yet." if not rows else "No batch names its order yet."
    asked = one.ordered_price
    said = phrases.money(asked, one.order.currency, exact=True)
    price = f" A label is ordered at {said}." if asked else ""
    back = sum(row.standing.rework for row in rows)
    return f"{one.sentence}{price}" + (f" {back:,} go back." if back else "")


def _supposed(request: WorkspaceRequest, program: ProgramFacts) -> dict[str, Any]:
    """Return what a second supply would do to an order, where the reader supposes one."""
    order, text = request.GET.get("order", ""), request.GET.get("extra", "")
    if not order or not text:
        return {}
    try:
        a_week = number(0.001, 1e7)("labels a week", text)
        start = whole(0, 520)("weeks until they begin", request.GET.get("from", "")) or 0
        extra = Extra(float(str(a_week)), from_week=int(str(start)))
        at = request.at or request.now
        found = ready_forecast(request.actor, program, order, at, known_at=request.at, extra=extra)
    except Invalid as error:
        return {"problem": str(error), "order": order}
    return {"found": found, "extra": extra, "order": order}


def batch(request: WorkspaceRequest, program: str, batch: str) -> HttpResponse:
    """Say how a batch stands and why; then the funnel, its samples, agreement, deliveries."""
    facts = program_named(request.actor, program, request.at)
    page = batch_page(request.actor, facts, batch, request.at)
    values = head_of(request, facts, None, check=False)
    values |= {
        "page": page,
        "one": page.standing,
        "batch": page.standing.batch,
        "look": LOOKS[page.standing.state],
        "funnel": _funnel(page.standing),
        "more": batch_details(request.actor, facts, page, request.at),
    }
    return render(request, "annotation_web/batch.html", values)


def _funnel(one: BatchStanding) -> Sequence[Step]:
    whole_ = max(one.batch.promised or 0, one.delivered) or None
    steps = [
        ("Promised", one.batch.promised or 0),
        ("Delivered", one.delivered),
        ("Adjudicated", one.adjudicated),
        ("Accepted", one.accepted),
        ("Waiting to be decided", one.waiting),
        ("Sent back", one.rework),
        ("Stale", one.stale),
    ]
    return [Step(label, count, count / whole_ if whole_ else None) for label, count in steps]


def guideline(request: WorkspaceRequest, program: str, guideline: str) -> HttpResponse:
    """Show the words that hold, what changed, and whether older labels count."""
    facts = program_named(request.actor, program, request.at)
    held = guideline_named(request.actor, facts, guideline, request.at)
    asked = request.GET.get("version", "")
    shown = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else held.current
    values = head_of(request, facts, None, check=False)
    values |= {
        "guideline": held,
        "shown": shown,
        "owner": names_of(request.actor).get(held.owner, held.owner),
        "diff": guideline_diff(held, shown) if held.versions else (),
    }
    return render(request, "annotation_web/guideline.html", values)


def pilot(request: WorkspaceRequest, program: str, pilot: str) -> HttpResponse:
    """Say who has shown the bar on the gold set, each with an interval."""
    facts = program_named(request.actor, program, request.at)
    held = pilot_named(request.actor, facts, pilot, request.at)
    values = head_of(request, facts, None, check=False)
    values |= {"one": held, "pilot": held.pilot, "lines": _annotators(request, held.annotators)}
    return render(request, "annotation_web/pilot.html", values)


def _annotators(request: WorkspaceRequest, lines: Sequence[AnnotatorLine]) -> Turned[AnnotatorLine]:
    """Return annotators page by page: first those of whom somebody has to decide."""
    order = ("unmet", "insufficient", "stale", "met", "missing")
    ordered = sorted(lines, key=lambda one: (order.index(one.verdict), one.annotator))
    return turned(request, ordered, size=PAGE)
