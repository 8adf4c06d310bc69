"""Two systems with projects and evidence of half a year: what maturity is judged of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.cast import AT, Cast

from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_system,
    set_criterion,
)
from headway.observation import Observation, SubjectRef

BEGAN = AT - timedelta(days=200)


def two_systems(cast: Cast) -> None:
    """Make the systems "reader" (owned by Dana, of project "rules") and "scorer" (nobody's)."""
    create_program(cast.mia, {"name": "Fraud"}, BEGAN)
    for slug, project, owner in (("reader", "rules", "dana"), ("scorer", "scores", "")):
        create_system(cast.alice, {"name": slug.title(), "owner": owner}, BEGAN)
        create_project(cast.mia, "fraud", {"name": project.title(), "system": slug}, BEGAN)
    promise = {
        "name": "Weakest digit",
        "subject": "model:reader",
        "metric": "recall",
        "target": 0.9,
        "segment": "*",
    }
    set_criterion(cast.mia, "rules", "weakest", promise, BEGAN)


def push(
    cast: Cast,
    subject: str,
    kind: str,
    payload: Mapping[str, object],
    at: datetime = AT,
    *,
    project: str = "rules",
    learned: datetime | None = None,
) -> int:
    """Record a payload as observed at `at` and learned then too, unless said; its number."""
    seen = Observation(SubjectRef.parse(subject), kind, "ci", at, payload, project=project)
    outcome = record_evidence(cast.bob, [seen], learned or at)
    assert not outcome.refused, outcome.refused
    return outcome.sequences[0]


def a_version(cast: Cast, number: int, at: datetime = AT, commit: str | None = "c0ffee") -> None:
    """Record a run and the version of model "reader" that it made."""
    run = {"run_id": f"r{number}", "status": "finished", "metrics": {"loss": 0.1}}
    push(cast, f"run:lab/r{number}", "run", {**run, "commit": commit}, at)
    version = {"status": "READY", "run_id": f"r{number}"}
    push(cast, f"model:reader@{number}", "model_version", version, at)
