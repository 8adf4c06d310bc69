"""Standing orders of a program, the drafts that wait, and what was sent to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.rules import from_snapshot
from headway.domain.sharing.models import Dispatch, PackMail, StandingOrder
from headway.domain.sharing.queries.shares import name_of
from headway.errors import NotFound
from headway.rendering.report import as_html, page_of


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A standing order. `recipients` are names; addresses are for those who freeze reports."""

    id: UUID
    name: str
    audiences: Sequence[str]
    formats: Sequence[str]
    by_link: bool
    rhythm: str
    on_day: int
    time_zone: str
    recipients: Sequence[str]
    sends: bool
    ordered_by: str
    until: date | None
    next_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class MailLine:
    """One recipient of a sent pack: when it went out, or why not yet."""

    name: str
    mailed_at: datetime | None
    failure: str


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """One turn of an order: a draft that waits, or the pack that was sent."""

    id: UUID
    order: str
    due_at: datetime
    composed_at: datetime
    problem: str
    is_late: bool
    number: int | None
    sent_at: datetime | None
    sent_by: str
    mails: Sequence[MailLine]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft as its audience would read it; `page` is HTML."""

    line: DispatchLine
    audiences: Sequence[str]
    recipients: Sequence[str]
    page: str


def orders_of(actor: Actor, program: ProgramFacts) -> Sequence[OrderLine]:
    """Return the standing orders of a program: those that run first, by when they are due."""
    require(actor, Permission.VIEW, program)
    rows = StandingOrder.objects.select_related("ordered_by__user").filter(
        workspace_id=actor.workspace_id, program_id=program.id
    )
    shows = may(actor, Permission.REPORT)
    found = sorted(rows, key=lambda row: (row.ended_at is not None, row.next_at, str(row.id)))
    return [_order(row, shows=shows) for row in found]


def _order(row: StandingOrder, *, shows: bool) -> OrderLine:
    return OrderLine(
        row.id,
        row.name,
        row.audiences,
        row.formats,
        row.by_link,
        row.rhythm,
        row.on_day,
        row.time_zone or "UTC",
        _told(row, shows=shows),
        row.sends,
        name_of(row.ordered_by),
        row.until,
        row.next_at,
        row.ended_at,
    )


def _told(row: StandingOrder, *, shows: bool) -> Sequence[str]:
    return [
        one["name"]
        if one["name"] != one["email"]
        else (one["email"] if shows else "somebody outside")
        for one in row.recipients
    ]


def dispatches_of(
    actor: Actor, program: ProgramFacts, at: datetime, *, limit: int = 50
) -> Sequence[DispatchLine]:
    """Return what standing orders composed by `at`: drafts that wait, then what was sent."""
    require(actor, Permission.VIEW, program)
    rows = Dispatch.objects.select_related("order", "report").filter(
        workspace_id=actor.workspace_id, order__program_id=program.id, composed_at__lte=at
    )
    found = list(rows.defer("snapshot").order_by("-composed_at", "id")[:limit])
    mails: dict[UUID, list[PackMail]] = {row.id: [] for row in found}
    for mail in PackMail.objects.filter(dispatch__in=found).order_by("name", "id"):
        mails[mail.dispatch_id].append(mail)
    shows = may(actor, Permission.REPORT)
    lines = [_line(row, mails[row.id], at, shows=shows) for row in found]
    return sorted(lines, key=lambda line: line.sent_at is not None)


def _line(
    row: Dispatch, mails: Sequence[PackMail], at: datetime, *, shows: bool = False
) -> DispatchLine:
    return DispatchLine(
        row.id,
        row.order.name,
        row.due_at,
        row.composed_at,
        row.problem,
        row.sent_at is None and row.due_at <= at,
        row.report.number if row.report else None,
        row.sent_at,
        row.sent_by.partition("@")[0],
        [
            MailLine(
                mail.name if shows or mail.name != mail.email else "somebody outside",
                mail.mailed_at,
                mail.failure if shows else "",
            )
            for mail in mails
        ],
    )


def draft_page(actor: Actor, program: ProgramFacts, dispatch: UUID, at: datetime) -> DraftPage:
    """Return a draft as it would be told to its first audience. Raises NotFound."""
    require(actor, Permission.VIEW, program)
    row = (
        Dispatch.objects.select_related("order", "report")
        .filter(workspace_id=actor.workspace_id, order__program_id=program.id, id=dispatch)
        .first()
    )
    if row is None:
        sentence = f"{program.name} has no such draft."
        raise NotFound(sentence)
    shows = may(actor, Permission.REPORT)
    page = page_of(from_snapshot(row.snapshot), row.order.audiences[0])
    mails = list(row.mails.order_by("name"))
    line = _line(row, mails, at, shows=shows)
    return DraftPage(line, row.order.audiences, _told(row.order, shows=shows), as_html(page))
