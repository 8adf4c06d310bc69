"""What the radar proposes for a program: accept it, dismiss it with a reason, ask again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.plans.queries import latest_forecast
from headway.domain.plans.queries.glance import item_names
from headway.domain.programs.queries import program_named
from headway.domain.radar.actions import accept_proposal, ask_proposal_again, dismiss_proposal
from headway.domain.radar.queries import radar_of
from headway.domain.radar.rules import RULES, Fact, RadarLine
from headway.errors import Conflict, Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, leave
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.raid.risk_editing import forecast_words

#: Route that shows a kind of fact, and what its parameter is called; empty: it has none.
_PAGES = {
    "record": ("record", "sequence"),
    "promise": ("promise", "promise"),
    "monitor": ("monitor", "monitor"),
    "runs": ("project_runs", "project"),
    "criterion": ("project_runs", "project"),
    "money": ("budget", ""),
    "calibration": ("calibration", ""),
    "approvals": ("approvals", ""),
}
_OF_PROGRAM = ("promise", "budget", "calibration")


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal with its facts as links, and its items by name."""

    line: RadarLine
    facts: Sequence[tuple[str, str]]
    items: Sequence[tuple[str, str]]
    place: int


def radar(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show what plan and evidence suggest as risks, each with the facts behind it."""
    return _page(request, program)


def accept(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Make a risk of a proposal; it is simulated at once."""
    try:
        made = accept_proposal(
            request.actor, program, request.POST.get("proposal", ""), request.now
        )
    except (Conflict, NotFound) as error:
        return _page(request, program, str(error))
    moved = forecast_words(request, program_named(request.actor, program))
    page = address(request, "risk", program=program, risk=made.key)
    return leave(request, page, Done(f"“{made.name}” is in the register.{moved}"))


def dismiss(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Say that a proposal is no risk, and why; it is quiet until its facts change."""
    key = request.POST.get("proposal", "")
    try:
        reason = request.POST.get("reason", "")
        dismiss_proposal(request.actor, program, key, reason, request.now)
    except (Invalid, NotFound) as error:
        return _page(request, program, str(error))
    page = address(request, "radar", program=program)
    return leave(request, page, Done("It is quiet until its facts change."))


def ask_again(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Take an answer to a proposal back."""
    ask_proposal_again(request.actor, program, request.POST.get("proposal", ""), request.now)
    page = address(request, "radar", program=program)
    return leave(request, page, Done("The radar proposes it again."))


def _page(request: WorkspaceRequest, program: str, bad: str = "") -> HttpResponse:
    facts = program_named(request.actor, program, request.at)
    at = request.at or request.now
    latest = latest_forecast(request.actor, facts, request.at)
    lines = radar_of(request.actor, facts, at, known_at=request.at, latest=latest)
    touched = {item for line in lines for item in line.proposal.items}
    titles = item_names(request.actor, facts, touched)
    rows = [_row(request, facts.slug, line, titles, place) for place, line in enumerate(lines)]
    values = head_of(request, facts, latest) | {
        "asking": [row for row in rows if not row.line.is_quiet],
        "quiet": [row for row in rows if row.line.is_quiet],
        "rules": list(RULES.values()),
        "bad": bad,
    }
    return render(request, "raid_web/radar.html", values, status=422 if bad else 200)


def _row(
    request: WorkspaceRequest, program: str, line: RadarLine, titles: Mapping[str, str], place: int
) -> ProposalRow:
    return ProposalRow(
        line,
        [(fact.sentence, _href(request, program, fact)) for fact in line.proposal.facts],
        [(titles.get(one, one), _item(request, one)) for one in line.proposal.items],
        place,
    )


def _item(request: WorkspaceRequest, key: str) -> str:
    project, _, item = key.partition("/")
    return address(request, "item", project=project, item=item)


def _href(request: WorkspaceRequest, program: str, fact: Fact) -> str:
    """Return the page that shows a fact; empty where none does."""
    if fact.kind == "item":
        return _item(request, fact.key)
    if fact.kind == "forecast":
        return f"{address(request, 'program_forecast', program=program)}?at={fact.key}"
    if fact.kind not in _PAGES:
        return ""
    route, name = _PAGES[fact.kind]
    place: dict[str, object] = {name: fact.key.partition("/")[0]} if name else {}
    if route in _OF_PROGRAM:
        place["program"] = program
    return address(request, route, **place)
