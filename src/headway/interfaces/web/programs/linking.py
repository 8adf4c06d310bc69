"""Editing in place what an item waits for and what it needs."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse

from headway.analysis.schedule.plan import Item
from headway.domain.people.queries import resources_of
from headway.domain.plans.actions import link_items, set_need, unlink_items
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.queries import item_named, plan_value
from headway.domain.programs.queries import program_of, project_named
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import LinkForm, NeedForm
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave


def link(request: WorkspaceRequest, project: str, item: str) -> HttpResponse:
    """Let an item wait for another, or change the lag of a link there is."""
    parent = project_named(request.actor, project)
    program = program_of(request.actor, parent)

    def save(values: dict[str, object], version: int | None) -> Done:
        wanted = str(values["predecessor"])
        draft = LinkDraft(
            f"{project}/{item}",
            wanted if "/" in wanted else f"{project}/{wanted}",
            str(values["kind"]),
            float(str(values["lag"] or 0)),
            str(values["lag_unit"] or "working"),
        )
        link_items(request.actor, draft, request.now, version=version)
        return Done(f"{item} waits for {wanted} now.")

    def load() -> Edit:
        held = item_named(request.actor, parent, item)
        here = f"{project}/{item}"
        others = [one.id for one in plan_value(request.actor, program).items if one.id != here]
        return Edit(
            f"What {held.name} waits for",
            address(request, "item", project=project, item=item),
            LinkForm,
            save,
            version=held.version,
            blame="predecessor",
            lists={"edit-items": others},
        )

    return edit_page(request, load)


def unlink(request: WorkspaceRequest, project: str, item: str) -> HttpResponse:
    """Let an item wait no longer for another; the toast links them again."""
    parent = project_named(request.actor, project)
    held = item_named(request.actor, parent, item)
    awaited, kind = request.POST.get("predecessor", ""), request.POST.get("kind", "")
    before = plan_item(request, project, item)
    unlink_items(
        request.actor,
        f"{project}/{item}",
        awaited,
        request.now,
        kind=kind,
        version=asked_version(request),
    )
    undo = address(request, "link_item", project=project, item=item)
    again = [one for one in before.after if (one.predecessor, one.type) == (awaited, kind)]
    if again:
        lag = {"lag": f"{again[0].lag:g}", "lag_unit": str(again[0].unit)}
        undo += "?" + urlencode({"predecessor": awaited, "kind": kind, **lag})
    done = Done(f"{held.name} no longer waits for {awaited}.", undo if again else "")
    return leave(request, address(request, "item", project=project, item=item), done)


def need(request: WorkspaceRequest, project: str, item: str) -> HttpResponse:
    """Say how much of a resource an item takes; 0 takes the need away."""
    parent = project_named(request.actor, project)
    program = program_of(request.actor, parent)

    def save(values: dict[str, object], version: int | None) -> Done:
        resource, units = str(values["resource"]), float(str(values["units"]))
        before = plan_item(request, project, item).needs.get(resource, 0)
        address_of = f"{project}/{item}"
        set_need(request.actor, address_of, resource, units, request.now, version=version)
        undo = address(request, "need_item", project=project, item=item)
        undo += "?" + urlencode({"resource": resource, "units": f"{before:g}"})
        takes = f"takes {units:g} of" if units else "no longer takes"
        return Done(f"{item} {takes} {resource} now.", undo)

    def load() -> Edit:
        held = item_named(request.actor, parent, item)
        return Edit(
            f"What {held.name} needs",
            address(request, "item", project=project, item=item),
            NeedForm,
            save,
            version=held.version,
            blame="resource",
            lists={"edit-resources": [one.name for one in resources_of(request.actor, program)]},
        )

    return edit_page(request, load)


def plan_item(request: WorkspaceRequest, project: str, item: str) -> Item:
    """Return an item as the network holds it: its links and needs."""
    parent = project_named(request.actor, project, request.at)
    program = program_of(request.actor, parent, request.at)
    wanted = f"{project}/{item}"
    plan = plan_value(request.actor, program, request.at)
    return next((one for one in plan.items if one.id == wanted), Item(wanted))


def needs_of(
    request: WorkspaceRequest, project: str, item: str, planned: Item
) -> list[tuple[str, float, str]]:
    """Return resource, units and the address of the form that changes them, by resource."""
    page = address(request, "need_item", project=project, item=item)
    return [
        (name, units, page + "?" + urlencode({"resource": name, "units": f"{units:g}"}))
        for name, units in sorted(planned.needs.items())
    ]
