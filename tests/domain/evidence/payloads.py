"""Builders of evidence: one good payload of each kind, observations, push lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.cast import AT

from headway.observation import Observation, SubjectRef, instant

#: Whole, valid payloads; each test takes a copy and spoils one thing.
GOOD: dict[str, dict[str, object]] = {
    "run": {
        "run_id": "r1",
        "name": "brave-owl",
        "status": "finished",
        "started_at": "2026-10-05T10:00:00Z",
        "ended_at": "2026-10-05T11:00:00Z",
        "params": {"depth": "6"},
        "metrics": {"accuracy": 0.9, "diverged": None},
        "datasets": [{"name": "digits", "digest": "d1", "context": "training"}],
    },
    "metric_series": {
        "metric": "loss",
        "points": [{"step": 0, "at": "2026-10-05T10:00:00Z", "value": 1.5}],
    },
    "model_version": {"status": "READY", "run_id": "r1"},
    "alias_move": {
        "model": "meter-reading",
        "alias": "champion",
        "version": "3",
        "seen_by": "2026-10-05T12:00:00Z",
    },
    "dataset_version": {"digest": "d1", "rows": 1797},
    "evaluation": {
        "metric": "accuracy",
        "value": 0.93,
        "n": 480,
        "low": 0.91,
        "high": 0.95,
        "confidence": 0.95,
        "dataset": "digits-test",
        "context": {"labels": 480, "site": "north"},
        "segments": [{"segment": "digit=3", "value": 0.8, "n": 40}],
    },
    "check": {"check": "no-missing", "passed": True, "observed": 0, "bound": 0.01, "rows": 100},
    "cost": {
        "amount": "12.50",
        "currency": "USD",
        "category": "compute",
        "period_start": "2026-10-01",
        "period_end": "2026-10-31",
    },
    "kpi": {
        "kpi": "wrong-readings",
        "value": 310,
        "period_start": "2026-09-01",
        "period_end": "2026-09-30",
    },
    "approval": {"function": "legal", "decision": "approved", "by_ref": "p-17"},
    "deployment": {
        "model": "meter-reading",
        "version": "3",
        "environment": "production",
        "status": "live",
        "deployed_at": "2026-10-06T08:00:00Z",
    },
    "pipeline_run": {"run_id": "p-81", "status": "succeeded", "produced": "model:meter-reading@3"},
    "drill": {"drill": "rollback", "passed": True, "seconds": 41.5, "environment": "production"},
    "audit": {"checks": [{"id": "lock", "verdict": "met", "evidence": ["uv.lock:1"]}]},
    "card": {
        "card": "model",
        "completeness": 0.8,
        "sections": [{"name": "intended use", "verdict": "met"}],
    },
    "bill": {
        "provider": "Sample Cloud",
        "account": "a-1",
        "month": "2026-10",
        "format": "FOCUS 1.0",
        "file": "october.csv",
        "sha256": "0" * 64,
        "rows": 2,
        "totals": [
            {"category": "Usage", "currency": "USD", "billed": "3.5", "effective": "3", "rows": 2}
        ],
        "charges": [
            {"category": "Usage", "currency": "USD", "billed": "3.5", "effective": "3", "rows": 2}
        ],
    },
    "annotation_delivery": {"delivery": "d-1", "units": 85, "classes": {"3": 9}, "guideline": 2},
    "annotation_adjudication": {"delivery": "d-1", "units": 12, "changed": 4},
    "annotation_agreement": {"measure": "alpha", "scale": "nominal", "value": 0.91, "items": 85},
    "annotation_differences": {
        "measure": "labels",
        "classes": [{"name": "3", "said": 40, "agreed": 36}],
        "confusions": [{"first": "3", "second": "8", "count": 2}],
    },
    "annotation_inspection": {"deliveries": ["d-1"], "inspected": 40, "defects": 1},
    "annotation_gold": {"annotator": "p-7", "right": 48, "of": 50},
    "attestation": {"item": "data-5", "answer": "partly", "role": "privacy"},
    "gate_decision": {
        "release": "meter-reading/3",
        "stage": "live",
        "outcome": "go",
        "rules": 2,
        "rules_digest": "5f0c",
        "seen_digest": "a91b",
    },
    "waiver": {
        "release": "meter-reading/3",
        "stage": "live",
        "requirement": "rollback-drill",
        "reason": "the old version is one switch away",
        "until": "2026-12-31",
    },
    "incident": {
        "incident": "wrong-bills",
        "step": "aware",
        "harm": "serious",
        "at": "2026-10-07T06:30:00Z",
    },
    "note": {"text": "The labels of site north arrived late."},
}

#: A subject that fits each kind.
SUBJECTS = {
    "run": "run:tracker/r1",
    "metric_series": "run:tracker/r1",
    "model_version": "model:meter-reading@3",
    "alias_move": "alias:tracker/meter-reading/champion",
    "dataset_version": "dataset:digits@1",
    "evaluation": "model:meter-reading@3",
    "check": "dataset:digits@1",
    "cost": "run:tracker/r1",
    "kpi": "kpi:wrong-readings",
    "approval": "model:meter-reading@3",
    "deployment": "deployment:meter-reading/production",
    "pipeline_run": "pipeline:meter-reading/nightly",
    "drill": "deployment:meter-reading/production",
    "audit": "repository:meter-reading",
    "card": "model:meter-reading@3",
    "bill": "bill:sample-cloud/a-1@2026-10",
    "annotation_delivery": "batch:clear-signals/labels-1",
    "annotation_adjudication": "batch:clear-signals/labels-1",
    "annotation_agreement": "batch:clear-signals/labels-1",
    "annotation_differences": "batch:clear-signals/labels-1",
    "annotation_inspection": "batch:clear-signals/labels-1",
    "annotation_gold": "pilot:clear-signals/first",
    "attestation": "system:meter-reading",
    "gate_decision": "release:meter-reading/3",
    "waiver": "release:meter-reading/3",
    "incident": "system:meter-reading",
    "note": "model:meter-reading@3",
}


def an_observation(
    kind: str = "note",
    *,
    subject: str = "",
    hours: float = 0,
    project: str | None = None,
    source: str = "tests",
    valid_until: datetime | None = None,
    **payload: object,
) -> Observation:
    """Return an observation of `kind`, seen `hours` after (before: negative) AT."""
    return Observation(
        subject=SubjectRef.parse(subject or SUBJECTS[kind]),
        kind=kind,
        source=source,
        observed_at=AT + timedelta(hours=hours),
        payload={**GOOD[kind], **payload},
        valid_until=valid_until,
        project=project,
    )


def a_run(
    name: str, *, hours: float = 0, project: str | None = None, **payload: object
) -> Observation:
    """Return a state of run `name`."""
    return an_observation(
        "run", subject=f"run:tracker/{name}", hours=hours, project=project, run_id=name, **payload
    )


def as_value(observation: Observation) -> dict[str, object]:
    """Return what a push file holds for `observation`."""
    return {
        "subject": str(observation.subject),
        "kind": observation.kind,
        "source": observation.source,
        "observed_at": instant(observation.observed_at),
        "valid_until": instant(observation.valid_until) if observation.valid_until else None,
        "project": observation.project,
        "payload": dict(observation.payload),
    }


def as_line(value: Observation | Mapping[str, object]) -> str:
    """Return one line of a push file."""
    return json.dumps(as_value(value) if isinstance(value, Observation) else value)


def as_text(*values: Observation | Mapping[str, object]) -> str:
    """Return a push file."""
    return "".join(as_line(value) + "\n" for value in values)
