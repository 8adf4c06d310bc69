"""Frozen reports: listed, opened, and drawn in each format from the snapshot alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.models import Report
from headway.domain.reports.rules import Format, from_snapshot
from headway.errors import NotFound
from headway.rendering.report import (
    OnePager,
    as_html,
    as_html_document,
    as_markdown,
    as_pdf,
    as_pptx,
    as_xlsx,
)

#: What each format is called in a header.
CONTENT_TYPES = {
    Format.HTML: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A frozen report in a list."""

    id: UUID
    number: int
    audience: str
    data_date: datetime
    made_at: datetime
    author: str
    digest: str
    ledger_head: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A report in one format, ready to be sent."""

    name: str
    content_type: str
    data: bytes


def reports_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[ReportLine]:
    """Return the frozen reports of a program, newest first."""
    require(actor, Permission.VIEW, program)
    rows = Report.objects.filter(program_id=program.id).defer("snapshot")
    if at is not None:
        rows = rows.filter(made_at__lte=at)
    return [_line(row) for row in rows.order_by("-number")]


def _line(row: Report) -> ReportLine:
    return ReportLine(
        row.id,
        row.number,
        row.audience,
        row.data_date,
        row.made_at,
        row.author,
        row.snapshot_digest,
        row.ledger_head,
    )


def report_numbered(
    actor: Actor, program: ProgramFacts, number: int
) -> tuple[ReportLine, OnePager, str]:
    """Return a frozen report: its line, its value, and its page as HTML. Raises NotFound."""
    row = _row(actor, program, number)
    value = from_snapshot(row.snapshot)
    return _line(row), value, as_html(value)


def report_content(actor: Actor, program: ProgramFacts, number: int, form: Format) -> ReportContent:
    """Return a frozen report in one format, drawn from its snapshot alone."""
    value = from_snapshot(_row(actor, program, number).snapshot)
    return content_of(value, f"{program.slug}-report-{number}", form)


def content_of(value: OnePager, name: str, form: Format) -> ReportContent:
    """Return a one-pager in one format."""
    match form:
        case Format.PDF:
            data = as_pdf(value)
        case Format.PPTX:
            data = as_pptx(value)
        case Format.XLSX:
            data = as_xlsx(value)
        case Format.MARKDOWN:
            data = as_markdown(value).encode("utf-8")
        case Format.HTML:
            data = as_html_document(value).encode("utf-8")
    return ReportContent(f"{name}.{form}", CONTENT_TYPES[form], data)


def _row(actor: Actor, program: ProgramFacts, number: int) -> Report:
    require(actor, Permission.VIEW, program)
    row = Report.objects.filter(program_id=program.id, number=number).first()
    if row is None:
        sentence = f"{program.name} has no report number {number}."
        raise NotFound(sentence)
    return row
