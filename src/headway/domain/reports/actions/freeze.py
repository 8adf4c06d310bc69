"""Freezing a pack: one truth for all its audiences, which nobody can change afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import ledger_head
from headway.domain.programs.models import Program
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.models import DeckTemplate, Report
from headway.domain.reports.queries import (
    ReportLine,
    compose_pack,
    default_template,
    reports_of,
    template_named,
)
from headway.domain.reports.rules import (
    PackDraft,
    from_snapshot,
    read_draft,
    refuse_unwritten,
    to_snapshot,
)
from headway.errors import Conflict
from headway.observation import digest
from headway.rendering.report.pack import SCHEMA


def freeze_report(
    actor: Actor,
    program: str,
    draft: PackDraft,
    at: datetime,
    *,
    known_at: datetime | None = None,
) -> ReportLine:
    """Freeze what is known of a program at `at` for its audiences, with its data date.

    Nobody can change it afterwards, the database included. Raises Invalid for an unknown audience,
    and where a judgement is greener than the evidence and `draft` gives no reason; Conflict when
    another was frozen meanwhile.
    """
    require(actor, Permission.REPORT)
    wanted = read_draft(draft)
    facts = program_named(actor, program, known_at)
    template = _template(actor, wanted)
    before = _last(facts)
    # Composed before the lock is taken: it simulates, and others must not wait for that.
    pack = compose_pack(actor, facts, at, known_at=known_at, draft=wanted)
    refuse_unwritten(pack.overruled, wanted.reason)
    return _kept(actor, facts, (wanted, template, before), to_snapshot(pack), (at, at))


def freeze_drafted(
    actor: Actor, program: str, draft: PackDraft, snapshot: str, moments: tuple[datetime, datetime]
) -> ReportLine:
    """Freeze a pack exactly as it was drafted and shown; `moments` are its data date and now.

    Raises Invalid where a judgement is greener than the evidence and `draft` gives no reason.
    """
    require(actor, Permission.REPORT)
    wanted = read_draft(draft)
    facts = program_named(actor, program)
    pack = replace(from_snapshot(snapshot), reason=wanted.reason)
    refuse_unwritten(pack.overruled, wanted.reason)
    asked = (wanted, _template(actor, wanted), _last(facts))
    return _kept(actor, facts, asked, to_snapshot(pack), moments)


def _template(actor: Actor, draft: PackDraft) -> DeckTemplate | None:
    if draft.template is None:
        return default_template(actor)
    return template_named(actor, draft.template) if draft.template else None


def _last(program: ProgramFacts) -> int:
    return Report.objects.filter(program_id=program.id).aggregate(last=Max("number"))["last"] or 0


@transaction.atomic
def _kept(
    actor: Actor,
    program: ProgramFacts,
    asked: tuple[PackDraft, DeckTemplate | None, int],
    snapshot: str,
    moments: tuple[datetime, datetime],
) -> ReportLine:
    """Write the row and its audit row. One at a time: numbers have no gaps and no doubles."""
    (draft, template, before), (at, made_at) = asked, moments
    Program.objects.select_for_update().get(id=program.id)
    if _last(program) != before:
        sentence = f"Report {before + 1} of {program.name} was frozen meanwhile; look, then freeze."
        raise Conflict(sentence)
    Report.objects.create(
        workspace_id=actor.workspace_id,
        program_id=program.id,
        number=before + 1,
        audiences=list(draft.audiences),
        vendors=list(draft.vendors),
        data_date=at,
        schema=SCHEMA,
        snapshot=snapshot,
        snapshot_digest=digest(snapshot),
        ledger_head=str(ledger_head(actor)),
        reason=draft.reason,
        template=template,
        author=actor.label,
        made_at=made_at,
    )
    thing = f"{program.slug} {before + 1}"
    told = {"audiences": list(draft.audiences), "digest": digest(snapshot)}
    write_audit(actor, "freeze_report", thing, made_at, **told, reason=draft.reason)
    return reports_of(actor, program)[0]
