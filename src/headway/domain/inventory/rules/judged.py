"""What the inventory says of a question: a verdict, a sentence, the rule, the records.

The inventory lies below the assessments; they read these as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.analysis.verdicts import Verdict

#: Which verdict speaks for all, first found first: what is unknown outweighs what is met.
_ORDER = (
    Verdict.UNMET,
    Verdict.ERROR,
    Verdict.MISSING,
    Verdict.STALE,
    Verdict.INSUFFICIENT,
    Verdict.NOT_DUE,
    Verdict.MET,
    Verdict.NOT_APPLICABLE,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer to one question, and what it rests on (places in the ledger)."""

    verdict: Verdict
    sentence: str
    rule: str
    records: tuple[int, ...] = ()


def worst_of(parts: Sequence[Judged]) -> Verdict:
    """Return the verdict of "all of these hold"; of none of them it is missing."""
    verdicts = [part.verdict for part in parts]
    return next((word for word in _ORDER if word in verdicts), Verdict.MISSING)


def rank(verdict: Verdict) -> int:
    """Return a key by which what needs a look comes first."""
    return _ORDER.index(verdict)
