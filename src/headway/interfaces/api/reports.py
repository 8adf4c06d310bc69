"""Reports, frozen with their data date."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Path, Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.programs.queries import program_named
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.queries import ReportLine, report_numbered, reports_of
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, Page, page_of

router = Router(tags=["Reports"])


class ReportBody(Given):
    """For whom to freeze what is known now."""

    audience: Literal["executive"] = "executive"


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
def read_report(
    request: ApiRequest, slug: str, number: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> ReportLine:
    """Read what a frozen report rests on."""
    program = program_named(request.auth, slug)
    return report_numbered(request.auth, program, number)[0]
