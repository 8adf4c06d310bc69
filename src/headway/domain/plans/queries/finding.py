"""Who could take a request, and what an allocation runs into: read off the same sums as the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.queries import people_of, working_times
from headway.domain.people.queries.skills import skills_of
from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.allocations import AllocationFacts, RequestFacts
from headway.domain.people.rules.heat import hours
from headway.domain.people.rules.loads import MOST_WEEKS, Portion, Weeks, loads, share_of
from headway.domain.plans.queries.capacity import capacity_map, person_hours
from headway.domain.plans.queries.forecasts import latest_forecast
from headway.domain.plans.queries.work import item_named
from headway.domain.plans.rules.capacity import CapacityMap, MapView
from headway.domain.programs.queries import program_named, project_named
from headway.errors import NotFound

_DAY = timedelta(days=1)
#: A part that is missing below this is rounding.
_WHOLE = 0.9995


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody for a request: `free` hours a week as a list by week, of those `wanted`.

    `fits` is the share of the wanted hours that they have free; `has` says of each skill asked for
    whether they have it at the level, None where nobody knows.
    """

    person: PersonFacts
    fits: float
    weeks_short: int
    wanted: Sequence[float]
    free: Sequence[float]
    is_role: bool
    has: Sequence[tuple[str, int, int | None]]  # skill, level asked for, level held
    reason: str

    @property
    def lacks(self) -> int:
        """Return how many of the skills asked for they are not known to have."""
        return sum(held is None or held < level for _, level, held in self.has)


def candidates(
    actor: Actor, request: RequestFacts, at: datetime | None = None
) -> Sequence[Candidate]:
    """Return everybody on the roster for a request: the skilled, of the role, and free first.

    Free is what is left of each week after firm work; what is tentative takes nothing.
    """
    require(actor, Permission.VIEW)
    weeks = _weeks(request.starts_on, request.ends_on)
    found = capacity_map(actor, MapView(weeks), at)
    people = people_of(actor)
    begin, end = weeks.place(request.starts_on), weeks.place(request.ends_on + _DAY)
    share, minutes = share_of(request.share or 0.0), round((request.weekly_hours or 0.0) * 60)
    portions = [Portion(row, begin, end, share, minutes) for row in range(len(people))]
    wanted = loads(portions, person_hours(actor, weeks, at), weeks)
    free = found.heat.free[: len(people)]
    levels = {
        key: {skill.strip().lower(): level for skill, level in held.items()}
        for key, held in skills_of(actor).items()
    }
    rows = [
        _candidate(request, one, wanted[row], free[row], levels.get(one.key, {}))
        for row, one in enumerate(people)
    ]
    return sorted(
        rows,
        key=lambda one: (
            one.fits <= 0,
            one.lacks,
            not one.is_role,
            one.fits < _WHOLE,
            -round(one.fits, 3),
            one.person.name,
        ),
    )


def _weeks(first: date, last: date) -> Weeks:
    weeks = Weeks.of(first, 1)
    return Weeks(weeks.first, min(MOST_WEEKS, (last - weeks.first).days // 7 + 1))


def _candidate(
    request: RequestFacts,
    person: PersonFacts,
    wanted: np.ndarray,
    free: np.ndarray,
    levels: Mapping[str, int],
) -> Candidate:
    asked = int(wanted.sum())
    met = np.minimum(wanted, free)
    fits = int(met.sum()) / asked if asked else 0.0
    short = int(np.count_nonzero(met < wanted))
    has = [(name, level, levels.get(name.strip().lower())) for name, level in request.skills]
    is_role = person.role.strip().lower() == request.role.strip().lower() or not request.role
    return Candidate(
        person=person,
        fits=fits,
        weeks_short=short,
        wanted=[hours(int(one)) for one in wanted],
        free=[hours(int(one)) for one in free],
        is_role=is_role,
        has=has,
        reason=_reason(request, person, (fits, short, len(wanted)), has, is_role=is_role),
    )


def _reason(
    request: RequestFacts,
    person: PersonFacts,
    free: tuple[float, int, int],
    has: Sequence[tuple[str, int, int | None]],
    *,
    is_role: bool,
) -> str:
    fits, short, count = free
    role = person.role or "no role"
    parts = [role if is_role else f"{role}, not {request.role}"]
    for name, level, held in has:
        asked = f"{name} ≥ {level}" if level else name
        if held is None:
            parts.append(f"{asked} is not known of them")
        else:
            parts.append(f"{name} {held}" if held >= level else f"{name} {held}, not {level}")
    if fits >= _WHOLE:
        parts.append("free for all of it" if count == 1 else f"free in all {count} weeks")
    elif fits <= 0:
        parts.append("not free in any week")
    else:
        parts.append(f"free for {fits * 100:.0f} % of it, short in {short} of {count} weeks")
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}."


def allocation_warnings(
    actor: Actor, allocation: AllocationFacts, at: datetime | None = None
) -> Sequence[str]:
    """Return what is odd about an allocation, a sentence each: days, absence, too much at once."""
    require(actor, Permission.VIEW)
    return [*_of_days(actor, allocation, at), *_of_load(actor, allocation, at)]


def _of_days(actor: Actor, one: AllocationFacts, at: datetime | None) -> list[str]:
    """Say where it lies outside of the days on which its item is worked on."""
    if not one.item:
        return []
    program = program_named(actor, one.program, at)
    forecast = latest_forecast(actor, program, at)
    items = forecast.answer.get("items") if forecast else None
    said = items.get(f"{one.project}/{one.item}") if isinstance(items, dict) else None
    if not isinstance(said, dict) or not said.get("start"):
        try:
            item_named(actor, project_named(actor, one.project, at), one.item, at)
        except NotFound as error:
            return [str(error)]
        return [f"The item {one.place} has no date in a forecast."]
    start, end = date.fromisoformat(said["start"]), said.get("p80")
    found = []
    if one.starts_on < start:
        found.append(f"It begins on {one.starts_on}; the item begins on {start} at the earliest.")
    if end and one.ends_on > date.fromisoformat(end):
        found.append(f"It goes on until {one.ends_on}; the item ends by {end} at P80.")
    return found


def _of_load(actor: Actor, one: AllocationFacts, at: datetime | None) -> list[str]:
    weeks = _weeks(one.starts_on, one.ends_on)
    found = capacity_map(actor, MapView(weeks), at)
    place = found.place.get(one.person)
    if place is None:
        return []
    said = _above(found, place, weeks) if not one.is_tentative else []
    told = working_times(actor, at).get(one.person_id)
    days = [one.starts_on + n * _DAY for n in range((one.ends_on - one.starts_on).days + 1)]
    away = [day for day in days if told is not None and told.is_absent(day)]
    if away:
        said.append(f"{one.person_name} is away on {len(away)} of its days, from {away[0]} on.")
    return said


def _above(found: CapacityMap, place: int, weeks: Weeks) -> list[str]:
    heat = found.heat
    above = np.flatnonzero(heat.is_above[place])
    if not len(above):
        return []
    worst = int(above[np.argmax(heat.load[place][above] - heat.capacity[place][above])])
    load, there = (hours(int(part[place][worst])) for part in (heat.load, heat.capacity))
    count = f"{len(above)} weeks" if len(above) > 1 else "1 week"
    return [
        f"{found.rows[place].name} is above capacity in {count}; most in the week of "
        f"{weeks.mondays[worst]}: {load:.4g} h of {there:.4g} h."
    ]
