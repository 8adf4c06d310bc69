"""The registers as files: CSV or a workbook, brought back after a preview."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern

from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions.raid_tabling import import_register
from headway.domain.plans.queries import latest_forecast
from headway.domain.plans.queries.raid_tables import register_entries
from headway.domain.plans.rules.raid_tables import TABLES, RegisterTable, table_rows
from headway.domain.programs.actions.tables import MOST_BYTES
from headway.domain.programs.queries import program_named
from headway.errors import HeadwayError, Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest, route
from headway.interfaces.web.layout.tables import TableFileForm, given_table, kept_table, sent_table
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.raid.risk_editing import forecast_words

_TOLD = "CSV or a workbook, a row each; an export shows the columns."
_PROGRAM = "w/<slug:workspace>/programs/<slug:program>/"
#: The page of each register, and what a row of it looks like.
_PAGES = {"risks": "risks", "issues": "raid", "assumptions": "raid", "decisions": "decisions"}
_EXAMPLES = {
    "risks": (
        "Risk,Name,Probability,Delay,Cost,Items,Owner\n"
        "R1,The vendor is late,0.3,2/5/15,0/2000/8000,reading/LABEL,amara"
    ),
    "issues": (
        "Issue,Name,Owner,Due,Days,State\n"
        "photos,Half the photos are blurred,amara,2026-12-11,4,open"
    ),
    "assumptions": (
        "Assumption,Name,Watched by,Bound,Review\n"
        "nights,Nights read as well as days,reading/recall,0.95,2026-12-15"
    ),
    "decisions": (
        "Decision,Question,Owner,Due\nsecond-vendor,Do we take a second vendor?,mara,2026-12-01"
    ),
}


def addresses_of(table: RegisterTable) -> Iterator[URLPattern]:
    """Yield the addresses of a register's files."""
    word = table.word
    bring = _bringing(table)
    yield route(
        f"{_PROGRAM}{word}-files/", bring, Permission.PLAN, f"{word}_files", ("GET", "POST")
    )
    yield route(
        f"{_PROGRAM}{word}-table.<str:table_kind>",
        _giving(table),
        Permission.VIEW,
        f"{word}_table",
    )


def file_routes() -> Iterator[URLPattern]:
    """Yield the addresses of the files of every register."""
    for table in TABLES.values():
        yield from addresses_of(table)


def _giving(table: RegisterTable) -> Callable[..., HttpResponse]:
    """Return the view that gives a register away as a file."""

    def view(request: WorkspaceRequest, program: str, table_kind: str) -> HttpResponse:
        facts = program_named(request.actor, program, request.at)
        rows = table_rows(table, register_entries(request.actor, facts, table.sort, request.at))
        return given_table(request, f"{table.sort}-{facts.slug}", table_kind, rows)

    return view


def _bringing(table: RegisterTable) -> Callable[..., HttpResponse]:
    """Return the view that asks for a file, shows what it would change, then changes it."""

    def view(request: WorkspaceRequest, program: str) -> HttpResponse:
        if request.method != "POST":
            return _page(request, program, table)
        try:
            name, data = sent_table(request, MOST_BYTES)
            place, sure = (program, table.sort), "sure" in request.POST
            done = import_register(request.actor, place, data, name, request.now, dry_run=not sure)
        except Invalid as error:
            return _page(request, program, table, error=error, status=422)
        if not sure:
            return _page(request, program, table, done=done, name=name, kept=kept_table(data))
        moved = ""
        if table.sort == "risks":
            moved = forecast_words(request, program_named(request.actor, program))
        tell(request, f"The {table.sort} are read: {done.words}.{moved}")
        return redirect(address(request, _PAGES[table.sort], program=program))

    return view


def _page(
    request: WorkspaceRequest,
    program: str,
    table: RegisterTable,
    *,
    error: HeadwayError | None = None,
    status: int = 200,
    **shown: object,
) -> HttpResponse:
    facts = program_named(request.actor, program, request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    here = {"program": program}
    values |= {
        "error": str(error) if error else "",
        "form": TableFileForm(told=_TOLD),
        "table": table,
        "example": _EXAMPLES[table.sort],
        "register": address(request, _PAGES[table.sort], **here),
        "csv": address(request, f"{table.word}_table", **here, table_kind="csv"),
        "xlsx": address(request, f"{table.word}_table", **here, table_kind="xlsx"),
        **shown,
    }
    return render(request, "raid_web/register_files.html", values, status=status)
