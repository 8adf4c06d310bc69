"""Imports a plan file, or any tool's table, into a project: all or nothing, twice is once.

What the program already says (its calendar, its resources, its target) is not overwritten by one
project's file: it is kept, and the difference is listed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from headway.analysis.schedule.readers import read_plan
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.importing.foreign import (
    ForeignTable,
    Wanted,
    frame_of,
    is_foreign,
    read_foreign,
    remember_mapping,
)
from headway.domain.plans.actions.importing.items import write_items, write_links
from headway.domain.plans.actions.importing.job import Import
from headway.domain.plans.actions.importing.needs import write_needs, write_resources
from headway.domain.plans.actions.importing.risks import write_risks
from headway.domain.plans.actions.importing.settings import write_settings
from headway.domain.plans.actions.soundness import require_sound_program
from headway.domain.plans.models import Plan
from headway.domain.plans.rules.coarse import coarse_plan
from headway.domain.plans.rules.importing import (
    ImportResult,
    dated,
    days_per_unit,
    first_items,
    require_fitting_ids,
    unit_notes,
)
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, program_of, programs_of, project_named
from headway.domain.programs.rules import ProjectFacts
from headway.domain.programs.rules.calendars import calendar_from
from headway.errors import Invalid, NotFound

#: What the audit trail keeps of an import.
_AUDITED = ("project", "read", "created", "updated", "unchanged")


@transaction.atomic
def import_plan(  # noqa: PLR0913 - each is a question that every door asks
    actor: Actor,
    data: bytes,
    name: str,
    at: datetime,
    *,
    project: str = "",
    dry_run: bool = False,
    mapping: Mapping[str, object] | None = None,
) -> ImportResult:
    """Import the file `data` into a project: our plan file, or a table of any tool.

    Of a table, `mapping` says what its columns hold; without one the last mapping of the same
    headings is taken, else one is proposed. Without `project` it becomes a project named as the
    plan. A dry run does everything and takes it back. Raises Invalid with every problem of the
    file; nothing is changed then.
    """
    require(actor, Permission.PLAN)
    if is_foreign(data, name):
        job, table = _job_of_table(actor, data, name, at, Wanted(project, mapping))
    else:
        plan = read_plan(data, name)
        require_fitting_ids(plan)
        currency = plan.budget.currency if plan.budget else "USD"
        parent = _project(actor, plan.name, currency, project, at)
        job, table = Import(actor, parent, program_of(actor, parent), at, plan), None
    _take_dates(job)
    result = _run(job, table)
    if result.created or result.updated:
        told = {key: getattr(result, key) for key in _AUDITED}
        write_audit(actor, "import_plan", job.project.slug, at, file=name[:200], **told)
    if table is not None:
        remember_mapping(job, table)
    transaction.set_rollback(dry_run)
    return result


def _job_of_table(
    actor: Actor, data: bytes, name: str, at: datetime, wanted: Wanted
) -> tuple[Import, ForeignTable]:
    title = re.split(r"[/\\]", name)[-1].rpartition(".")[0][:200] or "Imported"
    parent = _project(actor, title, "USD", wanted.project, at)
    program = program_of(actor, parent)
    table = read_foreign(data, name, parent, wanted.mapping)
    coarse = coarse_plan(table.read, frame_of(parent, program, table.read, at))
    require_fitting_ids(coarse.plan)
    job = Import(actor, parent, program, at, replace(coarse.plan, name=title), notes=coarse.notes)
    job.notes[:0] = table.notes
    job.owners = {row.key: row.assignee for row in table.read.rows if row.assignee}
    job.skipped += coarse.skipped
    return job, table


def _project(actor: Actor, name: str, currency: str, slug: str, at: datetime) -> ProjectFacts:
    """Return the project of that address; without one the plan makes its own."""
    if slug:
        return project_named(actor, slug)
    own = slugify(name)[:60] or "project"
    try:
        return project_named(actor, own)
    except NotFound:
        pass
    programs = programs_of(actor)
    if len(programs) > 1:
        names = ", ".join(program.slug for program in programs)
        sentence = f"Say which project the plan is of: there are several programs ({names})."
        raise Invalid(sentence)
    program = (
        programs[0]
        if programs
        else create_program(actor, {"name": name or own, "currency": currency}, at)
    )
    return create_project(actor, program.slug, {"name": name or own, "slug": own}, at)


def _take_dates(job: Import) -> None:
    """Give the plan dates where it has none: it begins where the project's plan does, or today."""
    target = job.plan.target
    if job.plan.calendar is None:
        held = Plan.objects.filter(project_id=job.project.id).first()
        start = held.start if held else job.at.date()
        job.plan = dated(job.plan, start, calendar_from(job.program.calendar))
        why = "as before" if held else "the day of its first import"
        job.skip(None, f"start: the file gives no date; work begins on {start}, {why}")
        if target is not None:
            job.skip(None, f"target {target}: it is a number, and the program needs a date")
    job.scale = days_per_unit(job.plan)


def _run(job: Import, table: ForeignTable | None) -> ImportResult:
    """Write everything, check that the network holds, and say what came of it."""
    write_settings(job)
    write_items(job)
    write_links(job)
    write_needs(job, write_resources(job))
    write_risks(job)
    require_sound_program(job.actor, program_named(job.actor, job.program.slug))
    updated = job.changed - job.created
    read = len(job.plan.items)
    return ImportResult(
        project=job.project.slug,
        read=table.read.read if table else read,
        created=len(job.created),
        updated=len(updated),
        unchanged=read - len(job.created) - len(updated),
        skipped=sorted(job.skipped, key=lambda item: item.line or 0),
        notes=(*job.notes, *unit_notes(job.plan)),
        headings=table.grid.header if table else (),
        mapping=table.mapping.as_json() if table else None,
        first=first_items(job.plan, job.scale),
    )
