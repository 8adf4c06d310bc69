"""Approvals on pages: what waits for whom, asking functions, answering, and standing in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.queries import members_page
from headway.domain.accounts.rules import Permission, may
from headway.domain.gates.actions import (
    answer_approval,
    delegate_function,
    request_approvals,
    revoke_delegation,
)
from headway.domain.gates.queries import (
    GateStanding,
    approvals_waiting,
    delegations_of,
    gate_desk,
    queue_times_of,
)
from headway.domain.gates.queries.desk import Desk
from headway.errors import Invalid, NotFound, Refused
from headway.interfaces.web.gates.desk_forms import AnswerForm, DelegationForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

#: Where the crumbs of these forms begin.
AREA = ("approvals", "Approvals")


def approvals(request: WorkspaceRequest) -> HttpResponse:
    """Answer what waits for the reader, then list every open question and who stands in."""
    moment = request.at or request.now
    waiting = approvals_waiting(request.actor, moment, known_at=request.at)
    values = {
        "mine": [one for one in waiting if one.is_mine],
        "others": [one for one in waiting if not one.is_mine],
        "delegations": [
            (one, one.state(moment.date())) for one in delegations_of(request.actor, request.at)
        ],
        "times": queue_times_of(request.actor, moment),
        "me": request.actor.member_id,
        "owns": may(request.actor, Permission.MEMBERS),
        "live": is_live(request),
        "now": moment,
    }
    return render(request, "gates_web/approvals.html", values)


def gate_page(request: WorkspaceRequest, gate: UUID) -> str:
    """Return where a gate is read."""
    return address(request, "gate", gate=gate) or address(request, "releases")


def desk_of(request: WorkspaceRequest, gate: UUID, found: GateStanding | None = None) -> Desk:
    """Return the deciding side of a gate, as the reader looks at it; `found` judged already."""
    return gate_desk(request.actor, gate, request.at or request.now, request.at, found=found)


def ask(request: WorkspaceRequest, gate: UUID) -> HttpResponse:
    """Ask functions to approve a gate."""
    found = request_approvals(request.actor, gate, request.POST.getlist("function"), request.now)
    asked = ", ".join(one.function for one in found)
    return leave(request, gate_page(request, gate), Done(f"Asked: {asked}. Who holds it is told."))


def answer(request: WorkspaceRequest, gate: UUID, question: UUID) -> HttpResponse:
    """Answer for a function, with what is seen in front."""

    def save(values: dict[str, object], version: int | None) -> Done:
        seen = str(values.pop("seen"))
        try:
            said = answer_approval(
                request.actor, question, values, request.now, seen=seen, version=version
            )
        except Refused as error:
            raise Invalid(str(error)) from error
        words = {"approved": "approved", "conditions": "approved with conditions"}
        return Done(f"{said.function.capitalize()} {words.get(said.decision, 'refused')} it.")

    def load() -> Edit:
        desk = desk_of(request, gate)
        found = next(
            (one for one in desk.questions if one.waiting and one.waiting.id == question), None
        )
        if found is None or found.waiting is None:
            sentence = "This was answered already, or nobody is asked it any more."
            raise NotFound(sentence)
        return Edit(
            f"Answer for {found.function}: {desk.deciding.place}",
            gate_page(request, gate),
            AnswerForm,
            save,
            {"seen": desk.digest},
            found.waiting.version,
            blame="statement",
            button="Answer",
            area=AREA,
        )

    return edit_page(request, load)


def add_delegation(request: WorkspaceRequest) -> HttpResponse:
    """Let somebody stand in for a function, from a day to a day."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        try:
            made = delegate_function(request.actor, values, request.now)
        except Refused as error:
            raise Invalid(str(error)) from error
        return Done(f"{made.taker} stands in for {made.giver} until {made.ends:%-d %b %Y}.")

    def load() -> Edit:
        members = members_page(request.actor, request.now).members
        return Edit(
            "Let somebody stand in",
            address(request, "approvals"),
            DelegationForm,
            save,
            blame="taker",
            lists={"edit-members": [one.email for one in members if not one.is_you]},
            area=AREA,
        )

    return edit_page(request, load)


def drop_delegation(request: WorkspaceRequest, delegation: UUID) -> HttpResponse:
    """Take a delegation back."""
    gone = revoke_delegation(request.actor, delegation, request.now, version=asked_version(request))
    done = Done(f"{gone.taker} does not stand in for {gone.giver} any more.")
    return leave(request, address(request, "approvals"), done)
