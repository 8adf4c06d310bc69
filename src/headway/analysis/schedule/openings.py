"""People still to be hired, trial by trial: when they come, what waits for them, what they cost.

Somebody comes a lead of calendar days after the opening was written; where it is open still, the
lead is longer than what has passed. Until they have made up for what they lose while they learn
the work, what waits for them does not start. They cost from the day on which they come.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import uniforms
from headway.analysis.schedule.calendars import Times, WorkingTime
from headway.analysis.schedule.plan import Distribution, Moment, Opening
from headway.analysis.schedule.sampling import beyond

_DAYS_A_WEEK = 7.0
#: The latest day that dates can say, with room for a lead and a ramp-up.
_LAST = date(9000, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, eq=False)
class OpeningDraws:
    """An opening in each trial: from when its items may start (inf: never), and what it costs."""

    id: str
    items: tuple[int, ...]
    ready: Times
    cost: Times


def drawn_opening(
    opening: Opening,
    place: tuple[WorkingTime, Mapping[str, int], Moment | None],
    source: tuple[int, int],
) -> OpeningDraws:
    """Return the draws of an opening; `place` is the axis, open items by id, the status date."""
    time, numbers, as_of = place
    seed, trials = source
    passed = float((as_of - opening.opened).days) if isinstance(as_of, date) else 0.0
    lead = beyond(
        opening.lead,
        Distribution.TRIANGULAR,
        max(passed, 0.0),
        uniforms(seed, f"lead\0{opening.id}", trials),
    )
    ramp = beyond(
        opening.ramp, Distribution.TRIANGULAR, 0.0, uniforms(seed, f"ramp\0{opening.id}", trials)
    )
    comes = uniforms(seed, f"filled\0{opening.id}", trials) < opening.filled
    return _placed(opening, (time, numbers), (lead, ramp, comes))


def likely_opening(opening: Opening, time: WorkingTime, numbers: Mapping[str, int]) -> OpeningDraws:
    """Return the one trial of the deterministic answer: somebody comes, as is most likely."""
    lead, ramp = (np.array([one.most_likely]) for one in (opening.lead, opening.ramp))
    return _placed(opening, (time, numbers), (lead, ramp, np.ones(1, dtype=np.bool_)))


def _placed(
    opening: Opening,
    place: tuple[WorkingTime, Mapping[str, int]],
    drawn: tuple[Times, Times, NDArray[np.bool_]],
) -> OpeningDraws:
    (time, numbers), (lead, ramp, comes) = place, drawn
    arrives = _ordinals(opening.opened, lead)
    able = _ordinals(opening.opened, lead + opening.lost * ramp * _DAYS_A_WEEK)
    items = tuple(numbers[name] for name in opening.items if name in numbers)
    ready = _by_day(able, time.start_of) if items else np.zeros(1)
    cost = np.zeros(1)
    if opening.yearly and opening.until is not None:
        monthly, until = float(opening.yearly) / 12, opening.until
        cost = np.where(comes, monthly * _by_day(arrives, lambda day: months_of(day, until)), 0.0)
    return OpeningDraws(opening.id, items, np.where(comes, ready, np.inf), cost)


def _ordinals(opened: date, days: Times) -> NDArray[np.int64]:
    """Return the days that lie so many calendar days after the opening, as ordinals."""
    found = np.ceil(days - 1e-9) + opened.toordinal()
    return np.asarray(np.minimum(found, _LAST), dtype=np.int64)


def _by_day(ordinals: NDArray[np.int64], told: Callable[[date], float]) -> Times:
    """Return what is `told` of each day; each different day is asked once."""
    days, place = np.unique(ordinals, return_inverse=True)
    asked = [told(date.fromordinal(int(day))) for day in days]
    return np.array(asked, dtype=np.float64)[place]


def months_of(first: date, until: date) -> float:
    """Return the months from `first` to the end of the day `until`; a month begun counts its days.

    Each month is one, whatever its length: a year's pay comes in twelve equal parts.
    """
    if until < first:
        return 0.0
    after = until + timedelta(days=1)
    return _months_at(after) - _months_at(first)


def _months_at(day: date) -> float:
    begin = day.replace(day=1)
    length = ((begin + timedelta(days=32)).replace(day=1) - begin).days
    return day.year * 12 + day.month - 1 + (day.day - 1) / length


def floors(openings: Iterable[OpeningDraws]) -> dict[int, Times]:
    """Return before when items may not start in each trial, for the items that wait."""
    found: dict[int, Times] = {}
    for one in openings:
        for number in one.items:
            held = found.get(number)
            found[number] = one.ready if held is None else np.maximum(held, one.ready)
    return found


def likely_day(opening: Opening) -> date:
    """Return the day on which somebody comes, as is most likely."""
    return opening.opened + timedelta(days=math.ceil(opening.lead.most_likely - 1e-9))


__all__ = [
    "OpeningDraws",
    "drawn_opening",
    "floors",
    "likely_day",
    "likely_opening",
    "months_of",
]
