"""What-ifs of plans too large to wait for: asked of the worker, watched, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from headway import clock
from headway.domain.plans.actions import ask_bottlenecks, ask_what_if, cancel_what_if
from headway.domain.plans.queries import SuppositionFacts, WhatIf, supposition_of
from headway.domain.plans.queries.what_if import LEAST_WIDE, MOST_WIDE
from headway.domain.programs.queries import program_named
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address

#: So many risks can be left out by a link.
MOST_TOGGLES = 12


def asked_in(sent: QueryDict) -> WhatIf:
    """Return what an address or a form supposes."""
    return WhatIf(
        tuple(dict.fromkeys(sent.getlist("without")))[:MOST_TOGGLES],
        sent.get("mitigated") == "1",
        sent.get("resources") == "1",
        _factor(sent.get("widen", "")),
    )


def _factor(text: str) -> float:
    """Return by how much ranges are widened; 1 for nothing, or nothing that makes sense."""
    try:
        factor = float(text)
    except ValueError:
        return 1.0
    return factor if LEAST_WIDE <= factor <= MOST_WIDE else 1.0


def pairs_of(asked: WhatIf) -> list[tuple[str, str]]:
    """Return what is supposed as an address writes it."""
    switches = (("mitigated", asked.mitigated), ("resources", asked.respect_resources))
    pairs = [(name, "1") for name, is_on in switches if is_on]
    pairs += [("without", one) for one in asked.without]
    return pairs + ([("widen", f"{asked.widen:g}")] if asked.widen != 1.0 else [])


def ask(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Ask the worker for what the form supposes."""
    found = ask_what_if(request.actor, program, asked_in(request.POST), request.now, clock.now())
    return redirect(_page(request, found))


def rank(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Ask the worker to rank the bottlenecks of the newest forecast."""
    return redirect(
        _page(request, ask_bottlenecks(request.actor, program, request.now, clock.now()))
    )


def progress(request: WorkspaceRequest, program: str, supposition: UUID) -> HttpResponse:
    """Say how far a what-if is: a fragment that asks for itself until it has ended."""
    facts = program_named(request.actor, program, request.at)
    return _fragment(request, supposition_of(request.actor, facts, supposition, clock.now()))


def cancel(request: WorkspaceRequest, program: str, supposition: UUID) -> HttpResponse:
    """Stop a what-if."""
    found = cancel_what_if(request.actor, (program, supposition), request.now, clock.now())
    return _fragment(request, found)


def supposition_job(request: WorkspaceRequest, found: SuppositionFacts) -> Mapping[str, object]:
    """Return a what-if as the fragment of jobs shows it."""
    place = {"program": found.program, "supposition": found.id}
    return {
        "id": found.id,
        "label": "Ranking bottlenecks" if found.is_bottlenecks else "Trying it",
        "state": "ended" if found.has_ended else "running",
        "done": None,
        "total": 1,
        "sentence": found.sentence,
        "href": address(request, "what_if_progress", **place),
        "cancel": address(request, "cancel_what_if", **place),
    }


def _fragment(request: WorkspaceRequest, found: SuppositionFacts) -> HttpResponse:
    if not request.htmx:
        return redirect(_page(request, found))
    response = render(request, "layout/_job.html", {"job": supposition_job(request, found)})
    if found.has_ended:
        response["HX-Refresh"] = "true"  # the table tells the answer
    return response


def _page(request: WorkspaceRequest, found: SuppositionFacts) -> str:
    if found.is_bottlenecks:
        return address(request, "bottlenecks", program=found.program)
    page = address(request, "program_forecast", program=found.program)
    return f"{page}?{urlencode(pairs_of(found.asked))}#what-if"
