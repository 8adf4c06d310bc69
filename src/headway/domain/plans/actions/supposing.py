"""What-ifs of large plans: asked, answered by the worker, stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.draining import Job, Line, drain, runner_of
from headway.domain.plans.actions.store import ask_to_stop
from headway.domain.plans.models import Supposition
from headway.domain.plans.queries.bottlenecks import ranked, write_bottlenecks
from headway.domain.plans.queries.forecasts import (
    ForecastFacts,
    forecast_facts,
    latest_forecast,
)
from headway.domain.plans.queries.network import is_quick, plan_value
from headway.domain.plans.queries.supposing import (
    BOTTLENECKS,
    SuppositionFacts,
    supposed,
    supposition_of,
    supposition_row,
)
from headway.domain.plans.queries.what_if import WhatIf, suppose
from headway.domain.plans.rules.jobs import ENDED, JobState
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Conflict, HeadwayError, Invalid

RUNNER = runner_of("headway.interfaces.worker.supposing")
#: What-ifs of a program that are kept; the oldest go first.
MOST_KEPT = 20


def ask_what_if(
    actor: Actor, program: str, asked: WhatIf, at: datetime, moment: datetime
) -> SuppositionFacts:
    """Ask what the odds of the newest forecast would be; the plan is not touched.

    A small plan is answered at once, a large one by the worker; who asks what was asked before is
    given that. `moment` is by the clock. Raises Invalid where nothing is supposed, Conflict
    without a forecast, NotFound for a risk that a small plan does not have.
    """
    require(actor, Permission.PLAN)
    facts = program_named(actor, program)
    if not asked.is_asked:
        sentence = "Nothing is supposed; leave out a risk, or take the responses to all of them."
        raise Invalid(sentence)
    base = latest_forecast(actor, facts)
    if base is None or base.problem:
        sentence = base.problem if base else f"{facts.name} has no forecast yet; make one first."
        raise Conflict(sentence)
    before = supposed(actor, facts, base, asked, moment)
    if before is not None and before.state not in (JobState.FAILED, JobState.CANCELLED):
        return before
    answer = suppose(actor, facts, base, asked).stored() if is_quick(actor, facts) else {}
    with transaction.atomic():
        row = Supposition.objects.create(
            workspace_id=actor.workspace_id,
            program_id=facts.id,
            forecast_id=base.id,
            asked_by=actor.label[:200],
            asked=asked.stored(),
            state=JobState.DONE if answer else JobState.WAITING,
            answer=answer,
            at=at,
            changed_at=moment,
        )
        _forget_old(facts)
        write_audit(actor, "ask_what_if", facts.slug, at, **asked.stored())
    return supposition_of(actor, facts, row.id, moment)


def ask_bottlenecks(actor: Actor, program: str, at: datetime, moment: datetime) -> SuppositionFacts:
    """Ask the worker which unit more brings the P80 of the newest forecast forward by how much.

    Who asks while it is under way, or was answered of this forecast, is given that. `moment` is by
    the clock. Raises Conflict without a forecast.
    """
    require(actor, Permission.PLAN)
    facts = program_named(actor, program)
    base = latest_forecast(actor, facts)
    if base is None or base.problem:
        sentence = base.problem if base else f"{facts.name} has no forecast yet; make one first."
        raise Conflict(sentence)
    with transaction.atomic():
        rows = Supposition.objects.filter(program_id=facts.id, asked=BOTTLENECKS)
        ended = (JobState.FAILED, JobState.CANCELLED)
        row = rows.filter(forecast_id=base.id).exclude(state__in=ended).first()
        if row is None:
            row = Supposition.objects.create(
                workspace_id=actor.workspace_id,
                program_id=facts.id,
                forecast_id=base.id,
                asked_by=actor.label[:200],
                asked=BOTTLENECKS,
                state=JobState.WAITING,
                at=at,
                changed_at=moment,
            )
            _forget_old(facts)
            write_audit(actor, "ask_bottlenecks", facts.slug, at)
    return supposition_of(actor, facts, row.id, moment)


def _forget_old(program: ProgramFacts) -> None:
    rows = Supposition.objects.filter(program_id=program.id, state__in=ENDED)
    old = rows.order_by("-changed_at").values_list("id", flat=True)[MOST_KEPT:]
    Supposition.objects.filter(id__in=list(old)).delete()


def cancel_what_if(
    actor: Actor, place: tuple[str, UUID], at: datetime, moment: datetime
) -> SuppositionFacts:
    """Stop the what-if at `place` (program, id); one that has ended stays as it is."""
    require(actor, Permission.PLAN)
    facts = program_named(actor, place[0])
    row = supposition_row(facts, place[1])
    with transaction.atomic():
        mine = Supposition.objects.filter(id=row.id).exclude(state__in=ENDED)
        if mine.update(state=JobState.CANCELLED, changed_at=moment):
            if row.state == JobState.RUNNING:
                ask_to_stop(row.id)
            write_audit(actor, "cancel_what_if", facts.slug, at, supposition=str(row.id))
    return supposition_of(actor, facts, row.id, moment)


def drain_what_ifs(
    at: datetime,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    runner: Sequence[str] = RUNNER,
) -> int:
    """Answer every what-if that waits, as `drain` does; return how many were looked at."""
    return drain(Line(Supposition, runner, _lost), at, is_stopping)


def _lost(row: Job) -> Mapping[str, object]:
    told = f"It ended {row.attempts} times without a word; the worker's log tells more."
    return {"error": told}


def run_what_if(job: UUID, attempt: int, moment: datetime) -> None:
    """Answer the what-if that was claimed for its `attempt`-th try."""
    row = Supposition.objects.select_related("program", "forecast").get(id=job)
    mine = Supposition.objects.filter(id=job, state=JobState.RUNNING, attempts=attempt)
    actor = headway_actor(row.workspace_id)
    facts = program_named(actor, row.program.slug)
    base = forecast_facts(row.forecast)
    try:
        problem, answer = _answer(actor, facts, base, row.asked)
    except HeadwayError as error:
        problem, answer = str(error), {}
    if problem:
        mine.update(state=JobState.FAILED, changed_at=moment, error=problem)
    else:
        mine.update(state=JobState.DONE, changed_at=moment, answer=answer)


def _answer(
    actor: Actor, program: ProgramFacts, base: ForecastFacts, asked: Mapping[str, Any]
) -> tuple[str, dict[str, object]]:
    """Return why there is no answer (empty: there is one), and the answer as JSON to keep."""
    if asked == BOTTLENECKS:
        ranking = ranked(plan_value(actor, program, base.at), base)
        return ranking.problem, write_bottlenecks(ranking)
    odds = suppose(actor, program, base, WhatIf.read(asked))
    return odds.problem, odds.stored()
