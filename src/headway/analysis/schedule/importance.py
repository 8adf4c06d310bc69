"""How much each item matters, three ways, and what they say together.

Criticality is how often it decides the finish; cruciality how closely its duration moves with the
finish (Spearman's rho); the schedule sensitivity index joins how often with how much: the standard
deviation of its duration × criticality / the standard deviation of the finish (PMI; Vanhoucke
2010). Read alone each misleads: what is always critical may be certain, and what moves with the
finish may only be correlated with what does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.simulation import Simulation

#: From here on an item counts as often critical, and as moving with the finish.
OFTEN, CLOSELY = 0.5, 0.3


class Quadrant(StrEnum):
    """What criticality and cruciality say together."""

    DRIVER = "driver"
    STEADY = "steady"
    LATENT = "latent"
    QUIET = "quiet"


#: What each quadrant means, as a phrase.
MEANING = {
    Quadrant.DRIVER: "often critical and uncertain: shorten it or narrow its range",
    Quadrant.STEADY: "often critical and nearly certain: only doing it differently helps",
    Quadrant.LATENT: "seldom critical, but felt when it runs late: watch it",
    Quadrant.QUIET: "seldom critical and hardly felt: leave it alone",
}


@dataclass(frozen=True, slots=True)
class Importance:
    """One unfinished item; None where a measure has no value (a certain duration, no finish)."""

    criticality: float | None
    cruciality: float | None
    ssi: float | None

    @property
    def quadrant(self) -> Quadrant | None:
        """Return where it stands; None when its criticality is unknown."""
        if self.criticality is None:
            return None
        is_often = self.criticality >= OFTEN
        is_close = (self.cruciality or 0.0) >= CLOSELY
        if is_often:
            return Quadrant.DRIVER if is_close else Quadrant.STEADY
        return Quadrant.LATENT if is_close else Quadrant.QUIET


def importances(
    simulation: Simulation, rho: Mapping[str, float | None], sd: float | None
) -> dict[str, Importance]:
    """Return the importance of each unfinished item; `sd` is the finish's standard deviation."""
    found = {}
    for number, item_id in enumerate(simulation.frame.network.ids):
        if simulation.frame.timings[number].finished is not None:
            continue
        share = simulation.criticality[item_id]
        ssi = None
        if sd and share is not None:
            ssi = _deviation(simulation.run.lasting[number]) * share / sd
        found[item_id] = Importance(share, rho.get(item_id), ssi)
    return found


def _deviation(values: Times) -> float:
    """Return the standard deviation, added one after the other: the same bits everywhere."""
    count = len(values)
    if count < 2:
        return 0.0
    away = values - float(np.cumsum(values)[-1]) / count
    return math.sqrt(float(np.cumsum(away * away)[-1]) / (count - 1))
