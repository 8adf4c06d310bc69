"""What the radar proposes, and when an answer to it still holds.

A proposal is known by its rule and its subject. Its digest is made of rounded facts: somebody who
dismissed it is left alone until the facts differ by more than a little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.programs.rules.fields import text
from headway.errors import Invalid
from headway.observation import canonical, digest

#: What each rule looks for, as its title and in a sentence with its threshold.
RULES: Mapping[str, tuple[str, str]] = {
    "slipping": (
        "Slipping trend",
        "P80 moved later in each of the last three forecasts, by five days or more together.",
    ),
    "one-person": (
        "One person, three critical items",
        "One owner has three or more unfinished items that decide the finish in half the futures.",
    ),
    "silent-experiment": (
        "Stale experiment",
        "An experiment is under way and its project logged no run for two weeks.",
    ),
    "plateau": (
        "Plateau",
        "Five or more runs towards a promise, luck taken off, give a plateau, or reach it in less "
        "than half the futures.",
    ),
    "burn": (
        "Burn above plan",
        "The share of the budget that is spent is ten points above the share of time that passed.",
    ),
    "contract": (
        "Contract about to lapse",
        "A signed contract ends, or its notice is due, within 60 days.",
    ),
    "bias": (
        "Estimate bias",
        "Half of ten or more finished items of a kind took a fifth longer than estimated.",
    ),
    "approvals": (
        "Approval queue",
        "A function has left a question unanswered for ten working days, or beyond its own P90.",
    ),
    "drift": ("Drift", "A monitor of a live model stands on alert."),
    "promise": (
        "Promise unconfirmed",
        "What is promised to us is needed within four weeks or is tight, and nobody confirmed it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact behind a proposal: a sentence, and what opens it (item, record, promise, …)."""

    sentence: str
    kind: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A risk that the facts suggest. `material` are the rounded numbers its digest is made of.

    `probability` and `delay` (working days) or `cost` (the program's currency) are suggestions;
    `why_probability` and `why_range` say how they were reached. `items` are addresses.
    """

    rule: str
    subject: str
    name: str
    cause: str
    event: str
    effect: str
    facts: Sequence[Fact]
    material: Sequence[object]
    probability: float
    why_probability: str
    delay: tuple[float, float, float] | None
    cost: tuple[float, float, float] | None
    why_range: str
    items: Sequence[str]
    category: str
    strategy: str
    response: str

    @property
    def key(self) -> str:
        """Return what it is known by: its rule and its subject."""
        return f"{self.rule}:{self.subject}"

    @property
    def digest(self) -> str:
        """Return the digest of its rounded facts."""
        return digest(canonical({"key": self.key, "facts": [str(one) for one in self.material]}))

    @property
    def title(self) -> str:
        """Return the rule's title."""
        return RULES[self.rule][0]

    @property
    def why(self) -> str:
        """Return the rule in a sentence."""
        return RULES[self.rule][1]


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What somebody said of a proposal: accepted (as the risk `risk_key`) or dismissed."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    rule: str
    subject: str
    digest: str
    answer: str
    reason: str
    risk_key: str
    answered_at: datetime
    answered_by: str
    version: int

    @property
    def key(self) -> str:
        """Return what the proposal is known by."""
        return f"{self.rule}:{self.subject}"


@dataclass(frozen=True, slots=True)
class RadarLine:
    """A proposal beside the answer that was given to it; `is_quiet`: the answer still holds."""

    proposal: Proposal
    answer: AnswerFacts | None
    is_quiet: bool


def answered(
    proposal: Proposal, answer: AnswerFacts | None, open_risks: frozenset[str]
) -> RadarLine:
    """Return a proposal with its answer.

    A dismissal holds while the facts are the same. An acceptance holds as long as its risk is open,
    and after that while the facts are the same: what was settled need not be proposed again.
    """
    if answer is None:
        return RadarLine(proposal, None, is_quiet=False)
    same = answer.digest == proposal.digest
    held = answer.answer == "accepted" and answer.risk_key in open_risks
    return RadarLine(proposal, answer, is_quiet=same or held)


def fact_of(told: Mapping[str, str]) -> Fact:
    """Return a fact kept as JSON."""
    return Fact(told["sentence"], told.get("kind", ""), told.get("key", ""))


def coarse(value: float, step: float) -> int:
    """Return `value` in whole steps: what differs by less is the same fact."""
    return round(value / step)


def between(value: float, low: float = 0.05, high: float = 0.9) -> float:
    """Return a suggested chance to the nearest 5 %, never as good as certain."""
    return round(min(max(value, low), high) * 20) / 20


def spread(low: float, likely: float, high: float) -> tuple[float, float, float]:
    """Return a range in whole days that ascends and is not empty."""
    first = float(max(round(low), 0))
    middle = max(float(round(likely)), first, 1.0)
    return first, middle, max(float(round(high)), middle)


def require_reason(reason: object) -> str:
    """Return why a proposal is dismissed. Raises Invalid without a word."""
    found = str(text(1_000)("reason", reason))
    if not found:
        sentence = (
            "Say why this is no risk, in a sentence: whoever sees the same facts next month will "
            "ask."
        )
        raise Invalid(sentence)
    return found
