"""From records to the values that the rules of the inventory judge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from headway.domain.evidence.queries import ThingRecord
from headway.domain.inventory.rules.aliases import Sighting
from headway.domain.inventory.rules.deployments import Deployment
from headway.domain.inventory.rules.pipelines import PipelineRun
from headway.domain.inventory.rules.reproducibility import RunFacts
from headway.domain.inventory.rules.versions import DatasetVersion, ModelVersion


def moment(value: object) -> datetime | None:
    """Return a payload's time."""
    return datetime.fromisoformat(str(value)) if value else None


def sighting(row: ThingRecord) -> Sighting:
    """Return what an `alias_move` tells."""
    told = row.payload
    by = moment(told["seen_by"]) or row.observed_at
    return Sighting(
        row.record, told["version"], told["from_version"], moment(told["seen_after"]), by
    )


def alias_of(row: ThingRecord) -> tuple[str, str, str]:
    """Return the model, the alias and the server that an `alias_move` is about."""
    model, alias = str(row.payload["model"]), str(row.payload["alias"])
    return model, alias, server_of(row)


def server_of(row: ThingRecord) -> str:
    """Return the server that an alias lives on: `server/model/alias` is its name."""
    model = str(row.payload["model"])
    server, found, _ = row.name.rpartition(f"/{model}/")
    return server if found else ""


def deployment(row: ThingRecord) -> Deployment:
    """Return what a `deployment` record tells."""
    told = row.payload
    return Deployment(
        record=row.record,
        subject=row.subject,
        model=str(told["model"]),
        version=str(told["version"] or ""),
        environment=str(told["environment"]),
        target=str(told["target"]),
        status=str(told["status"]),
        traffic=told["traffic"],
        commit=str(told["commit"] or ""),
        endpoint=str(told["endpoint"] or ""),
        deployed_at=moment(told["deployed_at"]),
        observed_at=row.observed_at,
        description=str(told["description"]),
    )


def pipeline_run(row: ThingRecord) -> PipelineRun:
    """Return what a `pipeline_run` record tells."""
    told = row.payload
    return PipelineRun(
        record=row.record,
        pipeline=row.name,
        run_id=str(told["run_id"]),
        status=str(told["status"]),
        started_at=moment(told["started_at"]),
        ended_at=moment(told["ended_at"]),
        trigger=str(told["trigger"] or "").replace("_", " "),
        commit=str(told["commit"] or ""),
        produced=str(told["produced"] or ""),
        rows=told["rows"],
        data_until=moment(told["data_until"]),
        observed_at=row.observed_at,
    )


def run_facts(row: ThingRecord) -> RunFacts:
    """Return what a `run` record tells."""
    told = row.payload
    data = sorted(
        (str(one["name"]), str(one["digest"] or ""), str(one["context"] or ""))
        for one in told["datasets"]
    )
    return RunFacts(
        record=row.record,
        subject=row.subject,
        run_id=str(told["run_id"]),
        status=str(told["status"]),
        commit=str(told["commit"] or ""),
        params=told["params"],
        metrics=told["metrics"],
        tags=told["tags"],
        data=tuple(data),
    )


def model_version(row: ThingRecord, servers: Iterable[str] = ()) -> ModelVersion:
    """Return what a `model_version` tells; `servers` are those that the model's aliases live on."""
    told = row.payload
    return ModelVersion(
        model=row.name,
        version=row.version,
        record=row.record,
        registered=row.observed_at,
        status=str(told["status"]),
        description=str(told["description"] or ""),
        runs=_run_names(str(told["run_id"] or ""), row.source, servers),
        source=row.source,
        is_deleted=bool(told["deleted"]),
    )


def _run_names(run_id: str, source: str, servers: Iterable[str]) -> tuple[str, ...]:
    """Return the names that a run may have: runs are named `server/id`, pushed ones as they say."""
    if not run_id:
        return ()
    before = (source.partition(":")[2], *servers, source)
    return (*dict.fromkeys(f"{one}/{run_id}" for one in before if one), run_id)


def dataset_version(row: ThingRecord) -> DatasetVersion:
    """Return what a `dataset_version` tells."""
    told = row.payload
    return DatasetVersion(
        dataset=row.name,
        version=row.version,
        record=row.record,
        digest=str(told["digest"]),
        rows=told["rows"],
        columns=told["columns"],
        source=str(told["source"] or ""),
        split=str(told["split"] or ""),
        licence=str(told["licence"] or ""),
        personal_data=str(told.get("personal_data") or ""),
        consent=str(told.get("consent") or ""),
        description=str(told["description"] or ""),
        observed_at=row.observed_at,
    )
