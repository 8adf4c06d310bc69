"""Imports what a tracker told into the project of its source: the path of tables, item by item.

Unlike a file, a tracker is imported again and again by itself; so only what it changed is taken,
what a person changed here is kept, and what it dropped goes only when nobody built on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.analysis.schedule.plan import Correlation, Distribution
from headway.analysis.schedule.plan import Plan as PlanValue
from headway.connectors.work import Progress, WorkRead, WorkRow
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.plans.actions.importing.foreign import frame_of, owners_of
from headway.domain.plans.actions.importing.job import AUDITED
from headway.domain.plans.actions.importing.merged import (
    TrackedImport,
    merge_items,
    parts_merged,
    write_merged,
)
from headway.domain.plans.actions.importing.settings import write_settings
from headway.domain.plans.actions.soundness import require_sound_program, require_sound_value
from headway.domain.plans.models import Plan
from headway.domain.plans.queries.network import joined_parts
from headway.domain.plans.rules import joined_plan
from headway.domain.plans.rules.coarse import coarse_plan
from headway.domain.plans.rules.importing import (
    ImportResult,
    days_per_unit,
    first_items,
    unit_notes,
)
from headway.domain.plans.rules.merging import Brought, brought_from, fitting, fitting_key, said_of
from headway.domain.programs.queries import program_named, program_of, project_named
from headway.domain.sources.actions import note_import_failure, remember_import
from headway.domain.sources.queries import SourceWork, following, keys_of_others, source_work
from headway.domain.sources.rules import (
    WorkMapping,
    chosen_rows,
    proposed_mapping,
    read_work_mapping,
)
from headway.errors import HeadwayError, Invalid, Problem


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What of a tracker's items is work here: `rows` of it, and why each other is not."""

    mapping: WorkMapping
    rows: Sequence[WorkRow]
    skipped: Sequence[Problem]
    notes: Sequence[str]


def import_source(
    actor: Actor,
    name: str,
    at: datetime,
    *,
    dry_run: bool = False,
    mapping: Mapping[str, object] | None = None,
) -> ImportResult:
    """Make a plan of what the tracker `name` told, or bring what it changed since the last time.

    `mapping` says how its items are read; without one the last is taken, else one is proposed. A
    dry run compares and writes nothing. From the first import on the plan follows by itself.
    Raises Invalid when there is nothing to import, or no project to import it into.
    """
    require(actor, Permission.PLAN)
    if dry_run:
        return _previewed(actor, name, at, mapping)
    return _imported(actor, name, at, mapping)


def _previewed(
    actor: Actor, name: str, at: datetime, mapping: Mapping[str, object] | None
) -> ImportResult:
    """Say what an import would do; only what it says of the whole plan is tried and taken back."""
    job, work, chosen = _opened(actor, name, at, mapping)
    _compare(job, work, chosen)
    with transaction.atomic():
        write_settings(job)
        parts = joined_parts(actor, job.program)
        transaction.set_rollback(True)
    require_sound_value(joined_plan(parts_merged(job, parts)))
    return _result(job, work, chosen)


@transaction.atomic
def _imported(
    actor: Actor, name: str, at: datetime, mapping: Mapping[str, object] | None
) -> ImportResult:
    job, work, chosen = _opened(actor, name, at, mapping)
    merged = _compare(job, work, chosen)
    write_settings(job)
    write_merged(job)
    require_sound_program(actor, program_named(actor, job.program.slug))
    result = _result(job, work, chosen)
    if result.created or result.updated or result.removed:
        told = {key: getattr(result, key) for key in AUDITED}
        write_audit(actor, "import_plan", job.project.slug, at, file=name, **told)
    brought = _by_told_key(work, merged)
    remember_import(actor, name, brought, chosen.mapping, at, seen=work.line.changed_at)
    return result


def _opened(
    actor: Actor, name: str, at: datetime, mapping: Mapping[str, object] | None
) -> tuple[TrackedImport, SourceWork, _Chosen]:
    work = source_work(actor, name)
    chosen = _chosen(actor, work, mapping)
    return _job(actor, work, chosen, at), work, chosen


def _compare(job: TrackedImport, work: SourceWork, chosen: _Chosen) -> Mapping[str, Brought | None]:
    """Find what the import changes; return what each item becomes."""
    before = {fitting_key(item.key): brought_from(item.brought) for item in work.items}
    return merge_items(job, before, {fitting_key(row.key): said_of(row) for row in chosen.rows})


def _chosen(actor: Actor, work: SourceWork, wanted: Mapping[str, object] | None) -> _Chosen:
    """Return the items that count, read as wanted, as remembered, or as proposed."""
    if not work.line.project:
        sentence = (
            f"Source '{work.line.name}' belongs to no project; choose one in its settings, so that "
            "its items have a plan to go to."
        )
        raise Invalid(sentence)
    there = [item for item in work.items if not item.is_gone]
    rows = [item.row for item in there if item.row is not None]
    if not rows:
        sentence = (
            f"Source '{work.line.name}' has told no item yet; it is read at the worker's next "
            f"turn, or by `headway sync {work.line.name}`."
        )
        raise Invalid(sentence)
    notes = list(work.notes)
    if wanted is not None:
        mapping = read_work_mapping(wanted, rows)
    elif work.mapping is not None:
        mapping = read_work_mapping(work.mapping, ())
    else:
        mapping = proposed_mapping(rows)
    kept, skipped = chosen_rows(rows, mapping)
    others = keys_of_others(actor, work.line.name, work.line.project)
    skipped += [
        Problem(row.where, f"It is imported from source '{others[row.key]}' already.")
        for row in kept
        if row.key in others
    ]
    if all(row.progress is Progress.DROPPED for row in kept):
        sentence = (
            f"None of the {len(rows):,} items of '{work.line.name}' is work: each was dropped, or "
            "does not count by the mapping."
        )
        raise Invalid(sentence)
    refused = [Problem(item.key, item.reason) for item in there if item.row is None]
    return _Chosen(
        mapping, [row for row in kept if row.key not in others], [*refused, *skipped], notes
    )


def _job(actor: Actor, work: SourceWork, chosen: _Chosen, at: datetime) -> TrackedImport:
    """Return the import of the plan that the rows make, in the project of the source."""
    parent = project_named(actor, work.line.project)
    program = program_of(actor, parent)
    count = sum(not item.is_gone for item in work.items)
    read = WorkRead(count, tuple(fitting(chosen.rows)), tuple(chosen.skipped), tuple(chosen.notes))
    coarse = coarse_plan(read, frame_of(parent, program, read, at))
    ours = {fitting_key(item.key) for item in work.items}
    plan = _beside_others(coarse.plan, ours, Plan.objects.filter(project_id=parent.id).first())
    job = TrackedImport(
        actor, parent, program, at, plan, notes=coarse.notes, skipped=coarse.skipped
    )
    job.owners = owners_of(read.rows)
    job.scale = days_per_unit(plan)
    return job


def _beside_others(plan: PlanValue, ours: set[str], held: Plan | None) -> PlanValue:
    """Return `plan` with what the project's plan says of itself and of items that are not ours."""
    if held is None:
        return plan
    others = tuple(
        Correlation(tuple(row["items"]), row["rho"])
        for row in held.correlations
        if not set(row["items"]) <= ours
    )
    return replace(
        plan,
        name=held.name or plan.name,
        distribution=Distribution(held.distribution),
        correlations=(*plan.correlations, *others),
    )


def _result(job: TrackedImport, work: SourceWork, chosen: _Chosen) -> ImportResult:
    created = {row.key for row in job.fresh}
    updated = job.changed - created
    return ImportResult(
        project=job.project.slug,
        read=sum(not item.is_gone for item in work.items),
        created=len(created),
        updated=len(updated),
        unchanged=len(job.rows) - len(created) - len(updated),
        removed=len(job.gone),
        skipped=job.skipped,
        notes=(*job.notes, *unit_notes(job.plan)),
        mapping=chosen.mapping.as_json(item.row for item in work.items if item.row is not None),
        first=first_items(_open_first(job.plan), job.scale),
    )


def _open_first(plan: PlanValue) -> PlanValue:
    """Return the plan with what is to be done before what is: a tracker begins with its oldest."""
    return replace(
        plan, items=tuple(sorted(plan.items, key=lambda item: item.finished is not None))
    )


def _by_told_key(
    work: SourceWork, merged: Mapping[str, Brought | None]
) -> dict[str, dict[str, Any] | None]:
    """Return what items became by the tracker's own key, which may be longer than a plan's."""
    found: dict[str, dict[str, Any] | None] = {}
    for item in work.items:
        key = fitting_key(item.key)
        if key in merged:
            brought = merged[key]
            found[item.key] = brought.as_json() if brought else None
    return found


def follow_source(actor: Actor, name: str, at: datetime) -> ImportResult | None:
    """Bring what a tracker changed, where its plan follows it and is behind; else None.

    Raises what the import raises, and remembers it on the source.
    """
    if not may(actor, Permission.PLAN) or name not in {line.name for line in following(actor)}:
        return None
    try:
        return import_source(actor, name, at)
    except HeadwayError as error:
        note_import_failure(actor, name, str(error))
        raise


def follow_sources(actor: Actor, at: datetime) -> dict[str, ImportResult | HeadwayError]:
    """Bring what every tracker of the workspace changed; one that fails does not stop the rest."""
    done: dict[str, ImportResult | HeadwayError] = {}
    for line in following(actor):
        try:
            result = follow_source(actor, line.name, at)
        except HeadwayError as error:
            done[line.name] = error
        else:
            if result is not None:
                done[line.name] = result
    return done
