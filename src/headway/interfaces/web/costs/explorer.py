"""The cost explorer: what was used up or billed, grouped by one question, cut by filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.costs.queries import (
    CostTable,
    CostView,
    StandingOut,
    explore,
    what_stands_out,
)
from headway.domain.costs.rules import read_month
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.rendering import phrases
from headway.rendering.charts import CostPart, Frame, StackedCosts, stacked_costs
from headway.rendering.charts.stacked import inks_of

#: The pages of costs beside each other: label and route.
COST_TABS = (
    ("Costs", "costs"),
    ("Unit costs", "unit_costs"),
    ("Bills", "bills"),
    ("Whose it is", "allocation"),
)
_GROUPS = {
    "project": "Project",
    "program": "Program",
    "category": "Category of money",
    "service": "Service",
    "service_category": "Kind of service",
    "provider": "Provider",
    "account": "Account",
    "sub_account": "Sub-account",
    "resource": "Resource",
    "charge": "Charge category",
    "rule": "What placed it",
}
_MEASURES = {"effective": "used up", "billed": "billed"}
#: Rows of the table that a page shows.
MOST_ROWS = 200
#: Months that the table has columns for; the chart has all.
MOST_MONTHS = 6
#: Anomalies that a page tells.
MOST_ANOMALIES = 8
#: What the address may filter by, besides tags.
_FILTERS = (
    *("project", "program", "category", "service", "provider", "account", "sub_account"),
    *("charge", "rule"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, and where a deeper look at it leads."""

    label: str
    href: str
    amounts: Sequence[object]
    total: object
    rows: int


def tabs(request: WorkspaceRequest) -> Sequence[tuple[str, str]]:
    """Return the tabs of the pages of costs, as (label, address)."""
    return [(label, address(request, name)) for label, name in COST_TABS]


def costs(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: what the last month cost; then the months, then each row of them."""
    view = _asked(request)
    table = explore(request.actor, view, request.at)
    shown = table.rows[:MOST_ROWS]
    anomalies = what_stands_out(request.actor, request.at)
    values = {
        "view": view,
        "table": table,
        "said": _said(table, view),
        "lines": [_line(request, view, table, at) for at in range(len(shown))],
        "more": len(table.rows) - len(shown),
        "chart": _chart(table, view),
        "series": inks_of(_stacked(table, view)) if table.rows else (),
        "groups": _group_choices(table),
        "shown_months": table.months[-MOST_MONTHS:],
        "shown_sums": table.by_month[-MOST_MONTHS:],
        "earlier": max(0, len(table.months) - MOST_MONTHS),
        "filters": [(name, value, _without(request, name)) for name, value in view.filters.items()],
        "choices": _filter_choices(table, view),
        "standing_out": [(one, _behind(one)) for one in anomalies[:MOST_ANOMALIES]],
        "unsaid": max(0, len(anomalies) - MOST_ANOMALIES),
        "tabs": tabs(request),
        "live": is_live(request),
    }
    return render(request, "costs_web/costs.html", values)


def _behind(one: StandingOut) -> str:
    """Return the question that shows an anomaly's charges; empty where charges do not tell it."""
    if one.by == "region":
        return ""
    month = f"{one.anomaly.day:%Y-%m}"
    return f"?{urlencode({'by': 'resource', one.by: one.value, 'from': month, 'to': month})}"


def _asked(request: WorkspaceRequest) -> CostView:
    """Return what the address asks. Raises Invalid for a month that is none."""
    asked = request.GET
    filters = {name: asked[name] for name in _FILTERS if asked.get(name)}
    filters |= {name: asked[name] for name in asked if name.startswith("tag:") and asked[name]}
    return CostView(
        asked.get("by") or "project",
        filters,
        _month(asked.get("from", "")),
        _month(asked.get("to", "")),
        asked.get("measure") or "effective",
        asked.get("currency", ""),
    )


def _month(text: str) -> date | None:
    return read_month(text) if text else None


def _said(table: CostTable, view: CostView) -> str:
    if not table.rows:
        return "No bill says anything for these months."
    last, what = table.by_month[-1], _MEASURES.get(view.measure, "")
    month = f"{table.months[-1]:%B %Y}"
    said = f"{phrases.money(last, table.currency)} {what} in {month}"
    if table.unallocated > 0 and table.total > 0:
        share = phrases.share(min(float(table.unallocated / table.total), 1.0), exact=True)
        said += f"; {share} of all shown belongs to nobody yet"
    return f"{said}."


def _chart(table: CostTable, view: CostView) -> object:
    try:
        return stacked_costs(_stacked(table, view), Frame(width=860, height=300))
    except Invalid:
        return None


def _stacked(table: CostTable, view: CostView) -> StackedCosts:
    parts = tuple(CostPart(row.label, row.amounts) for row in table.rows)
    what = _MEASURES.get(view.measure, "")
    return StackedCosts(table.currency, what, tuple(table.months), parts)


def _line(request: WorkspaceRequest, view: CostView, table: CostTable, at: int) -> Line:
    """Return a row; it leads one question deeper: project, then service, then resource, bills."""
    row = table.rows[at]
    name = view.by
    deeper = {"project": "service", "program": "project", "service": "resource"}.get(
        name, "service"
    )
    can = row.value and (name in _FILTERS or name.startswith("tag:"))
    href = _changed(request, {name: row.value, "by": deeper}) if can else ""
    return Line(row.label, href, row.amounts[-MOST_MONTHS:], row.total, row.rows)


def _changed(request: WorkspaceRequest, changes: Mapping[str, str]) -> str:
    held = {**request.GET.dict(), **changes}
    return f"?{urlencode({name: value for name, value in held.items() if value})}"


def _without(request: WorkspaceRequest, name: str) -> str:
    return _changed(request, {name: ""})


def _group_choices(table: CostTable) -> Sequence[tuple[str, str]]:
    tagged = [(f"tag:{name}", f"Tag {name}") for name in table.tags[:30]]
    return [*_GROUPS.items(), *tagged]


def _filter_choices(
    table: CostTable, view: CostView
) -> Sequence[tuple[str, str, Sequence[str], str]]:
    """Return the filters that a form offers: name, label, values, and what is chosen."""
    return [
        (name, _GROUPS[name], [one for one in table.values.get(name, ()) if one], chosen)
        for name in ("project", "category", "service", "provider", "account")
        if len(table.values.get(name, ())) > 1 or name in view.filters
        for chosen in [view.filters.get(name, "")]
    ]
