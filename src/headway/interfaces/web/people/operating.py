"""Operations load: what live systems take from people, reserved by the week."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.rules import Permission, may
from headway.domain.people.actions.staffing import (
    add_operations_load,
    change_operations_load,
    remove_operations_load,
    restore_operations_load,
)
from headway.domain.people.queries import names_of, people_of
from headway.domain.people.queries.staffing import operations_loads
from headway.domain.people.rules.operations import LOAD_FIELDS, OperationsLoadFacts
from headway.domain.programs.queries import systems_of
from headway.domain.progress.queries.operations_page import operations_page
from headway.errors import NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.people.roster import AREA
from headway.interfaces.web.people.staffing_forms import LoadForm, load_form
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.edit_forms import without
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave


def operations(request: WorkspaceRequest) -> HttpResponse:
    """Show what is reserved this week, what evidence says, and every load."""
    now = request.at or request.now
    found = operations_page(request.actor, request.at, now)
    names = names_of(request.actor)
    hours = [
        (role, names.get(person, person), total)
        for (role, person), total in sorted(found.hours.items(), key=lambda one: -one[1])
    ]
    values = {
        "found": found,
        "rows": [(one, names.get(one.person, one.person)) for one in found.loads],
        "hours": hours,
        "total": sum(total for _, _, total in hours),
        "short": [one for one in found.suggestions if one.is_short],
        "changes": is_live(request) and may(request.actor, Permission.PLAN),
    }
    return render(request, "people_web/operations.html", values)


def add_load(request: WorkspaceRequest) -> HttpResponse:
    """Reserve hours a week for a live system."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        system = str(values.pop("system"))
        made = add_operations_load(request.actor, system, values, request.now)
        return Done(f"{made.hours:g} hours a week are reserved for {made.system_name}.")

    systems = [(one.slug, one.name) for one in systems_of(request.actor) if one.state != "retired"]
    start = {"starts": request.now.date()}
    page, form = address(request, "operations"), load_form(systems)
    edit = Edit(
        "Reserve hours", page, form, save, start, lists=_lists(request), area=AREA, blame="role"
    )
    return edit_page(request, lambda: edit)


def edit_load(request: WorkspaceRequest, load: UUID) -> HttpResponse:
    """Change what is reserved."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = _held(request, load).version
        saved = change_operations_load(request.actor, load, values, request.now, version=version)
        undo = address(request, "restore_load", load=load, version=before)
        return Done("What is reserved is changed.", undo if saved.version != before else "")

    def again() -> Edit:
        held = _held(request, load)
        return Edit(
            f"What {held.system_name} takes",
            address(request, "operations"),
            without(LoadForm, "system"),
            save,
            {name: getattr(held, name) for name in LOAD_FIELDS},
            held.version,
            blame="role",
            lists=_lists(request),
            area=AREA,
            remove=address(request, "remove_load", load=load),
            remove_label="Reserve it no longer",
        )

    return edit_page(request, again)


def _lists(request: WorkspaceRequest) -> dict[str, list[str]]:
    people = people_of(request.actor)
    return {
        "edit-roles": sorted({one.role for one in people if one.role}),
        "edit-people": [one.key for one in people],
    }


def _held(request: WorkspaceRequest, load: UUID) -> OperationsLoadFacts:
    for one in operations_loads(request.actor):
        if one.id == load:
            return one
    sentence = "There is no such operations load here; it may have been removed."
    raise NotFound(sentence)


def remove_load(request: WorkspaceRequest, load: UUID) -> HttpResponse:
    """Reserve it no longer."""
    held = _held(request, load)
    version = asked_version(request)
    remove_operations_load(request.actor, load, request.now, version=version)
    undo = address(request, "restore_load", load=load, version=held.version)
    done = Done(f"{held.system_name} takes it no longer.", undo)
    return leave(request, address(request, "operations"), done)


def undo_load(request: WorkspaceRequest, load: UUID, version: int) -> HttpResponse:
    """Put what was reserved back."""
    restore_operations_load(request.actor, load, version, request.now)
    page = address(request, "operations")
    return leave(request, page, Done("It is reserved as before."))
