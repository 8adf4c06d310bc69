"""Changing how items earn and what they follow, each with its undo; taking over a proposal."""

from __future__ import annotations

from django.http import HttpResponse

from headway.domain.plans.actions import forecast_soon
from headway.domain.plans.queries import history_of_item, item_named
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.queries import (
    criteria_of,
    program_named,
    project_named,
    project_within,
)
from headway.domain.programs.rules import ProjectFacts
from headway.domain.progress.actions import (
    clear_follow,
    clear_measure,
    put_back_follow,
    put_back_measure,
    set_follow,
    set_measure,
    take_proposal,
)
from headway.domain.progress.queries import follows_by_item, measure_named
from headway.domain.progress.rules import default_method
from headway.domain.vendors.queries import vendor_approvals_waiting
from headway.interfaces.web.earned_value.forms import FollowForm, MeasureForm, held_measure
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

_AREA = ("earned_values", "Earned value")


def measure(request: WorkspaceRequest, program: str, project: str, item: str) -> HttpResponse:
    """Say how an item earns its planned value."""
    home, held_item = _item(request, program, project, item)
    place = {"program": program, "project": project, "item": item}

    def save(values: dict[str, object], version: int | None) -> Done:
        before = measure_named(request.actor, held_item.id)
        after = set_measure(
            request.actor, f"{project}/{item}", values, request.now, version=version
        )
        undo = (
            address(request, "put_back_measure", **place, version=before.version)
            if before
            else address(request, "clear_measure", **place)
        )
        sentence = f"“{held_item.name}” earns otherwise now."
        return Done(sentence, undo if after != before else "")

    def load() -> Edit:
        told = measure_named(request.actor, held_item.id)
        held = {"method": told.method, "steps": told.steps, "order": told.order} if told else None
        return Edit(
            f"How “{held_item.name}” earns",
            address(request, "earned_value", program=program),
            MeasureForm,
            save,
            held_measure(held, default_method(held_item.kind).value),
            told.version if told else None,
            remove=address(request, "clear_measure", **place) if told else "",
            remove_label="As its kind earns",
            area=_AREA,
        )

    return edit_page(request, load)


def clear(request: WorkspaceRequest, program: str, project: str, item: str) -> HttpResponse:
    """Let an item earn as its kind does; the toast takes it back."""
    _item(request, program, project, item)
    held = clear_measure(
        request.actor, f"{project}/{item}", request.now, version=asked_version(request)
    )
    place = {"program": program, "project": project, "item": item}
    undo = address(request, "put_back_measure", **place, version=held.version)
    return _left(request, program, Done("It earns as its kind does.", undo))


def measure_back(
    request: WorkspaceRequest, program: str, project: str, item: str, version: int
) -> HttpResponse:
    """Give back how an item earned before."""
    _item(request, program, project, item)
    put_back_measure(request.actor, f"{project}/{item}", version, request.now)
    return _left(request, program, Done("It earns as it did before."))


def follow(request: WorkspaceRequest, program: str, project: str, item: str) -> HttpResponse:
    """Say what an item's remaining range is read from."""
    home, held_item = _item(request, program, project, item)
    place = {"program": program, "project": project, "item": item}
    criteria = {one.id: one.key for one in criteria_of(request.actor, home)}

    def save(values: dict[str, object], version: int | None) -> Done:
        before = follows_by_item(request.actor, [held_item.id]).get(held_item.id)
        after = set_follow(request.actor, f"{project}/{item}", values, request.now, version=version)
        undo = (
            address(request, "put_back_follow", **place, version=before.version)
            if before
            else address(request, "clear_follow", **place)
        )
        return Done(f"“{held_item.name}” follows its evidence.", undo if after != before else "")

    def load() -> Edit:
        told = follows_by_item(request.actor, [held_item.id]).get(held_item.id)
        held: dict[str, object] = {"what": "metric", "mode": "propose"}
        if told:
            key = criteria.get(told.criterion_id, "") if told.criterion_id else ""
            held = {"what": told.what, "criterion": key, "order": told.order, "mode": told.mode}
            held["subject"] = told.subject
        return Edit(
            f"What “{held_item.name}” follows",
            address(request, "earned_value", program=program),
            FollowForm,
            save,
            held,
            told.version if told else None,
            lists={"criteria": sorted(criteria.values()), "subjects": _subjects(request)},
            remove=address(request, "clear_follow", **place) if told else "",
            remove_label="Follow nothing",
            area=_AREA,
        )

    return edit_page(request, load)


def _subjects(request: WorkspaceRequest) -> list[str]:
    """Return what waits for an approval now: what an item may wait for with it."""
    waiting = vendor_approvals_waiting(request.actor, request.now)
    return sorted({one.ask.subject for one in waiting})


def unfollow(request: WorkspaceRequest, program: str, project: str, item: str) -> HttpResponse:
    """Let an item follow nothing; the toast takes it back."""
    _item(request, program, project, item)
    held = clear_follow(
        request.actor, f"{project}/{item}", request.now, version=asked_version(request)
    )
    place = {"program": program, "project": project, "item": item}
    undo = address(request, "put_back_follow", **place, version=held.version)
    return _left(request, program, Done("It follows nothing; what was written stays.", undo))


def follow_back(
    request: WorkspaceRequest, program: str, project: str, item: str, version: int
) -> HttpResponse:
    """Give back what an item followed before."""
    _item(request, program, project, item)
    put_back_follow(request.actor, f"{project}/{item}", version, request.now)
    return _left(request, program, Done("It follows what it did before."))


def take(request: WorkspaceRequest, program: str, project: str, item: str) -> HttpResponse:
    """Write the range that evidence proposes into the plan; the forecast moves."""
    _, before = _item(request, program, project, item)
    past = history_of_item(request.actor, project_named(request.actor, project), item)
    taken = take_proposal(
        request.actor, f"{project}/{item}", request.now, version=asked_version(request)
    )
    forecast_soon(request.actor, program, request.now)
    held = taken.estimate if taken.started is None else taken.remaining
    low, middle, high = held or (0.0, 0.0, 0.0)
    undo = ""
    if past and taken.version != before.version:
        undo = address(
            request, "restore_item", project=project, item=item, version=past[0].history_id
        )
    word = "is estimated at" if taken.started is None else "has left"
    sentence = f"“{taken.name}” {word} {low:g}/{middle:g}/{high:g} working days, from evidence."
    return _left(request, program, Done(sentence, undo))


def _left(request: WorkspaceRequest, program: str, done: Done) -> HttpResponse:
    return leave(request, address(request, "earned_value", program=program), done)


def _item(
    request: WorkspaceRequest, program: str, project: str, item: str
) -> tuple[ProjectFacts, ItemFacts]:
    """Return the project and the item, of this program. Raises NotFound and Invalid."""
    facts = program_named(request.actor, program)
    home = project_within(request.actor, facts, project)
    return home, item_named(request.actor, home, item)
