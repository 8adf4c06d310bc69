"""Allocations: the list, one added or changed and taken back, and tables in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import render

from headway.connectors.tables import read_grid
from headway.domain.people.actions.allocations import (
    Imported,
    drop_allocation,
    import_allocations,
    restore_allocation,
    set_allocation,
)
from headway.domain.people.queries import people_of
from headway.domain.people.queries.allocations import allocation_named, allocations_of
from headway.domain.people.rules.allocations import AllocationFacts
from headway.domain.people.rules.tables import HEADINGS, read_rows, written_rows
from headway.domain.plans.queries.finding import allocation_warnings
from headway.domain.programs.queries import portfolio_lines
from headway.errors import HeadwayError, Invalid
from headway.interfaces.web.capacity.forms import AllocationForm, TableForm
from headway.interfaces.web.capacity.pages import tabs
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.tables import given_table
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.rendering import phrases
from headway.rendering.cells import restored

AREA = ("people", "People")
#: Rows of the list on a page.
PAGE = 200
LARGEST = 8 * 1024 * 1024


def allocations(request: WorkspaceRequest) -> HttpResponse:
    """List who works on what, how much and until when."""
    return _page(request)


def _page(
    request: WorkspaceRequest,
    form: TableForm | None = None,
    done: Imported | None = None,
    status: int = 200,
) -> HttpResponse:
    today = (request.at or request.now).date()
    found = allocations_of(request.actor, request.at)
    current = [one for one in found if one.ends_on >= today]
    current.sort(key=lambda one: (one.person_name, one.starts_on, one.key))
    over = request.GET.get("all") == "1"
    rows = sorted(found, key=lambda one: (one.person_name, one.starts_on)) if over else current
    values = {
        "rows": rows[:PAGE],
        "more": max(0, len(rows) - PAGE),
        "past": len(found) - len(current),
        "current": len(current),
        "people": len({one.person for one in current}),
        "live": is_live(request),
        "tabs": tabs(request),
        "form": form or TableForm(),
        "is_refused": status != 200,
        "done": done,
    }
    return render(request, "capacity_web/allocations.html", values, status=status)


def add_allocation(request: WorkspaceRequest) -> HttpResponse:
    """Allocate somebody."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_allocation(request.actor, "", values, request.now)
        undo = (
            address(request, "remove_allocation", allocation=made.key) if made.version == 1 else ""
        )
        return Done(_told(request, made), undo)

    edit = Edit(
        "Allocate somebody",
        address(request, "allocations"),
        AllocationForm,
        save,
        button="Allocate",
        lists=_lists(request),
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def edit_allocation(request: WorkspaceRequest, allocation: str) -> HttpResponse:
    """Change how much, where, or from when to when."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = allocation_named(request.actor, allocation)
        saved = set_allocation(request.actor, allocation, values, request.now, version=version)
        undo = address(request, "restore_allocation", allocation=allocation, version=before.version)
        return Done(_told(request, saved), undo if saved != before else "")

    def load() -> Edit:
        held = allocation_named(request.actor, allocation)
        return Edit(
            f"Allocation of {held.person_name}",
            address(request, "allocations"),
            AllocationForm,
            save,
            _held(held),
            held.version,
            lists=_lists(request),
            remove=address(request, "remove_allocation", allocation=allocation),
            area=AREA,
        )

    return edit_page(request, load)


def remove_allocation(request: WorkspaceRequest, allocation: str) -> HttpResponse:
    """Take an allocation away."""
    version = drop_allocation(
        request.actor, allocation, request.now, version=asked_version(request)
    )
    undo = address(request, "restore_allocation", allocation=allocation, version=version)
    return leave(request, address(request, "allocations"), Done("It is no longer allocated.", undo))


def undo_allocation(request: WorkspaceRequest, allocation: str, version: int) -> HttpResponse:
    """Put an allocation back to an earlier version, or bring it back."""
    back = restore_allocation(request.actor, allocation, version, request.now)
    told = f"{back.person_name} is allocated as before."
    return leave(request, address(request, "allocations"), Done(told))


def import_table(request: WorkspaceRequest) -> HttpResponse:
    """Read a table of allocations; a bad row is told and left out."""
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        if file.size > LARGEST:
            sentence = f"The file has {file.size:,} bytes; at most {LARGEST:,} are read."
            raise Invalid(sentence)
        grid = read_grid(file.read(), file.name)
        rows = read_rows(grid.header, [[*map(restored, row)] for row in grid.rows], grid.lines)
        done = import_allocations(request.actor, rows, request.now)
    except HeadwayError as error:
        form.add_error("file", str(error))
        return _page(request, form, status=422)
    return _page(request, done=done)


def export_table(request: WorkspaceRequest, ending: str) -> HttpResponse:
    """Give all allocations away as CSV or XLSX, which the import reads again."""
    rows = written_rows(allocations_of(request.actor, request.at))
    return given_table(request, "allocations", ending, [HEADINGS, *rows])


def _told(request: WorkspaceRequest, one: AllocationFacts) -> str:
    """Say what was saved, and what is odd about it."""
    days = f"{phrases.day(one.starts_on)} to {phrases.day(one.ends_on)}"
    said = f"{one.person_name} is allocated to {one.place}: {one.amount}, {days}."
    return " ".join([said, *allocation_warnings(request.actor, one)])


def _held(one: AllocationFacts) -> Mapping[str, object]:
    held: dict[str, object] = {
        name: getattr(one, name) for name in AllocationForm.base_fields if name != "version"
    }
    return held | {
        "share": f"{one.share * 100:.6g} %" if one.share is not None else "",
        "weekly_hours": f"{one.weekly_hours:g}" if one.weekly_hours is not None else "",
    }


def _lists(request: WorkspaceRequest) -> Mapping[str, Sequence[str]]:
    lines = portfolio_lines(request.actor)
    return {
        "edit-people": [one.key for one in people_of(request.actor)],
        "edit-programs": [one.program.slug for one in lines],
        "edit-projects": [one.slug for some in lines for one in some.projects],
    }
