"""Decisions that wait and that were taken, with what each option would do to the forecast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from headway.analysis.schedule.bridge import Measure, Stand, measured
from headway.analysis.schedule.simulation import MOST_CELLS, Settings
from headway.analysis.schedule.soundness import problems, summary
from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.people.queries import is_person
from headway.domain.plans.models import Decision, DecisionOutlook
from headway.domain.plans.queries.forecasts import ForecastFacts, latest_forecast
from headway.domain.plans.queries.network import joined_parts
from headway.domain.plans.rules import (
    DecisionFacts,
    JoinedParts,
    OptionFacts,
    OptionOutlook,
    Outlook,
    held_back,
    joined_plan,
    options_of,
    with_changes,
)
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import meant
from headway.errors import Invalid, NotFound

if TYPE_CHECKING:
    from pydantic import TypeAdapter

A_WEEK = timedelta(days=7)


def decisions_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[DecisionFacts]:
    """Return the decisions of a program: those that wait first, by the day they are due."""
    return decisions_by_program(actor, [program], at)[program.id]


def decisions_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[DecisionFacts]]:
    """Return the decisions of many programs by program id; two queries."""
    asked = list(programs)
    for program in asked:
        require(actor, Permission.VIEW, program)
    found: dict[UUID, list[DecisionFacts]] = {program.id: [] for program in asked}
    rows = rows_at(
        Decision, at, workspace_id=actor.workspace_id, program_id__in=[one.id for one in asked]
    )
    outlooks = _outlooks([row.id for row in rows if row.state == "open"], at)
    for row in sorted(rows, key=_place):
        found[row.program_id].append(decision_facts(row, outlooks.get(row.id)))
    return found


def decision_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> DecisionFacts:
    """Return the decision of a program with this key; NotFound with the nearest key."""
    known = {one.key: one for one in decisions_of(actor, program, at)}
    if key not in known:
        sentence = f"There is no decision '{key}' in {program.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]


def decision_facts(row: Decision, outlook: Outlook | None = None) -> DecisionFacts:
    """Return a decision as a frozen value, one taken with the outlook that stood then."""
    held = read_outlook(row.seen) if row.state == "taken" and row.seen else outlook
    return facts(DecisionFacts, row, options=options_of(row.options), outlook=held)


def may_answer(actor: Actor, decision: DecisionFacts) -> bool:
    """Say whether the actor may take this decision."""
    if not may(actor, Permission.DECIDE):
        return False
    if may(actor, Permission.PROGRAM) or actor.thing_id == decision.id:
        return True
    return actor.kind != "link" and is_person(actor, decision.owner)


def decided_between(
    actor: Actor, program: ProgramFacts, since: datetime, at: datetime | None
) -> Sequence[DecisionFacts]:
    """Return the decisions taken after `since`, as known at `at`; one query."""
    rows = rows_at(Decision, at, workspace_id=actor.workspace_id, program_id=program.id)
    taken = [row for row in rows if row.state == "taken" and row.taken_at and row.taken_at > since]
    return [decision_facts(row) for row in sorted(taken, key=lambda row: (row.taken_at, row.key))]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A taken decision: what its answer promised then, and what the plan says now.

    `days_p80` are calendar days and `money_p80` the program's currency by which now is later and
    dearer than promised; everything else moved as well, so that this is no proof of cause.
    """

    decision: DecisionFacts
    answer: str
    promised: OptionOutlook | None
    finish_p80: date | None
    p_on_time: float | None
    cost_p80: Decimal | None
    days_p80: int | None
    money_p80: Decimal | None


def outcomes_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[Outcome]:
    """Return what each taken decision promised beside the newest forecast; the newest first."""
    taken = [one for one in decisions_of(actor, program, at) if one.state == "taken"]
    now = latest_forecast(actor, program, at) if taken else None
    taken.sort(key=lambda one: (one.taken_at or datetime.min.replace(tzinfo=UTC), one.key))
    return [_outcome(one, now) for one in reversed(taken)]


def _outcome(decision: DecisionFacts, now: ForecastFacts | None) -> Outcome:
    chosen = decision.option(decision.chosen)
    promised = decision.outlook.of(decision.chosen) if decision.outlook else None
    p80 = now.finish("p80") if now else None
    cost = now.cost("p80") if now else None
    return Outcome(
        decision,
        chosen.name if chosen else decision.chosen,
        promised,
        p80,
        now.p_on_time if now else None,
        cost,
        _days(p80, promised.finish_p80 if promised else None),
        _money(cost, promised.cost_p80 if promised else None),
    )


def outlook_of(
    actor: Actor,
    program: ProgramFacts,
    options: Sequence[OptionFacts],
    at: datetime,
    *,
    seed: int = 0,
    trials: int = 10_000,
) -> Outlook:
    """Simulate the plan as it stands, with each option, and with each taken a week later.

    The same seed and trials throughout, so that the differences are the options and not chance.
    """
    parts = joined_parts(actor, program, at)
    trials = min(trials, max(1, MOST_CELLS // max(1, len(parts.items))))
    settings = Settings(trials=trials, seed=seed)
    try:
        stands = _measure(parts, at.date(), settings)
    except Invalid as error:
        return Outlook(at, problem=str(error))
    return Outlook(
        at,
        stands.p_on_time,
        stands.day,
        stands.cost,
        [_option(parts, option, stands, at.date(), settings) for option in options],
    )


def _option(
    parts: JoinedParts, option: OptionFacts, stands: Measure, today: date, settings: Settings
) -> OptionOutlook:
    try:
        taken = _measure(with_changes(parts, option.changes), today, settings)
        later = held_back(parts, option.changes, today + A_WEEK)
        waited = _measure(with_changes(parts, later), today, settings)
    except Invalid as error:
        return OptionOutlook(option.key, problem=str(error))
    odds = None
    if taken.p_on_time is not None and stands.p_on_time is not None:
        odds = taken.p_on_time - stands.p_on_time
    return OptionOutlook(
        option.key,
        taken.p_on_time,
        taken.day,
        taken.cost,
        odds,
        _days(taken.day, stands.day),
        _money(taken.cost, stands.cost),
        _days(waited.day, taken.day),
        _money(waited.cost, taken.cost),
    )


def _measure(parts: JoinedParts, today: date, settings: Settings) -> Measure:
    plan = joined_plan(parts)
    if not plan.items:
        sentence = "Nothing is planned yet, so nothing can be simulated."
        raise Invalid(sentence)
    found = problems(plan)
    if found:
        raise Invalid(summary("Cannot forecast", found))
    return measured(Stand(plan, today), settings)


def _days(one: date | None, other: date | None) -> int | None:
    return None if one is None or other is None else (one - other).days


def _money(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _place(row: Decision) -> tuple[int, date, str]:
    return (0 if row.state == "open" else 1, row.due or date.max, row.key)


def _outlooks(ids: Sequence[UUID], at: datetime | None) -> Mapping[UUID, Outlook]:
    """Return the newest outlook of each decision, as known at `at`; one query."""
    rows = DecisionOutlook.objects.filter(decision_id__in=ids)
    if at is not None:
        rows = rows.filter(at__lte=at)
    newest = {row.decision_id: row for row in rows.order_by("at")}
    return {one: read_outlook(row.answer) for one, row in newest.items()}


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Outlook]:
    from pydantic import TypeAdapter

    return TypeAdapter(Outlook)


def write_outlook(outlook: Outlook) -> dict[str, Any]:
    """Return an outlook as JSON to keep."""
    written: dict[str, Any] = _adapter().dump_python(outlook, mode="json")
    return written


def read_outlook(held: Mapping[str, Any]) -> Outlook:
    """Return what `write_outlook` gave."""
    return _adapter().validate_python(held)
