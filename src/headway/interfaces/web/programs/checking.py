"""How sound a program's plan is: what costs its score points, each with the way to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.analysis.schedule.quality import Finding
from headway.domain.plans.queries import latest_forecast, plan_quality
from headway.domain.programs.queries import program_named
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.program import head_of

#: Items of a finding that a page links before it counts the rest.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A finding with links to its items, (name, address) each."""

    finding: Finding
    items: Sequence[tuple[str, str]]
    more: int


def plan_check(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show the score of the plan as it is now, or was, and every finding."""
    facts = program_named(request.actor, program, request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    found = plan_quality(request.actor, facts, request.at, request.now)
    if found is not None:
        rows = [_row(request, one, found.names) for one in found.check.findings]
        values |= {
            "check": found.check,
            "rows": rows,
            "passed": _words(found.check.passed),
            "silent": _words(found.check.not_judged),
        }
    return render(request, "programs_web/plan_check.html", values)


def _words(rules: Sequence[str]) -> list[str]:
    return [rule.replace("-", " ") for rule in rules]


def _row(request: WorkspaceRequest, finding: Finding, names: Mapping[str, str]) -> FoundRow:
    links = []
    for item_id in finding.items[:SHOWN]:
        project, _, key = item_id.partition("/")
        page = address(request, "item", project=project, item=key)
        links.append((names.get(item_id) or key, page))
    return FoundRow(finding, links, len(finding.items) - len(links))
