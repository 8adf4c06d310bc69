"""Several questions of one trial: p-values that hold for all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Correction(StrEnum):
    """What is kept: the chance of any false claim (Holm), or their share (Benjamini-Hochberg)."""

    HOLM = "holm"
    BH = "bh"
    NONE = "none"


def adjusted(values: Sequence[float], correction: Correction) -> list[float]:
    """Return adjusted p-values in the order of `values`; a claim holds where one is below alpha.

    Holm (1979); Benjamini and Hochberg (1995).
    """
    m = len(values)
    order = sorted(range(m), key=lambda place: values[place])
    found = list(values)
    if correction is Correction.HOLM:
        highest = 0.0
        for rank, place in enumerate(order):
            highest = max(highest, min(1.0, (m - rank) * values[place]))
            found[place] = highest
    elif correction is Correction.BH:
        lowest = 1.0
        for rank in range(m, 0, -1):
            place = order[rank - 1]
            lowest = min(lowest, values[place] * m / rank)
            found[place] = lowest
    return found
