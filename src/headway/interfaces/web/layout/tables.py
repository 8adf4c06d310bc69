"""A table as a file: given away as CSV or a workbook, brought with a preview before it counts."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict

from headway.errors import Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.rendering.cells import csv_text
from headway.rendering.report.blocks import Sheet, Value
from headway.rendering.report.workbook import sheet_xlsx

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Width of a column of a workbook, in characters.
_WIDTH = "18"


class TableFileForm(forms.Form):
    """The table to bring; `told` says of what its rows and columns are."""

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        told: str = "CSV or a workbook; no formula is computed.",
    ) -> None:
        """Make the form empty, or of the request's POST and FILES."""
        super().__init__(data, files)
        self.fields["file"].help_text = told


def given_table(
    request: WorkspaceRequest, name: str, ending: str, rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """Give `rows`, the heading first, away as the file `name.ending`.

    Nothing in it computes when it is opened. Raises NotFound for an ending but csv and xlsx.
    """
    if ending not in _TYPES:
        sentence = f"A table is given as csv or xlsx; '{ending[:10]}' is neither."
        raise NotFound(sentence)
    if ending == "csv":
        data = csv_text(["" if cell is None else cell for cell in row] for row in rows).encode()
    else:
        heads, *body = rows
        titles, cells = tuple(map(str, heads)), tuple(tuple(map(_cell, row)) for row in body)
        sheet = Sheet(name.capitalize()[:31], titles, cells, " ".join([_WIDTH] * len(titles)))
        data = sheet_xlsx(f"{name}.{ending}", sheet, request.at or request.now)
    response = HttpResponse(data, content_type=_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


def sent_table(request: HttpRequest, most: int) -> tuple[str, bytes]:
    """Return name and bytes of the file that was chosen, or of the one whose preview was confirmed.

    Raises Invalid where there is none, or more than `most` bytes of it.
    """
    if "kept" in request.POST:
        return request.POST.get("name", "the file")[:200], _unpacked(request.POST["kept"], most)
    form = TableFileForm(request.POST, request.FILES)
    if not form.is_valid():
        sentence = "No file was chosen, or it is empty; choose one."
        raise Invalid(sentence)
    file = form.cleaned_data["file"]
    if file.size > most:
        sentence = f"{file.name} has {file.size:,} bytes; at most {most:,} are read."
        raise Invalid(sentence)
    return str(file.name), file.read()


def kept_table(data: bytes) -> str:
    """Return a previewed file as the page carries it, until somebody confirms it."""
    return base64.b64encode(zlib.compress(data)).decode()


def _unpacked(kept: str, most: int) -> bytes:
    """Return what `kept_table` packed; never more than `most` bytes, whatever was sent."""
    try:
        packed = base64.b64decode(kept, validate=True)
        data = zlib.decompressobj().decompress(packed, most + 1)
    except (binascii.Error, ValueError, zlib.error):
        data = b""
    if not 0 < len(data) <= most:
        sentence = "What was previewed did not arrive whole; choose the file again."
        raise Invalid(sentence)
    return data


def _cell(cell: object) -> Value:
    return cell if cell is None or isinstance(cell, int | float | Decimal) else str(cell)
