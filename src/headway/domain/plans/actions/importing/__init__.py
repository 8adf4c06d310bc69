"""Imports a plan file, or any tool's table, into a project: all or nothing, twice is once.

What the program already says (its calendar, its resources, its target) is not overwritten by one
project's file: it is kept, and the difference is listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from headway.analysis.schedule.plan import Plan as PlanValue
from headway.analysis.schedule.readers import read_file
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.importing.foreign import (
    ForeignTable,
    Wanted,
    frame_of,
    is_foreign,
    owners_of,
    read_foreign,
    remember_mapping,
)
from headway.domain.plans.actions.importing.items import (
    compare,
    write_items,
    write_links,
    write_needs,
)
from headway.domain.plans.actions.importing.job import AUDITED, Import, Progress, silent
from headway.domain.plans.actions.importing.memory import uncollected
from headway.domain.plans.actions.importing.resources import write_resources
from headway.domain.plans.actions.importing.risks import write_effects, write_risks
from headway.domain.plans.actions.importing.settings import write_settings
from headway.domain.plans.actions.soundness import require_sound_program, require_sound_value
from headway.domain.plans.models import Plan
from headway.domain.plans.queries.network import joined_parts
from headway.domain.plans.rules import joined_plan
from headway.domain.plans.rules.changes import Changes, parts_after
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
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.calendars import calendar_from
from headway.domain.programs.rules.inputs import slug_from
from headway.errors import Invalid, NotFound


def import_plan(  # noqa: PLR0913 - each is a question that every door asks
    actor: Actor,
    data: bytes,
    name: str,
    at: datetime,
    *,
    project: str = "",
    dry_run: bool = False,
    mapping: Mapping[str, object] | None = None,
    tell: Progress = silent,
    settle: Callable[[ImportResult], None] | None = None,
) -> ImportResult:
    """Import the file `data` into a project: our plan file, or a table of any tool.

    Of a table, `mapping` says what its columns hold; without one the last mapping of the same
    headings is taken, else one is proposed. Without `project` it becomes a project named as the
    plan. A dry run compares and writes nothing. `tell` hears how far it is; `settle` is called
    with what came of it, in the same transaction. Raises Invalid with every problem of the file;
    nothing is changed then.
    """
    require(actor, Permission.PLAN)
    tell("reading", 0, 1)
    with uncollected():
        opened = _opened(actor, data, name, Wanted(project, mapping))
        opened.tell = tell
        if dry_run:
            return _previewed(actor, opened, at)
        with transaction.atomic():
            result = _imported(actor, opened, at)
            if settle is not None:
                settle(result)
            return result


@dataclass(slots=True)
class _Opened:
    """A file that was read, before it is known what the project holds of it."""

    name: str
    title: str  #: of the project, where the file makes its own
    slug: str  #: of the project it goes to; "" for one of its own
    currency: str
    plan: PlanValue | None = None
    table: ForeignTable | None = None
    tell: Progress = silent
    notes: Sequence[str] = ()  #: what the file holds and a plan does not


def _opened(actor: Actor, data: bytes, name: str, wanted: Wanted) -> _Opened:
    if not is_foreign(data, name):
        read = read_file(data, name)
        require_fitting_ids(read.plan)
        plan = read.plan
        currency = plan.budget.currency if plan.budget else "USD"
        return _Opened(name, plan.name, wanted.project, currency, plan, notes=read.notes)
    bare = "".join(sign for sign in re.split(r"[/\\]", name)[-1] if sign.isprintable())
    title = bare.rpartition(".")[0][:200].strip() or "Imported"
    held = _held_project(actor, title, wanted.project)
    table = read_foreign(data, name, held, wanted.mapping)
    return _Opened(name, title, wanted.project, "USD", table=table)


def _previewed(actor: Actor, opened: _Opened, at: datetime) -> ImportResult:
    """Say what an import would do, by comparing.

    Only what a file says of the whole program is tried and taken back at once: a project of its
    own, its settings, resources and risks. Its items are never written.
    """
    with transaction.atomic():
        parent = _project(actor, opened, at)
        program = program_of(actor, parent)
        transaction.set_rollback(True)
    job = _job(actor, opened, parent, program, at)
    changes = compare(job)
    with transaction.atomic():
        job.project = _project(actor, opened, at)
        job.program = program_of(actor, job.project)
        write_settings(job)
        write_resources(job)
        delayed = write_risks(job)
        program = program_named(actor, job.program.slug)
        parts = joined_parts(actor, program)
        transaction.set_rollback(True)
    require_sound_value(joined_plan(parts_after(parts, job.project.id, changes, delayed)))
    return _result(job, changes, opened.table)


def _imported(actor: Actor, opened: _Opened, at: datetime) -> ImportResult:
    """Write everything, check that the network holds, and say what came of it."""
    parent = _project(actor, opened, at)
    job = _job(actor, opened, parent, program_of(actor, parent), at)
    changes = compare(job)
    write_settings(job)
    resources = write_resources(job)
    delayed = write_risks(job)
    write_items(job, changes)
    write_links(job, changes)
    write_needs(job, changes, resources)
    write_effects(job, changes.ids, delayed)
    job.tell("checking", 0, 1)
    require_sound_program(actor, program_named(actor, job.program.slug))
    result = _result(job, changes, opened.table)
    if result.created or result.updated:
        told = {key: getattr(result, key) for key in AUDITED}
        write_audit(actor, "import_plan", parent.slug, at, file=opened.name[:200], **told)
    if opened.table is not None:
        remember_mapping(job, opened.table)
    return result


def _job(
    actor: Actor, opened: _Opened, parent: ProjectFacts, program: ProgramFacts, at: datetime
) -> Import:
    """Return the import of what was read into `parent`, its plan dated."""
    opened.tell("comparing", 0, 1)
    table = opened.table
    if table is None:
        assert opened.plan is not None
        job = Import(actor, parent, program, at, opened.plan, notes=list(opened.notes))
    else:
        coarse = coarse_plan(table.read, frame_of(parent, program, table.read, at))
        require_fitting_ids(coarse.plan)
        plan = replace(coarse.plan, name=opened.title)
        job = Import(actor, parent, program, at, plan, notes=[*table.notes, *coarse.notes])
        job.owners = owners_of(table.read.rows)
        job.skipped += coarse.skipped
    job.tell = opened.tell
    _take_dates(job)
    return job


def _own_slug(title: str) -> str:
    return slug_from(slugify(title) or "project")


def _held_project(actor: Actor, title: str, slug: str) -> ProjectFacts | None:
    """Return the project a file goes to; None where it is still to be made."""
    if slug:
        return project_named(actor, slug)
    try:
        return project_named(actor, _own_slug(title))
    except NotFound:
        return None


def _project(actor: Actor, opened: _Opened, at: datetime) -> ProjectFacts:
    """Return the project the file goes to; without one the plan makes its own."""
    held = _held_project(actor, opened.title, opened.slug)
    if held is not None:
        return held
    own, title = _own_slug(opened.title), opened.title
    programs = programs_of(actor)
    if len(programs) > 1:
        names = ", ".join(program.slug for program in programs)
        sentence = f"Say which project the plan is of: there are several programs ({names})."
        raise Invalid(sentence)
    program = (
        programs[0]
        if programs
        else create_program(
            actor, {"name": title or own, "slug": own, "currency": opened.currency}, at
        )
    )
    return create_project(actor, program.slug, {"name": title or own, "slug": own}, at)


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


def _result(job: Import, changes: Changes, table: ForeignTable | None) -> ImportResult:
    read, changed = len(job.plan.items), len(changes.changed)
    return ImportResult(
        project=job.project.slug,
        read=table.read.read if table else read,
        created=len(changes.fresh),
        updated=changed - len(changes.fresh),
        unchanged=read - changed,
        skipped=sorted(job.skipped, key=lambda item: item.line or 0),
        notes=(*job.notes, *unit_notes(job.plan)),
        headings=table.grid.header if table else (),
        mapping=table.mapping.as_json() if table else None,
        first=first_items(job.plan, job.scale),
    )
