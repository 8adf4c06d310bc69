"""What a stored forecast answers: a plain JSON value made from the engine's, kept for ever.

Dates are ISO text, money decimal text in the program's currency, shares 0 to 1; what has no
answer is null and said in `notes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from headway.analysis.quantities import Percentiles, cents, inverted_cdf
from headway.analysis.schedule.cost_parts import cost_parts
from headway.analysis.schedule.forecast import Forecast
from headway.analysis.schedule.sensitivity import Effect, group_effects
from headway.analysis.schedule.simulation import (
    Simulation,
    s_curve,
    share,
)

#: Above this many items the answer keeps milestones and projects only.
ANSWER_ITEMS = 5_000
#: Futures kept for the chart of time and money, and experiments and responses kept at most.
ANSWER_POINTS, ANSWER_ROWS = 200, 50
#: Shares and indices of an item are kept to so many decimals.
_DECIMALS = 4

#: What is kept of the engine's document as it stands.
_KEPT = (
    "target",
    "budget",
    "deterministic",
    "contingency",
    "pert",
    "merge_bias",
    "finish",
    "finish_dates",
    "p_on_time",
    "cost",
    "p_within_budget",
    "p_joint",
    "p_never",
    "branches",
    "standard_error",
    "cost_standard_error",
    "convergence",
    "drivers",
    "as_of",
    "notes",
)


def answer_of(
    found: Forecast, groups: Mapping[str, Sequence[str]], bought: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Return the answer for a program whose `groups` are its projects' item ids by slug.

    `bought` says by project on which category of money its tasks' fixed prices are spent.
    """
    prices = {item: to for slug, to in (bought or {}).items() for item in groups.get(slug, ())}
    whole = found.as_json()
    rows = _rows(whole["schedule"])
    told = {str(row["id"]): row for row in _rows(whole["milestones"])}
    criticality = found.simulation.criticality
    return {
        **{key: whole[key] for key in _KEPT},
        "joint": _joint(found),
        "attempts": _rows(whole["attempts"])[:ANSWER_ROWS],
        "mitigation": _mitigation(whole["mitigation"]),
        "projects": {slug: _group(found, ids, prices) for slug, ids in groups.items() if ids},
        "categories": _categories(found, prices),
        "effects": _effects(found, groups),
        "curve": _curve(found.simulation),
        "milestones": [
            _milestone(row, told[str(row["id"])]) for row in rows if str(row["id"]) in told
        ],
        "items": {
            row["id"]: {**_item(row), **_importance(row, criticality.get(str(row["id"])))}
            for row in rows
        }
        if len(rows) <= ANSWER_ITEMS
        else {},
    }


def _rows(value: object) -> list[Mapping[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _joint(found: Forecast) -> dict[str, object] | None:
    """Return the frontiers by day and the futures for the chart; None without money or dates."""
    joint, time = found.joint, found.simulation.frame.time
    if joint is None or time.calendar is None:
        return None
    step = max(len(joint.scatter) / ANSWER_POINTS, 1.0)
    count = min(len(joint.scatter), ANSWER_POINTS)
    points = [joint.scatter[int(place * step)] for place in range(count)]
    return {
        "frontiers": [
            {
                "probability": one.percent / 100,
                "pairs": [[_iso(pair.date), cents(pair.cost)] for pair in one.pairs],
                "balanced": [_iso(one.balanced.date), cents(one.balanced.cost)],
                "each": one.each,
            }
            for one in joint.frontiers
        ],
        "scatter": [[_iso(time.date_of_finish(end)), cents(cost)] for end, cost in points],
    }


def _mitigation(value: object) -> dict[str, object] | None:
    """Return before and after, and the responses that buy most days at P80."""
    if not isinstance(value, dict):
        return None
    rows = sorted(_rows(value["responses"]), key=lambda row: -abs(_days_bought(row)))
    return {**value, "responses": rows[:ANSWER_ROWS]}


def _days_bought(row: Mapping[str, object]) -> float:
    gains = row["gains"]
    days = gains["p80"]["duration"] if isinstance(gains, dict) else None
    return float(days) if isinstance(days, int | float) else 0.0


def _importance(row: Mapping[str, object], criticality: float | None) -> dict[str, object]:
    """Return how often an item decides the finish, and how closely it moves with it."""
    indices = {key: _short(row[key]) for key in ("cruciality", "ssi")}
    return {"criticality": criticality, **indices, "quadrant": row["quadrant"]}


def _short(value: object) -> float | None:
    return round(value, _DECIMALS) if isinstance(value, float) else None


def _group(found: Forecast, ids: Sequence[str], prices: Mapping[str, str]) -> dict[str, object]:
    """Return finish, odds and money of one project, from the same simulation as the whole."""
    simulation = found.simulation
    finish = np.sort(simulation.finish_of(ids))
    cost = np.sort(simulation.cost_of(ids))
    ends = Percentiles.of(finish).as_dict()
    day = simulation.frame.time.date_of_finish
    return {
        "p50": _iso(day(ends["p50"])),
        "p80": _iso(day(ends["p80"])),
        "p_on_time": None if found.target is None else simulation.p_on_time(found.target, ids),
        "p_never": share(~np.isfinite(finish)),
        "cost_p50": cents(inverted_cdf(cost, 50)) if found.cost else None,
        "cost_p80": cents(inverted_cdf(cost, 80)) if found.cost else None,
        "categories": _categories(found, prices, ids),
    }


def _categories(
    found: Forecast, prices: Mapping[str, str], ids: Sequence[str] | None = None
) -> dict[str, dict[str, str | None]]:
    """Return the money of each category, of the same futures as the whole; its means add up.

    Nothing without costs, and nothing of a plan so large that the answer leaves its items out.
    """
    if found.cost is None or len(found.simulation.plan.items) > ANSWER_ITEMS:
        return {}
    parts = cost_parts(found.simulation, ids, prices)
    return {
        name: {
            "p50": cents(inverted_cdf(ordered, 50)),
            "p80": cents(inverted_cdf(ordered, 80)),
            "mean": cents(float(np.mean(cost))),
        }
        for name, cost in parts.items()
        for ordered in [np.sort(cost)]
    }


def _effects(
    found: Forecast, groups: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float | str | bool | None]]:
    """Return what each project's uncertainty does to the program's P80, in days and in money.

    The program runs again with the project's items certain, on the same random numbers. A
    difference under two standard errors (of the difference, not of either P80) is said to be
    within error: it counts as none.
    """
    effects = group_effects(found.simulation, groups)
    return {
        slug: _effect(effect, has_money=found.cost is not None) for slug, effect in effects.items()
    }


def _effect(effect: Effect, *, has_money: bool) -> dict[str, float | str | bool | None]:
    days, money = effect.finish, effect.cost
    return {
        "days_p80": days.value,
        "days_p80_error": days.error,
        "within_error": days.is_equal,
        "money_p80": _money(money.value) if has_money else None,
        "money_p80_error": _money(money.error) if has_money else None,
        "money_within_error": money.is_equal if has_money else None,
    }


def _money(amount: float | None) -> str | None:
    return None if amount is None else cents(amount)


def _curve(simulation: Simulation) -> list[list[object]]:
    """Return (date, share of futures finished by then) for the S-curve, at most 101 points."""
    points: dict[str, float] = {}
    for quantile, value in s_curve(simulation.finish):
        day = simulation.frame.time.date_of_finish(value)
        if day is not None:
            points[day.isoformat()] = quantile
    return [[day, quantile] for day, quantile in points.items()]


def _milestone(row: Mapping[str, object], told: Mapping[str, object]) -> dict[str, object]:
    kept = {key: told[key] for key in ("finish_dates", "p_joint")}
    return {"id": row["id"], "name": row["name"], **_item(row), **kept}


def _item(row: Mapping[str, object]) -> dict[str, object]:
    dates = row["finish_dates"] if isinstance(row["finish_dates"], dict) else {}
    return {
        "start": row["start_date"],
        "p50": dates.get("p50"),
        "p80": dates.get("p80"),
        "float": row["total_float"],
        "deadline": row["deadline"],
        "p_by_deadline": row["p_by_deadline"],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
