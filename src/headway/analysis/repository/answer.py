"""What an audit found: a verdict a check, the places it rests on, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from headway.analysis.repository.catalogue import BY_ID, Asked, Severity
from headway.analysis.verdicts import Verdict

#: Version of the checks: another set, or another way to judge, is another version.
VERSION = "1"
MOST_PLACES = 20
_ORDER = (
    Verdict.UNMET,
    Verdict.MISSING,
    Verdict.INSUFFICIENT,
    Verdict.MET,
    Verdict.NOT_APPLICABLE,
)
_FINE = (Verdict.MET, Verdict.NOT_APPLICABLE)
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one check. `evidence` is "file:line" each, `project` the folder judged.

    `ignored` is the reason why the rules set it aside: its verdict stays what it is.
    """

    id: str
    verdict: Verdict
    sentence: str
    evidence: tuple[str, ...] = ()
    project: str = ""
    severity: Severity = Severity.ERROR
    ignored: str = ""

    @property
    def asked(self) -> Asked:
        """Return the check."""
        return BY_ID[self.id]

    @property
    def is_fine(self) -> bool:
        """Say whether nothing is to be done: only met and not applicable are."""
        return self.verdict in _FINE

    @property
    def is_bad(self) -> bool:
        """Say whether it makes the whole answer bad."""
        return not self.is_fine and self.severity is Severity.ERROR and not self.ignored

    def as_json(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return {
            "id": self.id,
            "verdict": self.verdict.value,
            "evidence": list(self.evidence),
            "sentence": self.sentence,
            "severity": self.severity.value,
            "family": self.asked.family,
            "project": self.project,
            "ignored": self.ignored or None,
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of a repository at a commit (None: not known): findings, worst first."""

    name: str
    commit: str | None
    at: datetime
    findings: tuple[Finding, ...]
    projects: tuple[str, ...]
    files: int
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether no finding makes the answer bad."""
        return not any(finding.is_bad for finding in self.findings)

    @property
    def headline(self) -> str:
        """Return the answer in a line."""
        bad = [finding for finding in self.findings if finding.is_bad]
        open_ones = [one for one in self.findings if not one.is_fine and not one.is_bad]
        met = sum(one.verdict is Verdict.MET for one in self.findings)
        apart = sum(one.verdict is Verdict.NOT_APPLICABLE for one in self.findings)
        what = f"{met} of {len(self.findings) - apart} checks met"
        if bad:
            return f"not sound: {len(bad)} to mend ({_names(bad)}); {what}"
        rest = f", {len(open_ones)} to look at ({_names(open_ones)})" if open_ones else ""
        return f"sound: {what}{rest}"

    def worst(self) -> tuple[Finding, ...]:
        """Return one finding a check: of several projects the worst."""
        found: dict[str, Finding] = {}
        for finding in self.findings:
            found.setdefault(finding.id, finding)
        return tuple(found.values())

    def as_json(self) -> dict[str, Any]:
        """Return the audit as plain values."""
        return {
            "repository": self.name,
            "commit": self.commit,
            "passed": self.passed,
            "files": self.files,
            "projects": list(self.projects),
            "version": VERSION,
            "checks": [finding.as_json() for finding in self.findings],
            "notes": list(self.notes),
        }


def _names(findings: Sequence[Finding]) -> str:
    names = list(dict.fromkeys(finding.id for finding in findings))
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(names[:4]) + more


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings worst first: what is set aside by a rule comes after what is not."""
    return tuple(
        sorted(
            findings,
            key=lambda one: (
                one.is_fine,
                bool(one.ignored),
                _SEVERITIES.index(one.severity) if not one.is_fine else 0,
                _ORDER.index(one.verdict),
                list(BY_ID).index(one.id),
                one.project,
            ),
        )
    )


def met(id: str, sentence: str, *evidence: str) -> Finding:
    """Return a finding that is met."""
    return _finding(id, Verdict.MET, sentence, evidence)


def unmet(id: str, sentence: str, *evidence: str) -> Finding:
    """Return a finding that is unmet: there is something, and it is not so."""
    return _finding(id, Verdict.UNMET, sentence, evidence)


def missing(id: str, sentence: str, *evidence: str) -> Finding:
    """Return a finding that is missing: there is nothing to judge by, and there should be."""
    return _finding(id, Verdict.MISSING, sentence, evidence)


def not_applicable(id: str, sentence: str, *evidence: str) -> Finding:
    """Return a finding that the repository gives no cause for; it is no failure and no success."""
    return _finding(id, Verdict.NOT_APPLICABLE, sentence, evidence)


def insufficient(id: str, sentence: str, *evidence: str) -> Finding:
    """Return a finding that too little could be read for."""
    return _finding(id, Verdict.INSUFFICIENT, sentence, evidence)


def _finding(id: str, verdict: Verdict, sentence: str, evidence: tuple[str, ...]) -> Finding:
    places = tuple(place[:300] for place in dict.fromkeys(evidence))
    return Finding(id, verdict, sentence, places[:MOST_PLACES], severity=BY_ID[id].severity)


def in_project(finding: Finding, folder: str) -> Finding:
    """Return a finding of the project in `folder`."""
    return replace(finding, project=folder)
