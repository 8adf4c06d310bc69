"""Holding something to a framework, saying what applies, and answering for a control."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from headway.domain.accounts.queries import workspace_of
from headway.domain.compliance.actions.frameworks import (
    assign_pack,
    attest_control,
    end_assignment,
    restore_applicability,
    set_applicability,
)
from headway.domain.compliance.queries.packs import control_named, pack_named
from headway.domain.compliance.queries.standing import answer_of, assignment_of, scope_named
from headway.domain.programs.queries import programs_of, systems_of
from headway.errors import Conflict, Invalid, Refused
from headway.interfaces.web.frameworks.forms import AppliesForm, AttestForm, assign_form
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

AREA = ("frameworks", "Frameworks")


def assign(request: WorkspaceRequest, framework: str) -> HttpResponse:
    """Hold a system, a program or the workspace to a framework."""
    pack = pack_named(request.actor, framework)

    def save(values: dict[str, object], _version: int | None) -> Done:
        scope, _, held = str(values["held"]).partition(":")
        owner = str(values["owner"] or "")
        place = (framework, scope, held)
        try:
            made = assign_pack(request.actor, place, request.now, owner=owner)
        except (Refused, Conflict) as error:
            raise Invalid(str(error)) from error
        undo = address(request, "end_framework", framework=framework, scope=scope, held=held)
        return Done(f"{made.scope.name} is held to {pack.title}.", undo)

    page = address(request, "framework", framework=framework)
    form = assign_form(_held(request))
    edit = Edit(f"Assign {pack.title}", page, form, save, button="Assign", area=AREA)
    return edit_page(request, lambda: edit)


def _held(request: WorkspaceRequest) -> Sequence[tuple[str, str]]:
    """Return what may be held to a framework, systems first."""
    workspace = workspace_of(request.actor)
    return [
        *((f"system:{one.slug}", f"System {one.name}") for one in systems_of(request.actor)),
        *((f"program:{one.slug}", f"Program {one.name}") for one in programs_of(request.actor)),
        (f"workspace:{workspace.slug}", f"The whole workspace {workspace.name}"),
    ]


def end(request: WorkspaceRequest, framework: str, scope: str, held: str) -> HttpResponse:
    """Hold it to the framework no longer; its answers come back when it is held to it again."""
    place = scope_named(request.actor, scope, held)
    end_assignment(
        request.actor, (framework, scope, held), request.now, version=asked_version(request)
    )
    undo = address(request, "assign_framework", framework=framework)
    done = Done(f"{place.name} is not held to it any more.", f"{undo}?held={place.subject}")
    return leave(request, address(request, "frameworks"), done)


def attest(
    request: WorkspaceRequest, framework: str, scope: str, held: str, control: str
) -> HttpResponse:
    """Answer for a control in person: the answer becomes a record of the ledger."""
    one = control_named(pack_named(request.actor, framework), control)
    assignment_of(request.actor, framework, scope_named(request.actor, scope, held))

    def save(values: dict[str, object], _version: int | None) -> Done:
        place = (framework, scope, held)
        try:
            number = attest_control(request.actor, place, one.id, values, request.now)
        except Refused as error:
            raise Invalid(str(error)) from error
        return Done(f"You answered for {one.id}; it is record {number}.")

    edit = Edit(
        f"Answer for {one.id}",
        _page(request, framework, scope, held),
        AttestForm,
        save,
        {"done_on": request.now.date()},
        button="Answer for it",
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def applies(
    request: WorkspaceRequest, framework: str, scope: str, held: str, control: str
) -> HttpResponse:
    """Say whether a control applies, and why not."""
    one = control_named(pack_named(request.actor, framework), control)
    place = (framework, scope, held)

    def save(values: dict[str, object], version: int | None) -> Done:
        set_applicability(request.actor, place, one.id, values, request.now, version=version)
        undo = address(
            request,
            "restore_control",
            framework=framework,
            scope=scope,
            held=held,
            control=one.id,
            version=version or 0,
        )
        return Done(f"What was said of {one.id} is kept.", undo)

    def load() -> Edit:
        said = answer_of(request.actor, place, one.id)
        return Edit(
            f"Does {one.id} apply?",
            _page(request, framework, scope, held),
            AppliesForm,
            save,
            {"way": said.way, "reason": said.reason} if said else {"way": "as_asked"},
            said.version if said else None,
            area=AREA,
        )

    return edit_page(request, load)


def restore(  # noqa: PLR0913 - the parts of an address
    request: WorkspaceRequest, framework: str, scope: str, held: str, control: str, version: int
) -> HttpResponse:
    """Give back what was said of a control before."""
    place = (framework, scope, held)
    restore_applicability(request.actor, place, control, version, request.now)
    done = Done(f"What was said of {control} before stands again.")
    return leave(request, _page(request, framework, scope, held), done)


def _page(request: WorkspaceRequest, framework: str, scope: str, held: str) -> str:
    return address(request, "framework_standing", framework=framework, scope=scope, held=held)
