"""Links to frozen reports: what their holder is shown, which were given out, what was opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.secrets import hash_secret
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.queries import ReportContent, file_of
from headway.domain.reports.rules import Format, from_snapshot
from headway.domain.sharing.models import LinkOpening, ReportLink
from headway.domain.sharing.rules import LinkState, dead_link, link_state, watermark
from headway.rendering.report import Page, as_html, page_of


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """A link was opened, as what, when."""

    at: datetime
    form: str


@dataclass(frozen=True, slots=True)
class ReportLinkLine:
    """A link that was given out, with what was opened through it, newest first."""

    id: UUID
    number: int
    whom: str
    audience: str
    vendor: str
    formats: Sequence[str]
    made_by: str
    made_at: datetime
    expires_at: datetime
    state: LinkState
    opened: int
    openings: Sequence[OpeningLine]


@dataclass(frozen=True, slots=True)
class SharedReport:
    """What the holder of a link reads: one frozen report with its watermark; `page` is HTML.

    `page` is empty where the report is given as files only.
    """

    program: str
    number: int
    as_of: datetime
    watermark: str
    formats: Sequence[Format]
    page: str


def live_report_link(secret: str, at: datetime) -> ReportLink:
    """Return the link with this secret, if it still works at `at`. Raises as `dead_link` says."""
    link = (
        ReportLink.objects.select_related(
            "report__program", "report__template", "workspace", "made_by__user"
        )
        .filter(secret_hash=hash_secret(secret))
        .first()
    )
    if link is None:
        raise dead_link()
    state = link_state(None, link.revoked_at, link.expires_at, link.workspace.pinned_at or at)
    if state != LinkState.OPEN:
        raise dead_link(known=True)
    return link


def shared_report(secret: str, at: datetime) -> SharedReport:
    """Return what the holder of `secret` reads. NotFound for a link that does not work."""
    link = live_report_link(secret, at)
    mark = mark_of(link)
    is_read = Format.HTML in link.formats
    return SharedReport(
        program=link.report.program.name,
        number=link.report.number,
        as_of=link.report.data_date,
        watermark=mark,
        formats=[Format(word) for word in link.formats if word != Format.HTML],
        page=as_html(_page_of(link)) if is_read else "",
    )


def shared_file(link: ReportLink, form: Format) -> ReportContent:
    """Return a shared report as a file that carries its watermark in its footer."""
    report, page = link.report, _page_of(link)
    marked = replace(page, footer=(*page.footer, ("Shared", mark_of(link))))
    name = f"{report.program.slug}-report-{report.number}"
    deck = bytes(report.template.data) if report.template else None
    return file_of(marked, name, form, deck)


def _page_of(link: ReportLink) -> Page:
    """Return the page of the audience that the link was made for."""
    return page_of(from_snapshot(link.report.snapshot), link.audience, link.vendor)


def mark_of(link: ReportLink) -> str:
    """Return the watermark of a link."""
    who = name_of(link.made_by)
    return watermark(who, link.whom, link.expires_at, link.report.data_date)


def name_of(member: Member | None) -> str:
    """Return the name of a member as strangers are told it: an address is not shown outside."""
    return (member.user.name if member else "") or "a member"


def report_links(
    actor: Actor, program: ProgramFacts, at: datetime, number: int | None = None
) -> Sequence[ReportLinkLine]:
    """Return the links given out by `at` to a program's reports (or to one), newest first."""
    require(actor, Permission.VIEW, program)
    rows = ReportLink.objects.select_related("report", "made_by__user").filter(
        workspace_id=actor.workspace_id, report__program_id=program.id, created_at__lte=at
    )
    if number is not None:
        rows = rows.filter(report__number=number)
    found = list(rows.order_by("-created_at", "id"))
    opened: dict[UUID, list[OpeningLine]] = {row.id: [] for row in found}
    for one in LinkOpening.objects.filter(link__in=found, at__lte=at).order_by("-at", "id"):
        opened[one.link_id].append(OpeningLine(one.at, one.form))
    return [_line(row, opened[row.id], at) for row in found]


def _line(row: ReportLink, openings: Sequence[OpeningLine], at: datetime) -> ReportLinkLine:
    return ReportLinkLine(
        row.id,
        row.report.number,
        row.whom,
        row.audience,
        row.vendor,
        row.formats,
        name_of(row.made_by),
        row.created_at,
        row.expires_at,
        link_state(None, row.revoked_at, row.expires_at, at),
        len(openings),
        openings,
    )
