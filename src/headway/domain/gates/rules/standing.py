"""How a gate stands: verdicts of its requirements, waivers laid over them, what was decided.

A waiver is a debt laid over a verdict: it opens the gate until its day, and is never green.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from headway.domain.assessments.rules.trace import Trace, earliest
from headway.domain.assessments.rules.verdicts import Verdict
from headway.domain.gates.rules.requirements import Requirement

#: Outcomes of a gate that leave it closed, whatever the evidence says.
CLOSING = ("hold", "recycle", "kill")


class GateState(StrEnum):
    """How a gate stands."""

    CLOSED = "closed"  # something is lacking
    OPEN = "open"  # everything is met or waived; nobody decided yet
    PASSED = "passed"  # and it was decided to go
    HELD = "held"  # it was decided to hold, to go through it again, or to stop


@dataclass(frozen=True, slots=True)
class WaiverFacts:
    """A waiver as the rule sees it: of which requirement, until and with which day."""

    requirement: str
    until: date
    owner: str = ""
    reason: str = ""
    is_revoked: bool = False

    def holds(self, at: datetime) -> bool:
        """Say whether it holds at a moment: its last day counts."""
        return not self.is_revoked and at.date() <= self.until


@dataclass(frozen=True, slots=True)
class Assessed:
    """A requirement with its verdict and what it rests on; the waiver that is laid over it."""

    requirement: Requirement
    trace: Trace
    waiver: WaiverFacts | None = None

    @property
    def is_met(self) -> bool:
        """Say whether evidence shows it. A waived one is not met."""
        return self.trace.verdict is Verdict.MET

    @property
    def is_open(self) -> bool:
        """Say whether it is still lacking: neither met nor waived."""
        return not self.is_met and self.waiver is None

    @property
    def word(self) -> str:
        """Return how it stands, in a word: a verdict, or waived."""
        return str(self.trace.verdict) if self.waiver is None or self.is_met else "waived"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a gate stands at a moment; `stale_at` is when the first of what is met ends by time."""

    state: GateState
    lines: tuple[Assessed, ...]
    stale_at: datetime | None
    outcome: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether a release may pass: the answer of `headway gate check`."""
        return self.state in (GateState.OPEN, GateState.PASSED)

    @property
    def lacking(self) -> Sequence[Assessed]:
        """Return what is neither met nor waived."""
        return [line for line in self.lines if line.is_open]

    @property
    def waived(self) -> Sequence[Assessed]:
        """Return what is waived: open debts."""
        return [line for line in self.lines if line.word == "waived"]

    @property
    def met(self) -> int:
        """Return how many are met by evidence."""
        return sum(line.is_met for line in self.lines)


def standing(
    assessed: Sequence[tuple[Requirement, Trace]],
    waivers: Sequence[WaiverFacts],
    at: datetime,
    outcome: str = "",
) -> Standing:
    """Return how a gate stands. `outcome` is what was decided last in its round.

    A gate that asks nothing shows nothing: it stays closed. A waiver of what may not be waived is
    none.
    """
    held = _holding(waivers, at)
    lines = tuple(
        Assessed(one, trace, held.get(one.key) if one.is_waivable else None)
        for one, trace in assessed
    )
    ends = earliest([line.trace.stale_at for line in lines if line.is_met])
    return Standing(_state(lines, outcome), lines, ends, outcome)


def _holding(waivers: Sequence[WaiverFacts], at: datetime) -> Mapping[str, WaiverFacts]:
    """Return the waiver that holds longest, by requirement."""
    ordered = sorted((one for one in waivers if one.holds(at)), key=lambda one: one.until)
    return {one.requirement: one for one in ordered}


def _state(lines: Sequence[Assessed], outcome: str) -> GateState:
    if outcome in CLOSING:
        return GateState.HELD
    if not lines or any(line.is_open for line in lines):
        return GateState.CLOSED
    return GateState.PASSED if outcome else GateState.OPEN
