"""What a check of a plan answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: Under this score a plan is unfit to be forecast (exit code 1).
FIT = 60


class Severity(StrEnum):
    """How much a finding matters: an error leaves no answer, a note is worth a look."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a plan does not keep: the items, why it matters, what it costs in points."""

    rule: str
    severity: Severity
    items: tuple[str, ...]
    sentence: str
    points: float

    def as_json(self) -> dict[str, object]:
        """Return the finding as `headway plan check --json` prints it."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "items": list(self.items),
            "sentence": self.sentence,
            "points": round(self.points, 1),
        }


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """The score from 0 to 100, what was found, the rules kept, those with nothing to judge."""

    score: int
    findings: tuple[Finding, ...]
    passed: tuple[str, ...]
    not_judged: tuple[str, ...]

    @property
    def is_fit(self) -> bool:
        """Say whether the plan is worth simulating: enough points, and no error."""
        return self.score >= FIT and not self.has(Severity.ERROR)

    def has(self, severity: Severity) -> bool:
        """Say whether anything of that severity was found."""
        return any(finding.severity is severity for finding in self.findings)

    @property
    def sentence(self) -> str:
        """Return the answer in one sentence."""
        if not self.findings:
            return f"The plan scores {self.score} of 100: every rule is kept."
        worst = self.findings[0].sentence
        return f"The plan scores {self.score} of 100. {worst}"

    def as_json(self) -> dict[str, object]:
        """Return the document that `headway plan check --json` prints."""
        return {
            "score": self.score,
            "fit": self.is_fit,
            "findings": [finding.as_json() for finding in self.findings],
            "passed": list(self.passed),
            "not_judged": list(self.not_judged),
        }
