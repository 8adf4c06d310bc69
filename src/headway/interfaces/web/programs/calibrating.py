"""How past forecasts did, as pages: of one program, and of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.plans.queries import (
    Calibration,
    ScoredItem,
    calibration_of,
    latest_forecast,
    workspace_calibration,
)
from headway.domain.programs.queries import program_named
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.program import head_of

#: So many cases are shown, the latest of them first.
MOST_CASES = 200


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with the addresses of its item and of the forecast that was made then."""

    item: ScoredItem
    href: str
    forecast: str


def program_calibration(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show how the forecasts of a program did, and what would have held."""
    facts = program_named(request.actor, program, request.at)
    found = calibration_of(request.actor, facts, request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= _shown(request, found)
    factor = found.correction.factor if found.correction else 1.0
    forecast = address(request, "program_forecast", program=program)
    values |= {
        "everything": address(request, "calibration_of_all"),
        "try_href": f"{forecast}?widen={factor:.2f}#what-if",
    }
    return render(request, "programs_web/calibration.html", values)


def calibration_of_all(request: WorkspaceRequest) -> HttpResponse:
    """Show how the forecasts of all programs did, together."""
    found = workspace_calibration(request.actor, request.at)
    values = _shown(request, found) | {"portfolio": address(request, "programs")}
    return render(request, "programs_web/calibration_all.html", values)


def _shown(request: WorkspaceRequest, found: Calibration) -> dict[str, object]:
    return {
        "found": found,
        "rows": _rows(request, found.cases[:MOST_CASES]),
        "more": max(len(found.cases) - MOST_CASES, 0),
    }


def _rows(request: WorkspaceRequest, cases: Sequence[ScoredItem]) -> list[CaseRow]:
    return [
        CaseRow(
            item,
            address(request, "item", project=item.project, item=item.key),
            f"{address(request, 'program_forecast', program=item.program)}"
            f"?at={item.first.at.date().isoformat()}",
        )
        for item in cases
    ]
