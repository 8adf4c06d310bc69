"""The work table, its cells that are edited in place, and the page of one item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.plans.actions import add_item, edit_item, remove_item, restore_item
from headway.domain.plans.queries import (
    WorkLine,
    WorkView,
    history_of_item,
    item_named,
    latest_forecast,
    why_here,
    work_line,
    work_table,
)
from headway.domain.plans.rules import ItemFacts
from headway.domain.plans.rules.inputs import range_text
from headway.domain.programs.queries import (
    program_named,
    program_of,
    project_named,
    projects_of,
)
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Conflict, Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell, toast
from headway.interfaces.web.programs.addresses import address, back, is_live
from headway.interfaces.web.programs.forms import CellForm, ItemForm, WorkFilter
from headway.interfaces.web.programs.linking import needs_of, plan_item
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.programs.told_by_evidence import told_by_evidence
from headway.rendering import phrases

#: Fields of an item that are edited in place, with their labels.
EDITABLE = {
    "name": "Name",
    "owner": "Owner",
    "estimate": "Estimate",
    "remaining": "Remaining",
    "not_before": "Not before",
    "deadline": "Deadline",
    "started": "Started",
    "finished": "Finished",
    "pinned": "Pinned to",
    "calendar": "Calendar",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One editable field of an item as a cell; `edit` answers its form, `save` takes it."""

    id: str
    label: str
    text: str
    edit: str
    save: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the work table."""

    line: WorkLine
    href: str
    cells: dict[str, Cell]


def program_plan(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show the work of a program, filtered, a page at a time."""
    return _plan_page(request, program_named(request.actor, program, request.at))


def add(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Add a work item; say on the form what stands in the way."""
    facts = program_named(request.actor, program)
    form = ItemForm(_choices(request, facts), request.POST)
    if not form.is_valid():
        return _plan_page(request, facts, form)
    held = dict(form.cleaned_data)
    project, key = held.pop("project"), held.pop("key")
    try:
        item = add_item(request.actor, project, key, held, request.now)
    except (Invalid, Conflict) as error:
        form.add_error(None, str(error))
        return _plan_page(request, facts, form)
    tell(request, f"{item.name} is added.")
    return redirect(address(request, "program_plan", program=program))


def _plan_page(
    request: WorkspaceRequest, facts: ProgramFacts, new: ItemForm | None = None
) -> HttpResponse:
    projects = _choices(request, facts)
    asked = WorkFilter(projects, request.GET)
    chosen = asked.cleaned_data if asked.is_valid() else {}
    view = WorkView(**chosen, after=request.GET.get("after", ""))
    table = work_table(request.actor, facts, view, request.at)
    latest = latest_forecast(request.actor, facts, request.at)
    values = head_of(request, facts, latest) | {
        "table": table,
        "rows": [_row(request, line) for line in table.lines],
        "more": _more(request, table.more),
        "asked": asked,
        "new": new or ItemForm(projects),
        "filtered": any(chosen.values()),
        "projects": projects,
        "add": address(request, "add_item", program=facts.slug),
        "gantt": _gantt(request, facts, chosen.get("project", "")),
        "importing": address(request, "import_plan"),
        "new_project": address(request, "new_project", program=facts.slug),
    }
    return render(request, "programs_web/plan.html", values, status=422 if new else 200)


def _gantt(request: WorkspaceRequest, facts: ProgramFacts, project: str) -> str:
    """Return the address of the Gantt chart of what the table shows."""
    whole = address(request, "program_gantt", program=facts.slug)
    return f"{whole}?{urlencode({'project': project})}" if project else whole


def _choices(request: WorkspaceRequest, facts: ProgramFacts) -> list[tuple[str, str]]:
    return [(one.slug, one.name) for one in projects_of(request.actor, facts, request.at)]


def _row(request: WorkspaceRequest, line: WorkLine) -> Row:
    page = address(request, "item", project=line.project, item=line.item.key)
    return Row(line, page, cells_of(request, line.project, line.item))


def _more(request: WorkspaceRequest, cursor: str | None) -> str:
    if cursor is None:
        return ""
    kept = {key: value for key, value in request.GET.items() if key != "after"}
    return f"{request.path}?{urlencode({**kept, 'after': cursor})}"


def item_cell(request: WorkspaceRequest, project: str, item: str, field: str) -> HttpResponse:
    """Show one cell, its form with `?edit=1`, and save it on POST."""
    if field not in EDITABLE:
        sentence = f"'{field}' is not edited in place; these are: {', '.join(EDITABLE)}."
        raise NotFound(sentence)
    parent = project_named(request.actor, project)
    held = item_named(request.actor, parent, item)
    if request.method == "POST":
        return _saved(request, project, held, field)
    cell = cells_of(request, project, held)[field]
    if "edit" not in request.GET:
        return render(request, "programs_web/_cell.html", {"cell": cell})
    form = CellForm(cell.label, initial=_plain(held, field))
    values = {"cell": cell, "form": form, "version": held.version}
    return render(request, "programs_web/_cell_form.html", values)


def _saved(request: WorkspaceRequest, project: str, held: ItemFacts, field: str) -> HttpResponse:
    """Save a cell; a stale or wrong value comes back with the reason, the typed text kept."""
    cell = cells_of(request, project, held)[field]
    form = CellForm(cell.label, request.POST, _plain(held, field))
    status = 422
    if form.is_valid():
        change = {field: form.cleaned_data["value"]}
        place, version = (project, held.key), form.cleaned_data["version"]
        parent = project_named(request.actor, project)
        before = history_of_item(request.actor, parent, held.key)
        try:
            saved = edit_item(request.actor, place, change, request.now, version=version)
        except (Conflict, Invalid) as error:
            form.add_error("value", str(error))
            status = 409 if isinstance(error, Conflict) else 422
        else:
            undo = address(
                request,
                "restore_item",
                project=project,
                item=held.key,
                version=before[0].history_id,
            )
            cell = cells_of(request, project, saved)[field]
            response = render(request, "programs_web/_cell.html", {"cell": cell})
            said = f"{cell.label} of {saved.name} is {cell.text} now."
            response.write(toast(request, said, undo))
            return response
    values = {"cell": cell, "form": form, "version": held.version}
    return render(request, "programs_web/_cell_form.html", values, status=status)


def item(request: WorkspaceRequest, project: str, item: str) -> HttpResponse:
    """Show one work item: what it says, what is forecast of it, and its every version."""
    parent = project_named(request.actor, project, request.at)
    program = program_of(request.actor, parent, request.at)
    versions = history_of_item(request.actor, parent, item, request.at)
    removed = versions[0].kind == "removed"
    line = None if removed else work_line(request.actor, parent, item, request.at)
    planned = plan_item(request, project, item)
    values = {
        "program": program,
        "project": parent,
        "item": line.item if line else versions[0].item,
        "line": line,
        "planned": planned,
        "needs": needs_of(request, project, item, planned),
        "cells": cells_of(request, project, line.item) if line else {},
        "versions": [
            (one, range_text(one.item.estimate), range_text(one.item.remaining)) for one in versions
        ],
        "live": is_live(request),
        "home": address(request, "program", program=program.slug),
        "project_page": address(request, "project", project=project),
        "portfolio": address(request, "programs"),
        "told": told_by_evidence(request, program, only=f"{project}/{item}") if line else (),
        **_why(request, program, f"{project}/{item}", removed=removed),
    }
    return render(request, "programs_web/item.html", values)


def _why(
    request: WorkspaceRequest, program: ProgramFacts, item: str, *, removed: bool
) -> dict[str, object]:
    """Return why an item stands where it does, and the chain that drives it with addresses."""
    found = None
    if not removed:
        found = why_here(request.actor, program, item, request.at, request.now)
    chain = []
    for name_of, name in found.chain if found else ():
        project, _, key = name_of.partition("/")
        page = address(request, "item", project=project, item=key)
        chain.append((name or key, "" if name_of == item else page))
    return {"why": found, "chain": chain}


def restore(request: WorkspaceRequest, project: str, item: str, version: int) -> HttpResponse:
    """Put an item back to an earlier version: the undo of an edit or a removal."""
    restored = restore_item(request.actor, (project, item), version, request.now)
    tell(request, f"{restored.name} is as it was before.")
    return back(request, address(request, "item", project=project, item=item))


def remove(request: WorkspaceRequest, project: str, item: str) -> HttpResponse:
    """Take an item out of the plan; the toast brings it back."""
    parent = project_named(request.actor, project)
    held = item_named(request.actor, parent, item)
    last = history_of_item(request.actor, parent, item)[0].history_id
    remove_item(request.actor, (project, item), request.now)
    undo = address(request, "restore_item", project=project, item=item, version=last)
    tell(request, f"{held.name} is out of the plan.", undo)
    program = program_of(request.actor, parent)
    return redirect(address(request, "program_plan", program=program.slug))


def cells_of(request: WorkspaceRequest, project: str, item: ItemFacts) -> dict[str, Cell]:
    """Return the editable fields of an item as cells."""
    base = address(request, "item", project=project, item=item.key)
    return {
        field: Cell(
            f"{field.replace('_', '-')}-{item.id}",
            label,
            _shown(item, field),
            f"{base}cell/{field}/?edit=1",
            f"{base}cell/{field}/",
        )
        for field, label in EDITABLE.items()
    }


def _plain(item: ItemFacts, field: str) -> object:
    """Return a field as its control takes it."""
    value = getattr(item, field)
    return range_text(value) if field in ("estimate", "remaining") else value


def _shown(item: ItemFacts, field: str) -> str:
    """Return a field as a cell says it; a dash where there is nothing."""
    value = _plain(item, field)
    if isinstance(value, date):
        return phrases.day(value)
    if field in ("estimate", "remaining") and value:
        return f"{value} days"
    return str(value) if value else "–"
