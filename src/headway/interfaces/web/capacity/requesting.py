"""Requests for somebody: asked, who could take it and why, filled, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.people.actions.requests import (
    fill_request,
    reopen_request,
    restore_request,
    set_request,
    withdraw_request,
)
from headway.domain.people.queries import people_of
from headway.domain.people.queries.allocations import (
    allocations_of,
    request_named,
    requests_of,
)
from headway.domain.people.rules.allocations import OPEN, RequestFacts
from headway.domain.plans.queries.finding import Candidate, candidates
from headway.domain.programs.queries import program_named, projects_of
from headway.interfaces.web.capacity.forms import RequestForm
from headway.interfaces.web.capacity.pages import tabs
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.rendering import phrases

AREA = ("people", "People")
#: Candidates that a page shows.
MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """Somebody for a request, as the page shows them."""

    one: Candidate
    href: str
    hours: float  # free of what is wanted, a week on average


def requests(request: WorkspaceRequest) -> HttpResponse:
    """List who is wanted, open ones first."""
    found = requests_of(request.actor, request.at)
    rows = sorted(found, key=lambda one: (one.state != OPEN, one.starts_on, one.key))
    given = {one.request: one for one in allocations_of(request.actor, request.at) if one.request}
    values = {
        "rows": [(one, given.get(one.key)) for one in rows],
        "open": sum(one.state == OPEN for one in rows),
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "capacity_web/requests.html", values)


def request_page(request: WorkspaceRequest, wanted: str) -> HttpResponse:
    """Say who could take a request, best first, each with the reason."""
    found = request_named(request.actor, wanted, request.at)
    rows = candidates(request.actor, found, request.at)
    given = [one for one in allocations_of(request.actor, request.at) if one.request == found.key]
    values = {
        "found": found,
        "rows": [_line(request, one) for one in rows[:MOST_SHOWN]],
        "more": max(0, len(rows) - MOST_SHOWN),
        "given": given,
        "said": _said(found, rows),
        "live": is_live(request),
        "is_open": found.state == OPEN,
        "tabs": tabs(request),
    }
    return render(request, "capacity_web/request.html", values)


def _line(request: WorkspaceRequest, one: Candidate) -> CandidateLine:
    met = sum(min(wanted, free) for wanted, free in zip(one.wanted, one.free, strict=True))
    return CandidateLine(
        one,
        address(request, "capacity_row", row=one.person.key),
        met / max(1, len(one.wanted)),
    )


def _said(found: RequestFacts, rows: Sequence[Candidate]) -> str:
    """Answer who could take it, in one sentence."""
    if found.state != OPEN:
        return f"This request is {found.state}."

    fit = [one for one in rows if one.is_role and not one.lacks and one.fits >= 0.9995]
    if fit:
        others = f", and {phrases.quantity(len(fit) - 1, 'other')}" if len(fit) > 1 else ""
        return f"{fit[0].person.name} could take it{others}."
    part = next((one for one in rows if one.is_role and one.fits > 0), None)
    if part is not None:
        return f"Nobody fits in full; {part.person.name} comes nearest."
    if rows and rows[0].fits > 0:
        return f"No {found.role} has time for it; others on the roster have."
    return "Nobody on the roster has time for it."


def add_request(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Ask for somebody."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_request(request.actor, program, "", values, request.now)
        undo = address(request, "withdraw_request", wanted=made.key)
        return Done(f"{made.wanted} is asked for.", undo)

    page = address(request, "requests")
    lists = _lists(request, program)
    title = f"Ask for somebody for {parent.name}"
    edit = Edit(title, page, RequestForm, save, button="Ask", lists=lists, area=AREA)
    return edit_page(request, lambda: edit)


def edit_request(request: WorkspaceRequest, wanted: str) -> HttpResponse:
    """Change what is asked for."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = request_named(request.actor, wanted)
        program = before.program
        saved = set_request(request.actor, program, wanted, values, request.now, version=version)
        undo = address(request, "restore_request", wanted=wanted, version=before.version)
        return Done(f"{saved.wanted} is asked for.", undo if saved != before else "")

    def load() -> Edit:
        held = request_named(request.actor, wanted)
        return Edit(
            f"Request for {held.wanted}",
            address(request, "request", wanted=wanted),
            RequestForm,
            save,
            _held(held),
            held.version,
            lists=_lists(request, held.program),
            area=AREA,
        )

    return edit_page(request, load)


def undo_request(request: WorkspaceRequest, wanted: str, version: int) -> HttpResponse:
    """Put a request back to an earlier version."""
    restore_request(request.actor, wanted, version, request.now)
    return leave(
        request, address(request, "request", wanted=wanted), Done("It is asked as before.")
    )


def withdraw(request: WorkspaceRequest, wanted: str) -> HttpResponse:
    """Take a request back."""
    withdraw_request(request.actor, wanted, request.now, version=asked_version(request))
    undo = address(request, "reopen_request", wanted=wanted)
    return leave(request, address(request, "requests"), Done("The request is withdrawn.", undo))


def reopen(request: WorkspaceRequest, wanted: str) -> HttpResponse:
    """Open a request again; what it was filled with goes."""
    found = reopen_request(request.actor, wanted, request.now)
    page = address(request, "request", wanted=wanted)
    return leave(request, page, Done(f"{found.wanted} is asked for again."))


def fill(request: WorkspaceRequest, wanted: str, person: str) -> HttpResponse:
    """Give the work to somebody: an allocation is made."""
    tentative = request.POST.get("tentative") == "1"
    made = fill_request(request.actor, wanted, person, request.now, is_tentative=tentative)
    page, undo = (
        address(request, "request", wanted=wanted),
        address(request, "reopen_request", wanted=wanted),
    )
    return leave(request, page, Done(f"{made.person_name} takes it: {made.amount}.", undo))


def _held(one: RequestFacts) -> Mapping[str, object]:
    held: dict[str, object] = {
        name: getattr(one, name) for name in RequestForm.base_fields if name != "version"
    }
    skills = ", ".join(f"{name} {level}" if level else name for name, level in one.skills)
    return held | {
        "skills": skills,
        "share": f"{one.share * 100:.6g} %" if one.share is not None else "",
        "weekly_hours": f"{one.weekly_hours:g}" if one.weekly_hours is not None else "",
    }


def _lists(request: WorkspaceRequest, program: str) -> Mapping[str, list[str]]:
    parent = program_named(request.actor, program)
    return {
        "edit-roles": sorted({one.role for one in people_of(request.actor) if one.role}),
        "edit-projects": [one.slug for one in projects_of(request.actor, parent)],
    }
