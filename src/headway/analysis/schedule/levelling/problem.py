"""The question that levelling answers, and its answer, as frozen values of whole numbers.

Time is slots 0, 1, 2, …: an activity that starts in slot s and works d slots without a pause holds
[s, s + d) and finishes at s + d. Activities, resources and calendars are numbers from 0; what they
stand for is the caller's. Nothing here reads a plan, a date or a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from headway.errors import Invalid

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: No calendar: every slot is worked.
ALWAYS = -1
#: Not fixed to a slot.
FREE = -1
#: No latest finish, and later than any slot.
NEVER = 1 << 40
#: The last slot that may be named: schedules beyond it are refused.
LAST_SLOT = 2_000_000
#: The largest demand and capacity.
LARGEST = 1_000_000_000
MOST_ACTIVITIES = 20_000
MOST_RESOURCES = 1_000
MOST_LINKS = 200_000
PRIORITY = 500


def _none() -> Numbers:
    return np.zeros(0, dtype=np.int64)


class Kind(IntEnum):
    """Which end of the first activity binds which end of the second."""

    FS = 0
    SS = 1
    FF = 2
    SF = 3


class Link(NamedTuple):
    """`after`'s end comes no sooner than `lag` slots past `before`'s end; a lead is negative.

    The lag counts every slot, or those that `calendar` works.
    """

    before: int
    after: int
    kind: Kind = Kind.FS
    lag: int = 0
    calendar: int = ALWAYS


class Mode(NamedTuple):
    """One way to do an activity: what it holds of each resource, how long, by which calendar."""

    demand: tuple[int, ...]
    duration: int
    calendar: int = ALWAYS


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Checked when made: raises Invalid for shapes, numbers or links that make no sense.

    Arrays become read-only int64; n activities, r resources. What is left empty has its default.

    `durations` [n] in worked slots; 0 is a milestone, which holds nothing.
    `demands` [n, r], held in each slot in which the activity works.
    `capacities` r step profiles ((slot, capacity), …): the first at slot 0, each until the next.
    `links` [m, 5], the columns of Link; they make no cycle.
    `releases` [n], the first slot in which it may start.
    `fixed` [n], the slot in which it must start (pinned, started, priority 1000), or FREE.
    `latest` [n], the slot by which it must have finished, or NEVER.
    `calendar` [n], the calendar of each activity, or ALWAYS. It starts in a worked slot, pauses in
    the others, and finishes right after its last worked slot. A milestone heeds no calendar.
    `calendars`: masks, True where worked; beyond the end of a mask every slot is worked.
    `modes`: for some activities, other ways to do them. The one above is number 0, these from 1.
    `priorities` [n] 0-1000: of two that could wait, the lower waits, where the finish is the same.
    """

    durations: Numbers
    demands: Numbers
    capacities: tuple[tuple[tuple[int, int], ...], ...]
    links: Numbers = field(default_factory=_none)
    releases: Numbers = field(default_factory=_none)
    fixed: Numbers = field(default_factory=_none)
    latest: Numbers = field(default_factory=_none)
    calendar: Numbers = field(default_factory=_none)
    calendars: tuple[Mask, ...] = ()
    modes: Mapping[int, tuple[Mode, ...]] = field(default_factory=lambda: MappingProxyType({}))
    priorities: Numbers = field(default_factory=_none)
    #: All activities, each after those that its links name.
    order: Numbers = field(init=False, repr=False, default_factory=_none)

    def __post_init__(self) -> None:
        """Fill in defaults, freeze the arrays and check everything."""
        size = len(self.durations)
        defaults = {"releases": 0, "fixed": FREE, "latest": NEVER, "calendar": ALWAYS}
        for name, default in {"durations": 0, **defaults, "priorities": PRIORITY}.items():
            given = getattr(self, name)
            values = np.array(given if len(given) else [default] * size, dtype=np.int64)
            object.__setattr__(self, name, _frozen(values))
        for name, shape in (
            ("demands", (size, self.resources)),
            ("links", (-1, len(Link._fields))),
        ):
            given = np.array(getattr(self, name), dtype=np.int64)
            values = given.reshape(shape) if given.size == 0 else given
            object.__setattr__(self, name, _frozen(values))
        masks = tuple(_frozen(np.array(mask, dtype=np.bool_)) for mask in self.calendars)
        object.__setattr__(self, "calendars", masks)
        _check(self)

    @property
    def size(self) -> int:
        """Return the number of activities."""
        return len(self.durations)

    @property
    def resources(self) -> int:
        """Return the number of resources."""
        return len(self.capacities)

    def mode(self, activity: int, number: int) -> Mode:
        """Return the mode `number` of `activity`."""
        if number:
            return self.modes[activity][number - 1]
        return Mode(
            tuple(self.demands[activity].tolist()),
            int(self.durations[activity]),
            int(self.calendar[activity]),
        )


class Status(StrEnum):
    """What is known of an answer. Optimal only with a proof: the bound equals the finish.

    Infeasible: the starts given break what `conflicts` names, for nothing better was found.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


class Reason(StrEnum):
    """Why a conflict remains."""

    DEMAND = "demand above capacity"
    CALENDAR = "not a working day"
    WINDOW = "no free capacity within float"


class Conflict(NamedTuple):
    """An activity that stays where its links put it although `resource` does not suffice there."""

    activity: int
    resource: int
    reason: Reason


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """When each activity starts and finishes [n], in which mode, and when all are done."""

    starts: Numbers
    finishes: Numbers
    modes: Numbers
    makespan: int


class Step(NamedTuple):
    """An improvement: the makespan reached, after how many schedules and seconds of the budget."""

    makespan: int
    schedules: int
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Levelling:
    """The best schedule so far, and what is known about how much better one could be.

    `lower_bound`: no schedule is shorter; `bound_by` says by which argument.
    `schedules`: how many were generated. `seconds`: by the budget's clock, 0 without one.
    """

    schedule: Schedule
    lower_bound: int
    bound_by: str
    status: Status
    conflicts: tuple[Conflict, ...] = ()
    schedules: int = 0
    seconds: float = 0.0
    history: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """Return by which share of the bound the makespan may be too long; 0 when proved."""
        return (self.schedule.makespan - self.lower_bound) / max(self.lower_bound, 1)


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search. With `schedules` alone, a seed gives the same bits on every machine.

    `seconds` are counted by `clock` (say, time.monotonic), which only a time limit needs: the
    answer then depends on the machine, and a note says so. `prove` lets CP-SAT look for a proof.
    `threads` above 1 let a second search help, within a time limit only.
    """

    schedules: int | None = 20_000
    seconds: float | None = None
    clock: Callable[[], float] | None = None
    seed: int = 1
    prove: bool = True
    threads: int = 1


def constant(*levels: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return the capacities of resources that never change."""
    return tuple(((0, level),) for level in levels)


def topological(problem: Problem) -> list[int]:
    """Return all activities, each after those its links name. Shorter when links make a cycle."""
    after: list[list[int]] = [[] for _ in range(problem.size)]
    waits = [0] * problem.size
    for first, second in problem.links[:, :2].tolist():
        after[first].append(second)
        waits[second] += 1
    order = [activity for activity, count in enumerate(waits) if not count]
    for activity in order:
        for following in after[activity]:
            waits[following] -= 1
            if not waits[following]:
                order.append(following)
    return order


_Values = TypeVar("_Values", Numbers, Mask)


def _frozen(values: _Values) -> _Values:
    values.flags.writeable = False
    return values


def _check(problem: Problem) -> None:
    sentence = next(_faults(problem), None)
    if sentence is not None:
        raise Invalid(sentence)


def _faults(problem: Problem) -> Iterator[str]:
    """Yield what is wrong; the first is enough, for those after it may rest on it."""
    yield from _too_many("activities", problem.size, MOST_ACTIVITIES)
    yield from _too_many("resources", problem.resources, MOST_RESOURCES)
    yield from _too_many("links", len(problem.links), MOST_LINKS)
    yield from _activity_faults(problem)
    yield from _link_faults(problem)
    for number, steps in enumerate(problem.capacities):
        slots = [slot for slot, _ in steps]
        if not slots or slots[0] != 0 or slots != sorted(set(slots)) or slots[-1] > LAST_SLOT:
            yield f"Capacity of resource {number} steps at {slots}; begin at 0 and ascend."
        yield from _outside("capacity", np.array([level for _, level in steps]), 0, LARGEST)
    for activity, modes in problem.modes.items():
        yield from _outside("activity with modes", np.array(activity), 0, problem.size - 1)
        for mode in modes:
            yield from _mode_faults(problem, activity, mode)


def _activity_faults(problem: Problem) -> Iterator[str]:
    size, masks = problem.size, len(problem.calendars)
    if problem.demands.shape != (size, problem.resources):
        shape = " by ".join(map(str, problem.demands.shape))
        yield f"Demands are {shape}; give one row an activity and one column a resource."
    for name in ("releases", "fixed", "latest", "calendar", "priorities"):
        if len(getattr(problem, name)) != size:
            yield f"{name} has {len(getattr(problem, name))} numbers; give one for each of {size}."
    yield from _outside("duration", problem.durations, 0, LAST_SLOT)
    yield from _outside("demand", problem.demands, 0, LARGEST)
    yield from _outside("release", problem.releases, 0, LAST_SLOT)
    yield from _outside("fixed start", problem.fixed, FREE, LAST_SLOT)
    yield from _outside("latest finish", problem.latest, 0, NEVER)
    yield from _outside("calendar", problem.calendar, ALWAYS, masks - 1)
    yield from _outside("priority", problem.priorities, 0, 1000)


def _mode_faults(problem: Problem, activity: int, mode: Mode) -> Iterator[str]:
    masks = len(problem.calendars)
    if len(mode.demand) != problem.resources:
        yield (
            f"A mode of activity {activity} has {len(mode.demand)} demands; "
            f"give one for each of {problem.resources} resources."
        )
    yield from _outside("duration of a mode", np.array(mode.duration), 0, LAST_SLOT)
    yield from _outside("demand of a mode", np.array(mode.demand), 0, LARGEST)
    yield from _outside("calendar of a mode", np.array(mode.calendar), ALWAYS, masks - 1)


def _link_faults(problem: Problem) -> Iterator[str]:
    links = problem.links
    if links.ndim != 2 or links.shape[1] != len(Link._fields):
        yield f"Links have {links.shape[-1]} columns; give the {len(Link._fields)} of Link."
    last, masks = problem.size - 1, len(problem.calendars)
    yield from _outside("link's activity", links[:, :2], 0, last)
    yield from _outside("link's kind", links[:, 2], min(Kind), max(Kind))
    yield from _outside("lag", links[:, 3], -LAST_SLOT, LAST_SLOT)
    yield from _outside("link's calendar", links[:, 4], ALWAYS, masks - 1)
    order = topological(problem)
    object.__setattr__(problem, "order", _frozen(np.array(order, dtype=np.int64)))
    if len(order) < problem.size:
        stuck = min(set(range(problem.size)) - set(order))
        yield f"Links make a cycle at or before activity {stuck}; remove one of its links."


def _too_many(what: str, count: int, most: int) -> Iterator[str]:
    if count > most:
        yield f"There are {count:,} {what}; the most is {most:,}. Split the plan."


def _outside(what: str, values: NDArray[np.int64], least: int, most: int) -> Iterator[str]:
    if values.size and (values.min() < least or values.max() > most):
        worst = values.min() if values.min() < least else values.max()
        yield f"A {what} is {worst}; it must be {least} to {most}."
