"""Evidence of many projects at once, shaped as the rules want it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.rules import CheckFacts, Evidence
from headway.domain.assessments.rules.project import ProjectEvidence
from headway.domain.evidence.queries import (
    Measurement,
    SubjectName,
    latest_records,
    measurements_of,
    subject_names,
)
from headway.domain.programs.rules import CriterionFacts

__all__ = ["ProjectEvidence", "evidence_by_project"]


def evidence_by_project(
    actor: Actor,
    promised: Mapping[UUID, Sequence[CriterionFacts]],
    at: datetime | None,
) -> Mapping[UUID, ProjectEvidence]:
    """Return what is known of each project at `at`; five queries whatever their number.

    `promised` are the criteria by project id: only numbers of their metrics are read, and those of
    runs only of projects with a criterion about runs, of which there may be thousands.
    """
    project_ids = list(promised)
    found = {project_id: _Shelf() for project_id in project_ids}
    for kind, homes, metrics in _wanted(promised):
        # Of runs the best counts; of all else the newest, and a ledger holds many before it.
        rows = measurements_of(
            actor, homes, at, kinds=(kind,), metrics=metrics, newest=kind != "run"
        )
        for measurement in rows:
            if measurement.project_id is not None:
                found[measurement.project_id].add(measurement)
    for record in latest_records(actor, project_ids, at, kinds=("approval",)):
        if record.project_id is not None:
            function, decision = record.payload["function"], record.payload["decision"]
            found[record.project_id].approvals[str(function)] = (str(decision), record.record)
    for subject in subject_names(actor, project_ids, at, kinds=("model", "dataset")):
        found[subject.project_id].know(subject)
    return {project_id: shelf.closed() for project_id, shelf in found.items()}


def _wanted(
    promised: Mapping[UUID, Sequence[CriterionFacts]],
) -> Iterator[tuple[str, Collection[UUID], Collection[str]]]:
    """Yield the kinds of measurement to read, of which projects and which metrics (empty: all)."""
    yield "check", list(promised), ()
    for kind, is_of_runs in (("evaluation", False), ("run", True)):
        asked = [
            (project_id, criterion.metric)
            for project_id, criteria in promised.items()
            for criterion in criteria
            if criterion.subject.startswith("run:") is is_of_runs
        ]
        if asked:
            yield kind, {project_id for project_id, _ in asked}, {metric for _, metric in asked}


class _Shelf:
    """The evidence of one project while it is being sorted."""

    def __init__(self) -> None:
        self.measured: list[Evidence] = []
        self.checks: dict[tuple[str, str], tuple[str, CheckFacts]] = {}
        self.approvals: dict[str, tuple[str, int]] = {}
        self.versions: dict[str, list[str]] = {}

    def add(self, row: Measurement) -> None:
        """Take a measurement; of a check only its last answer counts."""
        subject = f"{row.subject_kind}:{row.subject_name}"
        subject += f"@{row.subject_version}" if row.subject_version else ""
        if row.kind == "check":
            self.checks[(subject, row.metric)] = (row.segment, _check(row, subject))
        else:
            self.measured.append(_evidence(row, subject))

    def know(self, subject: SubjectName) -> None:
        """Remember a version of a model or dataset, oldest first."""
        self.versions.setdefault(f"{subject.kind}:{subject.name}", []).append(subject.text)

    def closed(self) -> ProjectEvidence:
        """Return the sorted evidence."""
        return ProjectEvidence(
            measured=tuple(self.measured),
            checks=tuple(self.checks.values()),
            approvals=dict(self.approvals),
            versions={name: tuple(texts) for name, texts in self.versions.items()},
        )


def _check(row: Measurement, subject: str) -> CheckFacts:
    held = row.context
    return CheckFacts(
        record=row.record,
        subject=subject,
        name=row.metric,
        passed=held["passed"] if isinstance(held["passed"], bool) else None,
        rows=held["rows"] if isinstance(held["rows"], int) else None,
        is_error=held["severity"] == "error",
        sentence=str(held["sentence"]),
        observed_at=row.observed_at,
        valid_until=row.valid_until,
        standing=str(held.get("standing", "")),
    )


def _evidence(row: Measurement, subject: str) -> Evidence:
    return Evidence(
        record=row.record,
        subject=subject,
        kind=row.kind,
        metric=row.metric,
        segment=row.segment,
        value=row.value,
        observed_at=row.observed_at,
        n=row.n,
        low=row.low,
        high=row.high,
        dataset=row.dataset,
        split=row.split,
        is_estimated=row.is_estimated,
        valid_until=row.valid_until,
    )
