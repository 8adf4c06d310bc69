"""A ledger on one page, and hands that fill an MLflow server.

The book keeps what the real ledger would: it uses the ledger's own rules for what a payload must
hold and when two observations are the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.peers.fault_server import FaultServer
from tests.peers.mlflow_server import MlflowServer

from headway.connectors.base import Batch, Cursor
from headway.connectors.http import Limits, Outbound, Patience
from headway.connectors.mlflow.connector import MlflowConnector
from headway.connectors.mlflow.options import MlflowOptions
from headway.domain.evidence.rules.kinds import STATE_KINDS
from headway.domain.evidence.rules.ledger import Draft, draft, same_state
from headway.errors import Problem
from headway.observation import Observation

#: A quiet moment long after the runs that tests make, and before the clock of any machine.
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)

Payload = Mapping[str, object]


def ms(year: int, month: int = 1, day: int = 1, hour: int = 0) -> int:
    """Return a time in milliseconds, as MLflow counts it."""
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


@dataclass(slots=True)
class Book:
    """What was kept, in order; `already_known` counts what said nothing new."""

    kept: list[Draft] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    already_known: int = 0
    tombstoned: int = 0
    cursor: Cursor | None = None

    def keep(self, batch: Batch) -> None:
        """Store a batch and its cursor, as one transaction would."""
        for observation in batch.observations:
            item = draft(observation, 0)
            if self._is_known(item):
                self.already_known += 1
            else:
                self.kept.append(item)
                self.observations.append(observation)
        self.refused += batch.refused
        self.tombstoned += batch.tombstoned
        self.cursor = json.loads(json.dumps(batch.cursor))

    def sync(self, connector: MlflowConnector, at: datetime = AT, *, sweep: bool = False) -> int:
        """Read to the end and return how many records were new."""
        before = len(self.kept)
        for batch in connector.read(self.cursor, at=at, sweep=sweep):
            self.keep(batch)
        return len(self.kept) - before

    def latest(self, kind: str) -> dict[str, Payload]:
        """Return what is known last of each subject, by the subject's text."""
        return {item.subject: json.loads(item.payload) for item in self.kept if item.kind == kind}

    def of(self, kind: str) -> list[Payload]:
        """Return all payloads of a kind in order."""
        return [json.loads(item.payload) for item in self.kept if item.kind == kind]

    def runs(self) -> dict[str, Payload]:
        """Return what is known last of each run, by its id in MLflow."""
        return {str(run["run_id"]): run for run in self.latest("run").values()}

    def _is_known(self, item: Draft) -> bool:
        same_subject = [
            kept for kept in self.kept if (kept.subject, kept.kind) == (item.subject, item.kind)
        ]
        if item.kind in STATE_KINDS:
            return bool(same_subject) and same_state(item, same_subject[-1].payload)
        return any(
            (kept.source, kept.observed_at, kept.payload_digest)
            == (item.source, item.observed_at, item.payload_digest)
            for kept in same_subject
        )


@contextmanager
def connecting(
    server: MlflowServer | FaultServer,
    *,
    page_limit: int = 1000,
    monotonic: Callable[[], float] = time.monotonic,
    **options: object,
) -> Iterator[MlflowConnector]:
    """Return a connector to `server` that does not wait long for anything."""
    with Outbound(
        allowed=server.allowed,
        limits=Limits(connect=2, read=20, total=30, size=4_000_000),
        patience=Patience(attempts=3, first=0.01, longest=0.1),
    ) as outbound:
        made = MlflowOptions.model_validate({"url": server.url, **options})
        yield MlflowConnector(made, outbound, monotonic=monotonic, page_limit=page_limit)


@dataclass(frozen=True, slots=True)
class Bench:
    """A corner of a shared MLflow server: experiments and models whose names start alike."""

    server: MlflowServer
    name: str

    def connecting(self, **options: object) -> AbstractContextManager[MlflowConnector]:
        """Return a connector that reads this corner only."""
        chosen = {"experiments": [f"{self.name}*"], "models": [f"{self.name}*"], **options}
        return connecting(self.server, **chosen)  # type: ignore[arg-type]

    def experiment(self, suffix: str = "") -> str:
        """Make an experiment and return its id."""
        made = self.server.post("experiments/create", name=f"{self.name}{suffix}")
        return str(made["experiment_id"])

    def start(
        self, experiment: str, at: int, name: str = "try", tags: Mapping[str, str] | None = None
    ) -> str:
        """Start a run at `at` (ms) and return its id."""
        made = self.server.post(
            "runs/create",
            experiment_id=experiment,
            run_name=name,
            start_time=at,
            tags=[{"key": key, "value": value} for key, value in (tags or {}).items()],
        )
        run = made["run"]
        assert isinstance(run, dict)
        return str(run["info"]["run_id"])

    def log(self, run_id: str, at: int, **metrics: float | str) -> None:
        """Log metrics at `at` (ms), step 0."""
        rows = [
            {"key": key, "value": value, "timestamp": at, "step": 0}
            for key, value in metrics.items()
        ]
        self.server.post("runs/log-batch", run_id=run_id, metrics=rows)

    def end(self, run_id: str, at: int, status: str = "FINISHED") -> None:
        """End a run at `at` (ms)."""
        self.server.post("runs/update", run_id=run_id, status=status, end_time=at)

    def finished(self, experiment: str, at: int, **metrics: float | str) -> str:
        """Make a run of one hour and return its id."""
        run_id = self.start(experiment, at)
        if metrics:
            self.log(run_id, at + 1_800_000, **metrics)
        self.end(run_id, at + 3_600_000)
        return run_id

    def tag(self, run_id: str, key: str, value: str) -> None:
        """Set a tag, which moves no time of the run."""
        self.server.post("runs/set-tag", run_id=run_id, key=key, value=value)

    def model(self, suffix: str = "") -> str:
        """Register a model and return its name."""
        name = f"{self.name}{suffix}"
        self.server.post("registered-models/create", name=name)
        return name

    def version(self, model: str, run_id: str = "", **tags: str) -> str:
        """Make a version and return its number."""
        made = self.server.post(
            "model-versions/create",
            name=model,
            source="s3://bucket/model",
            run_id=run_id,
            tags=[{"key": key, "value": value} for key, value in tags.items()],
        )["model_version"]
        assert isinstance(made, dict)
        return str(made["version"])

    def point(self, model: str, alias: str, version: str) -> None:
        """Point an alias to a version."""
        self.server.post("registered-models/alias", name=model, alias=alias, version=version)

    def truth(self, experiments: list[str]) -> dict[str, dict[str, object]]:
        """Return every run as the server itself lists it, by its id."""
        found: dict[str, dict[str, object]] = {}
        for experiment in experiments:
            page = self.server.post(
                "runs/search",
                experiment_ids=[experiment],
                run_view_type="ALL",
                max_results=5000,
            )
            runs = page.get("runs", [])
            assert isinstance(runs, list)
            found |= {run["info"]["run_id"]: run for run in runs}
        return found
