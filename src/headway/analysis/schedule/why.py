"""Why each date is where it is: what holds an item's start, and its finish, in one trial.

What holds a date is looked for where the forward pass put it: what happened, a pin, a resource, a
link that drives, a day before which nothing may begin. Where several hold it at once, links come
first, because they lead on: followed back from the last finish they give the path that drives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from headway.analysis.schedule.calendars import TOLERANCE
from headway.analysis.schedule.critical_path import CriticalPath, path_of
from headway.analysis.schedule.network import Edge
from headway.analysis.schedule.openings import likely_day
from headway.analysis.schedule.passes import Run, binds, reach
from headway.analysis.schedule.plan import Item, LagUnit, LinkType, Moment
from headway.analysis.schedule.several import SeveralCalendars
from headway.analysis.schedule.spans import calendars_of

_FROM_FINISH = (LinkType.FS, LinkType.FF)
_TO_START = (LinkType.FS, LinkType.SS)
#: Float paths that are numbered.
MOST_PATHS = 5
#: Items of a chain that a sentence names.
_NAMED = 6


class Cause(StrEnum):
    """What holds a date."""

    ACTUAL = "actual"
    PINNED = "pinned"
    LINK = "link"
    RESOURCE = "resource"
    NOT_BEFORE = "not before"
    OPENING = "opening"
    STATUS = "status date"
    START = "plan start"
    WORK = "work"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Reason:
    """What holds one date, in a sentence; `driver` is the item that does, if one does.

    `waits_for_calendar` says that the calendar moved the date on to its next working time.
    """

    cause: Cause
    sentence: str
    driver: str | None = None
    waits_for_calendar: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """Why an item starts and ends when it does."""

    start: Reason
    finish: Reason


@dataclass(frozen=True, slots=True)
class Overrun:
    """A day that cannot be kept: by how many working units, and through which chain of items."""

    kind: str
    item: str | None
    moment: Moment
    by: float
    chain: tuple[str, ...]
    sentence: str


def reasons(run: Run) -> dict[str, Why]:
    """Return why each item starts and ends when it does, in the first trial of `run`."""
    return {item_id: why(run, number) for number, item_id in enumerate(run.frame.network.ids)}


def why(run: Run, number: int) -> Why:
    """Return why item `number` starts and ends when it does, in the first trial of `run`."""
    item, timing = run.frame.plan.items[number], run.frame.timings[number]
    if timing.finished is not None:
        ended = f"It finished on {item.finished}."
        begun = f"It started on {item.started}." if item.started else "It has been done."
        return Why(Reason(Cause.ACTUAL, begun), Reason(Cause.ACTUAL, ended))
    if number in run.taken and not run.taken[number][0]:
        sentence = "It is a fallback that the most likely course does not take."
        settled = Reason(Cause.FALLBACK, sentence)
        return Why(settled, settled)
    pushed = _pushing(run, number)
    return Why(_start(run, number, item, pushed), _finish(run, number, item, pushed))


def _start(run: Run, number: int, item: Item, pushed: Edge | None) -> Reason:
    timing = run.frame.timings[number]
    if timing.started is not None:
        return Reason(Cause.ACTUAL, f"It started on {item.started}.")
    if timing.pinned is not None:
        return Reason(Cause.PINNED, _pin_sentence(run, number, item))
    holder = _holder(run, number)
    if holder is not None:
        name = run.frame.network.ids[holder]
        return Reason(Cause.RESOURCE, f"It waits for what {name} holds until then.", name)
    if pushed is not None:
        name = run.frame.network.ids[pushed.source]
        sentence = f"It ends no earlier than {_when(run, pushed)}, and starts as late as it can."
        return Reason(Cause.LINK, sentence, name)
    driving = _driving(run, number)
    if driving is None:
        return _held(run, number, item)
    name = run.frame.network.ids[driving.source]
    gap = _calendar_gap(run, number, float(reach(run, driving)[0]))
    sentence = f"It starts {_when(run, driving)}{gap}."
    return Reason(Cause.LINK, sentence, name, waits_for_calendar=bool(gap))


def _finish(run: Run, number: int, item: Item, pushed: Edge | None) -> Reason:
    if pushed is not None:
        name = run.frame.network.ids[pushed.source]
        return Reason(Cause.LINK, f"It ends {_when(run, pushed)}.", name)
    length = _units(run, float(run.lasting[number][0]))
    if item.started is not None:
        return _rest(run, number, length)
    if float(run.lasting[number][0]) <= TOLERANCE:
        return Reason(Cause.WORK, "It takes no time.")
    return Reason(Cause.WORK, f"It takes {length} from its start.{_meanwhile(run, number, item)}")


def _rest(run: Run, number: int, length: str) -> Reason:
    """Return why started work ends when it does; its rest may wait for what should come first."""
    sentence = f"It takes {length} in all since it started."
    goes_on = float(run.resumed[number][0]) if number in run.resumed else -np.inf
    if goes_on <= run.frame.timings[number].resumes + _grain(run, number):
        return Reason(Cause.WORK, sentence)
    edges = (edge for edge in run.frame.network.edges[number] if edge.type in _TO_START)
    last = max(edges, key=lambda edge: float(reach(run, edge)[0]))
    name = run.frame.network.ids[last.source]
    told = f"{sentence} It began out of order, and its rest goes on {_when(run, last)}."
    return Reason(Cause.LINK, told, name)


def _held(run: Run, number: int, item: Item) -> Reason:
    """Return why an item starts that no link holds: a day, the status date, or the plan's start."""
    frame, start = run.frame, float(run.starts[number][0])
    hired = _hired(run, number, start)
    if hired is not None:
        return hired
    if item.not_before is not None:
        asked = frame.time.start_on(number, item.not_before)
        if asked >= start - TOLERANCE:
            later = _later(run, number, frame.time.start_of(item.not_before))
            sentence = f"It is not to start before {item.not_before}.{later}"
            return Reason(Cause.NOT_BEFORE, sentence, waits_for_calendar=bool(later))
    first = frame.time.item_units(number, frame.time.zero)
    if frame.time.item_units(number, start) > first + TOLERANCE:
        later = _later(run, number, frame.soonest)
        sentence = f"Work that has not begun starts at the status date at best.{later}"
        return Reason(Cause.STATUS, sentence, waits_for_calendar=bool(later))
    later = _later(run, number, frame.time.zero)
    sentence = f"The plan starts then, and nothing else holds it.{later}"
    return Reason(Cause.START, sentence, waits_for_calendar=bool(later))


def _hired(run: Run, number: int, start: float) -> Reason | None:
    """Return the opening that an item waits for, where that holds its start."""
    time = run.frame.time
    if number not in run.floors:
        return None
    begins = time.item_units(number, float(run.floors[number][0]))
    if begins < time.item_units(number, start) - TOLERANCE:
        return None
    last = max(
        (one for one in run.draws.openings if number in one.items),
        key=lambda one: float(one.ready[0]),
    )
    opening = next(one for one in run.frame.plan.openings if one.id == last.id)
    name = opening.name or opening.id
    sentence = (
        f"It waits for somebody to be hired ({name}), who most likely comes on "
        f"{likely_day(opening)}."
    )
    return Reason(Cause.OPENING, sentence)


def _driving(run: Run, number: int) -> Edge | None:
    """Return the link that holds the start: of several, the one whose predecessor ends last."""
    if run.frame.timings[number].is_fixed:
        return None
    edges = [
        edge
        for edge in run.frame.network.edges[number]
        if edge.type in _TO_START and bool(np.broadcast_to(binds(run, edge, number), 1)[0])
    ]
    time, grain = run.frame.time, _grain(run, number)
    earliest = time.item_units(number, run.frame.timings[number].earliest) - grain
    edges = [
        edge for edge in edges if time.item_units(number, float(reach(run, edge)[0])) >= earliest
    ]
    return max(edges, key=lambda edge: float(run.finishes[edge.source][0]), default=None)


def _pushing(run: Run, number: int) -> Edge | None:
    """Return the link that holds the finish later than the work would end."""
    timing, finish = run.frame.timings[number], float(run.finishes[number][0])
    edges = [edge for edge in run.frame.network.edges[number] if edge.type not in _TO_START]
    last = max(edges, key=lambda edge: float(reach(run, edge)[0]), default=None)
    if last is None or float(reach(run, last)[0]) < finish - TOLERANCE or not np.isfinite(finish):
        return None
    time, start = run.frame.time, float(run.starts[number][0])
    if timing.is_fixed:
        spent = time.item_units(number, finish) - time.item_units(number, start)
        return last if spent > float(run.lasting[number][0]) + _grain(run, number) else None
    free = _driving(run, number) is None and _holder(run, number) is None
    return last if free and start > timing.earliest + TOLERANCE else None


def _holder(run: Run, number: int) -> int | None:
    """Return the item whose units this one waited for; None without, or without pools."""
    if run.pools is None or number not in run.pools.waited:
        return None
    holder = int(run.pools.waited[number][0])
    return holder if holder >= 0 else None


def _when(run: Run, edge: Edge) -> str:
    """Return when a link binds, in words: "2 working days after A finishes"."""
    name = run.frame.network.ids[edge.source]
    end = "finishes" if edge.type in _FROM_FINISH else "starts"
    if edge.lag == 0.0:
        return f"when {name} {end}"
    size = abs(edge.lag)
    amount = f"{size:g} % of its work" if edge.unit is LagUnit.PERCENT else _units(run, size)
    if edge.unit is LagUnit.ELAPSED:
        amount = amount.replace("working", "elapsed")
    return f"{amount} {'after' if edge.lag > 0 else 'before'} {name} {end}"


def _calendar_gap(run: Run, number: int, reached: float) -> str:
    """Return what the calendar adds: nothing where work goes on at the next working moment."""
    found = _resting(run, number, reached)
    if found is None:
        return ""
    calendar, freed, begins = found
    return f", on {freed}, and its calendar {calendar!r} works again on {begins}"


def _later(run: Run, number: int, reached: float) -> str:
    """Return the same after a day that is told already."""
    found = _resting(run, number, reached)
    return "" if found is None else f" Its calendar {found[0]!r} works again on {found[2]}."


def _resting(run: Run, number: int, reached: float) -> tuple[str, date, date] | None:
    """Return the calendar that lets an item wait, from what day, and the day it works again."""
    time, clock = run.frame.time, run.frame.time.clock(number)
    start = float(run.starts[number][0])
    if clock is None or start <= reached + clock.grain:
        return None
    begins, freed = time.date_of_start(start), time.date_of_finish(reached)
    if begins is None or freed is None or (begins - freed).days <= 1:
        return None
    return _last_open(run, run.frame.plan.items[number], reached), freed, begins


def _last_open(run: Run, item: Item, reached: float) -> str:
    """Return which of an item's calendars is the last to work after a time."""
    held, time = calendars_of(run.frame.plan, item), run.frame.time
    opens = {one.name: reached for one in held}
    if len(held) < 2 or not isinstance(time, SeveralCalendars):
        return next(iter(opens), "")
    for one in held:
        clock = time.absolute.clock((one,))
        if clock is not None:
            opens[one.name] = float(clock.opening(clock.count(np.array([reached])))[0])
    return max(opens, key=lambda name: opens[name])


def _meanwhile(run: Run, number: int, item: Item) -> str:
    """Return which calendars rest while the plan's works and the item is under way; or nothing."""
    time, plan = run.frame.time, run.frame.plan
    held = calendars_of(plan, item)
    if not isinstance(time, SeveralCalendars) or time.own is None or held == (plan.calendar,):
        return ""
    both = np.array([run.starts[number][0], run.finishes[number][0]])
    usual = float(np.diff(time.own.count(both))[0])
    rests = {}
    for one in held:
        clock = time.absolute.clock((one,))
        if clock is not None:
            rests[one.name] = usual - float(np.diff(clock.count(both))[0])
    name = max(rests, key=lambda one: rests[one])
    if not rests[name] > max(time.own.grain, 0.005):
        return ""
    return f" Its calendar {name!r} rests for {_units(run, rests[name])} of the plan's meanwhile."


def _pin_sentence(run: Run, number: int, item: Item) -> str:
    late = _pin_overrun(run, number)
    pinned = f"It is pinned to {item.pinned}"
    if late is None:
        return f"{pinned}."
    edge, by = late
    name = run.frame.network.ids[edge.source]
    return f"{pinned}, {_units(run, by)} before {name}, which it waits for, lets it start."


def _pin_overrun(run: Run, number: int) -> tuple[Edge, float] | None:
    """Return the link that a pinned start breaks most, and by how many working units."""
    pinned = run.frame.timings[number].pinned
    if pinned is None:
        return None
    time = run.frame.time
    found = None
    for edge in run.frame.network.edges[number]:
        if edge.type not in _TO_START:
            continue
        reached = float(reach(run, edge)[0])
        by = time.item_units(number, reached) - time.item_units(number, pinned)
        if by > _grain(run, number) and (found is None or by > found[1]):
            found = (edge, by)
    return found


def _grain(run: Run, number: int) -> float:
    clock = run.frame.time.clock(number)
    return TOLERANCE if clock is None else clock.grain


def _units(run: Run, units: float) -> str:
    """Return working units in words."""
    unit = run.frame.plan.unit.value
    amount = f"{round(units, 2):g}"
    return f"{amount} working {unit[:-1] if amount == '1' else unit}"


def chain_to(run: Run, number: int) -> tuple[int, ...]:
    """Return the items that drive item `number`, in the order of the work, itself last."""
    chain = [number]
    ids = {item_id: place for place, item_id in enumerate(run.frame.network.ids)}
    while True:
        found = why(run, chain[-1])
        driver = found.start.driver or found.finish.driver
        if driver is None or ids[driver] in chain:
            return tuple(chain[::-1])
        chain.append(ids[driver])


def overruns(run: Run, target: Moment | None = None) -> list[Overrun]:
    """Return every pin, deadline and target that the run cannot keep, the worst first.

    `target` None means the plan's own.
    """
    target = run.frame.plan.target if target is None else target
    found = [*_pin_overruns(run), *_deadline_overruns(run), *_target_overrun(run, target)]
    return sorted(found, key=lambda one: -one.by)


def _pin_overruns(run: Run) -> Iterator[Overrun]:
    for number, item in enumerate(run.frame.plan.items):
        late = _pin_overrun(run, number) if item.pinned is not None else None
        if late is not None and item.pinned is not None:
            edge, by = late
            chain = (*chain_to(run, edge.source), number)
            lead = f"Item {item.id!r} is pinned to {item.pinned}, {_units(run, by)} before"
            yield _overrun(run, ("pin", item.id, item.pinned), by, chain, f"{lead} its logic")


def _deadline_overruns(run: Run) -> Iterator[Overrun]:
    time = run.frame.time
    for number, item in enumerate(run.frame.plan.items):
        if item.deadline is None or item.finished is not None or number in run.taken:
            continue
        finish = float(run.finishes[number][0])
        limit = time.item_units(number, time.end_of(item.deadline))
        by = time.item_units(number, finish) - limit
        if by > _grain(run, number):
            chain = chain_to(run, number)
            lead = f"Item {item.id!r} ends {_units(run, by)} after its deadline {item.deadline}"
            yield _overrun(run, ("deadline", item.id, item.deadline), by, chain, lead)


def _target_overrun(run: Run, target: Moment | None) -> Iterator[Overrun]:
    finish = float(run.finish[0])
    if target is None or not np.isfinite(finish):
        return
    by = finish - run.frame.time.end_of(target)
    if by > max(TOLERANCE, 1e-4 if not run.frame.time.is_plain else 0.0):
        last = max(run.frame.last, key=lambda number: float(run.finishes[number][0]))
        lead = f"The plan ends {_units(run, by)} after its target {target}"
        yield _overrun(run, ("target", None, target), by, chain_to(run, last), lead)


def _overrun(
    run: Run, what: tuple[str, str | None, Moment], by: float, chain: Sequence[int], lead: str
) -> Overrun:
    names = [run.frame.network.ids[number] for number in chain]
    shown = names if len(names) <= _NAMED else [names[0], "…", *names[-_NAMED + 2 :]]
    kind, item, moment = what
    sentence = f"{lead}: {' → '.join(shown)}."
    return Overrun(kind, item, moment, round(by, 6), tuple(names), sentence)


def float_paths(
    run: Run, path: CriticalPath | None = None, most: int = MOST_PATHS
) -> tuple[tuple[str, ...], ...]:
    """Return the first float paths, each in the order of the work and with an item of its own.

    The first ends with the item that ends last; each further one with the item of least total float
    among those left, and goes back over the predecessor with the least of it until there is none.
    """
    path = path or path_of(run)
    frame, ids = run.frame, run.frame.network.ids
    left = {
        number
        for number, item in enumerate(frame.plan.items)
        if item.finished is None and number not in run.taken
    }
    floats = [path.total_float[item_id] for item_id in ids]
    finishes = [path.early_finish[item_id] for item_id in ids]
    found: list[tuple[str, ...]] = []
    while left and len(found) < most:
        number: int | None = min(left, key=lambda n: (round(floats[n], 6), -finishes[n], n))
        chain = []
        while number is not None:
            chain.append(number)
            left.discard(number)
            sources = {edge.source for edge in frame.network.edges[number]} & left
            number = min(
                sources, key=lambda n: (round(floats[n], 6), -finishes[n], n), default=None
            )
        found.append(tuple(ids[number] for number in reversed(chain)))
    return tuple(found)
