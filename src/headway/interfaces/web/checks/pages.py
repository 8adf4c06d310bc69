"""Pages that read: all monitors, one monitor, one of its runs, one of its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.checks.queries import (
    MonitorLine,
    column_history,
    column_picture,
    monitor_page,
    monitors_page,
    retraining_proposals,
    run_page,
    runs_of,
    segments_weakest_first,
)
from headway.domain.checks.rules import MonitorFacts
from headway.errors import NotFound
from headway.interfaces.web.checks import pictures
from headway.interfaces.web.checks.running import job_of
from headway.interfaces.web.checks.trials import trial_values
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live

#: Rows of a run's table that a page shows at first; the rest is a link away.
MOST_ROWS = 200

#: The pages of systems beside each other: label and route.
SYSTEM_TABS = (
    ("Monitors", "systems"),
    ("Models", "models"),
    ("Deployments", "deployments"),
    ("Datasets", "datasets"),
    ("Pipelines", "pipelines"),
    ("Cards", "cards"),
)

_SAID = {
    "unmet": ("1 monitor alerts", "{} monitors alert"),
    "error": ("1 failed", "{} failed"),
    "stale": ("1 fell silent", "{} fell silent"),
    "missing": ("1 has not run yet", "{} have not run yet"),
    "insufficient": ("1 has too little data", "{} have too little data"),
}


def systems(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: what alerts and what fell silent; then every monitor, the worst first."""
    at = request.at or request.now
    lines = monitors_page(request.actor, at, known_at=request.at)
    proposals = retraining_proposals(request.actor, request.at)
    values = {
        "lines": lines,
        "said": _standing(lines),
        "waiting": [one for one in proposals if one.is_open],
        "settled": [one for one in proposals if not one.is_open][:20],
        "live": is_live(request),
        "tabs": [(label, address(request, name)) for label, name in SYSTEM_TABS],
    }
    return render(request, "checks_web/systems.html", values)


def _standing(lines: Sequence[MonitorLine]) -> str:
    """Say in one sentence how the monitors stand."""
    counted = Counter(line.verdict.verdict for line in lines if line.monitor.is_enabled)
    parts = [
        one if counted[verdict] == 1 else many.format(counted[verdict])
        for verdict, (one, many) in _SAID.items()
        if counted[verdict]
    ]
    if not parts:
        return "All monitors are quiet." if lines else "Nothing is watched yet."
    quiet = counted["met"]
    return f"{', '.join(parts)}; {quiet} of {len(lines)} {'is' if quiet == 1 else 'are'} quiet."


def monitor(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Say how a monitor stands and why, then show what its last run saw, then its history."""
    at = request.at or request.now
    page = monitor_page(request.actor, monitor, at, known_at=request.at)
    values = {
        "page": page,
        "line": page.line,
        "monitor": page.line.monitor,
        "live": is_live(request),
        "job": _open_job(request, page.line.monitor),
        "proposals": [
            one
            for one in retraining_proposals(request.actor, request.at)
            if one.monitor_id == page.line.monitor.id
        ],
    }
    values |= _seen(request, page.line.monitor)
    if page.line.monitor.kind == "experiment":
        values |= trial_values(request, page.line.monitor)
    return render(request, "checks_web/monitor.html", values)


def _open_job(request: WorkspaceRequest, facts: MonitorFacts) -> dict[str, object] | None:
    runs = runs_of(request.actor, facts, most=1)
    under_way = next((one for one in runs if one.state in ("waiting", "running")), None)
    return None if under_way is None else job_of(request, facts, under_way)


def _seen(request: WorkspaceRequest, facts: MonitorFacts) -> dict[str, object]:
    """Return what the last run saw, with the pictures of the monitor's kind."""
    try:
        last = run_page(request.actor, facts, at=request.at)
    except NotFound:
        return {"last": None, "charts": []}
    charts = []
    if facts.kind == "drift":
        charts += pictures.history_charts(column_history(request.actor, facts, request.at))
    if facts.kind in ("metric", "fit"):
        charts += pictures.value_charts(facts, runs_of(request.actor, facts, request.at))
    if last.segments:
        charts += pictures.segment_charts(
            facts, segments_weakest_first(request.actor, facts, at=request.at)
        )
    if last.effects and facts.kind != "experiment":
        charts += pictures.effect_charts(last.effects)
    return {"last": last, "charts": charts, "most": MOST_ROWS}


def run(request: WorkspaceRequest, monitor: str, number: int) -> HttpResponse:
    """Show one run in full: verdict, value, bound, rule, n, and the query that gave it."""
    at = request.at or request.now
    page = monitor_page(request.actor, monitor, at, known_at=request.at)
    facts = page.line.monitor
    found = run_page(request.actor, facts, number, request.at)
    weakest = segments_weakest_first(request.actor, facts, number=number, at=request.at)
    charts = [
        *(pictures.segment_charts(facts, weakest) if found.segments else ()),
        *(pictures.effect_charts(found.effects) if found.effects else ()),
    ]
    values = {
        "line": page.line,
        "monitor": facts,
        "last": found,
        "charts": charts,
        "job": job_of(request, facts, found.line) if found.line.state == "running" else None,
        "live": is_live(request),
        "most": 2_000,
    }
    return render(request, "checks_web/run.html", values)


def column(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Show one column: its two distributions in a run, and how it did over time."""
    at = request.at or request.now
    page = monitor_page(request.actor, monitor, at, known_at=request.at)
    facts, name = page.line.monitor, request.GET.get("name", "")[:500]
    asked = request.GET.get("run", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else None
    picture = column_picture(request.actor, facts, name, number=number, at=request.at)
    history = column_history(request.actor, facts, request.at)
    row = next((one for one in history.rows if one.column == name), None)
    told = list(zip(history.runs, row.cells, strict=True)) if row else []
    values = {
        "line": page.line,
        "monitor": facts,
        "name": name,
        "picture": picture,
        "charts": pictures.column_charts(name, picture, told),
        "told": list(reversed(told)),
    }
    return render(request, "checks_web/column.html", values)
