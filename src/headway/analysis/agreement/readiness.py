"""When the labels will be there: past weeks drawn again, until enough are accepted.

A week to come delivers what a past week delivered. Each trial first draws its own history from the
past weeks (so that few weeks mean a wide range) and its own acceptance share from the lots that
were decided. Randomness by seed (`analysis.chance`): the same bits everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import triangular, uniforms
from headway.analysis.quantities import inverted_cdf
from headway.analysis.shares import exact_interval

Floats = NDArray[np.float64]

#: Past weeks from which a forecast is drawn; with fewer, a stated prior is.
WEEKS_NEEDED = 4
#: A supply that needs longer than this never ends: ten years.
MOST_WEEKS = 520
TRIALS = 4_000
#: Decided lots from which the share accepted is drawn again.
LOTS_NEEDED = 4
DAYS_A_WEEK = 5
#: A supply that delivers nothing in nearly every past week cannot be dated.
_NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Extra:
    """A second supply: so many labels a week from a week on, after `ramp` weeks of learning."""

    a_week: float
    from_week: int = 0
    ramp: int = 2


@dataclass(frozen=True, slots=True)
class Supply:
    """What is known of the supply: labels by past week, oldest first, and what was accepted.

    `waiting` was delivered and is not decided. `lots` are (labels, accepted of them) of each lot
    that was decided: labels of one lot share its fate, so that lots are what is drawn again.
    `prior` is (low, likely, high) labels a week, which counts while weeks are fewer than four.
    """

    weeks: Sequence[float]
    waiting: float
    lots: Sequence[tuple[int, int]] = ()
    prior: tuple[float, float, float] | None = None
    extra: Extra | None = None

    @property
    def accepted(self) -> int:
        """Return how many labels were accepted."""
        return sum(accepted for _, accepted in self.lots)

    @property
    def decided(self) -> int:
        """Return how many labels were decided."""
        return sum(units for units, _ in self.lots)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Working days until `remaining` labels are accepted; None where that share never arrives.

    `basis` is weeks, prior or nothing; `a_week` is how many are accepted a week on average.
    """

    remaining: float
    p10: float | None
    p50: float | None
    p80: float | None
    p90: float | None
    basis: str
    a_week: float | None
    seed: int
    trials: int
    sentence: str


def readiness(
    supply: Supply, remaining: float, *, seed: int = 0, trials: int = TRIALS
) -> Readiness:
    """Return how many working days it takes until `remaining` further labels are accepted.

    The same supply gives the same answer, which is kept: pages ask for dozens of orders.
    """
    frozen = replace(supply, weeks=tuple(supply.weeks), lots=tuple(supply.lots))
    return _ready(frozen, remaining, seed, trials)


@lru_cache(maxsize=1_024)
def _ready(supply: Supply, remaining: float, seed: int, trials: int) -> Readiness:
    weeks = np.array([max(0.0, float(one)) for one in supply.weeks])
    basis = _basis(weeks, supply)
    if remaining <= 0:
        said = "All labels are accepted."
        return Readiness(0.0, 0.0, 0.0, 0.0, 0.0, basis, None, seed, trials, said)
    if basis == "nothing" and supply.extra is None:
        said = (
            f"Nothing was delivered in {WEEKS_NEEDED} whole weeks and no weekly rate is agreed, "
            "so there is no date; say how many a week are promised."
        )
        return Readiness(remaining, None, None, None, None, basis, None, seed, trials, said)
    share = _share(tuple(supply.lots), seed, trials)
    days = _days(weeks, basis, supply, share, remaining, seed)
    ordered = np.sort(days)
    rate = _rate(weeks, basis, supply) * _mode(supply.lots)
    parts = [inverted_cdf(ordered, percent) for percent in (10, 50, 80, 90)]
    p10, p50, p80, p90 = (None if value == _NEVER else value for value in parts)
    said = _words(supply, basis, len(weeks))
    return Readiness(remaining, p10, p50, p80, p90, basis, rate, seed, trials, said)


def _basis(weeks: Floats, supply: Supply) -> str:
    if len(weeks) >= WEEKS_NEEDED:
        return "weeks"
    return "prior" if supply.prior else "nothing"


def _mode(decided: Sequence[tuple[int, int]]) -> float:
    """Return the share of decided labels that was accepted; with nothing decided, nine in ten."""
    units = sum(units for units, _ in decided)
    return sum(accepted for _, accepted in decided) / units if units else 0.9


@lru_cache(maxsize=64)
def _share(decided: tuple[tuple[int, int], ...], seed: int, trials: int) -> Floats:
    """Return each trial's acceptance share: decided lots drawn again.

    Where they are few, or all had the same fate, drawing again would promise too much: then a
    triangle over the exact interval (80 %, as P10 to P90 are told) of the lots that passed.
    """
    lots = [(units, accepted) for units, accepted in decided if units > 0]
    passed = sum(accepted == units for units, accepted in lots)
    if len(lots) >= LOTS_NEEDED and 0 < passed < len(lots):
        drawn = [uniforms(seed, f"past lot {place}", trials) for place in range(len(lots))]
        chosen = (np.stack(drawn, axis=1) * len(lots)).astype(np.int64)
        units, accepted = np.array(lots, np.float64).T
        return np.asarray(accepted[chosen].sum(axis=1) / units[chosen].sum(axis=1))
    low, high = exact_interval(passed, len(lots), 0.8) if lots else (0.5, 1.0)
    mode = min(max(_mode(decided), low), high)
    return triangular(low, mode, high, uniforms(seed, "acceptance share", trials))


def _rate(weeks: Floats, basis: str, supply: Supply) -> float:
    if basis == "weeks":
        return float(np.mean(weeks))
    return float(sum(supply.prior) / 3) if supply.prior and basis == "prior" else 0.0


def _days(  # noqa: PLR0913, PLR0917  what one simulation is of
    weeks: Floats, basis: str, supply: Supply, share: Floats, remaining: float, seed: int
) -> Floats:
    """Return each trial's working days until enough is accepted; infinite where it never is."""
    trials = len(share)
    missing = remaining - share * supply.waiting
    days = np.zeros(trials)
    is_open = missing > 0
    history = _histories(weeks, basis, supply, seed, trials)
    for week in range(MOST_WEEKS):
        if not is_open.any():
            break
        drawn = _drawn(history, seed, week, trials) + _extra(supply.extra, week)
        arrived = share * drawn
        ends = is_open & (arrived >= missing)
        part = np.divide(missing, arrived, out=np.zeros(trials), where=ends & (arrived > 0))
        days[ends] = DAYS_A_WEEK * (week + part[ends])
        missing = missing - arrived
        is_open = is_open & ~ends
    days[is_open] = _NEVER
    return days


def _histories(weeks: Floats, basis: str, supply: Supply, seed: int, trials: int) -> Floats:
    """Return each trial's own history, (trials, weeks): past weeks drawn again, or one rate."""
    if basis == "weeks":
        return _of_weeks(tuple(weeks.tolist()), seed, trials)
    if basis == "prior" and supply.prior:
        low, likely, high = supply.prior
        rate = triangular(low, likely, high, uniforms(seed, "agreed rate", trials))
        return rate[:, None]
    return np.zeros((trials, 1))


@lru_cache(maxsize=64)
def _of_weeks(weeks: tuple[float, ...], seed: int, trials: int) -> Floats:
    count = len(weeks)
    drawn = [uniforms(seed, f"past week {place}", trials) for place in range(count)]
    found: Floats = np.array(weeks)[(np.stack(drawn, axis=1) * count).astype(np.int64)]
    return found


def _drawn(history: Floats, seed: int, week: int, trials: int) -> Floats:
    count = history.shape[1]
    place = (_week(seed, week, trials) * count).astype(np.int64)
    found: Floats = history[np.arange(trials), place]
    return found


@lru_cache(maxsize=32)
def _week(seed: int, week: int, trials: int) -> Floats:
    """Return the numbers by which a week to come is drawn: the same for every order."""
    return uniforms(seed, f"week to come {week}", trials)


def _extra(extra: Extra | None, week: int) -> float:
    """Return what a second supply adds in a week to come (0 is the first)."""
    if extra is None or week < extra.from_week:
        return 0.0
    begun = week - extra.from_week + 1
    return extra.a_week * min(1.0, begun / (extra.ramp + 1))


def _words(supply: Supply, basis: str, weeks: int) -> str:
    lots = len(supply.lots)
    decided = (
        f"{supply.accepted:,} of {supply.decided:,} labels in {lots:,} decided lots were accepted"
        if lots
        else "nothing is decided yet, so that half to all may be accepted"
    )
    if basis == "weeks":
        return f"Drawn from the last {weeks} whole weeks; {decided}."
    if basis == "prior" and supply.prior:
        low, likely, high = supply.prior
        return (
            f"Whole weeks known: {weeks} of the {WEEKS_NEEDED} needed; the agreed rate counts "
            f"as a range ({low:.0f}, {likely:.0f}, {high:.0f} a week); {decided}."
        )
    return f"Only the further supply counts; {decided}."
