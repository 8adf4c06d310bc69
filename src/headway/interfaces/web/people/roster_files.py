"""The roster as a file: taken in after a preview, given away without anything that computes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.people.actions.roster import import_roster
from headway.domain.people.queries import people_of
from headway.domain.people.queries.skills import skills_of
from headway.domain.people.rules.roster_file import COLUMNS, RosterImport, roster_rows
from headway.errors import HeadwayError
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.tables import TableFileForm, given_table, kept_table, sent_table
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address

#: The largest roster file, in bytes: thousands of people.
_LARGEST = 1024 * 1024
_TOLD = "CSV or a workbook, one person a row below a heading with at least 'name'."


def roster_file(request: WorkspaceRequest, ending: str) -> HttpResponse:
    """Give the roster away as CSV or XLSX: everything but pay, which is in no file."""
    rows = roster_rows(people_of(request.actor), skills_of(request.actor))
    return given_table(request, "roster", ending, [COLUMNS, *rows])


def import_people(request: WorkspaceRequest) -> HttpResponse:
    """Preview a roster file, then take it; the page carries what was previewed."""
    if request.method != "POST":
        return _page(request)
    try:
        name, data = sent_table(request, _LARGEST)
        is_sure = "sure" in request.POST
        done = import_roster(request.actor, data, name, request.now, dry_run=not is_sure)
    except HeadwayError as error:
        return _page(request, error=str(error), status=422)
    if is_sure:
        tell(request, _told(done))
        return redirect(address(request, "people"))
    return _page(request, done=done, name=name, kept=kept_table(data))


def _told(done: RosterImport) -> str:
    parts = [
        f"{len(done.created)} put on the roster",
        f"{len(done.changed)} changed",
        f"{len(done.unchanged)} as before",
    ]
    if done.refused:
        parts.append(f"{len(done.refused)} refused")
    return f"{', '.join(parts)}."


def _page(request: WorkspaceRequest, *, status: int = 200, **values: object) -> HttpResponse:
    values = {"form": TableFileForm(told=_TOLD), "columns": COLUMNS, **values}
    return render(request, "people_web/import_people.html", values, status=status)
