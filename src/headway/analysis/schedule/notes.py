"""The sentences beside a forecast: what its numbers leave out, and why one has no answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from headway.analysis.quantities import Percentiles
from headway.analysis.schedule.ladder import Convergence
from headway.analysis.schedule.one_point import Widened, advice
from headway.analysis.schedule.passes import Frame
from headway.analysis.schedule.plan import Distribution, Moment, Plan
from headway.analysis.schedule.simulation import Simulation


def notes_on(
    simulation: Simulation,
    finish: Percentiles,
    asked: tuple[Moment | None, Decimal | None],
    enough: Convergence,
    wide: Widened | None,
) -> tuple[str, ...]:
    """Return the notes of one forecast; `asked` is its target and its budget."""
    return (
        *_missing(simulation, *asked),
        *_never(simulation, finish),
        *_progress(simulation),
        *_reading(simulation),
        *(advice(simulation.plan) if wide is None else wide.notes),
        *_converged(simulation, enough),
    )


def _converged(simulation: Simulation, enough: Convergence) -> Iterator[str]:
    if enough.is_enough is not False or enough.needed is None:
        return
    yield (
        f"P80 is known to ±{enough.error:.2g} {simulation.plan.unit.value} with "
        f"{simulation.trials:,} trials (one standard error), more than "
        f"{enough.little:.2g}; ask for {enough.needed:,} trials."
    )


def _missing(
    simulation: Simulation, target: Moment | None, budget: Decimal | None
) -> Iterator[str]:
    if simulation.plan.calendar is None:
        yield "The plan has no calendar, so times are numbers from 0 and there are no dates."
    if target is None:
        yield "No target was given, so there is no probability of being on time."
    if budget is None:
        yield "No budget was given, so there is no probability of staying within it."
    if not has_cost(simulation.plan):
        yield "The plan states no costs, so there is no cost forecast."
    yield from _skills(simulation.plan)


def _skills(plan: Plan) -> Iterator[str]:
    """Say how work that asks for a skill, and for nobody by name, is priced."""
    names = {resource.name for resource in plan.resources}
    asked = dict.fromkeys(name for item in plan.items for name in item.needs if name not in names)
    if asked and any(resource.rate is not None for resource in plan.resources):
        yield (
            f"Who does the work is open where an item asks for a skill ({_named(list(asked))}): it "
            "is priced at the mean rate of those who have it."
        )


def has_cost(plan: Plan) -> bool:
    """Say whether anything in `plan` has a price."""
    items = any(item.cost or (item.attempts and item.attempts.cost) for item in plan.items)
    rates = any(resource.rate is not None for resource in plan.resources)
    risks = any(risk.impact is not None or risk.mitigated is not None for risk in plan.risks)
    openings = any(opening.yearly for opening in plan.openings)
    return bool(items or rates or risks or openings)


def _never(simulation: Simulation, finish: Percentiles) -> Iterator[str]:
    if simulation.p_never == 0.0:
        return
    missing = [name.upper() for name, value in finish.as_dict().items() if value is None]
    lost = f", so there is no {', '.join(missing)}" if missing else ""
    ending = [
        item.id
        for number, item in enumerate(simulation.plan.items)
        if number in simulation.run.failed and item.attempts and item.attempts.fallback is None
    ]
    waiting = [one.name or one.id for one in simulation.plan.openings if one.items]
    waiting = waiting if any(one.filled < 1.0 for one in simulation.plan.openings) else []
    why = [f"an experiment fails that has no fallback ({_named(ending)})"] if ending else []
    why += [f"nobody is hired whom work waits for ({_named(waiting)})"] if waiting else []
    yield (
        f"{simulation.p_never * 100:.1f} % of the trials never finish, because "
        f"{' or '.join(why)}{lost}; mean and sd have no value."
    )


def _progress(simulation: Simulation) -> Iterator[str]:
    frame, as_of = simulation.frame, simulation.settings.as_of
    begun = [item.id for item in frame.plan.items if item.started and not item.finished]
    if begun and as_of is None:
        yield (
            f"No as-of date was given: {_named(begun)} started, and their time counts from the "
            "start instead of from today."
        )
    overdue = [
        item.id
        for item, timing in zip(frame.plan.items, frame.timings, strict=True)
        if item.duration is not None
        and item.left is None
        and timing.finished is None
        and timing.elapsed > item.duration.pessimistic
        and (item.duration.distribution or frame.plan.distribution) != Distribution.LOGNORMAL
    ]
    if overdue:
        yield (
            f"{_named(overdue)} took longer than the pessimistic estimate and count as done "
            "at the as-of date; give `remaining`."
        )
    ahead = _ahead_of_predecessors(frame)
    if ahead:
        yield f"{_named(ahead)} started before what they wait for; their actual start was kept."
    if isinstance(as_of, date):
        later = [item.id for item in frame.plan.items if _is_later(item.finished, as_of)]
        if later:
            yield f"{_named(later)} finished after the as-of date {as_of}; the date was kept."
        begun_later = [item.id for item in frame.plan.items if _is_later(item.started, as_of)]
        if begun_later:
            yield f"{_named(begun_later)} started after the as-of date {as_of}; the date was kept."


def _is_later(moment: Moment | None, as_of: date) -> bool:
    return isinstance(moment, date) and moment > as_of


def _ahead_of_predecessors(frame: Frame) -> list[str]:
    finished = {item.id for item in frame.plan.items if item.finished is not None}
    return [
        item.id
        for item in frame.plan.items
        if item.started is not None
        and item.finished is None
        and any(link.type == "FS" and link.predecessor not in finished for link in item.after)
    ]


def _reading(simulation: Simulation) -> Iterator[str]:
    plan, settings = simulation.plan, simulation.settings
    limited = [resource.name for resource in plan.resources if _is_used(plan, resource.name)]
    if limited and not settings.respect_resources:
        yield (
            f"Capacities ({_named(limited)}) were not respected; "
            "with --respect-resources items wait for them."
        )
    if settings.respect_resources:
        yield (
            "Items were placed in one order, by latest start, and wait for free units without "
            "being overtaken; a dispatcher who reorders may be faster."
        )
    simulated = {risk.id for risk in simulation.draws.risks}
    past = [risk.id for risk in plan.risks if risk.id not in simulated]
    if past:
        yield f"The risks {_named(past)} were left out: the work they would delay is finished."
    if settings.mitigated and not any(risk.mitigated for risk in plan.risks):
        yield "No risk of the plan has a mitigation."


def _is_used(plan: Plan, resource: str) -> bool:
    return any(resource in item.needs for item in plan.items)


def _named(names: list[str], most: int = 5) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
