"""Scenarios of a program, what each makes of the forecast, and several side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from headway.analysis.quantities import cents
from headway.analysis.schedule.comparing import differences
from headway.analysis.schedule.demand import demand
from headway.analysis.schedule.forecast import Forecast, Options, forecast
from headway.analysis.schedule.simulation import MOST_CELLS, Settings, s_curve
from headway.analysis.schedule.soundness import problems, summary
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import Scenario
from headway.domain.plans.models import ScenarioOutlook as OutlookRow
from headway.domain.plans.queries.network import joined_parts
from headway.domain.plans.rules import JoinedParts, joined_plan, plan_digest
from headway.domain.plans.rules.scenarios import (
    APPLIED,
    MOST_COMPARED,
    STATES,
    Cause,
    Override,
    ScenarioFacts,
    ScenarioOutlook,
    ScenarioStand,
    made_of,
    overrides_of,
)
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import meant
from headway.errors import Invalid, NotFound

if TYPE_CHECKING:
    from pydantic import TypeAdapter

#: Items and risks that are tried as drivers of one scenario.
DRIVERS = 5


def scenarios_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[ScenarioFacts]:
    """Return the scenarios of a program: open ones first, each with outlook and conflicts.

    A dozen queries, however many there are.
    """
    require(actor, Permission.VIEW, program)
    rows = rows_at(Scenario, at, workspace_id=actor.workspace_id, program_id=program.id)
    if not rows:
        return []
    parts = joined_parts(actor, program, at)
    outlooks = _outlooks([row.id for row in rows], at)
    by_id = {row.id: row for row in rows}
    found = [_facts(row, by_id, outlooks.get(row.id), parts) for row in rows]
    return sorted(found, key=lambda one: (STATES.index(one.state), one.key))


def scenario_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> ScenarioFacts:
    """Return one scenario. Raises NotFound with the nearest key."""
    known = {one.key: one for one in scenarios_of(actor, program, at)}
    if key not in known:
        sentence = f"There is no scenario '{key}' of {program.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]


def inherited_by(row: Scenario, by_id: Mapping[UUID, Scenario]) -> list[Override]:
    """Return what the scenarios below override, the lowest first; of applied ones nothing."""
    parent = by_id.get(row.parent_id) if row.parent_id else None
    if parent is None or parent.state == APPLIED:
        return []
    return [*inherited_by(parent, by_id), *overrides_of(parent.overrides)]


def _facts(
    row: Scenario,
    by_id: Mapping[UUID, Scenario],
    outlook: ScenarioOutlook | None,
    parts: JoinedParts,
) -> ScenarioFacts:
    parent = by_id.get(row.parent_id) if row.parent_id else None
    inherited = inherited_by(row, by_id)
    found = facts(
        ScenarioFacts,
        row,
        parent=parent.key if parent else "",
        overrides=overrides_of(row.overrides),
        inherited=inherited,
        may_undo=row.state == APPLIED and bool(row.undo),
        outlook=outlook,
        conflicts=(),
    )
    if not found.is_open:
        return found
    below, _ = made_of(parts, inherited)
    return replace(found, conflicts=made_of(below, found.overrides)[1])


@dataclass(frozen=True, slots=True)
class Comparison:
    """Scenarios side by side with the plan as it stands.

    `plan` is the plan that all were held against; `is_mixed` says that they were held against
    different ones, so that they should be worked out again before anybody compares them.
    """

    plan: ScenarioStand | None
    at: datetime | None
    scenarios: Sequence[ScenarioFacts]
    is_mixed: bool
    is_behind: bool


def compare_scenarios(
    actor: Actor, program: ProgramFacts, keys: Sequence[str], at: datetime | None = None
) -> Comparison:
    """Return up to MOST_COMPARED scenarios as last worked out, beside the plan.

    Raises Invalid for none and for too many, NotFound for one that is not there.
    """
    asked = list(dict.fromkeys(key for key in keys if key))
    if not 1 <= len(asked) <= MOST_COMPARED:
        sentence = f"Name 1 to {MOST_COMPARED} scenarios to compare; these are {len(asked)}."
        raise Invalid(sentence)
    known = {one.key: one for one in scenarios_of(actor, program, at)}
    for key in asked:
        if key not in known:
            sentence = f"There is no scenario '{key}' of {program.name}{meant(key, known) or '.'}"
            raise NotFound(sentence)
    chosen = [known[key] for key in asked]
    outlooks = [one.outlook for one in chosen if one.outlook is not None]
    newest = max(outlooks, key=lambda one: one.at, default=None)
    bases = {one.plan_digest for one in outlooks if one.plan_digest}
    now = plan_digest(joined_plan(joined_parts(actor, program, at)))
    return Comparison(
        newest.plan if newest else None,
        newest.at if newest else None,
        chosen,
        len(bases) > 1 or len(outlooks) < len(chosen),
        bool(bases) and now not in bases,
    )


def weighed(
    actor: Actor,
    program: ProgramFacts,
    scenarios: Sequence[ScenarioFacts],
    at: datetime,
    *,
    seed: int = 0,
    trials: int = 10_000,
) -> Mapping[UUID, ScenarioOutlook]:
    """Simulate the plan once and each scenario once, on the same random numbers.

    What cannot be made any more is left out of a scenario, and its conflict tells so.
    """
    require(actor, Permission.VIEW, program)
    parts = joined_parts(actor, program, at)
    most = max(1, MOST_CELLS // max(1, len(parts.items) + 50))
    settings = Settings(trials=min(trials, most), seed=seed, as_of=at.date())
    try:
        stands = _forecast(parts, settings)
    except Invalid as error:
        return {one.id: ScenarioOutlook(at, problem=str(error)) for one in scenarios}
    content = plan_digest(joined_plan(parts))
    plan = _stand(stands)
    found = {}
    for one in scenarios:
        made, _ = made_of(parts, [*one.inherited, *one.overrides])
        outlook = ScenarioOutlook(at, content, settings.trials, seed, plan)
        try:
            tried = _forecast(made, settings)
        except Invalid as error:
            found[one.id] = replace(outlook, problem=str(error))
            continue
        limits = _limit(stands), _limit(tried)
        moved = differences(stands.simulation, tried.simulation, limits)
        found[one.id] = replace(outlook, own=_stand(tried), differences=moved)
    return found


def _forecast(parts: JoinedParts, settings: Settings) -> Forecast:
    plan = joined_plan(parts)
    if not plan.items:
        sentence = "Nothing is planned, so nothing can be simulated."
        raise Invalid(sentence)
    found = problems(plan)
    if found:
        raise Invalid(summary("Cannot forecast", found))
    return forecast(plan, Options(settings=settings, drivers=DRIVERS))


def _limit(found: Forecast) -> float | None:
    return None if found.budget is None else float(found.budget)


def _stand(found: Forecast) -> ScenarioStand:
    dates, cost = found.finish_dates, found.cost
    time = found.simulation.frame.time
    curve: dict[date, float] = {}
    for share, value in s_curve(found.simulation.finish):
        day = time.date_of_finish(value)
        if day is not None:
            curve[day] = share
    return ScenarioStand(
        found.p_on_time,
        dates["p50"],
        dates["p80"],
        found.p80_error,
        None if cost is None else Decimal(cents(cost.p50)),
        None if cost is None else Decimal(cents(cost.p80)),
        found.p_within_budget,
        found.p_joint,
        found.target if isinstance(found.target, date) else None,
        found.budget,
        found.deterministic.path,
        [Cause(one.id, one.delta_p80) for one in found.drivers if not one.within_error],
        demand(found.simulation.frame),
        list(curve.items()),
    )


def _outlooks(ids: Sequence[UUID], at: datetime | None) -> Mapping[UUID, ScenarioOutlook]:
    """Return the newest outlook of each scenario, as known at `at`; one query."""
    rows = OutlookRow.objects.filter(scenario_id__in=ids)
    if at is not None:
        rows = rows.filter(at__lte=at)
    newest = {row.scenario_id: row for row in rows.order_by("at")}
    return {one: _adapter().validate_python(row.answer) for one, row in newest.items()}


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[ScenarioOutlook]:
    from pydantic import TypeAdapter

    return TypeAdapter(ScenarioOutlook)


def write_scenario_outlook(outlook: ScenarioOutlook) -> dict[str, Any]:
    """Return an outlook as JSON to keep."""
    answer: dict[str, Any] = _adapter().dump_python(outlook, mode="json")
    return answer
