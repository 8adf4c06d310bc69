"""Openings against the plan: when they come, what they cost, what coming later does to P80."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.simulation import Settings
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.queries.staffing import opening_named, openings_of
from headway.domain.people.rules.hiring import (
    MonthCost,
    OpeningFacts,
    monthly_costs,
    read_items,
    with_steps,
)
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import is_quick, joined_parts, latest_forecast
from headway.domain.plans.queries.forecasts import ForecastFacts
from headway.domain.plans.rules import JoinedParts, joined_plan
from headway.domain.programs.queries import programs_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import meant
from headway.domain.progress.queries.coming import coming_items
from headway.domain.progress.rules.staffing import DemandRow, months_from, role_demand
from headway.errors import Invalid, NotFound

#: Months that costs and demand are shown for.
MONTHS = 12
#: How much later an opening is supposed to be filled.
LATER_DAYS = 28


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """An opening with its program's name."""

    opening: OpeningFacts
    program: str
    program_name: str


@dataclass(frozen=True, slots=True)
class HiringPage:
    """Openings, what they cost, and what the plan asks of each role by phase and month."""

    lines: Sequence[OpeningLine]
    costs: Sequence[MonthCost]
    months: Sequence[date]
    demand: Sequence[DemandRow]


@dataclass(frozen=True, slots=True)
class LaterEffect:
    """P80 with an opening filled as planned (at P80 of its lead), later, and not at all."""

    opening: str
    p80: date | None = None
    p80_later: date | None = None
    p80_never: date | None = None
    problem: str = ""

    @property
    def days_later(self) -> int | None:
        """Return the calendar days by which coming later moves P80."""
        return _between(self.p80, self.p80_later)

    @property
    def days_never(self) -> int | None:
        """Return the calendar days by which not hiring moves P80."""
        return _between(self.p80, self.p80_never)


def require_items(actor: Actor, program_id: UUID, items: object) -> None:
    """Raise Invalid where something that is to wait for an opening is no item of its program.

    A hire is planned below the plan and cannot know it: a name that is wrong would hold up nothing.
    """
    require(actor, Permission.VIEW)
    told = read_items("items", items)
    if not told:
        return
    mine = {"workspace_id": actor.workspace_id, "project__program_id": program_id}
    rows = WorkItem.objects.filter(**mine).values_list("project__slug", "key")
    known = {f"{slug}/{key}" for slug, key in rows}
    for one in told:
        if one not in known:
            sentence = f"There is no item '{one}' to wait for them{meant(one, known) or '.'}"
            raise Invalid(sentence)


def _between(first: date | None, last: date | None) -> int | None:
    return None if first is None or last is None else (last - first).days


def hiring_page(actor: Actor, at: datetime | None, today: date) -> HiringPage:
    """Return every opening, and who is asked for when; the queries do not grow with them."""
    require(actor, Permission.VIEW)
    programs = {one.id: one for one in programs_of(actor, at)}
    openings = [one for one in openings_of(actor, at=at) if one.program_id in programs]
    months = months_from(today, MONTHS)
    demand = role_demand(coming_items(actor, at, today), months)
    return HiringPage(
        [
            OpeningLine(one, programs[one.program_id].slug, programs[one.program_id].name)
            for one in openings
        ],
        monthly_costs(openings, months[-1], today=today),
        months,
        _until_last(demand),
    )


def _until_last(demand: Sequence[DemandRow]) -> Sequence[DemandRow]:
    """Return the rows without the months after the last in which anybody is asked for."""
    asked = [place for row in demand for place, days in enumerate(row.days) if days]
    last = max(asked, default=0) + 1
    return [replace(row, days=row.days[:last]) for row in demand]


def later_effect(actor: Actor, key: str, at: datetime | None) -> LaterEffect:
    """Return what filling an opening four weeks later, or never, does to its program's P80.

    Simulated on the latest forecast's random numbers, with everybody's capacity respected: that
    is what more people change.
    """
    opening = opening_named(actor, key, at)
    program = next((one for one in programs_of(actor, at) if one.id == opening.program_id), None)
    if program is None:
        sentence = f"There is no program of the opening '{key}'."
        raise NotFound(sentence)
    base = latest_forecast(actor, program, at)
    problem = _problem(actor, program, opening, base)
    if problem or base is None:
        return LaterEffect(key, problem=problem)
    parts = joined_parts(actor, program, base.at)
    if opening.resource not in {one.name for one in parts.resources}:
        sentence = f"The plan had no resource '{opening.resource}' when it was forecast last."
        return LaterEffect(key, problem=sentence)
    try:
        without = _with(parts, opening, opening.raised, -1)
        return LaterEffect(
            key,
            p80=_p80(_with(without, opening, opening.steps()), base),
            p80_later=_p80(_with(without, opening, opening.steps(later=LATER_DAYS)), base),
            p80_never=_p80(without, base),
        )
    except Invalid as error:
        return LaterEffect(key, problem=str(error))


def _problem(
    actor: Actor, program: ProgramFacts, opening: OpeningFacts, base: ForecastFacts | None
) -> str:
    """Return why nothing can be said, as a sentence; empty where it can."""
    if not opening.resource or not opening.is_coming:
        return "Only an open or offered opening that names a resource changes what there is of it."
    if base is None:
        return f"{program.name} has no forecast yet."
    if not is_quick(actor, program):
        return "The plan is too large to simulate while you wait."
    return base.problem


def _with(
    parts: JoinedParts,
    opening: OpeningFacts,
    added: Sequence[Sequence[object]],
    sign: int = 1,
) -> JoinedParts:
    """Return the parts with what an opening adds put in, or taken out by `sign` -1.

    What was raised after the forecast's moment is not in its resource yet: nothing is taken out.
    """
    resources = [
        replace(one, steps=_changed(one.capacity, one.steps, added, sign))
        if one.name == opening.resource
        else one
        for one in parts.resources
    ]
    return replace(parts, resources=resources)


def _changed(
    capacity: float,
    steps: Sequence[Sequence[object]],
    added: Sequence[Sequence[object]],
    sign: int,
) -> Sequence[Sequence[object]]:
    try:
        return with_steps(capacity, steps, added, sign)
    except Invalid:
        if sign > 0:
            raise
        return steps


def _p80(parts: JoinedParts, base: ForecastFacts) -> date | None:
    settings = Settings(
        trials=base.trials, seed=base.seed, as_of=base.at.date(), respect_resources=True
    )
    return forecast(joined_plan(parts), Options(settings, drivers=0)).finish_dates["p80"]


__all__ = [
    "LATER_DAYS",
    "HiringPage",
    "LaterEffect",
    "OpeningLine",
    "hiring_page",
    "later_effect",
    "require_items",
]
