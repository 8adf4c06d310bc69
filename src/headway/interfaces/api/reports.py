"""Reports, frozen with their data date."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.programs.queries import program_named
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.queries import (
    CONTENT_TYPES,
    ReportContent,
    ReportLine,
    compose_report,
    content_of,
    report_content,
    report_numbered,
    reports_of,
)
from headway.domain.reports.rules import Format
from headway.domain.sharing.actions import revoke_report_link
from headway.domain.sharing.queries import ReportLinkLine, report_links
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import File, documented, operation, slow
from headway.interfaces.api.paging import AskedAt, Page, page_of

router = Router(tags=["Reports"])

#: A report's number in its program.
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

_FILES = {
    "description": "The report.",
    "content": {kind.partition(";")[0]: {} for kind in sorted(CONTENT_TYPES.values())},
}


class ReportBody(Given):
    """For whom to freeze what is known now."""

    audience: Literal["executive"] = "executive"


class NothingBody(Given):
    """Nothing is asked."""


class FormAsked(BaseModel):
    """What a report is taken away as."""

    format: Annotated[Format, Field(description="html, pdf, pptx, xlsx or md.")] = Format.PDF


@operation(router, "GET", "/programs/{slug}/reports", Permission.VIEW, Page[ReportLine])
def list_reports(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ReportLine]:
    """List the frozen reports of a program, by number."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = reports_of(request.auth, program, moment)
    return page_of(rows, lambda row: f"{row.number:018}", asked)


@operation(router, "POST", "/programs/{slug}/reports", Permission.REPORT, ReportLine, 201)
@slow
def freeze(request: ApiRequest, slug: str, body: ReportBody) -> ReportLine:
    """Freeze a report with its data date and the ledger's head."""
    return freeze_report(
        request.auth, slug, body.audience, request.now, known_at=request.since_when
    )


@operation(router, "GET", "/programs/{slug}/reports/{int:number}", Permission.VIEW, ReportLine)
def read_report(request: ApiRequest, slug: str, number: Number) -> ReportLine:
    """Read what a frozen report rests on."""
    program = program_named(request.auth, slug)
    return report_numbered(request.auth, program, number)[0]


@operation(router, "GET", "/programs/{slug}/reports/{int:number}/file", Permission.VIEW, File)
@documented(responses={200: _FILES})
def download_report(
    request: ApiRequest, slug: str, number: Number, asked: Query[FormAsked]
) -> File:
    """Take a frozen report away as a file, drawn from its snapshot alone."""
    program = program_named(request.auth, slug)
    return _file(report_content(request.auth, program, number, asked.format))


@operation(
    router,
    "GET",
    "/programs/{slug}/reports/{int:number}/shares",
    Permission.VIEW,
    Page[ReportLinkLine],
)
def list_report_links(
    request: ApiRequest, slug: str, number: Number, asked: Query[AskedAt]
) -> Page[ReportLinkLine]:
    """List who was given a link to a report and what was opened, by id; a page makes links."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    report_numbered(request.auth, program, number)
    rows = report_links(request.auth, program, moment or request.now, number)
    return page_of(sorted(rows, key=lambda row: str(row.id)), lambda row: str(row.id), asked)


@operation(
    router,
    "POST",
    "/programs/{slug}/reports/{int:number}/shares/{uuid:share}/revoke",
    Permission.REPORT,
    None,
    204,
)
def revoke_link_of_report(
    request: ApiRequest, slug: str, number: Number, share: UUID, body: NothingBody
) -> None:
    """Take a link to a report back: it stops working at once."""
    revoke_report_link(request.auth, (slug, number), share, request.now)


@operation(router, "GET", "/programs/{slug}/reports/draft", Permission.VIEW, File)
@documented(responses={200: _FILES})
def draw_draft(request: ApiRequest, slug: str, asked: Query[FormAsked]) -> File:
    """Draw a report of what is known now without freezing it."""
    known_at = request.since_when
    program = program_named(request.auth, slug, known_at)
    value = compose_report(request.auth, program, request.now, known_at=known_at)
    return _file(content_of(value, f"{slug}-draft", asked.format))


def _file(content: ReportContent) -> File:
    return File(content.name, content.content_type, content.data)
