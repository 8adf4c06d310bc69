"""The Statement of Applicability: as a page, and as files to hand over."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.compliance.queries.standing import PackStanding, pack_standing, scope_named
from headway.domain.compliance.rules.statement import COLUMNS, StatementRow, statement
from headway.errors import NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.rendering.cells import csv_text
from headway.rendering.report.blocks import Cell, Grid, Page
from headway.rendering.report.markdown import as_markdown
from headway.rendering.report.workbook import as_xlsx

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def statement_page(
    request: WorkspaceRequest, framework: str, scope: str, held: str
) -> HttpResponse:
    """Show the statement: control, does it apply, why, how it stands, on what evidence."""
    found, rows = _statement(request, framework, scope, held)
    aside = sum(not row.applies for row in rows)
    values = {
        "found": found,
        "pack": found.pack,
        "place": found.assignment.scope,
        "rows": list(zip(rows, found.controls, strict=True)),
        "aside": aside,
        "endings": [("xlsx", "XLSX"), ("csv", "CSV"), ("md", "Markdown")],
    }
    return render(request, "frameworks_web/statement.html", values)


def statement_file(
    request: WorkspaceRequest, framework: str, scope: str, held: str, ending: str
) -> HttpResponse:
    """Give the statement away as XLSX, CSV or Markdown."""
    if ending not in _TYPES:
        sentence = f"The statement comes as {', '.join(_TYPES)}, not as '{ending[:20]}'."
        raise NotFound(sentence)
    found, rows = _statement(request, framework, scope, held)
    name = f"statement-{framework}-{held}.{ending}"
    response = HttpResponse(_file(request, found, rows, ending), content_type=_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _statement(
    request: WorkspaceRequest, framework: str, scope: str, held: str
) -> tuple[PackStanding, Sequence[StatementRow]]:
    at = request.at or request.now
    place = scope_named(request.actor, scope, held, request.at)
    found = pack_standing(request.actor, framework, place, at, request.at)
    return found, statement(found.pack, found.controls)


def _file(
    request: WorkspaceRequest, found: PackStanding, rows: Sequence[StatementRow], ending: str
) -> bytes:
    if ending == "csv":
        return csv_text([COLUMNS, *(row.cells() for row in rows)]).encode()
    page = _page(request, found, rows)
    return as_xlsx(page) if ending == "xlsx" else as_markdown(page).encode()


def _page(request: WorkspaceRequest, found: PackStanding, rows: Sequence[StatementRow]) -> Page:
    """Return the statement as a report is laid out, with where it comes from."""
    at = request.at or request.now
    pack = found.pack
    grid = Grid(
        "statement",
        "Controls",
        tuple(COLUMNS),
        tuple(tuple(Cell(text) for text in row.cells()) for row in rows),
        "The framework has no controls.",
    )
    footer = [
        ("Framework", f"{pack.title}, {pack.version}; {found.assigned}"),
        ("Source", pack.source or "the workspace's own policy"),
        ("Words", "The controls are told in our own words; the ids are the framework's."),
    ]
    if pack.verify:
        footer.append(("Mark", "Not verified against the official text."))
    return Page(
        audience="compliance",
        title=found.assignment.scope.name,
        subject="statement of applicability",
        as_of=f"{at:%-d %b %Y}",
        stamp=at.timestamp(),
        level=None,
        bottom_line=found.tally.sentence,
        facts=(),
        blocks=(grid,),
        footer=tuple(footer),
    )
