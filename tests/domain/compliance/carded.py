"""A workspace with one model, the run that made it, and its data: what cards are written from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.cast import AT, Cast

from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions import create_program, create_project, create_system
from headway.observation import Observation, SubjectRef

DAY = timedelta(days=1)
MODEL = "model:scores"


def told(
    cast: Cast, subject: str, kind: str, payload: Mapping[str, object], *, ago: int, lasts: int = 0
) -> int:
    """Record something as seen `ago` days before AT, valid for `lasts` days; return its place."""
    seen = AT - ago * DAY
    until = seen + lasts * DAY if lasts else None
    observation = Observation(
        SubjectRef.parse(subject), kind, "ci", seen, payload, until, project="scores"
    )
    (place,) = record_evidence(cast.mia, [observation], seen).sequences
    return place


def evaluated(cast: Cast, version: str, value: float, *, ago: int, lasts: int = 0) -> int:
    segments = [{"segment": f"age={age}", "value": value - 0.1 * age, "n": 50} for age in range(2)]
    payload = {
        "metric": "auc",
        "value": value,
        "n": 100,
        "dataset": "loans-test",
        "segments": segments,
    }
    return told(cast, f"{MODEL}@{version}", "evaluation", payload, ago=ago, lasts=lasts)


def with_a_model(cast: Cast) -> Cast:
    """Give Acme a registered model, the run that made it, and its training data."""
    at = AT - 30 * DAY
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, at)
    create_system(cast.mia, {"name": "Scoring", "slug": "scoring", "owner": "Lea"}, at)
    fields = {"name": "Scores", "slug": "scores", "system": "scoring"}
    create_project(cast.mia, "fraud", fields, at)
    data = {"digest": "d1", "rows": 900, "source": "the loan book", "licence": ""}
    told(cast, "dataset:loans@1", "dataset_version", data, ago=20)
    run = {
        "run_id": "r1",
        "status": "finished",
        "commit": "abc",
        "datasets": [{"name": "loans", "digest": "d1", "context": "training"}],
    }
    told(cast, "run:ci/r1", "run", run, ago=19)
    told(cast, f"{MODEL}@1", "model_version", {"run_id": "r1", "status": "READY"}, ago=18)
    return cast
