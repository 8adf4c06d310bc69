"""An audit of a repository as people read it: the worst first, and what changed since before.

A record holds verdicts; how grave a check is and what it asks comes from the catalogue of checks: a
check of a newer version, unknown here, is shown and counted as grave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headway.analysis.repository.catalogue import BY_ID, Severity

_FINE = ("met", "not_applicable")
_RANK = {"unmet": 0, "missing": 1, "partly": 2, "met": 3, "not_applicable": 4}
_GRAVE = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class AuditedCheck:
    """A check of an audit. `before` is its verdict in the audit before, when that differs."""

    id: str
    question: str
    severity: str
    verdict: str
    sentence: str
    evidence: Sequence[str]
    before: str = ""

    @property
    def is_fine(self) -> bool:
        """Say whether nothing is to be done."""
        return self.verdict in _FINE

    @property
    def is_bad(self) -> bool:
        """Say whether it makes the whole audit bad."""
        return not self.is_fine and self.severity == Severity.ERROR.value


@dataclass(frozen=True, slots=True)
class RepositoryAudit:
    """The newest audit of a repository: checks worst first. `record` is where it stands."""

    name: str
    record: int
    project: str
    commit: str
    observed_at: datetime
    ml_test_score: float | None
    checks: Sequence[AuditedCheck]

    @property
    def bad(self) -> Sequence[AuditedCheck]:
        """Return what makes it bad."""
        return [one for one in self.checks if one.is_bad]

    @property
    def open(self) -> Sequence[AuditedCheck]:
        """Return all that is not fine."""
        return [one for one in self.checks if not one.is_fine]

    @property
    def met(self) -> Sequence[AuditedCheck]:
        """Return what is met."""
        return [one for one in self.checks if one.verdict == "met"]

    @property
    def apart(self) -> Sequence[AuditedCheck]:
        """Return what the repository gives no cause for."""
        return [one for one in self.checks if one.verdict == "not_applicable"]

    @property
    def changed(self) -> Sequence[AuditedCheck]:
        """Return what answers otherwise than in the audit before."""
        return [one for one in self.checks if one.before]

    @property
    def verdict(self) -> str:
        """Return how it stands as a whole: met only where no grave check is open."""
        return "unmet" if self.bad or not self.met else "met"


def checks_of(
    payload: Mapping[str, object], before: Mapping[str, object] | None
) -> Sequence[AuditedCheck]:
    """Return the checks of a record, worst first, held against the record before."""
    earlier = {one["id"]: one["verdict"] for one in _told(before or {})}
    found = []
    for one in _told(payload):
        asked = BY_ID.get(one["id"])
        was = earlier.get(one["id"], "")
        found.append(
            AuditedCheck(
                id=one["id"],
                question=asked.question if asked else "",
                severity=asked.severity.value if asked else Severity.ERROR.value,
                verdict=one["verdict"],
                sentence=one["sentence"],
                evidence=one["evidence"],
                before=was if was != one["verdict"] else "",
            )
        )
    return sorted(found, key=_worst)


def _worst(check: AuditedCheck) -> tuple[bool, int, int, str]:
    grave = _GRAVE[Severity(check.severity)] if not check.is_fine else 0
    return (check.is_fine, grave, _RANK.get(check.verdict, 0), check.id)


def _told(payload: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    checks = payload.get("checks")
    for one in checks if isinstance(checks, list) else []:
        yield {"sentence": "", "evidence": [], **one}
