"""The registers of RAID as tables: out as CSV or a workbook, in row by row."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions.raid_tabling import import_register
from headway.domain.plans.queries.raid_tables import register_entries
from headway.domain.plans.rules.raid_tables import TABLES, table_rows
from headway.domain.programs.actions.tables import TableImport
from headway.domain.programs.queries import program_named
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import check_type
from headway.interfaces.api.operations import File, documented, operation, slow
from headway.interfaces.api.paging import At
from headway.rendering.cells import csv_text
from headway.rendering.report.blocks import Sheet
from headway.rendering.report.workbook import sheet_xlsx

router = Router(tags=["RAID"])

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = ("text/csv", "application/octet-stream", _XLSX)
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "description": "The file, as it is."}}
        for kind in _TYPES
    },
}


class TableAt(At):
    """As of when, and in which form."""

    format: Literal["csv", "xlsx"] = "csv"


class RegisterAsked(BaseModel):
    """What the file is called, and whether it is only tried."""

    file: Annotated[str, Field(min_length=1, max_length=200)] = "register.csv"
    dry_run: bool = False


def _given(request: ApiRequest, slug: str, sort: str, asked: TableAt) -> File:
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    table = TABLES[sort]
    rows = table_rows(table, register_entries(request.auth, program, sort, moment))
    name = f"{sort}-{program.slug}.{asked.format}"
    if asked.format == "csv":
        return File(name, "text/csv; charset=utf-8", csv_text(rows).encode())
    heads, *body = rows
    sheet = Sheet(table.title, tuple(heads), tuple(map(tuple, body)), " ".join(["18"] * len(heads)))
    return File(name, _XLSX, sheet_xlsx(name, sheet, moment or request.now))


def _taken(request: ApiRequest, slug: str, sort: str, asked: RegisterAsked) -> TableImport:
    program_named(request.auth, slug)
    check_type(request, *_TYPES)
    place = (slug, sort)
    return import_register(
        request.auth, place, request.body, asked.file, request.now, dry_run=asked.dry_run
    )


@operation(router, "GET", "/programs/{slug}/risk-table", Permission.VIEW, File)
def read_risk_table(request: ApiRequest, slug: str, asked: Query[TableAt]) -> File:
    """Return the risks with their items as CSV or a workbook, to be read again."""
    return _given(request, slug, "risks", asked)


@operation(router, "POST", "/programs/{slug}/risk-table", Permission.PLAN, TableImport)
@slow
@documented(requestBody=_BODY)
def import_risk_table(request: ApiRequest, slug: str, asked: Query[RegisterAsked]) -> TableImport:
    """Set risks from a table (the body, CSV or XLSX): a row whole, or refused."""
    return _taken(request, slug, "risks", asked)


@operation(router, "GET", "/programs/{slug}/issue-table", Permission.VIEW, File)
def read_issue_table(request: ApiRequest, slug: str, asked: Query[TableAt]) -> File:
    """Return the issues as CSV or a workbook, to be read again."""
    return _given(request, slug, "issues", asked)


@operation(router, "POST", "/programs/{slug}/issue-table", Permission.PLAN, TableImport)
@slow
@documented(requestBody=_BODY)
def import_issue_table(request: ApiRequest, slug: str, asked: Query[RegisterAsked]) -> TableImport:
    """Set issues from a table (the body, CSV or XLSX): a row whole, or refused."""
    return _taken(request, slug, "issues", asked)


@operation(router, "GET", "/programs/{slug}/assumption-table", Permission.VIEW, File)
def read_assumption_table(request: ApiRequest, slug: str, asked: Query[TableAt]) -> File:
    """Return the assumptions and their bounds as CSV or a workbook, to be read again."""
    return _given(request, slug, "assumptions", asked)


@operation(router, "POST", "/programs/{slug}/assumption-table", Permission.PLAN, TableImport)
@slow
@documented(requestBody=_BODY)
def import_assumption_table(
    request: ApiRequest, slug: str, asked: Query[RegisterAsked]
) -> TableImport:
    """Set assumptions from a table (the body, CSV or XLSX): a row whole, or refused."""
    return _taken(request, slug, "assumptions", asked)


@operation(router, "GET", "/programs/{slug}/decision-table", Permission.VIEW, File)
def read_decision_table(request: ApiRequest, slug: str, asked: Query[TableAt]) -> File:
    """Return the decisions and what was promised as CSV or a workbook, to be read again."""
    return _given(request, slug, "decisions", asked)


@operation(router, "POST", "/programs/{slug}/decision-table", Permission.PLAN, TableImport)
@slow
@documented(requestBody=_BODY)
def import_decision_table(
    request: ApiRequest, slug: str, asked: Query[RegisterAsked]
) -> TableImport:
    """Set decisions from a table (the body, CSV or XLSX): a row whole, or refused."""
    return _taken(request, slug, "decisions", asked)
