"""What we said: past packs and decisions beside what came of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.plans.queries import latest_forecast, outcomes_of
from headway.domain.programs.queries import program_named
from headway.domain.reports.queries import Came, PackSaid, what_we_said
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.program import head_of
from headway.rendering.phrases import quantity


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack in the table; `summary` counts what came of its milestones."""

    pack: PackSaid
    summary: str


def said(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show what each pack said and what came, how often P80s held, what decisions brought."""
    facts = program_named(request.actor, program, request.at)
    at = request.at or request.now
    found = what_we_said(request.actor, facts, at, known_at=request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at)) | {
        "said": found,
        "rows": [PackRow(pack, _summary(pack)) for pack in found.packs],
        "cases": [(name, p80, end, (end - p80).days) for name, p80, end in found.score.cases],
        "late": found.score.late,
        "outcomes": outcomes_of(request.actor, facts, request.at),
    }
    return render(request, "reports_web/said.html", values)


def _summary(pack: PackSaid) -> str:
    counts = Counter(claim.came for claim in pack.milestones)
    parts = [f"{counts[came]} {came}" for came in Came if counts[came]]
    return f"{quantity(len(pack.milestones), 'milestone')}: {', '.join(parts)}" if parts else ""
