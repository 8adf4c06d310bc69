"""Composes the pack: everything its audiences are told, gathered once, from one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.queries import JudgementLine, ProgramHealth, program_health
from headway.domain.assessments.rules import Assessment, Dimension
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.models import Report
from headway.domain.reports.queries.bridging import bridge_since
from headway.domain.reports.queries.compose import compose_executive
from headway.domain.reports.queries.engineering import engineering_of
from headway.domain.reports.queries.money import finance_of
from headway.domain.reports.queries.names import Names
from headway.domain.reports.queries.proof import compliance_of
from headway.domain.reports.queries.vendors import vendor_file
from headway.domain.reports.rules import PackDraft, from_snapshot, is_greener, to_snapshot
from headway.rendering.report import Pack
from headway.rendering.report.onepager import Level
from headway.rendering.report.pack import Overruled

_PLAIN = PackDraft()


def compose_pack(
    actor: Actor,
    program: ProgramFacts,
    at: datetime,
    *,
    known_at: datetime | None = None,
    draft: PackDraft = _PLAIN,
) -> Pack:
    """Return the pack of a program at `at`, compared with the last frozen one before it.

    It holds every audience whatever `draft` asks for, and the file of each vendor that it names.
    """
    require(actor, Permission.VIEW, program)
    names = Names(actor)
    health = program_health(actor, program, at, known_at=known_at)
    last = last_report(program, at)
    executive = compose_executive(actor, health, at, last, names, known_at=known_at)
    pack = Pack(
        executive=executive,
        engineering=engineering_of(actor, health, names, at, known_at),
        finance=finance_of(health),
        compliance=compliance_of(actor, health, names, known_at),
        vendors=tuple(
            vendor_file(actor, health, vendor, names, known_at) for vendor in draft.vendors
        ),
        bridge=bridge_since(actor, program, executive, last.data_date if last else None, known_at),
        overruled=tuple(_overruled(health, names)),
        reason=draft.reason,
    )
    # As it would be frozen: a draft must not show what a pack would hold back.
    return from_snapshot(to_snapshot(pack))


def last_report(program: ProgramFacts, at: datetime) -> Report | None:
    """Return the last frozen report whose data date is before `at`."""
    rows = Report.objects.filter(program_id=program.id, data_date__lt=at)
    return rows.order_by("-data_date", "-number").first()


def _overruled(health: ProgramHealth, names: Names) -> Iterator[Overruled]:
    """Yield the judgements in force that are greener than what was computed beside them."""
    yield from _greener(health.program.name, health.judgements, health.dimensions, names)
    for one in health.projects:
        yield from _greener(one.project.name, one.judgements, one.dimensions, names)


def _greener(
    place: str,
    judgements: Sequence[JudgementLine],
    found: Mapping[Dimension, Assessment],
    names: Names,
) -> Iterator[Overruled]:
    for line in judgements:
        judged = cast("Level", line.level or "unknown")
        computed = cast("Level", str(found[Dimension(line.dimension)].level))
        if is_greener(judged, computed):
            yield Overruled(
                place=place,
                dimension=line.dimension,
                computed=computed,
                judged=judged,
                by=names.of_label(line.author),
                words=line.words,
                until=line.until,
            )
