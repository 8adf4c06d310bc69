"""What would have made past P80s hold, and how a team's numbers come out.

Each finished case says how far its P50 would have had to be stretched towards its P80 to reach the
end: (end − P50) / (P80 − P50). The 80th percentile of these factors is the one by which ranges
would have held in 80 % of the cases (split conformal prediction; Vovk et al. 2005).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.analysis.calibration.coverage import Case, coverage
from headway.analysis.quantities import inverted_cdf

#: Fewer cases than this teach no correction, and no bias.
ENOUGH = 10
#: A factor nearer to 1 than this changes nothing worth a word.
LITTLE = 0.1
#: A range of less than this many days counts as this wide.
LEAST_DAYS = 0.5
MOST = 10.0


@dataclass(frozen=True, slots=True)
class Correction:
    """Ranges made `factor` times as wide above P50 would have held 80 % of `cases` cases."""

    factor: float
    held: float
    cases: int

    @property
    def is_needed(self) -> bool:
        """Say whether the factor is far enough from 1 to be taken."""
        return abs(self.factor - 1.0) > LITTLE

    @property
    def sentence(self) -> str:
        """Say what the P80s held and what would have held 80 %."""
        held = f"Your P80s held {self.held * 100:.0f} % of {self.cases} cases"
        if not self.is_needed:
            return f"{held}: the ranges are as wide as they have to be."
        verb = "widened" if self.factor > 1 else "narrowed"
        return f"{held}: ranges {verb} to ×{self.factor:.1f} would have held 80 %."


@dataclass(frozen=True, slots=True)
class Bias:
    """Actual / estimate of `count` finished items of a team or a kind of work."""

    name: str
    count: int
    median: float
    p80: float

    @property
    def is_enough(self) -> bool:
        """Say whether there are enough items to believe it."""
        return self.count >= ENOUGH


def correction(cases: Sequence[Case]) -> Correction | None:
    """Return the factor of past cases; None with fewer than ENOUGH that have both percentiles."""
    known = [(case.p50, case.p80, case.end) for case in cases]
    factors = [
        (end - p50) / max(p80 - p50, LEAST_DAYS)
        for p50, p80, end in known
        if p50 is not None and p80 is not None
    ]
    if len(factors) < ENOUGH:
        return None
    needed = inverted_cdf(np.sort(np.array(factors)), 80)
    whole = coverage(cases, 80)
    return Correction(min(max(needed, 0.0), MOST), whole.share or 0.0, len(cases))


def bias(name: str, ratios: Sequence[float]) -> Bias | None:
    """Return how actual / estimate came out; None without a sound ratio."""
    sound = sorted(ratio for ratio in ratios if math.isfinite(ratio) and ratio > 0)
    if not sound:
        return None
    ordered = np.array(sound)
    return Bias(name, len(sound), inverted_cdf(ordered, 50), inverted_cdf(ordered, 80))
