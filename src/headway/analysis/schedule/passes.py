"""The forward pass through the network, and the walk back along what was critical.

Arrays have one trial a column. A time of +inf is "never". The pass is the same for the one trial
of the deterministic answer and for ten thousand random ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.calendars import TOLERANCE, Times, WorkingTime
from headway.analysis.schedule.clocks import Clock
from headway.analysis.schedule.closures import Closed
from headway.analysis.schedule.draws import AttemptDraws, Draws, Flags, most_likely_durations
from headway.analysis.schedule.network import Edge, Network
from headway.analysis.schedule.plan import LagUnit, LinkType, Plan, Progress
from headway.analysis.schedule.pools import Pools
from headway.analysis.schedule.timing import Timing

NEVER = np.inf
_FROM_FINISH = (LinkType.FS, LinkType.FF)
_TO_START = (LinkType.FS, LinkType.SS)


@dataclass(frozen=True, eq=False)
class Frame:
    """What stays the same between two runs over one plan."""

    plan: Plan
    network: Network
    time: WorkingTime
    timings: tuple[Timing, ...]

    @cached_property
    def last(self) -> tuple[int, ...]:
        """Return the items that can end last: those that no later item is sure to outlast.

        What starts after an item's finish ends no earlier than it. A started or pinned item may
        begin before its predecessor is done, and a fallback that is not taken lasts nothing and
        stands where its experiments end, so neither counts as such a later item.
        """
        outlasted = {
            edge.source
            for number, into in enumerate(self.network.edges)
            if not self.timings[number].is_fixed and not self.network.fallback_of[number]
            for edge in into
            if edge.type is LinkType.FS and edge.unit is LagUnit.WORKING and edge.lag >= 0.0
        }
        return tuple(n for n in range(len(self.timings)) if n not in outlasted)

    @cached_property
    def simply_after(self) -> tuple[tuple[float, tuple[int, ...]] | None, ...]:
        """Return the earliest start and the predecessors of items that simply come after those.

        None for what is begun or pinned, and where a link has a lag or binds another end.
        """
        return tuple(
            None
            if timing.is_fixed or any(e.lag or e.type is not LinkType.FS for e in into)
            else (timing.earliest, tuple(edge.source for edge in into))
            for timing, into in zip(self.timings, self.network.edges, strict=True)
        )

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return the number of each item by its id."""
        return {item_id: number for number, item_id in enumerate(self.network.ids)}

    @cached_property
    def held(self) -> frozenset[int]:
        """Return the items under way whose rest waits for what should have come first."""
        if self.plan.progress is not Progress.RETAINED:
            return frozenset()
        return frozenset(
            number
            for number, timing in enumerate(self.timings)
            if timing.started is not None
            and timing.finished is None
            and any(edge.type in _TO_START for edge in self.network.edges[number])
        )

    @cached_property
    def soonest(self) -> float:
        """Return before when nothing that has not begun can start, by no calendar."""
        free = (timing.earliest for timing in self.timings if not timing.is_fixed)
        return min(free, default=self.time.zero)

    @cached_property
    def likely(self) -> tuple[float, ...]:
        """Return the most likely duration of each item, at least what it has taken already."""
        return tuple(most_likely_durations(self.plan, self.timings))

    @cached_property
    def is_simple(self) -> bool:
        """Say whether `single` knows all that one trial of the plan takes."""
        if not self.time.is_plain or any(self.network.fallback_of):
            return False
        if any(opening.items for opening in self.plan.openings):
            return False
        return self.plan.calendar is None or not any(
            edge.unit is LagUnit.ELAPSED for into in self.network.edges for edge in into
        )


@dataclass(slots=True, eq=False)
class Run:
    """The times of one run by item, filled by `forward`; each array has one value a trial.

    `lasting` is the work itself, finite even where the item is never finished. `taken` holds the
    trials in which a fallback is done, `failed` those in which an experiment gave up.
    """

    frame: Frame
    draws: Draws
    starts: list[Times]
    finishes: list[Times]
    lasting: list[Times]
    tries: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    taken: dict[int, Flags] = field(default_factory=dict)
    failed: dict[int, Flags] = field(default_factory=dict)
    pools: Pools | None = None
    #: When the rest of what is under way goes on in each trial, where it may have to wait.
    resumed: dict[int, Times] = field(default_factory=dict)
    #: What risks close in each trial, to the items that anything is closed to.
    closed: Mapping[int, Closed] = field(default_factory=dict)
    #: Before when an item that waits for somebody to be hired does not start, in each trial.
    floors: Mapping[int, Times] = field(default_factory=dict)

    def finish_of(self, numbers: Iterable[int]) -> Times:
        """Return when the last of some items ends in each trial."""
        latest = np.full(self.draws.trials, -np.inf)
        for number in numbers:
            latest = np.maximum(latest, self.finishes[number])
        return latest

    @property
    def finish(self) -> Times:
        """Return the finish of the whole plan in each trial."""
        return self.finish_of(self.frame.last)


def forward(frame: Frame, draws: Draws, pools: Pools | None = None) -> Run:
    """Return the earliest start and finish of every item in every trial.

    With `pools` an item also waits for the resources it needs, in the order the pools give.
    """
    blank = [np.zeros(1)] * len(frame.network.ids)
    run = Run(frame, draws, list(blank), list(blank), list(blank), pools=pools)
    run.closed, run.floors = draws.closed(), draws.floors()
    delays = draws.delays()
    for number in pools.order if pools else frame.network.order:
        _compute(run, number, delays.get(number))
    return run


def forward_again(base: Run, draws: Draws, changed: Iterable[int]) -> Run:
    """Return the run of `draws`, which differ from those of `base` in the `changed` items only.

    Items that nothing changed before them keep their times. Not for runs with pools, in which
    every item may move every other.
    """
    run = replace(
        base,
        draws=draws,
        starts=list(base.starts),
        finishes=list(base.finishes),
        lasting=list(base.lasting),
        tries=dict(base.tries),
        taken=dict(base.taken),
        resumed=dict(base.resumed),
        failed=dict(base.failed),
        closed=draws.closed(),
        floors=draws.floors(),
    )
    delays = draws.delays()
    moved = set(changed)
    for number in base.frame.network.order:
        sources = (edge.source for edge in base.frame.network.edges[number])
        if number not in moved and moved.isdisjoint(sources):
            continue
        for known in (run.tries, run.failed):
            known.pop(number, None)
        _compute(run, number, delays.get(number))
        if number not in moved and not _same(base, run, number):
            moved.add(number)
    return run


def _same(base: Run, run: Run, number: int) -> bool:
    """Say whether nothing that a successor sees of an item differs between two runs."""
    times = zip(
        (base.starts, base.finishes, base.lasting),
        (run.starts, run.finishes, run.lasting),
        strict=True,
    )
    return number not in run.failed and all(
        np.array_equal(before[number], after[number]) for before, after in times
    )


def _compute(run: Run, number: int, delay: Times | None) -> None:
    timing = run.frame.timings[number]
    if timing.finished is not None:
        _record_finished(run, number, timing)
    else:
        _place(run, number, timing, delay)


def _record_finished(run: Run, number: int, timing: Timing) -> None:
    run.starts[number] = np.full(run.draws.trials, timing.earliest)
    run.finishes[number] = np.full(run.draws.trials, timing.finished)
    time = run.frame.time
    finished = time.item_units(number, timing.finished or 0.0)
    run.lasting[number] = np.array([finished - time.item_units(number, timing.earliest)])


def _place(run: Run, number: int, timing: Timing, delay: Times | None) -> None:
    """Compute the times of one unfinished item."""
    taken = _taken(run, number, timing)
    start, end = _bounds(run, number, timing)
    if run.pools is not None and not timing.is_fixed:
        start = run.pools.wait(number, start)
    begin = start if timing.work_from is None else np.full_like(start, timing.work_from)
    start, worked, spent = _worked(run, number, (start, begin, end), delay, taken)
    finish = np.maximum(worked, end)
    finish = _never(run, number, finish, taken)
    if taken is not None:
        start, finish = _passed_over(run, number, taken, start, finish)
        run.taken[number] = taken
    run.starts[number], run.finishes[number] = start, finish
    run.lasting[number] = spent
    if run.pools is not None:
        run.pools.occupy(number, start, worked, taken)


def _worked(
    run: Run,
    number: int,
    times: tuple[Times, Times, Times],
    delay: Times | None,
    taken: Flags | None,
) -> tuple[Times, Times, Times]:
    """Return start, end of work, and the working units in between, of one unfinished item.

    `times` are when it may start, when its work begins or goes on, and before when it may not end.
    Working units are counted by its clock; without one the axis counts them.
    """
    timing, clock = run.frame.timings[number], run.frame.time.clock(number)
    start, begin, end = times
    units, closed = begin, run.closed.get(number)
    if clock is not None:
        units = clock.count(begin)
        closed = None if closed is None else closed.counted(clock)
    since, pause = units, _pause(run, number) if number in run.frame.held else None
    if pause is not None:
        units = units + pause
    if closed is not None and timing.started is None and not _is_instant(run, number):
        units = closed.opens(units)
    lasting = _lasting(run, number, units, delay)
    if taken is not None:
        lasting = np.where(taken, lasting, 0.0)
    ready = units + lasting
    until = ready if closed is None else closed.worked_until(units, ready)
    if clock is None:
        begun, worked = _by_numbers(timing, (start, units, end), until, lasting)
    else:
        begun, worked = _by_clock(clock, timing, times, (units, until, lasting))
    if timing.started is not None:
        lasting = since + lasting - (start if clock is None else clock.count(start))
    if pause is not None:
        worked = np.where(pause > 0.0, np.maximum(worked, run.resumed[number]), worked)
    return begun, worked, lasting


def _pause(run: Run, number: int) -> Times:
    """Return for how long the rest of an item waits for what should have come first."""
    resumes, clock = run.frame.timings[number].resumes, run.frame.time.clock(number)
    held = np.full(run.draws.trials, resumes)
    for edge in run.frame.network.edges[number]:
        if edge.type in _TO_START:
            held = np.maximum(held, reach(run, edge))
    run.resumed[number] = held
    if clock is None:
        return held - resumes
    return clock.count(held) - clock.count(np.array([resumes]))


def waits(run: Run, number: int) -> Times:
    """Return what links to its start hold of an item: its start, or when its rest goes on."""
    return run.resumed[number] if number in run.resumed else run.starts[number]


def _is_instant(run: Run, number: int) -> bool:
    """Say whether an item lasts nothing, so that nothing that is closed holds it up."""
    return number not in run.draws.attempts and not run.draws.durations[number].any()


def _by_numbers(
    timing: Timing, times: tuple[Times, Times, Times], worked: Times, lasting: Times
) -> tuple[Times, Times]:
    """Return start and end of work of an item on an axis of working units.

    `times` are when it may start, when its work begins or goes on, and before when it may not end.
    """
    start, begin, end = times
    if timing.started is not None:
        return start, worked
    if timing.pinned is not None:
        return begin, worked
    return np.where(end > worked, end - lasting, begin), worked


def _by_clock(
    clock: Clock,
    timing: Timing,
    times: tuple[Times, Times, Times],
    counts: tuple[Times, Times, Times],
) -> tuple[Times, Times]:
    """Return the same of an item that is worked on by `clock`.

    `counts` are its working units when work begins and ends, and those it takes. What takes none
    is done where it stands, be it in the night.
    """
    start, begin, end = times
    units, until, lasting = counts
    works = lasting > 0.0
    worked = np.where(works, clock.closing(until), begin)
    if timing.started is not None:
        return start, worked
    start = np.where(works, clock.opening(units), start)
    if timing.pinned is None:
        latest = np.where(works, clock.opening(clock.count(end) - lasting), end)
        start = np.where(end > worked, np.maximum(latest, start), start)
    return start, worked


def _never(run: Run, number: int, finish: Times, taken: Flags | None) -> Times:
    """Return `finish`, or never where an experiment failed and no fallback is there to take."""
    if number not in run.failed:
        return finish
    if taken is not None:
        run.failed[number] &= taken
    if _fallback(run, number) is not None:
        return finish
    return np.where(run.failed[number], NEVER, finish)


def _fallback(run: Run, number: int) -> str | None:
    attempts = run.frame.plan.items[number].attempts
    return attempts.fallback if attempts else None


def _taken(run: Run, number: int, timing: Timing) -> Flags | None:
    """Return the trials in which a fallback is done; None for an item that is no fallback."""
    experiments = run.frame.network.fallback_of[number]
    if not experiments or timing.started is not None:
        return None
    taken = np.zeros(run.draws.trials, dtype=np.bool_)
    for experiment in experiments:
        if experiment in run.failed:
            taken |= run.failed[experiment]
    return taken


def _passed_over(
    run: Run, number: int, taken: Flags, start: Times, finish: Times
) -> tuple[Times, Times]:
    """Where a fallback is not taken, let it stand at the end of its experiments."""
    settled = run.finish_of(run.frame.network.fallback_of[number])
    return np.where(taken, start, settled), np.where(taken, finish, settled)


def _bounds(run: Run, number: int, timing: Timing) -> tuple[Times, Times]:
    """Return the earliest start and the earliest finish that the links allow."""
    start = np.full(run.draws.trials, timing.earliest)
    end = np.full(run.draws.trials, -np.inf)
    for edge in run.frame.network.edges[number]:
        if edge.type not in _TO_START:
            end = np.maximum(end, reach(run, edge))
        elif not timing.is_fixed:
            start = np.maximum(start, reach(run, edge))
    if number in run.floors and not timing.is_fixed:
        start = np.maximum(start, run.floors[number])
    return start, end


def reach(run: Run, edge: Edge) -> Times:
    """Return the time to which a link binds its successor: the predecessor's end and the lag."""
    from_finish = edge.type in _FROM_FINISH
    times = (run.finishes if from_finish else run.starts)[edge.source]
    if edge.lag == 0.0:
        return np.asarray(times)
    if edge.unit is LagUnit.ELAPSED:
        return run.frame.time.after_elapsed(times, edge.lag, at_end=from_finish)
    lag = (
        run.lasting[edge.source] * (edge.lag / 100.0) if edge.unit is LagUnit.PERCENT else edge.lag
    )
    clock = run.frame.time.clock(edge.source)
    if clock is None:
        return np.asarray(times + lag)
    if edge.lag < 0.0:
        return np.minimum(clock.opening(clock.count(times) + lag), times)
    return np.maximum(clock.closing(clock.count(times) + lag), times)


def binds(run: Run, edge: Edge, number: int) -> Flags:
    """Return the trials in which the link decides when item `number` starts or ends."""
    to_start = edge.type in _TO_START
    bound = waits(run, number) if to_start else run.finishes[number]
    reached = reach(run, edge)
    clock = run.frame.time.clock(number)
    if clock is not None and to_start and number not in run.resumed:
        # Work begins in the working time that follows; what takes none, at once.
        works = run.lasting[number] > 0.0
        reached = np.where(works, clock.opening(clock.count(reached)), reached)
    return np.asarray(reached >= bound - TOLERANCE)


def _lasting(run: Run, number: int, begin: Times, delay: Times | None) -> Times:
    """Return how long the work takes, from `begin`, a risk's delay included and first."""
    attempts = run.draws.attempts.get(number)
    if attempts is None:
        duration = run.draws.durations[number]
        return duration if delay is None else np.maximum(duration + delay, 0.0)
    wait = np.zeros(run.draws.trials) if delay is None else delay
    total, tries, succeeded = tried(
        attempts, begin + np.maximum(wait, 0.0), run.frame.timings[number].stop_by
    )
    run.tries[number] = tries
    run.failed[number] = ~succeeded
    return np.asarray(np.maximum(total + wait, 0.0))


def tried(
    attempts: AttemptDraws, begin: Times, stop_by: float | None
) -> tuple[Times, NDArray[np.int64], Flags]:
    """Return the time spent, the attempts begun and whether one succeeded, before `stop_by`."""
    total = np.zeros_like(begin)
    tries = np.zeros(len(begin), dtype=np.int64)
    succeeded = np.zeros(len(begin), dtype=np.bool_)
    for duration, success in zip(attempts.durations, attempts.successes, strict=True):
        active = ~succeeded
        if stop_by is not None:
            room = stop_by - (begin + total)
            active &= room > TOLERANCE
            success = success & (duration <= room + TOLERANCE)
            duration = np.minimum(duration, np.maximum(room, 0.0))
        if not active.any():
            break
        total += np.where(active, duration, 0.0)
        tries += active
        succeeded |= active & success
    return total, tries, succeeded


def critical(run: Run, finish: Times) -> Flags:
    """Return the trials in which each item is on a path that decides `finish`, (items, trials).

    An item is critical when it ends with the plan, or when a critical item would start or end
    earlier without it. Finished items and trials that never finish have nothing critical.
    """
    known = np.isfinite(finish)
    flags = np.stack([(end >= finish - TOLERANCE) & known for end in run.finishes])
    order: Sequence[int] = run.pools.order if run.pools else run.frame.network.order
    for number in reversed(order):
        timing = run.frame.timings[number]
        if number in run.taken:
            flags[number] &= run.taken[number]
        if timing.finished is not None:
            flags[number] = False
        if not flags[number].any():
            continue
        for edge in run.frame.network.edges[number]:
            if edge.type not in _TO_START or not timing.is_fixed or number in run.resumed:
                flags[edge.source] |= flags[number] & binds(run, edge, number)
        if run.pools is not None:
            run.pools.mark_holders(number, flags)
    return flags
