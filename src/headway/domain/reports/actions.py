"""Freezing a report: the one write there is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import ledger_head
from headway.domain.programs.models import Program
from headway.domain.programs.queries import program_named
from headway.domain.reports.models import Report
from headway.domain.reports.queries import ReportLine, compose_report, reports_of
from headway.domain.reports.rules import Audience, to_snapshot
from headway.errors import Invalid
from headway.observation import digest


@transaction.atomic
def freeze_report(
    actor: Actor, program: str, audience: str, at: datetime, *, known_at: datetime | None = None
) -> ReportLine:
    """Freeze what is known of a program at `at` for an audience, with its data date.

    Nobody can change it afterwards, the database included. Raises Invalid for an audience that
    has no report yet.
    """
    require(actor, Permission.REPORT)
    if audience not in list(Audience):
        sentence = f"There is no report for '{audience}' yet; there is {', '.join(Audience)}."
        raise Invalid(sentence)
    facts = program_named(actor, program, known_at)
    # One at a time, so that numbers have no gaps and no doubles.
    Program.objects.select_for_update().get(id=facts.id)
    last = Report.objects.filter(program_id=facts.id).aggregate(last=Max("number"))["last"] or 0
    snapshot = to_snapshot(compose_report(actor, facts, at, known_at=known_at))
    Report.objects.create(
        workspace_id=actor.workspace_id,
        program_id=facts.id,
        number=last + 1,
        audience=audience,
        data_date=at,
        snapshot=snapshot,
        snapshot_digest=digest(snapshot),
        ledger_head=str(ledger_head(actor)),
        author=actor.label,
        made_at=at,
    )
    write_audit(
        actor, "freeze_report", f"{program} {audience} {last + 1}", at, digest=digest(snapshot)
    )
    return reports_of(actor, facts)[0]
