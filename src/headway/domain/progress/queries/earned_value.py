"""Earned value of a project, a program and the portfolio, as of any day.

Sums of money are added up, and indices are made of the sums; indices are never averaged.
Planned value is the active baseline's: without one the plan is held against itself, which is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from headway.analysis.earned_value.curve import ZERO, PlannedCurve
from headway.analysis.earned_value.measures import Measures, Status, measured
from headway.analysis.schedule.soundness import problems, summary
from headway.analysis.schedule.timetable import timetable
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.queries import actuals_by_program, actuals_of
from headway.domain.finance.rules import ActualFacts, Actuals
from headway.domain.plans.queries import (
    active_baseline,
    active_baselines,
    latest_forecast,
    plan_value,
)
from headway.domain.plans.queries.network import items_of
from headway.domain.plans.rules import ItemFacts
from headway.domain.plans.rules.baselines import BaselineFacts, PlannedItem, planned_items
from headway.domain.programs.queries import portfolio_lines, projects_of
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.progress.queries.deliveries import deliveries_by_order
from headway.domain.progress.queries.measures import measures_by_item
from headway.domain.progress.rules.earning import (
    Deliveries,
    Method,
    Work,
    default_method,
    earned_on,
    planned_on,
    planned_points,
)
from headway.domain.progress.rules.facts import MeasureFacts
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
    items = items_of([project.id for project in projects], known_at)
    held = _Held(
        projects,
        items,
        measures_by_item(actor, [item.id for item in items], known_at),
        deliveries_by_order(actor, program, known_at),
    )
    actuals = actuals_of(actor, program, known_at)
    try:
        planned = baseline.items if baseline else _planned_now(actor, program, at, known_at)
    except Invalid as error:
        return _without(program, at.date(), str(error))
    latest = latest_forecast(actor, program, known_at)
    costs = (latest.cost("p50"), latest.cost("p80")) if latest else (None, None)
    return _value(_Asked(program, at.date(), baseline, planned, actuals, costs), held)


def earned_value_of_portfolio(actor: Actor, at: datetime, *, live: bool = True) -> PortfolioValue:
    """Return the earned value of every program that has a baseline, and the sums by currency.

    A handful of queries whatever the number of programs. One without a baseline is named with
    the reason why it has none.
    """
    require(actor, Permission.VIEW)
    known_at = None if live else at
    lines = portfolio_lines(actor, known_at)
    programs = [line.program for line in lines]
    baselines = active_baselines(actor, programs, known_at)
    projects = {line.program.id: line.projects for line in lines}
    owners = {one.id: home for home, mine in projects.items() for one in mine}
    items: dict[Any, list[ItemFacts]] = {program.id: [] for program in programs}
    for item in items_of(list(owners), known_at):
        items[owners[item.project_id]].append(item)
    ids = [item.id for mine in items.values() for item in mine]
    measures = measures_by_item(actor, ids, known_at)
    actuals = actuals_by_program(actor, programs, projects, known_at)
    found = []
    for program in programs:
        baseline = baselines.get(program.id)
        if baseline is None:
            found.append(
                _without(program, at.date(), "No baseline is active, so nothing was agreed.")
            )
            continue
        mine = items[program.id]
        by_labels = _by_labels(measures, mine)
        orders = deliveries_by_order(actor, program, known_at) if by_labels else {}
        held = _Held(projects[program.id], mine, measures, orders)
        asked = _Asked(
            program, at.date(), baseline, baseline.items, actuals[program.id], (None, None)
        )
        found.append(_value(asked, held))
    return PortfolioValue(found, _totals(found))


def _by_labels(measures: Mapping[Any, MeasureFacts], items: Iterable[ItemFacts]) -> bool:
    told = (measures.get(item.id) for item in items)
    return any(one is not None and one.method == Method.LABELS for one in told)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of a program's work."""

    projects: Sequence[ProjectFacts]
    items: Sequence[ItemFacts]
    measures: Mapping[Any, MeasureFacts]
    deliveries: Mapping[str, Deliveries]


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
    works = _works(asked.planned, held)
    dated = [
        work for work in works if work.planned.start is not None and work.planned.finish is not None
    ]
    budget = sum((work.planned.cost for work in works), ZERO)
    if not dated or budget == ZERO:
        problem = "What was planned has no dates or no cost, so there is no value to earn."
        return _without(asked.program, asked.day, problem)
    start = min(work.planned.start for work in dated if work.planned.start)
    finish = max(work.planned.finish for work in dated if work.planned.finish)
    names = {project.slug: project for project in held.projects}
    lines: dict[str, list[Work]] = {slug: [] for slug in names}
    for work in works:
        lines.setdefault(work.project, []).append(work)
    rows = asked.actuals.rows if _currency(asked) == asked.program.currency else ()
    day, costs_to = asked.day, _cost_day(asked)
    return ProgramValue(
        asked.program,
        day,
        _currency(asked),
        asked.baseline.name if asked.baseline else "",
        _measures(works, (day, start), _spent_by(rows, None, day), costs_to),
        [
            ProjectValue(
                slug,
                project.name,
                _measures(
                    lines[slug],
                    (day, start),
                    _spent_by(rows, project, day),
                    costs_to,
                ),
                lines[slug],
                day,
            )
            for slug, project in names.items()
            if lines[slug]
        ],
        start,
        finish,
        _points(works, rows, (start, finish, day)),
        *asked.costs,
        _notes(asked, works),
        cost_day=_cost_day(asked),
    )


def _cost_day(asked: _Asked) -> date | None:
    """Return the last day to which costs are known, the day asked for at the latest."""
    ends = [row.period_end for row in asked.actuals.rows if row.period_end <= asked.day]
    return max(ends, default=None)


def _currency(asked: _Asked) -> str:
    then = asked.baseline.whole.currency if asked.baseline else ""
    return then or asked.program.currency


def _works(planned: Mapping[str, PlannedItem], held: _Held) -> Sequence[Work]:
    """Return every planned item with how it earns; what the plan has beside it earns nothing."""
    slugs = {project.id: project.slug for project in held.projects}
    live = {f"{slugs[item.project_id]}/{item.key}": item for item in held.items}
    return [_work(address, one, live.get(address), held) for address, one in planned.items()]


def _work(address: str, planned: PlannedItem, item: ItemFacts | None, held: _Held) -> Work:
    project, _, _ = address.partition("/")
    if item is None:
        return Work(address, project, planned, default_method(planned.kind), is_gone=True)
    told = held.measures.get(item.id)
    method = Method(told.method) if told else default_method(planned.kind)
    return Work(
        address,
        project,
        planned,
        method,
        told is not None,
        told.named_steps if told else (),
        told.order if told else "",
        held.deliveries.get(told.order) if told and told.order else None,
        item.started,
        item.finished,
    )


def _measures(
    works: Sequence[Work], span: tuple[date, date], spent: Decimal | None, costs_to: date | None
) -> Measures:
    """Return the measures of these items together; level of effort stays out of time.

    Money spent is compared with what was earned by the day to which costs are known: what was
    earned since then has cost something that nobody recorded yet.
    """
    day, start = span
    discrete = [work for work in works if not work.is_effort]
    points = [(Decimal((when - start).days + 1), value) for when, value in planned_points(discrete)]
    budget = sum((work.planned.cost for work in works), ZERO)
    planned = planned_on(works, [day])[0]
    *before, earned = earned_on(works, [*([costs_to] if costs_to else []), day])
    effort = planned_on([work for work in works if work.is_effort], [day])[0]
    at = Decimal((day - start).days + 1)
    status = Status(planned, earned, spent, max(at, ZERO), effort, before[0] if before else None)
    return measured(status, budget, PlannedCurve.of(points))


def _spent_by(
    rows: Sequence[ActualFacts], project: ProjectFacts | None, day: date
) -> Decimal | None:
    """Return what was spent by the end of `day`; None before any cost was ever recorded."""
    mine = [
        row.amount
        for row in rows
        if row.period_end <= day and (project is None or row.project_id == project.id)
    ]
    return sum(mine, ZERO) if mine else None


def _points(
    works: Sequence[Work], rows: Sequence[ActualFacts], span: tuple[date, date, date]
) -> Sequence[CurvePoint]:
    """Return the three curves, even steps from the start to the later of the end and the day."""
    start, finish, day = span
    last = max(finish, day)
    step = max(1, -(-((last - start).days + 1) // MOST_POINTS))
    days = {start + timedelta(days=place) for place in range(0, (last - start).days + 1, step)}
    days |= {finish, *([day] if day >= start else [])}
    ordered = sorted(days)
    known = [when for when in ordered if when <= day]
    planned, earned = planned_on(works, ordered), earned_on(works, known)
    spent = _spent_on(rows, known)
    unknown = [None] * (len(ordered) - len(known))
    return [
        CurvePoint(*point)
        for point in zip(ordered, planned, [*earned, *unknown], [*spent, *unknown], strict=True)
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


def _notes(asked: _Asked, works: Sequence[Work]) -> Sequence[str]:
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
    gone = sum(work.is_gone for work in works)
    if gone:
        notes.append(f"{gone} items of the baseline are no longer in the plan; they earn nothing.")
    if asked.actuals.foreign:
        notes.append("Costs in other currencies are not converted, and not added.")
    undated = sum(1 for work in works if work.planned.finish is None and work.planned.cost)
    if undated:
        notes.append(f"{undated} items have a cost and no dates; they are in the budget only.")
    return tuple(notes)


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
