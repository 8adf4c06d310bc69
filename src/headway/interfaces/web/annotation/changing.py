"""Writing batches, guidelines and pilots down, and taking a change back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from headway.domain.annotation.actions import (
    publish_guideline,
    restore_batch,
    restore_guideline,
    restore_pilot,
    set_batch,
    set_guideline,
    set_pilot,
)
from headway.domain.annotation.queries import (
    batch_page,
    guideline_named,
    guidelines_of,
    pilot_named,
)
from headway.domain.annotation.rules import BATCH_FIELDS, GUIDELINE_FIELDS, PILOT_FIELDS
from headway.domain.people.queries import names_of
from headway.domain.programs.queries import program_named, projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.vendors.queries import orders_of, vendors_of
from headway.interfaces.web.annotation.forms import (
    BatchForm,
    GuidelineForm,
    PilotForm,
    VersionForm,
)
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import ReadForm
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave

#: What is written down: form, fields, the action, and the field beside which it refuses.
_SORTS: Mapping[str, tuple[type[ReadForm], Mapping[str, object], Callable[..., Any]]] = {
    "batch": (BatchForm, BATCH_FIELDS, set_batch),
    "guideline": (GuidelineForm, GUIDELINE_FIELDS, set_guideline),
    "pilot": (PilotForm, PILOT_FIELDS, set_pilot),
}


def _add(request: WorkspaceRequest, program: str, sort: str) -> HttpResponse:
    facts = program_named(request.actor, program)
    form, _, write = _SORTS[sort]

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = write(request.actor, program, "", values, request.now)
        return Done(f"“{made.name}” is written down.")

    page = address(request, "program_annotation", program=program)
    lists = _lists(request, facts)
    edit = Edit(f"Add a {sort}", page, form, save, blame="name", lists=lists)
    return edit_page(request, lambda: edit)


def _edit(request: WorkspaceRequest, program: str, sort: str, key: str) -> HttpResponse:
    facts = program_named(request.actor, program)
    form, fields, write = _SORTS[sort]

    def save(values: dict[str, object], version: int | None) -> Done:
        before = _held(request, facts, sort, key).version
        made = write(request.actor, program, key, values, request.now, version=version)
        undo = address(request, f"restore_{sort}", program=program, version=before, **{sort: key})
        return Done(f"“{made.name}” is changed.", undo if made.version != before else "")

    def load() -> Edit:
        held = _held(request, facts, sort, key)
        return Edit(
            f"Edit the {sort}",
            address(request, sort, program=program, **{sort: key}),
            form,
            save,
            {name: _typed(getattr(held, name)) for name in fields},
            held.version,
            blame="name",
            lists=_lists(request, facts),
        )

    return edit_page(request, load)


def _held(request: WorkspaceRequest, program: ProgramFacts, sort: str, key: str) -> Any:  # noqa: ANN401  one of three
    if sort == "batch":
        return batch_page(request.actor, program, key).standing.batch
    if sort == "pilot":
        return pilot_named(request.actor, program, key).pilot
    return guideline_named(request.actor, program, key)


def _typed(value: object) -> object:
    """Return labels by class as the lines of a form; anything else as it is."""
    if isinstance(value, Mapping):
        return "\n".join(f"{label}: {count}" for label, count in value.items())
    return value


def _lists(request: WorkspaceRequest, program: ProgramFacts) -> dict[str, list[str]]:
    orders = orders_of(request.actor, [program])[program.id]
    return {
        "edit-vendors": [one.key for one in vendors_of(request.actor)],
        "edit-orders": [one.key for one in orders],
        "edit-guidelines": [one.key for one in guidelines_of(request.actor, program)],
        "edit-projects": [one.slug for one in projects_of(request.actor, program)],
        "edit-people": sorted(names_of(request.actor)),
    }


def add_batch(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Write a batch down; its key is made of its words."""
    return _add(request, program, "batch")


def add_guideline(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Write a guideline down; its words are published on its page."""
    return _add(request, program, "guideline")


def add_pilot(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Write a pilot down."""
    return _add(request, program, "pilot")


def edit_batch(request: WorkspaceRequest, program: str, batch: str) -> HttpResponse:
    """Change what was agreed of a batch."""
    return _edit(request, program, "batch", batch)


def edit_guideline(request: WorkspaceRequest, program: str, guideline: str) -> HttpResponse:
    """Change a guideline's name or owner."""
    return _edit(request, program, "guideline", guideline)


def edit_pilot(request: WorkspaceRequest, program: str, pilot: str) -> HttpResponse:
    """Change a pilot."""
    return _edit(request, program, "pilot", pilot)


def publish(request: WorkspaceRequest, program: str, guideline: str) -> HttpResponse:
    """Publish the next version; labels by the one before become stale, or count by a reason."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        place = (program, guideline)
        made = publish_guideline(request.actor, place, values, request.now)
        return Done(f"Version {made.current} of “{made.name}” holds from now on.")

    def load() -> Edit:
        held = guideline_named(request.actor, facts, guideline)
        words = held.versions[-1].text if held.versions else ""
        page = address(request, "guideline", program=program, guideline=guideline)
        title = f"Publish version {held.current + 1}"
        button = "Publish"
        return Edit(title, page, VersionForm, save, {"text": words}, blame="text", button=button)

    return edit_page(request, load)


def restore_batch_view(
    request: WorkspaceRequest, program: str, batch: str, version: int
) -> HttpResponse:
    """Put a batch back to an earlier version."""
    back = restore_batch(request.actor, program, batch, version, request.now)
    return _back(request, back.name, "batch", program=program, batch=batch)


def restore_guideline_view(
    request: WorkspaceRequest, program: str, guideline: str, version: int
) -> HttpResponse:
    """Put a guideline's name and owner back to an earlier version."""
    back = restore_guideline(request.actor, program, guideline, version, request.now)
    return _back(request, back.name, "guideline", program=program, guideline=guideline)


def restore_pilot_view(
    request: WorkspaceRequest, program: str, pilot: str, version: int
) -> HttpResponse:
    """Put a pilot back to an earlier version."""
    back = restore_pilot(request.actor, program, pilot, version, request.now)
    return _back(request, back.name, "pilot", program=program, pilot=pilot)


def _back(request: WorkspaceRequest, name: str, page: str, **place: object) -> HttpResponse:
    return leave(request, address(request, page, **place), Done(f"“{name}” is as it was before."))
