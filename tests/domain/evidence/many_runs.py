"""Runs as a server without a single tag holds them: thousands, in a few experiments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from tests.cast import AT

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.actions import record_evidence
from headway.observation import Observation, SubjectRef

#: Five experiments, and to which of two projects a person would say they belong.
EXPERIMENTS: Mapping[str, str] = {
    "fraud-scoring": "fraud",
    "fraud-features": "fraud",
    "meter-ocr": "meter-reading",
    "meter-crops": "meter-reading",
    "anna-playground": "",
}


def an_mlflow_run(  # noqa: PLR0913  what a run may tell of itself
    number: int | str,
    group: str = "fraud-scoring",
    name: str = "",
    *,
    tags: Mapping[str, str] | None = None,
    metrics: Mapping[str, float] | None = None,
    project: str | None = None,
    ended: datetime | None = None,
    source: str = "mlflow:ml",
) -> Observation:
    """Return a finished run of one server, a minute younger for each number."""
    age = timedelta(minutes=number if isinstance(number, int) else 0)
    moment = ended or AT - timedelta(days=1) - age
    payload = {
        "run_id": f"r{number}",
        "name": name or f"run-{number}",
        "group": group,
        "status": "finished",
        "started_at": moment.isoformat(),
        "ended_at": moment.isoformat(),
        "metrics": dict(metrics or {"recall": 0.8, "loss": 0.3}),
        "tags": dict(tags or {}),
    }
    server = source.partition(":")[2]
    subject = SubjectRef("run", f"{server}/r{number}")
    return Observation(subject, "run", source, moment, payload, project=project)


def untagged_runs(count: int) -> Iterator[Observation]:
    """Yield `count` runs without a tag, spread evenly over the experiments."""
    names = list(EXPERIMENTS)
    for number in range(count):
        yield an_mlflow_run(number, names[number % len(names)])


def synced(actor: Actor, runs: Sequence[Observation], at: datetime = AT) -> None:
    """Record runs as the sync of a source does, in its batches."""
    for start in range(0, len(runs), 1_000):
        record_evidence(actor, runs[start : start + 1_000], at, may_lack_project=True)
