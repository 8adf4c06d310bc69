"""How long an approval still takes: what answers took, given how long this one has waited.

A range of working days that a plan may take. What has waited longer than nearly every answer
before it tells no quick end: as long again is assumed. Where too little is known, a default is,
and the words say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from headway.domain.programs.rules.queue import FEWEST, SAME_DAY
from headway.domain.vendors.rules.facts import joined

Range = tuple[float, float, float]

#: Working days of an answer where nobody knows how long a function takes.
ASSUMED: Range = (1.0, 5.0, 15.0)

#: So many answers that took longer than a question has waited say how much longer it takes.
FEWEST_LONGER = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """How many working days a function took to answer about a sort of thing."""

    function: str
    sort: str
    days: float


@dataclass(frozen=True, slots=True)
class ApprovalWait:
    """What is left until a function answers, in working days; `waited` None: nobody asked yet.

    `usual` is P10 to P90 of the `n` answers known, None where they are too few.
    """

    function: str
    waited: float | None
    left: Range
    usual: tuple[float, float] | None
    n: int
    basis: str

    @property
    def words(self) -> str:
        """Say it as a plan quotes it: approval of legal: waits 6 days, usually 4 to 15."""
        if self.waited is None:
            so_far = "not asked yet"
        else:
            so_far = f"waits {self.waited:g} day{'' if self.waited == 1 else 's'}"
        if self.usual is None:
            low, _, high = ASSUMED
            return f"approval of {self.function}: {so_far}, {low:g} to {high:g} assumed"
        return (
            f"approval of {self.function}: {so_far}, usually {self.usual[0]:g} to {self.usual[1]:g}"
        )

    @property
    def sentence(self) -> str:
        """Say what is waited for, and from what it is known how long it takes."""
        return f"{self.words[0].upper()}{self.words[1:]} ({self.basis})."


def wait_left(
    function: str, sort: str, waited: float | None, answers: Sequence[Answer]
) -> ApprovalWait:
    """Return what is left of a wait, from answers of this function about this sort of thing.

    Where those are too few its answers about anything speak, and of fewer than FEWEST none.
    """
    mine = [one for one in answers if one.function == function]
    same = [one for one in mine if one.sort == sort]
    known, of = (same, f"about {sort}s") if len(same) >= FEWEST else (mine, "about vendors")
    days = sorted(one.days for one in known)
    so_far = waited or 0.0
    if len(days) < FEWEST:
        known_ = f"{len(days)} answer{'' if len(days) == 1 else 's'} known"
        basis = f"{known_}, a range takes {FEWEST}"
        return ApprovalWait(function, waited, _assumed(so_far), None, len(days), basis)
    usual = (_percentile(days, 10), _percentile(days, 90))
    longer = [one - so_far for one in days if one > so_far]
    if len(longer) < FEWEST_LONGER:
        basis = (
            f"it has waited longer than {len(days) - len(longer)} of {len(days)} answers {of} "
            "took, so as long again is assumed"
        )
        return ApprovalWait(function, waited, _again(so_far), usual, len(days), basis)
    low, middle, high = (_percentile(longer, share) for share in (10, 50, 90))
    basis = f"as {len(longer)} of {len(days)} answers {of} that took longer"
    if waited is None or len(longer) == len(days):
        basis = f"as {len(days)} answers {of} took"
    return ApprovalWait(function, waited, _ranged(low, middle, high), usual, len(days), basis)


def joint_left(waits: Sequence[ApprovalWait]) -> Range | None:
    """Return what is left until the last of functions that are asked at once; None for none."""
    if not waits:
        return None
    low, middle, high = (max(end) for end in zip(*(one.left for one in waits), strict=True))
    return (low, middle, high)


def told(waits: Sequence[ApprovalWait]) -> str:
    """Say what several functions are waited for, the slowest first."""
    slowest = sorted(waits, key=lambda one: (-one.left[2], one.function))
    return joined([one.words for one in slowest])


def _assumed(waited: float) -> Range:
    low, middle, high = ASSUMED
    again = _again(waited)
    return _ranged(low - waited, max(middle - waited, again[1]), max(high - waited, again[2]))


def _again(waited: float) -> Range:
    return _ranged(SAME_DAY, waited / 2, waited)


def _ranged(low: float, middle: float, high: float) -> Range:
    low = max(SAME_DAY, low)
    middle = max(low, middle)
    return low, middle, max(middle, high)


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """Return a percentile of the inverted distribution: a value that was seen."""
    return ordered[ceil(percent * len(ordered) / 100) - 1]
