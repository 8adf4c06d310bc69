"""When a monitor alerts, and when it stops: not at every single look.

k bad runs in a row raise the alert, m good runs in a row clear it. A run without evidence never
makes anything good: it neither adds to the good runs in a row nor breaks the bad ones, and where
no alert stands the monitor is unknown until m good runs have come in a row again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Stand(StrEnum):
    """How a monitor stands after its runs."""

    NEW = "new"  #: no run has said anything yet
    UNKNOWN = "unknown"
    CLEAR = "clear"
    ALERT = "alert"


#: What a standing says, as a verdict. Without evidence enough it is never met.
VERDICT_OF = {
    Stand.NEW: "missing",
    Stand.UNKNOWN: "insufficient",
    Stand.CLEAR: "met",
    Stand.ALERT: "unmet",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a monitor stands, and how many bad and good runs came last in a row."""

    stand: Stand = Stand.NEW
    bad: int = 0
    good: int = 0

    @property
    def verdict(self) -> str:
        """Return the verdict of the runs together."""
        return VERDICT_OF[self.stand]


def after(standing: Standing, outcome: bool | None, alert_after: int, clear_after: int) -> Standing:
    """Return how a monitor stands after one more run: good, bad, or None for no evidence."""
    if outcome is None:
        held = standing.stand is Stand.ALERT
        return Standing(Stand.ALERT if held else Stand.UNKNOWN, standing.bad, 0)
    if outcome:
        good = standing.good + 1
        is_first = standing.stand is Stand.NEW
        stand = Stand.CLEAR if is_first or good >= clear_after else standing.stand
        return Standing(stand, 0, good)
    bad = standing.bad + 1
    if bad >= alert_after:
        return Standing(Stand.ALERT, bad, 0)
    # A first bad look is no alert yet, and no reason to call anything good.
    stand = Stand.UNKNOWN if standing.stand is Stand.NEW else standing.stand
    return replace(standing, stand=stand, bad=bad, good=0)


def fold(outcomes: Iterable[bool | None], alert_after: int, clear_after: int) -> Standing:
    """Return how a monitor stands after these runs, the oldest first."""
    standing = Standing()
    for outcome in outcomes:
        standing = after(standing, outcome, alert_after, clear_after)
    return standing


def said(standing: Standing, alert_after: int, clear_after: int) -> str:
    """Say in a sentence why a monitor stands as it does; empty where the run says it all."""
    match standing.stand:
        case Stand.ALERT if standing.bad:
            runs = "run" if standing.bad == 1 else f"{standing.bad} runs in a row"
            return f"Alert: the last {runs} went bad."
        case Stand.ALERT:
            return (
                f"The alert stands until {clear_after} good runs come in a row; "
                f"so far {standing.good}."
            )
        case Stand.CLEAR if standing.bad:
            return f"No alert yet: {standing.bad} of {alert_after} bad runs in a row."
        case Stand.UNKNOWN if standing.bad:
            return f"Not judged yet: {standing.bad} of {alert_after} bad runs in a row."
        case Stand.UNKNOWN:
            return (
                f"The last evidence is missing; {clear_after} good runs in a row are needed, "
                f"so far {standing.good}."
            )
        case _:
            return ""
