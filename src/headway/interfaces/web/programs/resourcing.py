"""Whom and what the work of a program draws on: the page, and editing in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.people.actions import restore_resource, set_resource
from headway.domain.people.queries import resources_of
from headway.domain.people.rules import RESOURCE_FIELDS, ResourceFacts
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import ResourceForm, without
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave
from headway.interfaces.web.programs.program import head_of
from headway.rendering import phrases

_NEW = {"kind": "people"}


def resources(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Answer first: what is named, and what has no price; then each with its number."""
    facts = program_named(request.actor, program, request.at)
    found = resources_of(request.actor, facts, request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at), check=False)
    values |= {"resources": found, "said": _said(found)}
    return render(request, "programs_web/resources.html", values)


def _said(found: Sequence[ResourceFacts]) -> str:
    if not found:
        return "Nobody and nothing is named that the work draws on."
    free = [one.name for one in found if not one.rate]
    named = f"The work draws on {phrases.quantity(len(found), 'resource')}"
    if not free:
        return f"{named}, each with a price."
    more = f" and {len(free) - 1} more cost" if len(free) > 1 else " costs"
    return f"{named}; {free[0]}{more} nothing in the forecast, for want of a price."


def add_resource(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Say of whom or what there is how much."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        name = str(values.pop("name"))
        if name in {one.name for one in resources_of(request.actor, parent)}:
            sentence = f"There is a resource '{name}' already; choose another name, or edit it."
            raise Conflict(sentence)
        made = set_resource(request.actor, program, name, values, request.now)
        return Done(f"The resource {made.name} is there.")

    edit = Edit(
        "Add a resource",
        _home(request, program),
        ResourceForm,
        save,
        _NEW,
        blame="name",
        lists={"edit-calendars": sorted(parent.calendars)},
    )
    return edit_page(request, lambda: edit)


def edit_resource(request: WorkspaceRequest, program: str, resource: str) -> HttpResponse:
    """Change how much there is of a resource, when it works, what it costs."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        before = _held(request, program, resource)
        saved = set_resource(request.actor, program, resource, values, request.now, version=version)
        place = {"program": program, "resource": resource, "version": before.version}
        undo = address(request, "restore_resource", **place)
        return Done(f"The resource {saved.name} is changed.", undo if saved != before else "")

    def load() -> Edit:
        held = _held(request, program, resource)
        return Edit(
            f"Edit {held.name}",
            _home(request, program),
            without(ResourceForm, "name"),
            save,
            _shown(held),
            held.version,
            lists={"edit-calendars": sorted(parent.calendars)},
        )

    return edit_page(request, load)


def undo_resource(
    request: WorkspaceRequest, program: str, resource: str, version: int
) -> HttpResponse:
    """Put a resource back to an earlier version."""
    back = restore_resource(request.actor, program, resource, version, request.now)
    return leave(request, _home(request, program), Done(f"{back.name} is as it was before."))


def _shown(held: ResourceFacts) -> Mapping[str, object]:
    """Return the fields as their form writes them."""
    fields: dict[str, object] = {name: getattr(held, name) for name in RESOURCE_FIELDS}
    steps = ", ".join(f"{day}: {float(str(units)):g}" for day, units in held.steps)
    return fields | {
        "capacity": f"{held.capacity:g}",
        "rate": f"{held.rate:f}" if held.rate else "",
        "skills": ", ".join(held.skills),
        "steps": steps,
    }


def _held(request: WorkspaceRequest, program: str, name: str) -> ResourceFacts:
    parent = program_named(request.actor, program)
    for one in resources_of(request.actor, parent):
        if one.name == name:
            return one
    sentence = f"There is no resource '{name}' in {parent.name}."
    raise NotFound(sentence)


def _home(request: WorkspaceRequest, program: str) -> str:
    return address(request, "resources", program=program)
