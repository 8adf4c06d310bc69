"""The verdict: one enumeration everywhere, and what an assessment carries beside it.

Missing evidence never passes: only `met` is green, and only evidence gives `met`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from headway.analysis.verdicts import Verdict as Verdict


class Level(StrEnum):
    """How a dimension stands, for the eye; `at_risk` is shown amber, `unknown` grey."""

    GOOD = "good"
    AT_RISK = "at_risk"
    BAD = "bad"
    UNKNOWN = "unknown"


class Dimension(StrEnum):
    """The six questions asked of every project."""

    SCHEDULE = "schedule"
    COST = "cost"
    QUALITY = "quality"
    DATA = "data"
    RISK = "risk"
    COMPLIANCE = "compliance"


DIMENSIONS: Sequence[Dimension] = tuple(Dimension)

#: How the criterion of a monitor's shift begins; its key follows.
MONITOR = "monitor:"

#: How the criterion of a promotion's shift begins: what serves against what a gate decided.
PROMOTION = "promotion:"


def speaks_for_itself(criterion: str) -> bool:
    """Say whether a shift is told by itself: of a dimension, a monitor, or a promotion."""
    return not criterion or criterion.startswith((MONITOR, PROMOTION))


@dataclass(frozen=True, slots=True)
class Assessment:
    """A verdict with its level, a sentence, the rule that gave it, and the records it rests on."""

    verdict: Verdict
    level: Level
    sentence: str
    rule: str
    records: tuple[int, ...] = ()


def level_of(verdict: Verdict, *, is_due: bool = True) -> Level:
    """Return the level a verdict is shown at; unmet before it is due is at risk, not yet bad."""
    match verdict:
        case Verdict.MET:
            return Level.GOOD
        case Verdict.UNMET:
            return Level.BAD if is_due else Level.AT_RISK
        case (
            Verdict.MISSING
            | Verdict.STALE
            | Verdict.INSUFFICIENT
            | Verdict.ERROR
            | Verdict.NOT_DUE
            | Verdict.NOT_APPLICABLE
        ):
            return Level.UNKNOWN
