"""The roster as a file: taken in after a preview, given away without anything that computes."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.people.actions.roster import import_roster
from headway.domain.people.queries import people_of
from headway.domain.people.queries.skills import skills_of
from headway.domain.people.rules.roster_file import COLUMNS, RosterImport, roster_rows
from headway.errors import HeadwayError, Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.people.staffing_forms import LARGEST_ROSTER, RosterFileForm
from headway.interfaces.web.programs.addresses import address
from headway.rendering.cells import csv_text
from headway.rendering.report.blocks import Page, Sheet
from headway.rendering.report.workbook import as_xlsx

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def roster_file(request: WorkspaceRequest, ending: str) -> HttpResponse:
    """Give the roster away as CSV or XLSX: everything but pay."""
    if ending not in _TYPES:
        sentence = f"The roster comes as {', '.join(_TYPES)}, not as '{ending[:20]}'."
        raise NotFound(sentence)
    rows = roster_rows(people_of(request.actor), skills_of(request.actor))
    data = csv_text([COLUMNS, *rows]).encode() if ending == "csv" else _workbook(request, rows)
    response = HttpResponse(data, content_type=_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="roster.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _workbook(request: WorkspaceRequest, rows: Sequence[Sequence[object]]) -> bytes:
    at = request.at or request.now
    cells = tuple(tuple(_value(cell) for cell in row) for row in rows)
    widths = " ".join("14" for _ in COLUMNS)
    page = Page(
        audience="people",
        title=request.place.name,
        subject="roster",
        as_of=f"{at:%-d %b %Y}",
        stamp=at.timestamp(),
        level=None,
        bottom_line="",
        facts=(),
        blocks=(),
        footer=(("Pay", "Is in no file: it is seen with the function 'pay', on the page."),),
        sheets=(Sheet("Roster", COLUMNS, cells, widths),),
    )
    return as_xlsx(page)


def _value(cell: object) -> float | str:
    return cell if isinstance(cell, float) else str(cell)


def import_people(request: WorkspaceRequest) -> HttpResponse:
    """Preview a roster file, then take it; the page carries what was previewed."""
    if request.method != "POST":
        return _page(request)
    try:
        data, name = _sent(request)
        is_sure = "sure" in request.POST
        done = import_roster(request.actor, data, name, request.now, dry_run=not is_sure)
    except HeadwayError as error:
        return _page(request, error=str(error), status=422)
    if is_sure:
        tell(request, _told(done))
        return redirect(address(request, "people"))
    held = base64.b64encode(zlib.compress(data)).decode()
    return _page(request, done=done, name=name, held=held)


def _sent(request: WorkspaceRequest) -> tuple[bytes, str]:
    """Return the file that was chosen, or the one that was previewed."""
    if "held" in request.POST:
        name = request.POST.get("name", "roster")[:200]
        try:
            packed = base64.b64decode(request.POST["held"], validate=True)
            data = zlib.decompressobj().decompress(packed, LARGEST_ROSTER + 1)
        except (binascii.Error, zlib.error):
            data = b""
        return _small(data), name
    form = RosterFileForm(request.POST, request.FILES)
    if not form.is_valid():
        sentence = "No file was chosen, or it is empty; choose the roster."
        raise Invalid(sentence)
    file = form.cleaned_data["file"]
    return _small(file.read(LARGEST_ROSTER + 1)), str(file.name)


def _small(data: bytes) -> bytes:
    if not 0 < len(data) <= LARGEST_ROSTER:
        sentence = (
            f"What arrived is empty or larger than {LARGEST_ROSTER:,} bytes; "
            "choose the file again, in parts if it is so large."
        )
        raise Invalid(sentence)
    return data


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
    values = {"form": RosterFileForm(), "columns": COLUMNS, **values}
    return render(request, "people_web/import_people.html", values, status=status)
