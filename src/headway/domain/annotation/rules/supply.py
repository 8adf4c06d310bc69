"""What past deliveries say of weeks to come: labels by whole week, ramp-up set apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from headway.analysis.agreement.readiness import WEEKS_NEEDED
from headway.domain.annotation.rules.standing import BatchStanding

#: Weeks that a forecast looks back.
LOOK_BACK = 12
#: Weeks without a delivery after which a supply has stopped, and ramps up anew.
PAUSE = 2


@dataclass(frozen=True, slots=True)
class Week:
    """Labels delivered in the week from `monday`; `is_ramp`: annotators were still learning."""

    monday: date
    delivered: int
    is_ramp: bool = False


def weeks_of(standings: Iterable[BatchStanding], at: datetime) -> Sequence[Week]:
    """Return the whole weeks before `at`, oldest first, from the first delivery of this supply.

    A supply begins anew after a pause of two weeks; weeks of its ramp-up are marked, as the batch
    that came first says. The week that is under way is left out: it is not over.
    """
    asked = list(standings)
    this_monday = monday_of(at.date())
    first = this_monday - timedelta(weeks=LOOK_BACK)
    counts: dict[date, int] = {}
    ramps: dict[date, int] = {}
    for standing in asked:
        for one in standing.deliveries:
            monday = monday_of(one.moment.date())
            if first <= monday < this_monday:
                counts[monday] = counts.get(monday, 0) + one.units
                ramp = standing.batch.ramp_weeks
                ramps[monday] = max(ramps.get(monday, 0), ramp)
    if not counts:
        return []
    begun = _begun(sorted(counts))
    ramp = ramps[begun]
    span = range((this_monday - begun).days // 7)
    mondays = [begun + timedelta(weeks=week) for week in span]
    return [Week(one, counts.get(one, 0), place < ramp) for place, one in enumerate(mondays)]


def drawn_from(weeks: Sequence[Week]) -> Sequence[Week]:
    """Return the weeks that a forecast draws from: without ramp-up, where enough others are."""
    steady = [one for one in weeks if not one.is_ramp]
    return steady if len(steady) >= WEEKS_NEEDED else weeks


def _begun(mondays: Sequence[date]) -> date:
    """Return the first week after the last pause."""
    begun = mondays[0]
    for before, monday in zip(mondays, mondays[1:], strict=False):
        if (monday - before).days // 7 > PAUSE:
            begun = monday
    return begun


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def rates_of(a_week: float) -> tuple[float, float, float]:
    """Return the range that an agreed weekly rate stands for while nothing is measured.

    Stated, not measured: 60 % to 120 % of what was agreed, since first weeks fall short.
    """
    return 0.6 * a_week, a_week, 1.2 * a_week
