"""The document that `headway forecast --json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from headway.analysis.quantities import cents
from headway.analysis.schedule.answers import Answers, ItemForecast
from headway.analysis.schedule.branching import AttemptForecast, Outcome
from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.joint import Frontier, Joint, Pair
from headway.analysis.schedule.ladder import Ladder
from headway.analysis.schedule.plan import ItemKind, Moment
from headway.analysis.schedule.responses import Responses, Stand
from headway.analysis.schedule.sensitivity import Difference, Driver, Effect
from headway.analysis.schedule.simulation import ENGINE
from headway.analysis.schedule.why import Overrun

Document = dict[str, object]


def document(found: Answers) -> Document:
    """Return the answers about a plan as plain JSON values."""
    settings, plan, time = found.simulation.settings, found.plan, found.simulation.frame.time
    finish, cost = found.ladder, found.cost_ladder
    return {
        "plan": plan.name,
        "items": len(plan.items),
        "unit": plan.unit.value,
        "start": _text(plan.start if plan.calendar else None),
        "as_of": _text(settings.as_of),
        "target": _text(found.target),
        "budget": {"amount": _amount(found.budget), "currency": found.currency},
        "deterministic": _deterministic(found),
        "contingency": _contingency(found),
        "pert": {
            "duration": found.pert.duration,
            "variance": found.pert.variance,
            "p_on_time": found.pert_p_on_time,
        },
        "merge_bias": _merge_bias(found),
        "finish": {"mean": found.mean, "sd": found.sd, **_named(finish.values)},
        "finish_dates": _dates(finish, time),
        "p_on_time": found.p_on_time,
        "cost": _cost(found),
        "p_within_budget": found.p_within_budget,
        "p_joint": found.p_joint,
        "joint": _joint(found.joint),
        "p_never": found.simulation.p_never,
        "branches": found.simulation.branches,
        "attempts": [_attempts(one, found) for one in found.attempts],
        "criticality": found.simulation.criticality,
        "drivers": [_driver(driver) for driver in found.drivers],
        "mitigation": _responses(found.responses, time),
        "standard_error": _named(finish.errors),
        "cost_standard_error": _money(cost.errors if cost else dict.fromkeys(finish.errors)),
        "convergence": {
            "enough": found.convergence.is_enough,
            "little": found.convergence.little,
            "trials_needed": found.convergence.needed,
        },
        "milestones": [
            _milestone(row, found) for row in found.items if row.item.kind is ItemKind.MILESTONE
        ],
        "schedule": [_item(row, found) for row in found.items],
        "seed": settings.seed,
        "trials": settings.trials,
        "engine": ENGINE,
        "notes": list(found.notes),
    }


def _named(values: Mapping[int, float | None]) -> dict[str, float | None]:
    return {f"p{percent}": value for percent, value in values.items()}


def _money(values: Mapping[int, float | None]) -> dict[str, str | None]:
    return {f"p{percent}": _cents(value) for percent, value in values.items()}


def _cents(value: float | None) -> str | None:
    return None if value is None else cents(value)


def _dates(ladder: Ladder, time: WorkingTime) -> Document:
    days = {f"p{percent}": time.date_of_finish(value) for percent, value in ladder.values.items()}
    return {name: _text(day) for name, day in days.items()}


def _deterministic(found: Answers) -> Document:
    duration = found.deterministic.duration
    finish = found.simulation.frame.time.date_of_finish(duration)
    return {
        "duration": duration,
        "finish": _text(finish) if found.plan.calendar else duration,
        "critical_path": list(found.deterministic.path),
        "longest_path": list(found.deterministic.longest),
        "near_critical": list(found.deterministic.near),
        "float_paths": [list(path) for path in found.float_paths],
        "cannot_be_kept": [_overrun(one) for one in found.overruns],
        "probability": found.p_deterministic,
        "cost": _cents(found.deterministic_cost),
    }


def _contingency(found: Answers) -> Document:
    return {
        "percentile": "p80",
        "duration": found.contingency,
        "money": _cents(found.contingency_cost),
    }


def _merge_bias(found: Answers) -> Document:
    bias = found.merge_bias
    return {
        "p50_minus_pert": bias.total,
        "paths": bias.paths,
        "events": bias.events,
        "competing_items": bias.competing,
        "sentence": bias.sentence(found.plan.unit.value),
    }


def _cost(found: Answers) -> Document:
    mean = found.cost.mean if found.cost else None
    values = found.cost_ladder.values if found.cost_ladder else dict.fromkeys(found.ladder.values)
    return {"mean": _cents(mean), **_money(values), "currency": found.currency}


def _joint(joint: Joint | None) -> Document | None:
    if joint is None:
        return None
    return {
        "frontiers": [_frontier(one) for one in joint.frontiers],
        "scatter": [[finish, cents(cost)] for finish, cost in joint.scatter],
    }


def _frontier(one: Frontier) -> Document:
    return {
        "probability": one.percent / 100,
        "pairs": [_pair(pair) for pair in one.pairs],
        "balanced": {**_pair(one.balanced), "each": one.each},
    }


def _pair(pair: Pair) -> Document:
    return {"finish": pair.finish, "date": _text(pair.date), "cost": cents(pair.cost)}


def _attempts(one: AttemptForecast, found: Answers) -> Document:
    return {
        "id": one.id,
        "name": one.name,
        "fallback": one.fallback,
        "succeeds": _outcome(one.succeeds, found),
        "fails": _outcome(one.fails, found),
        "not_begun": one.not_begun,
        "tries": {str(tries): part for tries, part in one.tries.items()},
        "mean_tries": one.mean_tries,
        "stopped": one.stopped,
    }


def _outcome(one: Outcome, found: Answers) -> Document:
    day = found.simulation.frame.time.date_of_finish
    return {
        "probability": one.probability,
        "cost": _cents(one.cost) if found.cost else None,
        "p50": one.p50,
        "p80": one.p80,
        "dates": {"p50": _text(day(one.p50)), "p80": _text(day(one.p80))},
    }


def _driver(driver: Driver) -> Document:
    time, money = driver.at_p50.finish, driver.at_p50.cost
    return {
        "id": driver.id,
        "kind": driver.kind,
        "delta_p80": driver.delta_p80,
        "delta_p80_error": driver.delta_p80_error,
        "delta_cost_p80": _cents(driver.delta_cost_p80),
        "delta_cost_p80_error": _cents(driver.delta_cost_p80_error),
        "cruciality": driver.cruciality,
        "within_error": driver.within_error,
        "cost_within_error": driver.cost_within_error,
        "delta_p50": time.value,
        "delta_p50_error": time.error,
        "delta_cost_p50": _cents(money.value),
        "delta_cost_p50_error": _cents(money.error),
        "within_error_p50": time.is_equal,
        "cost_within_error_p50": money.is_equal,
    }


def _responses(found: Responses | None, time: WorkingTime) -> Document | None:
    if found is None:
        return None
    return {
        "before": _stand(found.before, time),
        "after": _stand(found.after, time),
        "gains": {"p50": _effect(found.at_p50), "p80": _effect(found.at_p80)},
        "responses": [
            {
                "risk": one.risk,
                "name": one.name,
                "price": cents(float(one.price)),
                "gains": {"p50": _effect(one.at_p50), "p80": _effect(one.at_p80)},
            }
            for one in found.each
        ],
    }


def _stand(stand: Stand, time: WorkingTime) -> Document:
    return {
        "finish": _named(stand.finish.values),
        "finish_dates": _dates(stand.finish, time),
        "cost": {"p50": cents(stand.cost_p50), "p80": cents(stand.cost_p80)},
        "p_on_time": stand.p_on_time,
        "p_within_budget": stand.p_within_budget,
        "p_joint": stand.p_joint,
    }


def _effect(effect: Effect) -> Document:
    money: Difference = effect.cost
    return {
        "duration": effect.finish.value,
        "duration_error": effect.finish.error,
        "within_error": effect.finish.is_equal,
        "money": _cents(money.value),
        "money_error": _cents(money.error),
        "money_within_error": money.is_equal,
    }


def _milestone(row: ItemForecast, found: Answers) -> Document:
    ladder = row.ladder or Ladder({}, {})
    return {
        "id": row.item.id,
        "name": row.item.name,
        "finish": _named(ladder.values),
        "finish_dates": _dates(ladder, found.simulation.frame.time),
        "standard_error": _named(ladder.errors),
        "deadline": _text(row.item.deadline),
        "p_by_deadline": row.p_by_deadline,
        "p_joint": row.p_joint,
    }


def _item(row: ItemForecast, found: Answers) -> Document:
    time, finish = found.simulation.frame.time, row.finish.as_dict()
    instant = row.early_finish <= row.early_start
    begin = time.date_of_finish if instant else time.date_of_start
    of_item = found.importance.get(row.item.id)
    quadrant = of_item.quadrant if of_item else None
    return {
        "id": row.item.id,
        "name": row.item.name,
        "kind": row.item.kind.value,
        "early_start": row.early_start,
        "early_finish": row.early_finish,
        "total_float": row.total_float,
        "free_float": row.free_float,
        "start_date": _text(begin(row.early_start)),
        **_late(row, found),
        **_why(row, found),
        "finish": finish,
        "finish_dates": {name: _text(time.date_of_finish(v)) for name, v in finish.items()},
        "deadline": _text(row.item.deadline),
        "p_by_deadline": row.p_by_deadline,
        "cruciality": of_item.cruciality if of_item else None,
        "ssi": of_item.ssi if of_item else None,
        "quadrant": quadrant.value if quadrant else None,
    }


def _late(row: ItemForecast, found: Answers) -> Document:
    """Return how late an item may be, by the deterministic dates."""
    path, time, item_id = found.deterministic, found.simulation.frame.time, row.item.id
    start, finish = path.late_start[item_id], path.late_finish[item_id]
    begin = time.date_of_finish if finish <= start else time.date_of_start
    return {
        "late_start": start,
        "late_finish": finish,
        "late_start_date": _text(begin(start)),
        "late_finish_date": _text(time.date_of_finish(finish)),
        "interfering_float": path.interfering_float[item_id],
        "is_near_critical": item_id in path.near,
    }


def _why(row: ItemForecast, found: Answers) -> Document:
    why = found.reasons[row.item.id]
    return {
        "driver": why.start.driver or why.finish.driver,
        "why": {
            "start": {"cause": why.start.cause.value, "sentence": why.start.sentence},
            "finish": {"cause": why.finish.cause.value, "sentence": why.finish.sentence},
        },
    }


def _overrun(one: Overrun) -> Document:
    return {
        "kind": one.kind,
        "item": one.item,
        "moment": _text(one.moment),
        "by": one.by,
        "chain": list(one.chain),
        "sentence": one.sentence,
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _text(moment: Moment | None) -> str | float | None:
    return moment.isoformat() if isinstance(moment, date) else moment
