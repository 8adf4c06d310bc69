"""How far single numbers miss: the team's own history, or a stated default where there is none.

A reference class is the distribution of actual / estimate over finished work (Kahneman and
Tversky 1979; Flyvbjerg 2006). One number a task is widened by it; what a whole project adds beyond
the sum of its tasks is a correlation between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import exp, log

import numpy as np

from headway.analysis.schedule.plan import Distribution, Estimate

#: Finished tasks from which a team's own history is believed.
ENOUGH = 20
#: z of the 90th percentile.
_Z90 = 1.2815515655446004
#: The stated default: P90 of actual / estimate, of one task and of a whole project.
FOREIGN_TASK_P90, FOREIGN_PROJECT_P90 = 2.0, 1.4


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Quantiles of actual / estimate, and from how many finished tasks; 0 is the default."""

    p10: float
    median: float
    p90: float
    count: int = 0

    @property
    def is_foreign(self) -> bool:
        """Say whether it comes from others than this team."""
        return self.count == 0

    def widen(self, number: float) -> Estimate:
        """Return the range (P10, median, P90, lognormal) that stands behind one positive number."""
        low, middle, high = (number * one for one in (self.p10, self.median, self.p90))
        return Estimate(low, middle, high, Distribution.LOGNORMAL)

    @property
    def sentence(self) -> str:
        """Say what is done to single numbers, and on whose word."""
        spread = f"{self.p10:.2g} to {self.p90:.2g} times (P10 to P90), median {self.median:.2g}"
        if self.is_foreign:
            return (
                f"Single numbers were widened to {spread}: a default of others, not your history. "
                f"{ENOUGH} finished items with estimate, start and finish replace it."
            )
        return f"Single numbers were widened to {spread}: how {self.count} finished items came out."


FOREIGN = ReferenceClass(1 / FOREIGN_TASK_P90, 1.0, FOREIGN_TASK_P90)


def reference_class(ratios: Sequence[float]) -> ReferenceClass:
    """Return the class of finished tasks' actual / estimate; FOREIGN for fewer than ENOUGH."""
    sound = [ratio for ratio in ratios if 0 < ratio < 1_000]
    if len(sound) < ENOUGH:
        return FOREIGN
    p10, median, p90 = (float(one) for one in np.quantile(sound, (0.1, 0.5, 0.9)))
    # A team that always hits its number is still no oracle: the range never closes.
    return ReferenceClass(min(p10, median * 0.95), median, max(p90, median * 1.05), len(sound))


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished item: who did it, what kind of work it was, and actual / estimate."""

    owner: str
    kind: str
    ratio: float


@dataclass(frozen=True, slots=True)
class History:
    """The classes of a team's finished work: of all of it, of each owner, each kind, and both.

    A class with fewer than ENOUGH items is not here; `all_work` is FOREIGN then.
    """

    all_work: ReferenceClass = FOREIGN
    by_owner: dict[str, ReferenceClass] = field(default_factory=dict)
    by_kind: dict[str, ReferenceClass] = field(default_factory=dict)
    by_both: dict[tuple[str, str], ReferenceClass] = field(default_factory=dict)

    def of(self, owner: str, kind: str) -> ReferenceClass:
        """Return the narrowest class that has enough: owner and kind, owner, kind, all work."""
        found = self.by_both.get((owner, kind)) or self.by_owner.get(owner)
        return found or self.by_kind.get(kind) or self.all_work


def history(finished: Iterable[Finished]) -> History:
    """Return the classes of finished work, each from ENOUGH items on."""
    rows = list(finished)
    by_owner: dict[str, list[float]] = {}
    by_kind: dict[str, list[float]] = {}
    by_both: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.ratio)
        if row.owner:
            by_owner.setdefault(row.owner, []).append(row.ratio)
            by_both.setdefault((row.owner, row.kind), []).append(row.ratio)
    return History(
        reference_class([row.ratio for row in rows]),
        {key: found for key, ratios in by_owner.items() if (found := _enough(ratios))},
        {key: found for key, ratios in by_kind.items() if (found := _enough(ratios))},
        {key: found for key, ratios in by_both.items() if (found := _enough(ratios))},
    )


def _enough(ratios: Sequence[float]) -> ReferenceClass | None:
    found = reference_class(ratios)
    return None if found.is_foreign else found


def shared_correlation(count: int) -> float:
    """Return Spearman's rho among `count` like tasks that gives their sum the project's P90.

    Independent tasks average out: thirty with a P90 of 2.0 have a sum with one of about 1.15. The
    rho solves Var(sum) for a lognormal sum of P90 FOREIGN_PROJECT_P90 (medians 1.0).
    """
    if count < 2:
        return 0.0
    task, project = (
        exp((log(p90) / _Z90) ** 2) - 1 for p90 in (FOREIGN_TASK_P90, FOREIGN_PROJECT_P90)
    )
    rho = (project - task / count) / (task * (1 - 1 / count))
    return round(min(max(rho, 0.0), 0.9), 3)
