"""Waivers on pages: the debt of the workspace, granting one, taking it back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.gates.actions import grant_waiver, revoke_waiver
from headway.domain.gates.queries import waivers_page
from headway.domain.people.queries import names_of
from headway.errors import Invalid, Refused
from headway.interfaces.web.gates.approving import desk_of, gate_page
from headway.interfaces.web.gates.desk_forms import waiver_form
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

AREA = ("waivers", "Waivers")


def waivers(request: WorkspaceRequest) -> HttpResponse:
    """Say how much is owed, then list it: what expired, what ends soon, what stands."""
    names = names_of(request.actor)
    page = waivers_page(request.actor, request.at or request.now, known_at=request.at)
    values = {
        "page": page,
        "rows": [(line, names.get(line.waiver.owner, line.waiver.owner)) for line in page.lines],
        "live": is_live(request),
    }
    return render(request, "gates_web/waivers.html", values)


def waive(request: WorkspaceRequest, gate: UUID) -> HttpResponse:
    """Set a requirement aside until a day."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        try:
            made = grant_waiver(request.actor, gate, values, request.now)
        except Refused as error:
            raise Invalid(str(error)) from error
        return Done(f"Waived until {made.until:%-d %b %Y}, owed by {made.owner}.")

    def load() -> Edit:
        desk = desk_of(request, gate)
        return Edit(
            f"Waive a requirement: {desk.deciding.place}",
            gate_page(request, gate),
            waiver_form([(line.key, line.name) for line in desk.waivable], desk.limits.days),
            save,
            blame="requirement",
            button="Waive it",
            lists={"edit-people": sorted(names_of(request.actor))},
            area=AREA,
        )

    return edit_page(request, load)


def drop_waiver(request: WorkspaceRequest, waiver: UUID) -> HttpResponse:
    """Take a waiver back: its requirement counts again."""
    gone = revoke_waiver(request.actor, waiver, request.now, version=asked_version(request))
    done = Done(f"“{gone.requirement}” is not waived any more; it counts again.")
    return leave(request, address(request, "waivers"), done)
