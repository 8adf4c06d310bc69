"""Remakes the projections (Run, Reading) of records: the same records give the same rows.

Row ids are UUIDv5 of the record and the reading's own name, so that a rebuild is byte for byte
the same. A row is sliced by when we knew it: a later state of the same run closes the earlier one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from headway.domain.evidence.models import Reading, Record, Run
from headway.domain.evidence.rules import ReadingFacts, readings_in

_READ_KINDS = ("run", "evaluation", "check")


def project_records(workspace_id: UUID, records: Sequence[Record]) -> None:
    """Write the runs and readings of `records`, which are new and in order of sequence."""
    runs: list[Run] = []
    readings: list[Reading] = []
    closed: dict[int, datetime] = {}
    standing = _standing_runs(workspace_id, records)
    for record in records:
        if record.kind not in _READ_KINDS:
            continue
        payload = json.loads(record.payload)
        until = None
        if record.kind == "run":
            until = _supersede(record, standing, closed)
            runs.append(_run(record, payload, until))
        readings += [_reading(record, facts, until) for facts in readings_in(record.kind, payload)]
    for run in runs:
        run.known_until = run.known_until or closed.get(run.record_id)
    for reading in readings:
        reading.known_until = reading.known_until or closed.get(reading.record_id)
    Run.objects.bulk_create(runs, batch_size=500)
    Reading.objects.bulk_create(readings, batch_size=500)
    _close(closed)


def _supersede(
    record: Record, standing: dict[UUID, tuple[datetime, int]], closed: dict[int, datetime]
) -> datetime | None:
    """Make `record` the run's standing state; return when it stops being known, if at once.

    A late report of an older state never becomes the latest: it ends when it begins.
    """
    last = standing.get(record.subject_id)
    if last is not None and last[0] > record.observed_at:
        return record.recorded_at
    if last is not None:
        closed[last[1]] = record.recorded_at
    standing[record.subject_id] = (record.observed_at, record.id)
    return None


def _standing_runs(
    workspace_id: UUID, records: Sequence[Record]
) -> dict[UUID, tuple[datetime, int]]:
    """Return, by subject, when the run we believe in now was observed and by which record."""
    subjects = {record.subject_id for record in records if record.kind == "run"}
    rows = Run.objects.filter(
        workspace_id=workspace_id, subject_id__in=subjects, known_until__isnull=True
    ).values_list("subject_id", "record__observed_at", "record_id")
    return {subject: (observed_at, record) for subject, observed_at, record in rows}


def _close(closed: Mapping[int, datetime]) -> None:
    """End the rows of superseded records at the moment we learned better."""
    moments: dict[datetime, list[int]] = {}
    for record_id, moment in closed.items():
        moments.setdefault(moment, []).append(record_id)
    for moment, ids in moments.items():
        for start in range(0, len(ids), 500):
            stale = {"record_id__in": ids[start : start + 500], "known_until__isnull": True}
            Run.objects.filter(**stale).update(known_until=moment)
            Reading.objects.filter(**stale).update(known_until=moment)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _run(record: Record, payload: Mapping[str, object], until: datetime | None) -> Run:
    return Run(
        id=uuid5(record.workspace_id, f"run:{record.sequence}"),
        workspace_id=record.workspace_id,
        subject_id=record.subject_id,
        record=record,
        name=str(payload["name"]),
        group=str(payload["group"]),
        status=str(payload["status"]),
        started_at=_moment(payload["started_at"]),  # type: ignore[arg-type]
        ended_at=_moment(payload["ended_at"]),  # type: ignore[arg-type]
        parent=str(payload["parent_run_id"] or ""),
        commit=str(payload["commit"] or "")[:64],
        is_deleted=bool(payload["deleted"]),
        known_from=record.recorded_at,
        known_until=until,
    )


def _reading(record: Record, facts: ReadingFacts, until: datetime | None) -> Reading:
    name = f"reading:{record.sequence}:{facts.metric}:{facts.segment}"
    return Reading(
        id=uuid5(record.workspace_id, name),
        workspace_id=record.workspace_id,
        subject_id=record.subject_id,
        record=record,
        kind=facts.kind,
        metric=facts.metric[:200],
        segment=facts.segment[:200],
        value=facts.value,
        n=facts.n,
        low=facts.low,
        high=facts.high,
        confidence=facts.confidence,
        dataset=facts.dataset[:200],
        dataset_digest=facts.dataset_digest[:100],
        split=facts.split,
        is_estimated=facts.is_estimated,
        context=dict(facts.context),
        observed_at=record.observed_at,
        valid_until=record.valid_until,
        known_from=record.recorded_at,
        known_until=until,
    )
