"""Unit costs: what a run, an experiment, a label and a closed gate cost, and 1,000 predictions."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.annotation.queries import vendor_quality
from headway.domain.costs.queries import UnitCosts
from headway.domain.costs.queries import unit_costs as unit_costs_of
from headway.domain.gates.queries import failed_gates
from headway.interfaces.web.costs.explorer import tabs
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.rendering import phrases


def unit_costs(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: what failed runs cost; then each project's units and experiments."""
    units = unit_costs_of(request.actor, request.at)
    known = request.at
    labels = [
        one for one in vendor_quality(request.actor, known) if one.price is not None and one.decided
    ]
    values = {
        "units": units,
        "labels": labels,
        "gates": failed_gates(request.actor, known),
        "said": _said(units),
        "tabs": tabs(request),
    }
    return render(request, "costs_web/units.html", values)


def _said(rows: Sequence[UnitCosts]) -> str:
    if not rows:
        return "No charge belongs to a project yet."
    runs = sum(one.runs for one in rows)
    failed = [one for one in rows if one.failed]
    if not failed:
        return f"{phrases.quantity(runs, 'training run')} took compute; none of them failed."
    told = ", ".join(
        phrases.money(one.failed, one.currency) + f" ({one.name})" for one in failed[:3]
    )
    return f"Failed runs took {told}."
