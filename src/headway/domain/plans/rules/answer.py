"""What a stored forecast answers: a plain JSON value made from the engine's, kept for ever.

Dates are ISO text, money decimal text in the program's currency, shares 0 to 1; what has no
answer is null and said in `notes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from headway.analysis.quantities import Percentiles, cents, inverted_cdf
from headway.analysis.schedule.forecast import Forecast
from headway.analysis.schedule.sensitivity import Effect, group_effects
from headway.analysis.schedule.simulation import (
    Simulation,
    s_curve,
    share,
)

#: Above this many items the answer keeps milestones and projects only.
ANSWER_ITEMS = 5_000


def answer_of(found: Forecast, groups: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Return the answer for a program whose `groups` are its projects' item ids by slug."""
    whole = found.as_json()
    kept = (
        "target",
        "budget",
        "deterministic",
        "finish",
        "finish_dates",
        "p_on_time",
        "cost",
        "p_within_budget",
        "p_joint",
        "p_never",
        "branches",
        "standard_error",
        "drivers",
        "as_of",
        "notes",
    )
    rows = whole["schedule"] if isinstance(whole["schedule"], list) else []
    criticality = found.simulation.criticality
    return {
        **{key: whole[key] for key in kept},
        "projects": {slug: _group(found, ids) for slug, ids in groups.items() if ids},
        "effects": _effects(found, groups),
        "curve": _curve(found.simulation),
        "milestones": [_milestone(row) for row in rows if row["kind"] == "milestone"],
        "items": {
            row["id"]: {**_item(row), "criticality": criticality.get(row["id"])} for row in rows
        }
        if len(rows) <= ANSWER_ITEMS
        else {},
    }


def _group(found: Forecast, ids: Sequence[str]) -> dict[str, object]:
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


def _milestone(row: Mapping[str, object]) -> dict[str, object]:
    return {"id": row["id"], "name": row["name"], **_item(row)}


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
