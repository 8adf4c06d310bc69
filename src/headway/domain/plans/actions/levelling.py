"""Levelling: a proposal is computed, improved by the worker, applied, undone, cleared."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from headway.analysis.schedule.levelling.answer import Levelled
from headway.analysis.schedule.levelling.level import level
from headway.analysis.schedule.levelling.problem import Budget, Status
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.soundness import problems, summary
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.draining import Job, Line, drain, runner_of
from headway.domain.plans.actions.store import ask_to_stop
from headway.domain.plans.models import LevellingProposal, WorkItem
from headway.domain.plans.queries.levelling import levelling_of, levelling_row, stands_as
from headway.domain.plans.queries.network import AT_ONCE, joined_parts
from headway.domain.plans.rules import JoinedParts, joined_plan
from headway.domain.plans.rules.jobs import ENDED, JobState
from headway.domain.plans.rules.levelling import (
    FIRST_SCHEDULES,
    LEVELLING_FIELDS,
    MOST_KEPT,
    LevellingFacts,
    LevellingOptions,
    held_starts,
    levelling_digest,
    unlevelled,
)
from headway.domain.programs.actions.rows import save_dated
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean
from headway.errors import Conflict, HeadwayError, Invalid

RUNNER = runner_of("headway.interfaces.worker.levelling")


def propose_levelling(
    actor: Actor, program: str, values: Mapping[str, object], at: datetime, moment: datetime
) -> LevellingFacts:
    """Compute a proposal for a program as known at `at`; the plan itself is not touched.

    A first answer is there at once where the plan is small; the worker improves it for as many
    seconds as `values` (LEVELLING_FIELDS) ask. `moment` is by the clock. Raises Invalid where
    there is nothing to level, and NotFound for an unknown resource.
    """
    require(actor, Permission.PLAN)
    facts = program_named(actor, program)
    options = LevellingOptions.read(clean(values, LEVELLING_FIELDS))
    parts = joined_parts(actor, facts, at)
    plan = _sound(joined_plan(unlevelled(parts)))
    answer: dict[str, object] = {}
    is_settled = False
    if len(plan.items) <= AT_ONCE:
        first = Budget(schedules=FIRST_SCHEDULES, seed=options.seed, prove=False)
        found = level(plan, options.asked(at.date()), first, at_once=True)
        answer, is_settled = found.as_json(), found.found.status is Status.OPTIMAL
    is_done = bool(answer) and (is_settled or options.seconds <= 0)
    with transaction.atomic():
        _stop_others(facts, moment)
        row = LevellingProposal.objects.create(
            workspace_id=actor.workspace_id,
            program_id=facts.id,
            asked_by=actor.label[:200],
            options=options.stored(),
            plan_digest=levelling_digest(parts),
            state=JobState.DONE if is_done else JobState.WAITING,
            answer=answer,
            at=at,
            changed_at=moment,
        )
        _forget_old(facts)
        write_audit(actor, "propose_levelling", facts.slug, at, **options.stored())
    return levelling_of(actor, facts, row.id, moment)


def _sound(plan: Plan) -> Plan:
    if not plan.items:
        sentence = "Nothing is planned yet, so there is nothing to level; plan some work first."
        raise Invalid(sentence)
    if not any(item.needs for item in plan.items):
        sentence = (
            f"No item of {plan.name} needs any of its resources; say who or what an item needs "
            "on its page, then level."
        )
        raise Invalid(sentence)
    found = problems(plan)
    if found:
        raise Invalid(summary("The plan cannot be levelled", found), found)
    return plan


def _stop_others(program: ProgramFacts, moment: datetime) -> None:
    """Stop what is still computed for a program: a newer question replaces it."""
    rows = LevellingProposal.objects.filter(program_id=program.id).exclude(state__in=ENDED)
    for row in rows:
        _stop(row, moment)


def _stop(row: LevellingProposal, moment: datetime) -> None:
    if row.state == JobState.RUNNING:
        ask_to_stop(row.id)
    mine = LevellingProposal.objects.filter(id=row.id).exclude(state__in=ENDED)
    mine.update(state=JobState.CANCELLED, changed_at=moment)


def _forget_old(program: ProgramFacts) -> None:
    rows = LevellingProposal.objects.filter(program_id=program.id, applied_at__isnull=True)
    old = rows.order_by("-at", "-changed_at").values_list("id", flat=True)[MOST_KEPT:]
    LevellingProposal.objects.filter(id__in=list(old)).delete()


def cancel_levelling(
    actor: Actor, place: tuple[str, UUID], at: datetime, moment: datetime
) -> LevellingFacts:
    """Stop the search of the proposal at `place` (program, id): the best answer so far stands."""
    require(actor, Permission.PLAN)
    facts = program_named(actor, place[0])
    with transaction.atomic():
        row = _locked(facts, place[1])
        if row.state not in ENDED:
            _stop(row, moment)
            write_audit(actor, "cancel_levelling", facts.slug, at, proposal=str(row.id))
    return levelling_of(actor, facts, row.id, moment)


def drain_levellings(
    at: datetime,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    runner: Sequence[str] = RUNNER,
) -> int:
    """Improve every proposal that waits, as `drain` does; return how many were looked at."""
    return drain(Line(LevellingProposal, runner, _lost), at, is_stopping)


def _lost(row: Job) -> Mapping[str, object]:
    told = f"The search ended {row.attempts} times without a word; the worker's log tells more."
    return {"error": told}


def run_levelling(job: UUID, attempt: int, moment: datetime) -> None:
    """Improve the proposal that was claimed for its `attempt`-th try until its time is up.

    Each better answer is stored when it is found, so that whoever watches may stop and take it.
    """
    row = LevellingProposal.objects.get(id=job)
    options = LevellingOptions.read(row.options)
    mine = LevellingProposal.objects.filter(id=job, state=JobState.RUNNING, attempts=attempt)

    def watch(found: Levelled) -> bool:
        return bool(mine.update(answer=_best(row, found)))

    try:
        plan = joined_plan(unlevelled(_known(row)))
        budget = Budget(
            schedules=None, seconds=options.seconds, clock=time.monotonic, seed=options.seed
        )
        found = level(plan, options.asked(row.at.date()), budget, watch)
        answer = _best(row, found)
        mine.update(state=JobState.DONE, changed_at=moment, answer=answer)
    except HeadwayError as error:
        mine.update(state=JobState.FAILED, changed_at=moment, error=str(error))


def _known(row: LevellingProposal) -> JoinedParts:
    """Return the plan that a proposal was asked of. Raises Conflict when it is another one now."""
    actor = headway_actor(row.workspace_id)
    parts = joined_parts(actor, program_named(actor, row.program.slug))
    if levelling_digest(parts) != row.plan_digest:
        sentence = "The plan changed before the search began; compute a new proposal."
        raise Conflict(sentence)
    return parts


def _best(row: LevellingProposal, found: Levelled) -> dict[str, Any]:
    """Return the better of the stored answer and a found one: fewer conflicts, then sooner."""
    held, fresh = row.answer, found.as_json()
    if held and _rank(held) < _rank(fresh):
        proved = {name: fresh[name] for name in ("schedules", "seconds")}
        bound = max(held["lower_bound"], found.lower_bound)
        return {**held, **proved, "lower_bound": min(bound, held["makespan"])}
    return fresh


def _rank(answer: Mapping[str, Any]) -> tuple[int, float]:
    return len(answer["conflicts"]), answer["makespan"]


@transaction.atomic
def apply_levelling(
    actor: Actor,
    place: tuple[str, UUID],
    at: datetime,
    moment: datetime,
    *,
    version: int | None = None,
) -> LevellingFacts:
    """Hold the items of a program back as the proposal at `place` (program, id) says.

    What an earlier levelling held back is let go. A search that still runs is stopped. Raises
    Conflict when there is no answer yet, when it stands already, or when the plan changed since.
    """
    require(actor, Permission.PLAN)
    facts = program_named(actor, place[0])
    row = _locked(facts, place[1], version)
    parts = joined_parts(actor, facts)
    held = _applicable(row, parts, at)
    if row.state not in ENDED:
        _stop(row, moment)
    ids = _addresses(parts)
    wanted = {ids[address]: day for address, day in held.items()}
    before = _hold(actor, facts, wanted, at)
    row.refresh_from_db(fields=["state"])
    row.before = {str(item): day.isoformat() for item, day in before.items()}
    row.applied_at, row.applied_by, row.undone_at = at, actor.label[:200], None
    row.version += 1
    row.save()
    write_audit(
        actor, "apply_levelling", facts.slug, at, proposal=str(row.id), moved=sorted(held)[:200]
    )
    return levelling_of(actor, facts, row.id, moment)


def _applicable(row: LevellingProposal, parts: JoinedParts, at: datetime) -> dict[str, date]:
    """Return what a proposal would hold back. Raises Conflict when it cannot be applied."""
    if not row.answer:
        sentence = "This proposal has no answer yet; wait for the worker, then apply it."
        raise Conflict(sentence)
    if levelling_digest(parts) != row.plan_digest:
        sentence = (
            f"The plan changed since this proposal was computed ({row.at:%d %B %Y}); "
            "compute a new one."
        )
        raise Conflict(sentence)
    held = held_starts(row.answer)
    missed = [address for address, day in held.items() if day < at.date()]
    if missed:
        sentence = (
            f"The proposal starts {missed[0]} on {held[missed[0]]:%d %B %Y}, which is past; "
            "compute a new one."
        )
        raise Conflict(sentence)
    if held == stands_as(parts):
        sentence = "The plan holds these starts already; there is nothing to apply."
        raise Conflict(sentence)
    return held


@transaction.atomic
def undo_levelling(
    actor: Actor,
    place: tuple[str, UUID],
    at: datetime,
    moment: datetime,
    *,
    version: int | None = None,
) -> LevellingFacts:
    """Put back what applying the proposal at `place` replaced, to the day.

    Raises Conflict when it is not applied, or when what it set was changed since.
    """
    require(actor, Permission.PLAN)
    facts = program_named(actor, place[0])
    row = _locked(facts, place[1], version)
    if row.applied_at is None or row.undone_at is not None:
        sentence = "This proposal is not applied; there is nothing to undo."
        raise Conflict(sentence)
    parts = joined_parts(actor, facts)
    there = _addresses(parts)
    held = {one: day for one, day in held_starts(row.answer).items() if one in there}
    if held != stands_as(parts):
        sentence = "Levelling was changed since this was applied; clear it, or compute a new one."
        raise Conflict(sentence)
    earlier = {UUID(item): date.fromisoformat(day) for item, day in row.before.items()}
    _hold(actor, facts, earlier, at)
    row.undone_at = at
    row.version += 1
    row.save()
    write_audit(actor, "undo_levelling", facts.slug, at, proposal=str(row.id))
    return levelling_of(actor, facts, row.id, moment)


@transaction.atomic
def clear_levelling(actor: Actor, program: str, at: datetime) -> int:
    """Let every item of a program go that levelling held back; return how many there were."""
    require(actor, Permission.PLAN)
    facts = program_named(actor, program)
    freed = _hold(actor, facts, {}, at)
    if freed:
        write_audit(actor, "clear_levelling", facts.slug, at, items=len(freed))
    return len(freed)


def _hold(
    actor: Actor, program: ProgramFacts, wanted: Mapping[UUID, date], at: datetime
) -> dict[UUID, date]:
    """Hold exactly the `wanted` items of a program back; return what was held before."""
    rows = list(WorkItem.objects.select_for_update().filter(project__program_id=program.id))
    before = {row.id: row.levelled_start for row in rows if row.levelled_start}
    changed = [row for row in rows if row.levelled_start != wanted.get(row.id)]
    for row in changed:
        row.levelled_start = wanted.get(row.id)
        row.version += 1
    save_dated(actor, WorkItem, changed, ["levelled_start", "version"], at)
    return before


def _addresses(parts: JoinedParts) -> dict[str, UUID]:
    return {f"{parts.slugs[item.project_id]}/{item.key}": item.id for item in parts.items}


def _locked(program: ProgramFacts, proposal: UUID, version: int | None = None) -> LevellingProposal:
    row = LevellingProposal.objects.select_for_update().get(id=levelling_row(program, proposal).id)
    if version is not None and version != row.version:
        sentence = f"The proposal changed since you read it (version {version}, now {row.version})."
        raise Conflict(sentence)
    return row
