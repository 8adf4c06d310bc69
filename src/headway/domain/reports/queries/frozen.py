"""Frozen packs: listed, opened, and drawn for each audience in each format, from one snapshot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.models import Report
from headway.domain.reports.rules import Audience, Format, from_snapshot
from headway.errors import NotFound
from headway.rendering.report import (
    Mail,
    Pack,
    Page,
    as_html_document,
    as_markdown,
    as_pdf,
    as_pptx,
    as_xlsx,
    mail_of,
    page_of,
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
    """A frozen pack in a list. `reason` is why a judgement greener than the evidence is told."""

    id: UUID
    number: int
    audiences: Sequence[str]
    vendors: Sequence[str]
    data_date: datetime
    made_at: datetime
    author: str
    reason: str
    template: str
    digest: str
    ledger_head: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What to draw of a pack: for whom (`vendor` for a letter), as what."""

    form: Format
    audience: str = Audience.EXECUTIVE
    vendor: str = ""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A report in one format, ready to be sent."""

    name: str
    content_type: str
    data: bytes


def reports_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[ReportLine]:
    """Return the frozen packs of a program, newest first."""
    require(actor, Permission.VIEW, program)
    rows = Report.objects.filter(program_id=program.id).defer("snapshot", "template__data")
    if at is not None:
        rows = rows.filter(made_at__lte=at)
    return [_line(row) for row in rows.select_related("template").order_by("-number")]


def _line(row: Report) -> ReportLine:
    return ReportLine(
        row.id,
        row.number,
        row.audiences,
        row.vendors,
        row.data_date,
        row.made_at,
        row.author,
        row.reason,
        row.template.name if row.template else "",
        row.snapshot_digest,
        row.ledger_head,
    )


def pack_numbered(actor: Actor, program: ProgramFacts, number: int) -> tuple[ReportLine, Pack]:
    """Return a frozen pack: its line and its value. Raises NotFound."""
    row = _row(actor, program, number)
    return _line(row), from_snapshot(row.snapshot)


def report_content(
    actor: Actor, program: ProgramFacts, number: int, drawing: Drawing
) -> ReportContent:
    """Return a frozen pack as `drawing` asks, drawn from its snapshot alone.

    Raises NotFound when there is no such pack, or it holds nothing for that audience.
    """
    row = _row(actor, program, number)
    pack = from_snapshot(row.snapshot)
    return content_of(pack, f"{program.slug}-report-{number}", drawing, _deck(row))


def pack_contents(actor: Actor, program: ProgramFacts, number: int) -> ReportContent:
    """Return a frozen pack whole: every audience it was frozen for, in every format, zipped."""
    row = _row(actor, program, number)
    pack, name = from_snapshot(row.snapshot), f"{program.slug}-report-{number}"
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as held:
        for audience, vendor in _told(row):
            for form in Format:
                drawing = Drawing(form, audience, vendor)
                content = content_of(pack, name, drawing, _deck(row))
                held.writestr(ZipInfo(content.name), content.data, ZIP_DEFLATED)
    return ReportContent(f"{name}.zip", "application/zip", file.getvalue())


def _told(row: Report) -> list[tuple[str, str]]:
    """Return for whom a pack was frozen; a letter for each of its vendors."""
    return [
        (audience, vendor)
        for audience in row.audiences
        for vendor in (row.vendors if audience == Audience.VENDOR else [""])
    ]


def report_mail(
    actor: Actor, program: ProgramFacts, number: int, audience: str, vendor: str = ""
) -> Mail:
    """Return the mail that tells an audience of a frozen pack; nothing is sent."""
    return mail_of(from_snapshot(_row(actor, program, number).snapshot), audience, vendor)


def content_of(
    pack: Pack, name: str, drawing: Drawing, template: bytes | None = None
) -> ReportContent:
    """Return a pack as `drawing` asks; a deck on `template`, a user's own."""
    page = page_of(pack, drawing.audience, drawing.vendor)
    return file_of(page, _named(name, pack, drawing), drawing.form, template)


def file_of(page: Page, name: str, form: Format, template: bytes | None = None) -> ReportContent:
    """Return a page in one format, under its name and the format's ending."""
    match form:
        case Format.PDF:
            data = as_pdf(page)
        case Format.PPTX:
            data = as_pptx(page, template)
        case Format.XLSX:
            data = as_xlsx(page)
        case Format.MARKDOWN:
            data = as_markdown(page).encode("utf-8")
        case Format.HTML:
            data = as_html_document(page).encode("utf-8")
    return ReportContent(f"{name}.{form}", CONTENT_TYPES[form], data)


def _named(name: str, pack: Pack, drawing: Drawing) -> str:
    """Return the name of a file; the executive one carries no more than the pack's."""
    if drawing.audience == Audience.EXECUTIVE:
        return name
    if drawing.audience != Audience.VENDOR:
        return f"{name}-{drawing.audience}"
    place = next(
        number
        for number, told in enumerate(pack.vendors, start=1)
        if drawing.vendor.strip().casefold() in (told.key.casefold(), told.name.casefold())
    )
    return f"{name}-vendor-{place}"


def _deck(row: Report) -> bytes | None:
    return bytes(row.template.data) if row.template else None


def _row(actor: Actor, program: ProgramFacts, number: int) -> Report:
    require(actor, Permission.VIEW, program)
    rows = Report.objects.select_related("template")
    row = rows.filter(program_id=program.id, number=number).first()
    if row is None:
        sentence = f"{program.name} has no report number {number}."
        raise NotFound(sentence)
    return row
