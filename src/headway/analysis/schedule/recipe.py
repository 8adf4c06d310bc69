"""A network and its draws as the arrays that the kernels read; see `kernels` for the columns.

Items stand by position in the topological order. What a kernel cannot draw itself (correlated
numbers, work under way, attempts, the delays of risks) is handed to it as rows of trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import key_of
from headway.analysis.elementary import log
from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.draws import Draws, Flags, Undrawn
from headway.analysis.schedule.network import Edge
from headway.analysis.schedule.passes import Frame, tried
from headway.analysis.schedule.plan import Distribution, Item, LagUnit, LinkType, Plan
from headway.analysis.schedule.pools import Pools
from headway.analysis.schedule.sampling import P10_TO_P90
from headway.analysis.schedule.several import is_plain
from headway.analysis.schedule.tables import POSITIONS

_FROM_FINISH = (LinkType.FS, LinkType.FF)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T", np.float64, np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A network by position: what two runs over one frame share.

    `order` holds the item of each position and `position` the reverse. `items` and `numbers` have
    a row a position (and `items` one more, where the lists of the last end).
    """

    order: Ints
    position: Ints
    items: Ints
    numbers: Floats
    links: Ints
    gaps: Floats
    experiments: Ints
    needs: Ints
    slots: int
    own_rows: int
    tails: int
    units: int


@dataclass(frozen=True, slots=True, eq=False)
class Attempted:
    """What comes of the experiments in each trial, by item, with the fallbacks that are taken."""

    totals: dict[int, Times]
    tries: dict[int, NDArray[np.int64]]
    failed: dict[int, Flags]
    taken: dict[int, Flags]


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """All that the kernel `futures` needs to draw and pass any trial."""

    layout: Layout
    keys: NDArray[np.uint64]
    items: Ints
    numbers: Floats
    given: Floats
    delays: Floats
    flags: Flags
    attempted: Attempted
    delayed: dict[int, Times]


def supports(plan: Plan) -> bool:
    """Say whether the kernels know all that a plan asks for; what they do not, NumPy does."""
    if any(risk.closes for risk in plan.risks) or not is_plain(plan):
        return False
    if any(opening.items for opening in plan.openings):
        return False
    return not any(
        _has_elapsed_lag(item, plan)
        or (item.attempts is not None and item.attempts.stop_by is not None)
        or item.pinned is not None
        for item in plan.items
    )


def _has_elapsed_lag(item: Item, plan: Plan) -> bool:
    links = item.after if plan.calendar is not None else ()
    return any(link.unit is LagUnit.ELAPSED for link in links)


def rows_of(plan: Plan) -> int:
    """Return about how many rows of trials a plan's draws hold beside those of its items."""
    correlated = {item_id for correlation in plan.correlations for item_id in correlation.items}
    attempts = sum(2 * item.attempts.max for item in plan.items if item.attempts is not None)
    under_way = sum(item.started is not None and item.finished is None for item in plan.items)
    return len(correlated) + attempts + under_way + 3 * len(plan.risks)


def layout_of(frame: Frame, kernels: ModuleType, pools: Pools | None = None) -> Layout:
    """Return the network of `frame` by position; with `pools` in the order items are placed."""
    listed = pools.order if pools else frame.network.order
    order = np.array(listed, dtype=np.int64)
    position = np.empty_like(order)
    position[order] = np.arange(len(order))
    edges = [frame.network.edges[number] for number in listed]
    into = [edge for each in edges for edge in each]
    sources = position[np.array([edge.source for edge in into], dtype=np.int64)]
    items = np.full((len(order) + 1, kernels.COLUMNS), -1, dtype=np.int64)
    items[:, kernels.EDGES] = np.cumsum([0, *(len(each) for each in edges)])
    settling = [frame.network.fallback_of[number] for number in listed]
    items[:, kernels.EXPERIMENTS] = np.cumsum([0, *(len(each) for each in settling)])
    experiments = position[np.array([n for each in settling for n in each], dtype=np.int64)]
    tails = position[np.array(frame.last, dtype=np.int64)]
    items[tails, kernels.TAIL] = np.arange(len(tails))
    items[:-1, kernels.SLOT], slots = _slots(items[:, kernels.EDGES], sources)
    numbers = _known_times(frame, listed, items, kernels)
    items[:-1, kernels.SIMPLE] = [
        frame.timings[number].started is None
        and not frame.network.fallback_of[number]
        and all(e.type is LinkType.FS and e.unit is not LagUnit.PERCENT for e in each)
        for number, each in zip(listed, edges, strict=True)
    ]
    needs, units = _needs(pools, listed, items, kernels)
    lists = (*_links(into, sources, kernels), experiments, needs)
    is_shared = all(e.type in _FROM_FINISH and e.unit is not LagUnit.PERCENT for e in into)
    items[:, kernels.OWN] = 0 if is_shared else items[:, kernels.SLOT]
    rows = (slots, 1 if is_shared else slots, len(tails))
    return Layout(order, position, items, numbers, *lists, *rows, units)


def _links(into: Sequence[Edge], sources: Ints, kernels: ModuleType) -> tuple[Ints, Floats]:
    """Return the links by successor, and the lag of each (a share of its predecessor's work)."""
    links = np.empty((len(into), kernels.LINK), dtype=np.int64)
    links[:, kernels.SOURCE] = sources
    ends = {kind: (kind.value[0] == "F", kind.value[1] == "S") for kind in LinkType}
    both = [ends[edge.type] for edge in into]
    links[:, [kernels.FROM_FINISH, kernels.TO_START]] = np.array(both).reshape(-1, 2)
    links[:, kernels.PERCENT] = shares = [edge.unit is LagUnit.PERCENT for edge in into]
    lags = np.array([edge.lag for edge in into], dtype=np.float64)
    return links, np.where(shares, lags / 100.0, lags)


def _needs(
    pools: Pools | None, listed: Sequence[int], items: Ints, kernels: ModuleType
) -> tuple[Ints, int]:
    """Return the units that each item takes of each pool, and the units of all pools together."""
    known = pools.needs if pools else {}
    begins: dict[str, tuple[int, int]] = {}
    units = 0
    for name, pool in pools.pools.items() if pools else ():
        begins[name] = (units, units + len(pool.free))
        units += len(pool.free)
    found = [
        [(begins[name][0], count, begins[name][1]) for name, count in known.get(n, {}).items()]
        for n in listed
    ]
    items[:, kernels.NEEDS] = np.cumsum([0, *(len(each) for each in found)])
    flat = [need for each in found for need in each]
    return np.array(flat, dtype=np.int64).reshape(-1, kernels.NEED), units


def _known_times(frame: Frame, listed: Sequence[int], items: Ints, kernels: ModuleType) -> Floats:
    """Return what binds each item before any link does, and mark its state."""
    numbers = np.zeros((len(items) - 1, kernels.NUMBERS))
    for place, number in enumerate(listed):
        timing = frame.timings[number]
        state = kernels.OPEN
        if timing.finished is not None:
            state = kernels.FINISHED
            numbers[place, kernels.END] = timing.finished
        elif timing.started is not None:
            state = kernels.HELD if number in frame.held else kernels.STARTED
            numbers[place, kernels.RESUMES] = timing.resumes
        items[place, kernels.STATE] = state
        numbers[place, kernels.EARLIEST] = timing.earliest
        begins = timing.earliest if timing.work_from is None else timing.work_from
        numbers[place, kernels.WORK_FROM] = begins
    return numbers


def _slots(ends: Ints, sources: Ints) -> tuple[list[int], int]:
    """Return a slot for each position, free for others after its last successor, and their count.

    Each takes its own before those of its predecessors are free.
    """
    last_use = np.arange(len(ends) - 1)
    users = np.repeat(last_use.copy(), np.diff(ends))
    np.maximum.at(last_use, sources, users)
    leaving: list[list[int]] = [[] for _ in last_use]
    for place, last in enumerate(last_use.tolist()):
        leaving[last].append(place)
    slots: list[int] = []
    free: list[int] = []
    most = 0
    for gone in leaving:
        if not free:
            free.append(most)
            most += 1
        slots.append(free.pop())
        free.extend(slots[place] for place in gone)
    return slots, most


def attempted(frame: Frame, draws: Draws) -> Attempted:
    """Return what comes of the experiments that do not depend on when they begin."""
    found = Attempted({}, {}, {}, {})
    for number in frame.network.order:
        experiments = frame.network.fallback_of[number]
        timing = frame.timings[number]
        taken = None
        if timing.finished is not None:
            continue
        if experiments and timing.started is None:
            taken = np.zeros(draws.trials, dtype=np.bool_)
            for experiment in experiments:
                if experiment in found.failed:
                    taken |= found.failed[experiment]
            found.taken[number] = taken
        if number in draws.attempts:
            total, tries, succeeded = tried(draws.attempts[number], np.zeros(draws.trials), None)
            found.totals[number], found.tries[number] = total, tries
            found.failed[number] = ~succeeded if taken is None else ~succeeded & taken
    return found


def recipe_of(frame: Frame, draws: Draws, layout: Layout, kernels: ModuleType) -> Recipe:
    """Return all that the kernels need for one set of draws."""
    items, numbers = layout.items.copy(), layout.numbers.copy()
    outcome, delayed = attempted(frame, draws), draws.delays()
    rows = _Rows(draws.trials)
    parts = list(draws.parts)
    for number, total in outcome.totals.items():
        parts[number] = total
    keys = _ranges(parts, layout, (items, numbers), rows, kernels)
    delays, flags = _Rows(draws.trials), _Rows(draws.trials)
    column = items[:-1, kernels.DELAY]
    for number, delay in delayed.items():
        column[layout.position[number]] = delays.place(delay)
    for number, taken in outcome.taken.items():
        items[layout.position[number], kernels.TAKEN] = flags.place(taken)
    for number, failed in outcome.failed.items():
        attempts = frame.plan.items[number].attempts
        if attempts is not None and attempts.fallback is None:
            items[layout.position[number], kernels.FAILED] = flags.place(failed)
    return Recipe(
        layout,
        keys,
        items,
        numbers,
        rows.stacked(np.float64),
        delays.stacked(np.float64),
        flags.stacked(np.bool_),
        outcome,
        delayed,
    )


def _ranges(
    parts: Sequence[Times | Undrawn],
    layout: Layout,
    table: tuple[Ints, Floats],
    rows: _Rows,
    kernels: ModuleType,
) -> NDArray[np.uint64]:
    """Say for each item how its durations come about; return the keys of those that are drawn."""
    items, numbers = table
    keys = np.zeros(len(layout.order), dtype=np.uint64)
    drawn: dict[Distribution, list[tuple[int, Undrawn]]] = {}
    kinds = items[:-1, kernels.KIND]
    kinds[:] = kernels.CERTAIN
    for number, place in enumerate(layout.position.tolist()):
        part = parts[number]
        if isinstance(part, Undrawn):
            kind = part.estimate.distribution or part.distribution
            drawn.setdefault(kind, []).append((place, part))
        elif len(part) == 1:
            numbers[place, 0] = part[0]
        else:
            kinds[place], items[place, kernels.ROW] = kernels.GIVEN, rows.place(part)
    for kind, alike in drawn.items():
        places = np.array([place for place, _ in alike])
        keys[places] = [key_of(part.seed, part.stream) for _, part in alike]
        ranges = np.array([part.estimate.numbers for _, part in alike])
        kinds[places] = getattr(kernels, kind.name)
        numbers[places, :5], found = _parameters(kind, *ranges.T)
        items[places, kernels.ROW] = found
    return keys


def _parameters(kind: Distribution, low: Floats, mode: Floats, high: Floats) -> tuple[Floats, Ints]:
    """Return the five numbers of each range that a kernel draws by, and the row of its table.

    As `sampling.quantiles` computes them.
    """
    found = np.zeros((5, len(low)))
    table = np.zeros(len(low), dtype=np.int64)
    span = high - low
    match kind:
        case Distribution.TRIANGULAR:
            found[:] = low, high, (mode - low) / span, span * (mode - low), span * (high - mode)
        case Distribution.PERT:
            place = (mode - low) / span * POSITIONS
            table = np.minimum(place.astype(np.int64), POSITIONS - 1)
            found[:3] = low, span, place - table
        case Distribution.LOGNORMAL:
            found[:2] = mode, log(high / low) / P10_TO_P90
        case Distribution.UNIFORM:
            found[:2] = low, span
    return found.T, table


class _Rows:
    """Rows of trials that items point to, each held once."""

    def __init__(self, trials: int) -> None:
        self.trials = trials
        self.rows: list[Times | Flags] = []
        self.known: dict[int, int] = {}

    def place(self, row: Times | Flags) -> int:
        """Return the place of a row, put last if it is new."""
        if id(row) not in self.known:
            self.known[id(row)] = len(self.rows)
            self.rows.append(row)
        return self.known[id(row)]

    def stacked(self, kind: type[T]) -> NDArray[T]:
        """Return the rows as one matrix."""
        found = np.zeros((len(self.rows), self.trials), dtype=kind)
        for place, row in enumerate(self.rows):
            found[place] = row
        return found
