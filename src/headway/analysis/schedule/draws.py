"""Everything random in a forecast, drawn before time is computed.

Each draw has a stream of its own (see `sampling`), so a rerun without a risk, or with an item at
its median, changes those draws only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import uniforms
from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.closures import Closed, ClosedPeriod, closed_by_item
from headway.analysis.schedule.openings import (
    OpeningDraws,
    drawn_opening,
    floors,
    likely_opening,
)
from headway.analysis.schedule.plan import (
    Attempts,
    Closure,
    Distribution,
    Estimate,
    Item,
    Mitigation,
    Moment,
    Plan,
    Risk,
)
from headway.analysis.schedule.sampling import beyond, correlated, quantiles
from headway.analysis.schedule.several import time_of
from headway.analysis.schedule.timing import Timing

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class AttemptDraws:
    """For each attempt and trial how long it would take, and whether it would succeed."""

    durations: tuple[Times, ...]
    successes: tuple[Flags, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RiskDraws:
    """A risk in each trial: whether it occurs, its one delay, what it costs, and what it closes."""

    id: str
    items: tuple[int, ...]
    occurs: Flags
    delay: Times
    cost: Times
    mitigation: float
    closes: ClosedPeriod | None = None

    @property
    def touched(self) -> tuple[int, ...]:
        """Return the items whose times it changes."""
        closed = self.closes.items if self.closes else ()
        return tuple(dict.fromkeys((*self.items, *closed)))


@dataclass(frozen=True, slots=True)
class Undrawn:
    """The durations of one item that are drawn where they are needed: a range, and their stream.

    What was drawn stays in `kept`, where there is one: NumPy's run holds it anyway.
    """

    estimate: Estimate
    distribution: Distribution
    seed: int
    stream: str
    trials: int
    kept: list[Times] | None = field(default=None, compare=False)

    def row(self) -> Times:
        """Draw them: the same numbers each time."""
        if self.kept:
            return self.kept[0]
        u = uniforms(self.seed, self.stream, self.trials)
        drawn = quantiles(self.estimate, self.distribution, u)
        if self.kept is not None:
            self.kept.append(drawn)
        return drawn


class Durations(Sequence[Times]):
    """The durations by item, most of them drawn anew whenever one asks: they need not be held."""

    def __init__(self, parts: Sequence[Times | Undrawn]) -> None:
        """Hold the `parts` by item."""
        self.parts = tuple(parts)

    @overload
    def __getitem__(self, place: int) -> Times: ...
    @overload
    def __getitem__(self, place: slice) -> Durations: ...
    def __getitem__(self, place: int | slice) -> Times | Durations:
        if isinstance(place, slice):
            return Durations(self.parts[place])
        part = self.parts[place]
        return part.row() if isinstance(part, Undrawn) else part

    def __len__(self) -> int:
        return len(self.parts)

    def __iter__(self) -> Iterator[Times]:
        return (self[place] for place in range(len(self.parts)))


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """One trial a column. `durations` are of plain items, shape (1,) where certain."""

    trials: int
    durations: Sequence[Times]
    attempts: Mapping[int, AttemptDraws]
    risks: tuple[RiskDraws, ...]
    openings: tuple[OpeningDraws, ...] = ()

    def without_opening(self, opening_id: str) -> Draws:
        """Return the same draws without one opening: nothing waits for it, and it costs nothing."""
        return replace(self, openings=tuple(one for one in self.openings if one.id != opening_id))

    def floors(self) -> dict[int, Times]:
        """Return before when items that wait for somebody to be hired may not start."""
        return floors(self.openings)

    def without_risk(self, risk_id: str) -> Draws:
        """Return the same draws with one risk left out."""
        return replace(self, risks=tuple(risk for risk in self.risks if risk.id != risk_id))

    def with_risks(self, others: Mapping[str, RiskDraws]) -> Draws:
        """Return the same draws with some risks drawn otherwise, by id."""
        return replace(self, risks=tuple(others.get(risk.id, risk) for risk in self.risks))

    def without_events(self) -> Draws:
        """Return the same draws without risks, and with experiments that succeed at once."""
        attempts = {
            number: AttemptDraws(one.durations[:1], (np.ones_like(one.successes[0]),))
            for number, one in self.attempts.items()
        }
        return replace(self, risks=(), attempts=attempts)

    def with_items_at(self, certain: Mapping[int, float]) -> Draws:
        """Return the same draws with some items certain to be done in a duration, at one try."""
        parts = list(self.parts)
        for number, duration in certain.items():
            parts[number] = np.array([duration])
        attempts = {key: value for key, value in self.attempts.items() if key not in certain}
        return replace(self, durations=_durations(parts), attempts=attempts)

    @property
    def parts(self) -> tuple[Times | Undrawn, ...]:
        """Return the durations by item, those that are not held as what they are drawn from."""
        held = self.durations
        return held.parts if isinstance(held, Durations) else tuple(held)

    def closed(self) -> dict[int, Closed]:
        """Return what the risks close in each trial, to the items that anything is closed to."""
        return closed_by_item(risk.closes for risk in self.risks if risk.closes is not None)

    def delays(self) -> dict[int, Times]:
        """Return the sum of the risks' delays in each trial, for the items that have any.

        Items that the same risks touch share one array.
        """
        found: dict[int, tuple[int, ...]] = {}
        sums: dict[tuple[int, ...], Times] = {}
        for place, risk in enumerate(self.risks):
            delay = np.where(risk.occurs, risk.delay, 0.0)
            for number in risk.items:
                before = found.get(number, ())
                found[number] = among = (*before, place)
                if among not in sums:
                    sums[among] = sums[before] + delay if before else delay
        return {number: sums[among] for number, among in found.items()}


def most_likely(plan: Plan, timings: Sequence[Timing]) -> Draws:
    """Return the one trial of the deterministic answer: most likely, one attempt each, no risks."""
    openings = tuple(
        likely_opening(one, time_of(plan), open_items(plan, timings)) for one in plan.openings
    )
    return replace(_one_trial(most_likely_durations(plan, timings)), openings=openings)


def certain(plan: Plan, timings: Sequence[Timing], durations: Sequence[float]) -> Draws:
    """Return one trial in which each item takes its given duration, or longer if it has already."""
    return _one_trial(
        [
            max(duration, _taken_already(item, timing))
            for item, timing, duration in zip(plan.items, timings, durations, strict=True)
        ]
    )


def most_likely_durations(plan: Plan, timings: Sequence[Timing]) -> list[float]:
    """Return the most likely duration of each item, or what it has taken already if that is more.

    Work without an estimate lasts nothing.
    """
    found = []
    for item, timing in zip(plan.items, timings, strict=True):
        estimate = item.duration
        likely = 0.0 if estimate is None else estimate.most_likely
        found.append(max(likely, _taken_already(item, timing)))
    return found


def _taken_already(item: Item, timing: Timing) -> float:
    """Return the time that an item has taken, where its range holds that time too."""
    return timing.elapsed if timing.elapsed > 0.0 and item.left is None else 0.0


def _one_trial(durations: Sequence[float]) -> Draws:
    return Draws(1, tuple(np.array([duration]) for duration in durations), {}, ())


def draw(  # noqa: PLR0913  each says how much is drawn, and where it stays
    plan: Plan,
    timings: Sequence[Timing],
    seed: int,
    trials: int,
    *,
    mitigated: bool = False,
    held: bool = True,
    kept: bool = False,
    as_of: Moment | None = None,
) -> Draws:
    """Return the draws of `plan` for `seed` and a number of `trials`; `as_of` is its status date.

    Without `held` a plain duration is drawn whenever it is asked for, and the memory is spared;
    with `kept` once, and then it is there for each rerun.
    """
    joined = _joined(plan, seed, trials)
    durations: list[Times | Undrawn] = []
    attempts = {}
    for number, item in enumerate(plan.items):
        timing = timings[number]
        u = joined.get(item.id)
        if item.attempts is not None and timing.finished is None:
            attempts[number] = _attempts(plan, item, item.attempts, u, (seed, trials))
            durations.append(np.zeros(1))
        else:
            part = _duration(plan, item, timing, u, (seed, trials))
            if isinstance(part, Undrawn):
                part = part.row() if held else replace(part, kept=[] if kept else None)
            durations.append(part)
    risks = draw_risks(plan, timings, seed, trials, mitigated=mitigated)
    place = (time_of(plan), open_items(plan, timings), as_of) if plan.openings else None
    openings = tuple(drawn_opening(one, place, (seed, trials)) for one in plan.openings if place)
    return Draws(trials, _durations(durations), attempts, risks, openings)


def _durations(parts: Sequence[Times | Undrawn]) -> Sequence[Times]:
    """Return the durations by item; as a plain tuple where all are held."""
    held = tuple(part for part in parts if not isinstance(part, Undrawn))
    return held if len(held) == len(parts) else Durations(parts)


def draw_risks(
    plan: Plan, timings: Sequence[Timing], seed: int, trials: int, *, mitigated: bool
) -> tuple[RiskDraws, ...]:
    """Return the draws of the risks alone, the same as `draw` gives them."""
    there = open_items(plan, timings)
    drawn = [_risk(plan, risk, there, (seed, trials), mitigated=mitigated) for risk in plan.risks]
    return tuple(risk for risk in drawn if risk is not None)


def open_items(plan: Plan, timings: Sequence[Timing]) -> dict[str, int]:
    """Return the numbers of the items that have not finished, by id."""
    return {
        item.id: number
        for number, item in enumerate(plan.items)
        if timings[number].finished is None
    }


def _joined(plan: Plan, seed: int, trials: int) -> dict[str, Times]:
    """Return the uniform numbers of the items that are correlated."""
    named = {item_id for correlation in plan.correlations for item_id in correlation.items}
    if not named:
        return {}
    ids = [item.id for item in plan.items if item.id in named]
    independent = {item_id: uniforms(seed, _stream(item_id), trials) for item_id in ids}
    return correlated(plan.correlations, independent)


def _stream(item_id: str, attempt: int = 1) -> str:
    return f"duration\0{item_id}\0{attempt}"


def _duration(
    plan: Plan, item: Item, timing: Timing, u: Times | None, source: tuple[int, int]
) -> Times | Undrawn:
    estimate = item.duration
    if timing.finished is not None or estimate is None:
        return np.zeros(1)
    if estimate.is_certain:
        least = timing.elapsed if item.left is None else 0.0
        return np.array([max(estimate.most_likely, least)])
    seed, trials = source
    is_under_way = timing.elapsed > 0.0 and item.left is None
    if u is None and not is_under_way:
        return Undrawn(estimate, plan.distribution, seed, _stream(item.id), trials)
    if u is None:
        u = uniforms(seed, _stream(item.id), trials)
    if is_under_way:
        return beyond(estimate, plan.distribution, timing.elapsed, u)
    return quantiles(estimate, plan.distribution, u)


def _attempts(
    plan: Plan, item: Item, attempts: Attempts, u: Times | None, source: tuple[int, int]
) -> AttemptDraws:
    seed, trials = source
    feasible = uniforms(seed, f"feasible\0{item.id}", trials) < attempts.feasible
    chance = quantiles(
        attempts.success, Distribution.PERT, uniforms(seed, f"chance\0{item.id}", trials)
    )
    durations = []
    successes = []
    for attempt in range(1, attempts.max + 1):
        estimate = item.left if attempt == 1 and item.left else attempts.each
        if u is None or attempt > 1:
            u = uniforms(seed, _stream(item.id, attempt), trials)
        durations.append(quantiles(estimate, plan.distribution, u))
        successes.append(
            feasible & (uniforms(seed, f"success\0{item.id}\0{attempt}", trials) < chance)
        )
    return AttemptDraws(tuple(durations), tuple(successes))


def _risk(
    plan: Plan,
    risk: Risk,
    open_items: Mapping[str, int],
    source: tuple[int, int],
    *,
    mitigated: bool,
) -> RiskDraws | None:
    """Return the draws of `risk`; None when the work it would delay is all finished."""
    items = tuple(open_items[item_id] for item_id in risk.delays if item_id in open_items)
    shut = _shut(plan, risk.closes, open_items) if risk.closes else ()
    if (risk.delays or risk.closes) and not (items or shut):
        return None
    seed, trials = source
    response = (risk.mitigated if mitigated else None) or Mitigation()
    probability = risk.probability if response.probability is None else response.probability
    delay = response.delay or risk.delay or Estimate.certain(0.0)
    impact = response.impact or risk.impact or Estimate.certain(0.0)
    occurs = uniforms(seed, f"occurs\0{risk.id}", trials) < probability
    closes = None
    if risk.closes is not None and shut:
        lasts = response.delay or risk.closes.lasts
        closes = _closed(plan, replace(risk.closes, lasts=lasts), (risk.id, shut, occurs), seed)
    return RiskDraws(
        risk.id,
        items,
        occurs,
        _spread(plan, delay, uniforms(seed, f"delay\0{risk.id}", trials)),
        _spread(plan, impact, uniforms(seed, f"impact\0{risk.id}", trials)),
        float(response.cost),
        closes,
    )


def _shut(plan: Plan, closure: Closure, open_items: Mapping[str, int]) -> tuple[int, ...]:
    """Return the items that a closure holds up: the named ones, the resources' ones, or all."""
    if not closure.items and not closure.resources:
        return tuple(open_items.values())
    wanted = set(closure.resources)
    return tuple(
        open_items[item.id]
        for item in plan.items
        if item.id in open_items and (item.id in closure.items or not wanted.isdisjoint(item.needs))
    )


def _closed(
    plan: Plan, closure: Closure, what: tuple[str, tuple[int, ...], Flags], seed: int
) -> ClosedPeriod:
    """Return the period: it begins anywhere that leaves it inside its window, if one does."""
    risk_id, items, occurs = what
    time = time_of(plan)
    first, last = time.start_of(closure.first), time.end_of(closure.last)
    trials = len(occurs)
    lasts = _spread(plan, closure.lasts, uniforms(seed, f"delay\0{risk_id}", trials))
    room = np.maximum(last - first - lasts, 0.0)
    begins = first + room * uniforms(seed, f"closes\0{risk_id}", trials)
    return ClosedPeriod(items, np.where(occurs, begins, np.inf), np.maximum(lasts, 0.0))


def _spread(plan: Plan, estimate: Estimate, u: Times) -> Times:
    """Return draws of a risk's range; one that reaches 0 or less cannot be lognormal: PERT then."""
    default = plan.distribution
    if default is Distribution.LOGNORMAL and estimate.optimistic <= 0.0:
        default = Distribution.PERT
    return quantiles(estimate, default, u)
