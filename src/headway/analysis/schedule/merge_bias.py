"""What classical PERT does not see: paths that merge, risks, and experiments that fail.

PERT adds expected durations along one path. Where paths run side by side, whichever is slowest
decides, and the expected maximum lies above the maximum of the expectations (merge bias; Clark
1961). Running the plan again on the same numbers without risks and with experiments that succeed
at once tells how much of the difference the paths make, and how much what may happen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.analysis.quantities import finite, inverted_cdf
from headway.analysis.schedule.calendars import TOLERANCE
from headway.analysis.schedule.critical_path import ClassicalPert
from headway.analysis.schedule.simulation import Simulation, rerun

#: An item takes turns being critical when its share of trials is between these two.
SELDOM, NEARLY_ALWAYS = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class MergeBias:
    """How far P50 lies after PERT's answer, in units: `paths` by merging, `events` by what happens.

    None where P50 falls into never. `competing` items are critical in some futures and not in
    others.
    """

    pert: float
    p50: float | None
    paths: float | None
    events: float | None
    competing: int

    @property
    def total(self) -> float | None:
        """Return P50 minus PERT's duration."""
        return None if self.p50 is None else self.p50 - self.pert

    def sentence(self, unit: str) -> str:
        """Say the difference and its reason."""
        if self.p50 is None or self.paths is None or self.events is None:
            return "There is no P50 to compare with classical PERT: too many futures never finish."
        late = self.p50 - self.pert
        if abs(late) < _LITTLE:
            return "P50 is where classical PERT puts it: one path decides in nearly every future."
        side = "after" if late > 0 else "before"
        head = f"P50 lies {abs(late):.1f} {unit} {side} classical PERT's answer"
        reasons = [_of_paths(self.paths, self.competing), _of_events(self.events)]
        told = "; ".join(reason for reason in reasons if reason)
        return f"{head}: {told}." if told else f"{head}."


#: A difference below this many units is not worth a word.
_LITTLE = 0.05


def _of_paths(paths: float, competing: int) -> str:
    if paths >= _LITTLE:
        turns = f"{competing} items take turns on the critical path" if competing else "they merge"
        return (
            f"{paths:.1f} because paths run side by side and the slowest decides, "
            f"where PERT follows one ({turns})"
        )
    if paths <= -_LITTLE:
        return f"{-paths:.1f} earlier because PERT adds means and the ranges lean to the late side"
    return ""


def _of_events(events: float) -> str:
    if events >= _LITTLE:
        return f"{events:.1f} for risks and further attempts, which PERT leaves out"
    if events <= -_LITTLE:
        return f"{-events:.1f} earlier by opportunities, which PERT leaves out"
    return ""


def merge_bias(simulation: Simulation, pert: ClassicalPert) -> MergeBias:
    """Return what separates the simulation's P50 from classical PERT."""
    p50 = _p50(simulation)
    draws = simulation.draws
    touched = {number for risk in draws.risks for number in risk.touched} | set(draws.attempts)
    plain = p50
    if touched:
        plain = _p50(rerun(simulation, draws.without_events(), sorted(touched)))
    shares = [share for share in simulation.criticality.values() if share is not None]
    competing = sum(SELDOM < share < NEARLY_ALWAYS for share in shares)
    if p50 is None or plain is None:
        return MergeBias(pert.duration, p50, None, None, competing)
    return MergeBias(
        pert.duration, p50, _rounded(plain - pert.duration), _rounded(p50 - plain), competing
    )


def _p50(simulation: Simulation) -> float | None:
    return finite(inverted_cdf(np.sort(simulation.finish), 50))


def _rounded(value: float) -> float:
    return 0.0 if abs(value) <= TOLERANCE else value
