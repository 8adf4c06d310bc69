"""Sharing a frozen report by a link without sign-in: made, opened and counted, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.secrets import new_secret
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.models import Report
from headway.domain.reports.queries import ReportContent, pack_numbered
from headway.domain.reports.rules import Format
from headway.domain.sharing.models import LinkOpening, ReportLink
from headway.domain.sharing.queries.shares import (
    SharedReport,
    live_report_link,
    shared_file,
    shared_report,
)
from headway.domain.sharing.rules import (
    ONE_OPENING,
    SHARED_PATH,
    dead_link,
    read_share,
    share_until,
)
from headway.errors import Invalid, NotFound
from headway.rendering.report import page_of

#: What a link's secret begins with.
PREFIX = "sh_"


@dataclass(frozen=True, slots=True)
class Shared:
    """A link that was made; its `address` is shown once."""

    id: UUID
    whom: str
    address: str
    expires_at: datetime


@transaction.atomic
def share_report(
    actor: Actor, place: tuple[str, int], values: Mapping[str, object], at: datetime
) -> Shared:
    """Make a link to the frozen report at `place` (program, number); who holds it reads that alone.

    `values` are `whom` it is for, `audience`, `vendor` (of a letter), `formats` and `until`. Raises
    Invalid for an audience that the pack was not frozen for, NotFound for another's letter.
    """
    require(actor, Permission.REPORT)
    draft = read_share(values)
    program = program_named(actor, place[0])
    line, pack = pack_numbered(actor, program, place[1])
    if draft.audience not in line.audiences:
        known = ", ".join(line.audiences)
        sentence = f"Report {place[1]} is not for '{draft.audience[:20]}'; it is for {known}."
        raise Invalid(sentence)
    page_of(pack, draft.audience, draft.vendor)  # refuses a vendor that the pack does not hold
    report = Report.objects.get(id=line.id)
    secret = new_secret(PREFIX)
    link = ReportLink.objects.create(
        workspace_id=actor.workspace_id,
        report=report,
        secret_hash=secret.hash,
        whom=draft.whom,
        audience=draft.audience,
        vendor=draft.vendor,
        formats=[str(form) for form in draft.formats],
        made_by_id=actor.member_id,
        created_at=at,
        expires_at=share_until(at, draft.until),
    )
    told = {"whom": draft.whom, "formats": link.formats, "until": link.expires_at.isoformat()}
    write_audit(actor, "share_report", _thing(program, link), at, **told, link=str(link.id))
    return Shared(link.id, draft.whom, shared_address(secret.plain), link.expires_at)


def shared_address(secret: str) -> str:
    """Return the whole address of a link to a report."""
    return settings.BASE_URL + SHARED_PATH.format(secret=secret)


def _thing(program: ProgramFacts, link: ReportLink) -> str:
    return f"{program.slug} {link.audience} {link.report.number}"


@transaction.atomic
def revoke_report_link(actor: Actor, place: tuple[str, int], link_id: UUID, at: datetime) -> None:
    """Take a link back: it stops working with this commit. Raises NotFound when it is not open."""
    require(actor, Permission.REPORT)
    program = program_named(actor, place[0])
    link = (
        ReportLink.objects.select_for_update(of=("self",))
        .select_related("report")
        .filter(workspace_id=actor.workspace_id, id=link_id, revoked_at__isnull=True)
        .filter(report__program_id=program.id, report__number=place[1])
        .first()
    )
    if link is None:
        sentence = f"There is no such open link to report {place[1]}."
        raise NotFound(sentence)
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])
    write_audit(
        actor, "revoke_report_link", _thing(program, link), at, whom=link.whom, link=str(link.id)
    )


def open_shared(secret: str, at: datetime) -> SharedReport:
    """Return what a link shows, and note that it was opened. NotFound when it does not work."""
    link = live_report_link(secret, at)
    _note(link, Format.HTML, at)
    return shared_report(secret, at)


def open_shared_file(secret: str, form: str, at: datetime) -> ReportContent:
    """Return a file of a shared report, and note that it was taken.

    A format that was not chosen is as dead as the link to nothing.
    """
    link = live_report_link(secret, at)
    if form not in link.formats:
        raise dead_link(known=True)
    _note(link, Format(form), at)
    return shared_file(link, Format(form))


def _note(link: ReportLink, form: Format, at: datetime) -> None:
    """Count an opening: when and as what; from where is nobody's business."""
    moment = link.workspace.pinned_at or at
    since = moment - ONE_OPENING
    mine = LinkOpening.objects.filter(link=link, form=form)
    if not mine.filter(at__gt=since, at__lte=moment).exists():
        LinkOpening.objects.create(workspace_id=link.workspace_id, link=link, form=form, at=moment)
