"""Earned value of a project, a program and the portfolio, as of any day.

Sums of money are added up, and indices are made of the sums; indices are never averaged.
Planned value is the active baseline's: without one the plan is held against itself, which is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from headway.analysis.earned_value.curve import ZERO, PlannedCurve
from headway.analysis.earned_value.measures import Measures, Status, measured
from headway.analysis.schedule.soundness import problems, summary
from headway.analysis.schedule.timetable import timetable
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.queries import actuals_by_program, actuals_of
from headway.domain.finance.rules import ActualFacts, Actuals
from headway.domain.plans.queries import (
    ForecastFacts,
    active_baseline,
    active_baselines,
    item_marks,
    latest_forecast,
    latest_forecasts,
    plan_value,
)
from headway.domain.plans.rules.baselines import BaselineFacts, PlannedItem, planned_items
from headway.domain.programs.queries import portfolio_lines, projects_of
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.progress.queries.deliveries import deliveries_by_order
from headway.domain.progress.queries.measures import measures_by_address
from headway.domain.progress.rules.earning import Method
from headway.domain.progress.rules.tallies import Known, Tally
from headway.domain.progress.rules.values import (
    CurvePoint,
    PortfolioValue,
    ProgramValue,
    ProjectValue,
)
from headway.errors import Invalid

#: Points of a drawn curve at most.
MOST_POINTS = 80


def earned_value(
    actor: Actor, program: ProgramFacts, at: datetime, *, live: bool = True
) -> ProgramValue:
    """Return the earned value of a program on the day of `at`, as known then (now, if `live`)."""
    require(actor, Permission.VIEW, program)
    known_at = None if live else at
    projects = projects_of(actor, program, known_at)
    baseline = active_baseline(actor, program, known_at)
    held = _Held(projects, _known(actor, [program], {program.id: projects}, known_at)[program.id])
    actuals = actuals_of(actor, program, known_at)
    try:
        planned = baseline.items if baseline else _planned_now(actor, program, at, known_at)
    except Invalid as error:
        return _without(program, at.date(), str(error))
    costs = _simulated(latest_forecast(actor, program, known_at))
    return _value(_Asked(program, at.date(), baseline, planned, actuals, costs), held)


def earned_value_of_portfolio(
    actor: Actor, at: datetime, *, live: bool = True, brief: bool = False
) -> PortfolioValue:
    """Return the earned value of every program that has a baseline, and the sums by currency.

    A handful of queries whatever the number of programs. One without a baseline is named with
    the reason why it has none. `brief` leaves projects, curves and what was simulated out.
    """
    require(actor, Permission.VIEW)
    known_at = None if live else at
    lines = portfolio_lines(actor, known_at)
    programs = [line.program for line in lines]
    baselines = active_baselines(actor, programs, known_at)
    agreed = [program for program in programs if program.id in baselines]
    projects = {line.program.id: line.projects for line in lines}
    known = _known(actor, agreed, projects, known_at)
    actuals = actuals_by_program(actor, agreed, projects, known_at)
    latest = {} if brief else latest_forecasts(actor, agreed, known_at)
    found = []
    for program in programs:
        baseline = baselines.get(program.id)
        if baseline is None:
            found.append(
                _without(program, at.date(), "No baseline is active, so nothing was agreed.")
            )
            continue
        held = _Held(projects[program.id], known[program.id], brief)
        spent, costs = actuals[program.id], _simulated(latest.get(program.id))
        asked = _Asked(program, at.date(), baseline, baseline.items, spent, costs)
        found.append(_value(asked, held))
    return PortfolioValue(found, _totals(found))


def _known(
    actor: Actor,
    programs: Sequence[ProgramFacts],
    projects: Mapping[UUID, Sequence[ProjectFacts]],
    known_at: datetime | None,
) -> Mapping[UUID, Known]:
    """Return what is known of each program's items: as many queries for many as for one.

    Addresses begin with the project, which no two programs share. Deliveries are asked for only
    where something earns by labels.
    """
    everywhere = [project for program in programs for project in projects[program.id]]
    marks = item_marks(actor, everywhere, known_at)
    measures = measures_by_address(actor, everywhere, known_at)
    labels = any(one.method == Method.LABELS for one in measures.values())
    orders = deliveries_by_order(actor, programs, known_at) if labels else {}
    counts = Counter(address.partition("/")[0] for address in marks)
    return {
        program.id: Known(marks, measures, orders.get(program.id, {}), counts)
        for program in programs
    }


def _simulated(latest: ForecastFacts | None) -> tuple[Decimal | None, Decimal | None]:
    """Return P50 and P80 of the cost of a forecast; None where there is none."""
    return (latest.cost("p50"), latest.cost("p80")) if latest else (None, None)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of a program's work."""

    projects: Sequence[ProjectFacts]
    known: Known
    brief: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked: of which program, on which day, against what, with which money."""

    program: ProgramFacts
    day: date
    baseline: BaselineFacts | None
    planned: Mapping[str, PlannedItem]
    actuals: Actuals
    costs: tuple[Decimal | None, Decimal | None]


def _planned_now(
    actor: Actor, program: ProgramFacts, at: datetime, known_at: datetime | None
) -> Mapping[str, PlannedItem]:
    """Return the plan as it stands, where nothing was agreed. Raises Invalid without dates."""
    plan = plan_value(actor, program, known_at)
    if not plan.items:
        sentence = "Nothing is planned yet; add work items, then freeze a baseline."
        raise Invalid(sentence)
    found = problems(plan)
    if found:
        raise Invalid(summary("The plan has no dates", found))
    return planned_items(plan, timetable(plan, at.date()), {})


def _without(program: ProgramFacts, day: date, problem: str) -> ProgramValue:
    currency = program.currency
    return ProgramValue(
        program, day, currency, "", None, (), None, None, (), None, None, (), problem
    )


def _value(asked: _Asked, held: _Held) -> ProgramValue:
    """Return what was asked, from one pass over the planned items."""
    parts: dict[str, dict[str, PlannedItem]] = {project.slug: {} for project in held.projects}
    for address, planned in asked.planned.items():
        parts.setdefault(address.partition("/")[0], {})[address] = planned
    tallies = {slug: _tally(part, held.known) for slug, part in parts.items()}
    whole = Tally()
    for tally in tallies.values():
        whole.merge(tally)
    if whole.start is None or whole.finish is None or whole.budget == ZERO:
        problem = "What was planned has no dates or no cost, so there is no value to earn."
        return _without(asked.program, asked.day, problem)
    rows = asked.actuals.rows if _currency(asked) == asked.program.currency else ()
    span = (asked.day, whole.start)
    costs_to = _cost_day(asked)
    return ProgramValue(
        asked.program,
        asked.day,
        _currency(asked),
        asked.baseline.name if asked.baseline else "",
        _measures(whole, span, _spent_by(rows, asked.day), costs_to),
        [] if held.brief else _projects(asked, held, parts, (tallies, rows, span)),
        whole.start,
        whole.finish,
        [] if held.brief else _points(whole, rows, (whole.start, whole.finish, asked.day)),
        *asked.costs,
        _notes(asked, held, whole),
        cost_day=costs_to,
    )


def _projects(
    asked: _Asked,
    held: _Held,
    parts: Mapping[str, Mapping[str, PlannedItem]],
    found: tuple[Mapping[str, Tally], Sequence[ActualFacts], tuple[date, date]],
) -> Sequence[ProjectValue]:
    """Return what each project that was planned is worth; cost and time are the program's."""
    tallies, rows, span = found
    spent: dict[UUID, list[ActualFacts]] = {project.id: [] for project in held.projects}
    for row in rows:
        if row.project_id in spent:
            spent[row.project_id].append(row)
    costs_to = _cost_day(asked)
    values = []
    for project in held.projects:
        mine = parts[project.slug]
        if mine:
            paid = _spent_by(spent[project.id], asked.day)
            tally = tallies[project.slug]
            # Its own time: a project that begins later has not been late from the first day on.
            began = (asked.day, tally.start or span[1])
            measures = _measures(tally, began, paid, costs_to)
            values.append(
                ProjectValue(project.slug, project.name, measures, mine, held.known, asked.day)
            )
    return values


def _tally(planned: Mapping[str, PlannedItem], known: Known) -> Tally:
    found = Tally()
    for address, one in planned.items():
        found.add(address, one, known)
    return found


def _cost_day(asked: _Asked) -> date | None:
    """Return the last day to which costs are known, the day asked for at the latest."""
    ends = [row.period_end for row in asked.actuals.rows if row.period_end <= asked.day]
    return max(ends, default=None)


def _currency(asked: _Asked) -> str:
    then = asked.baseline.whole.currency if asked.baseline else ""
    return then or asked.program.currency


def _measures(
    tally: Tally, span: tuple[date, date], spent: Decimal | None, costs_to: date | None
) -> Measures:
    """Return the measures of a tally; level of effort stays out of time.

    Money spent is compared with what was earned by the day to which costs are known: what was
    earned since then has cost something that nobody recorded yet.
    """
    day, start = span
    planned, earned, effort = tally.courses()
    by_then = effort.by(day)
    costed = None if costs_to is None else earned.by(costs_to) + effort.by(costs_to)
    status = Status(
        planned.by(day) + by_then,
        earned.by(day) + by_then,
        spent,
        max(_since(start, day), ZERO),
        by_then,
        costed,
    )
    points = [(_since(start, when), value) for when, value in planned.bends()]
    return measured(status, tally.budget, PlannedCurve.of(points))


def _since(start: date, day: date) -> Decimal:
    """Return the days from the start to the end of `day`."""
    return Decimal((day - start).days + 1)


def _spent_by(rows: Sequence[ActualFacts], day: date) -> Decimal | None:
    """Return what was spent by the end of `day`; None before any cost was ever recorded."""
    mine = [row.amount for row in rows if row.period_end <= day]
    return sum(mine, ZERO) if mine else None


def _points(
    tally: Tally, rows: Sequence[ActualFacts], span: tuple[date, date, date]
) -> Sequence[CurvePoint]:
    """Return the three curves, even steps from the start to the later of the end and the day."""
    start, finish, day = span
    last = max(finish, day)
    step = max(1, -(-((last - start).days + 1) // MOST_POINTS))
    days = {start + timedelta(days=place) for place in range(0, (last - start).days + 1, step)}
    days |= {finish, *([day] if day >= start else [])}
    ordered = sorted(days)
    known = [when for when in ordered if when <= day]
    planned, earned, effort = (course.on(ordered) for course in tally.courses())
    spent = _spent_on(rows, known)
    return [
        CurvePoint(
            when,
            planned[place] + effort[place],
            earned[place] + effort[place] if place < len(known) else None,
            spent[place] if place < len(known) else None,
        )
        for place, when in enumerate(ordered)
    ]


def _spent_on(rows: Sequence[ActualFacts], days: Sequence[date]) -> Sequence[Decimal]:
    """Return what was spent by the end of each of `days` (ascending)."""
    waiting = sorted(rows, key=lambda row: row.period_end, reverse=True)
    total, found = ZERO, []
    for day in days:
        while waiting and waiting[-1].period_end <= day:
            total += waiting.pop().amount
        found.append(total)
    return found


def _notes(asked: _Asked, held: _Held, tally: Tally) -> Sequence[str]:
    notes = []
    if asked.baseline is None:
        notes.append(
            "No baseline is active: the plan is held against itself, which shows no slip. "
            "Freeze one to say what was agreed."
        )
    elif _currency(asked) != asked.program.currency:
        notes.append(
            f"The baseline is in {_currency(asked)} and costs are in {asked.program.currency}: "
            f"they are not compared."
        )
    costs_to = _cost_day(asked)
    if costs_to is not None and costs_to < asked.day:
        notes.append(
            f"Costs are known to {costs_to:%-d %b %Y}: CPI and the estimates by it compare them "
            f"with what was earned by then."
        )
    if tally.gone:
        notes.append(
            f"{_items(tally.gone)} of the baseline no longer in the plan: planned still, and "
            f"never earned."
        )
    live = sum(held.known.counts.get(project.slug, 0) for project in held.projects)
    new = live - (tally.count - tally.gone)
    if new:
        notes.append(
            f"{_items(new)} in the plan and not in the baseline: earning nothing, while what "
            f"that work costs counts."
        )
    if asked.actuals.foreign:
        notes.append("Costs in other currencies are not converted, and not added.")
    if tally.undated:
        notes.append(f"{_items(tally.undated)} with a cost and without days: in the budget only.")
    return tuple(notes)


def _items(count: int) -> str:
    return f"{count:,} {'item' if count == 1 else 'items'}"


def _totals(programs: Sequence[ProgramValue]) -> Mapping[str, Measures]:
    """Return the sums of each currency as measures: no time, as programs start apart."""
    found: dict[str, list[Measures]] = {}
    for one in programs:
        if one.measures is not None:
            found.setdefault(one.currency, []).append(one.measures)
    return {currency: _sum(mine) for currency, mine in sorted(found.items())}


def _sum(rows: Sequence[Measures]) -> Measures:
    spent = [row.status.spent for row in rows if row.status.spent is not None]
    status = Status(
        sum((row.status.planned for row in rows), ZERO),
        sum((row.status.earned for row in rows), ZERO),
        sum(spent, ZERO) if len(spent) == len(rows) else None,
        None,
        sum((row.status.effort for row in rows), ZERO),
        sum((row.status.earned_for_cost for row in rows), ZERO),
    )
    return measured(status, sum((row.budget for row in rows), ZERO))
