"""Freezing a plan as a baseline, and saying which baseline counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from headway.analysis.schedule.timetable import timetable
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.forecast import make_forecast
from headway.domain.plans.models import Baseline, BaselineState
from headway.domain.plans.queries import (
    ForecastFacts,
    is_current,
    is_quick,
    latest_forecast,
    plan_value,
)
from headway.domain.plans.queries.baselines import baseline_named, write_content
from headway.domain.plans.rules.baselines import (
    ACTIVE,
    ASIDE,
    BASELINE_FIELDS,
    KEPT,
    MOST_BASELINES,
    BaselineFacts,
    planned_items,
    planned_whole,
)
from headway.domain.programs.actions.rows import add_dated, add_row, change_row
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean, fresh_key
from headway.errors import Conflict, Invalid


@transaction.atomic
def set_baseline(
    actor: Actor, program: str, values: Mapping[str, object], at: datetime
) -> BaselineFacts:
    """Freeze the plan as known at `at` under a name with a reason, and make it the active baseline.

    The forecast is made anew where it is behind the plan; of a plan too large for that while
    somebody waits it is refused. The baselines before stay. Raises Conflict when there are
    MOST_BASELINES, or the forecast is behind; Invalid for a plan without anything to freeze.
    """
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    fields = clean({"name": "", "reason": "", **values}, BASELINE_FIELDS)
    states = _locked(parent)
    _require_room(parent, states)
    plan = plan_value(actor, parent, at)
    if not plan.items:
        sentence = f"Nothing is planned in {parent.name} yet; there is nothing to freeze."
        raise Invalid(sentence)
    latest = _current(actor, parent, at)
    table = timetable(plan, at.date())
    items = planned_items(plan, table, latest.answer)
    whole = planned_whole(plan, table, latest.answer)
    taken = Baseline.objects.filter(program_id=parent.id).values_list("key", flat=True)
    row = Baseline(
        workspace_id=actor.workspace_id,
        program_id=parent.id,
        key=fresh_key(str(fields["name"]), taken),
        at=at,
        made_by=actor.label,
        **fields,
        **write_content(whole, items, plan),
    )
    add_row(actor, row, at, "set_baseline", program=program, digest=row.digest, **fields)
    _retire(actor, states, at)
    standing = BaselineState(
        workspace_id=actor.workspace_id, program_id=parent.id, baseline=row, state=ACTIVE
    )
    add_dated(actor, BaselineState, [standing], at)
    return baseline_named(actor, parent, row.key)


@transaction.atomic
def activate_baseline(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> BaselineFacts:
    """Make the baseline at `place` (program, key) the one that the plan is held against.

    Raises Conflict when it moved on since `version`, or was set aside and there is no room.
    """
    parent, states, mine = _of(actor, place)
    if mine.state == ASIDE:
        _require_room(parent, states)
    if mine.state != ACTIVE:
        _retire(actor, states, at)
    change_row(actor, mine, {"state": ACTIVE}, at, "activate_baseline", version)
    return baseline_named(actor, parent, place[1])


@transaction.atomic
def set_aside_baseline(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> BaselineFacts:
    """Set a baseline aside: it no longer counts towards the limit, and stays to be read.

    Raises Conflict for the active one: there is always one that counts.
    """
    parent, _, mine = _of(actor, place)
    if mine.state == ACTIVE:
        sentence = "This is the active baseline; make another one active before you set it aside."
        raise Conflict(sentence)
    change_row(actor, mine, {"state": ASIDE}, at, "set_aside_baseline", version)
    return baseline_named(actor, parent, place[1])


@transaction.atomic
def put_back_baseline(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> BaselineFacts:
    """Take a baseline back that was set aside. Raises Conflict when there is no room for it."""
    parent, states, mine = _of(actor, place)
    if mine.state == ASIDE:
        _require_room(parent, states)
        change_row(actor, mine, {"state": KEPT}, at, "put_back_baseline", version)
    return baseline_named(actor, parent, place[1])


def _of(
    actor: Actor, place: tuple[str, str]
) -> tuple[ProgramFacts, list[BaselineState], BaselineState]:
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, place[0])
    held = baseline_named(actor, parent, place[1])
    states = _locked(parent)
    return parent, states, next(one for one in states if one.baseline_id == held.id)


def _locked(program: ProgramFacts) -> list[BaselineState]:
    return list(BaselineState.objects.select_for_update().filter(program_id=program.id))


def _require_room(program: ProgramFacts, states: list[BaselineState]) -> None:
    if sum(one.state != ASIDE for one in states) >= MOST_BASELINES:
        sentence = (
            f"{program.name} has {MOST_BASELINES} baselines, and that is the most that anybody "
            "reads; set one aside first."
        )
        raise Conflict(sentence)


def _retire(actor: Actor, states: list[BaselineState], at: datetime) -> None:
    """Keep the baseline that was active; the change that follows is told in the audit trail."""
    for one in states:
        if one.state == ACTIVE:
            change_row(actor, one, {"state": KEPT}, at, "retire_baseline")


def _current(actor: Actor, program: ProgramFacts, at: datetime) -> ForecastFacts:
    """Return a forecast of exactly the plan at `at`; a stale schedule is never frozen."""
    if not is_current(actor, program, at):
        if not is_quick(actor, program):
            sentence = (
                "The forecast is behind the plan, and the plan is too large to be forecast while "
                "you wait; set the baseline after the next forecast."
            )
            raise Conflict(sentence)
        make_forecast(actor, program.slug, at)
    latest = latest_forecast(actor, program, at)
    if latest is None or latest.problem:
        sentence = latest.problem if latest else "There is no forecast of the plan yet."
        raise Invalid(sentence)
    return latest
