"""How long work on a metric takes from its beginning, by the runs of work like it.

Where the runs tell an effort, the curve says how much the target needs and the pace in how many
days that is spent, from nothing on. Without one it is the number of runs until the target, those
that were made and those to come, at the pace of the runs. That number was seen once: each record
on the way is taken for a stage of chance length (exponential), so few records leave it wide.
"""

from __future__ import annotations

import numpy as np

from headway.analysis.attainment.answer import LEAST_RUNS
from headway.analysis.attainment.draws import Numbers, exponentials
from headway.analysis.attainment.outlook import MOST_AHEAD, Outlook
from headway.analysis.quantities import inverted_cdf


def days_from_start(found: Outlook) -> Numbers:
    """Return, draw by draw, the days from the beginning until the target; inf for never."""
    curve = found.curve
    if curve is not None:
        needed = curve.effort_for(found.ceiling - found.target)
        days = np.where(curve.pace > 0.0, needed / np.maximum(curve.pace, 1e-12), np.inf)
    else:
        days = found.records.days_of(_runs(found))
    return np.where(days <= MOST_AHEAD, days, np.inf)


def _runs(found: Outlook) -> Numbers:
    """Return, draw by draw, how many runs it takes until the target; inf for never."""
    scores, draws = found.history.scores, len(found.days)
    reached = (n for n, score in enumerate(scores, start=1) if score >= found.target)
    made = next(reached, len(scores))
    stages = [one for one in found.history.records if one.number <= made]
    length = np.zeros(draws)
    for place in range(len(stages)):
        length = length + exponentials(found.question.seed, f"stage {place}", draws)
    before = made * length / len(stages)
    is_there = scores[made - 1] >= found.target
    return before if is_there else np.asarray(before + found.path.reached(found.target))


def range_from_start(found: Outlook) -> tuple[float, float, float] | None:
    """Return the days from the beginning at P10, P50 and P90; None where half never get there.

    P80 stands for a P90 that falls into never. None as well with too few runs to tell.
    """
    if len(found.history.runs) < LEAST_RUNS:
        return None
    ordered = np.sort(days_from_start(found))
    low, middle, late, last = (inverted_cdf(ordered, percent) for percent in (10, 50, 80, 90))
    high = last if np.isfinite(last) else late
    if not np.isfinite(middle) or not np.isfinite(high):
        return None
    return float(low), float(middle), float(high)
