"""Remakes the projections (Run, Reading) of records: the same records give the same rows.

Row ids are UUIDv5 of the record and the reading's own name, so that a rebuild is byte for byte
the same. A run's row holds from when we learned it until we learned of a state observed later,
whatever the order and the batches in which the records came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID, uuid5

from django.db.models import Q

from headway.domain.evidence.models import Reading, Record, Run
from headway.domain.evidence.rules import ReadingFacts, readings_in
from headway.domain.evidence.rules.placing import own_tags

_READ_KINDS = ("run", "evaluation", "check", "kpi")

#: Values in one IN (…): SQLite's builds differ in how many they take.
_AT_ONCE = 500


@dataclass(slots=True)
class _Slice:
    """Between when a run's state counted as the state: the order is that of `observed_at`."""

    subject_id: UUID
    observed_at: datetime
    sequence: int
    record_id: int
    known_from: datetime
    known_until: datetime | None


def project_records(workspace_id: UUID, records: Sequence[Record]) -> None:
    """Write the runs and readings of `records`, which are new and in order of sequence."""
    until = _slice_runs(workspace_id, [record for record in records if record.kind == "run"])
    runs: list[Run] = []
    readings: list[Reading] = []
    for record in records:
        if record.kind not in _READ_KINDS:
            continue
        payload = json.loads(record.payload)
        end = until.get(record.id)
        if record.kind == "run":
            runs.append(_run(record, payload, end))
        readings += [_reading(record, facts, end) for facts in readings_in(record.kind, payload)]
    Run.objects.bulk_create(runs, batch_size=500)
    Reading.objects.bulk_create(readings, batch_size=500)


def _slice_runs(workspace_id: UUID, fresh: Sequence[Record]) -> Mapping[int, datetime]:
    """Return when each of the `fresh` states stopped being known, by record id; end the older."""
    slices: dict[UUID, list[_Slice]] = {record.subject_id: [] for record in fresh}
    earliest = min((record.recorded_at for record in fresh), default=None)
    for standing in _standing(workspace_id, list(slices), earliest):
        slices[standing.subject_id].append(standing)
    for record in fresh:
        place = (record.subject_id, record.observed_at, record.sequence, record.id)
        slices[record.subject_id].append(_Slice(*place, record.recorded_at, None))
    ended = {item.record_id: end for row in slices.values() for item, end in _ends(row)}
    ours = {record.id for record in fresh}
    _close({record_id: end for record_id, end in ended.items() if record_id not in ours})
    return ended


def _standing(
    workspace_id: UUID, subjects: Sequence[UUID], earliest: datetime | None
) -> Iterable[_Slice]:
    """Yield the states of these runs that were still believed at `earliest`, or later."""
    for start in range(0, len(subjects), _AT_ONCE):
        rows = Run.objects.filter(
            Q(known_until__isnull=True) | Q(known_until__gt=earliest),
            workspace_id=workspace_id,
            subject_id__in=subjects[start : start + _AT_ONCE],
        ).values_list(
            "subject_id",
            "record__observed_at",
            "record__sequence",
            "record_id",
            "known_from",
            "known_until",
        )
        for row in rows:
            yield _Slice(*row)


def _ends(states: list[_Slice]) -> Iterable[tuple[_Slice, datetime]]:
    """Yield the states of one run that end, with the moment we learned of a later one.

    A late report of an older state never becomes the latest: it ends when it begins.
    """
    learned: datetime | None = None
    for item in sorted(states, key=attrgetter("observed_at", "sequence"), reverse=True):
        if learned is not None:
            end = max(learned, item.known_from)
            if item.known_until is None or end < item.known_until:
                yield item, end
        learned = item.known_from if learned is None else min(learned, item.known_from)


def _close(closed: Mapping[int, datetime]) -> None:
    """End the rows of superseded records at the moment we learned better."""
    moments: dict[datetime, list[int]] = {}
    for record_id, moment in closed.items():
        moments.setdefault(moment, []).append(record_id)
    for moment, ids in moments.items():
        for start in range(0, len(ids), _AT_ONCE):
            stale = ids[start : start + _AT_ONCE]
            Run.objects.filter(record_id__in=stale).update(known_until=moment)
            Reading.objects.filter(record_id__in=stale).update(known_until=moment)


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
        tags=own_tags(payload["tags"]),  # type: ignore[arg-type]
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
        metric=facts.metric,
        segment=facts.segment,
        value=facts.value,
        n=facts.n,
        low=facts.low,
        high=facts.high,
        confidence=facts.confidence,
        dataset=facts.dataset,
        dataset_digest=facts.dataset_digest,
        split=facts.split,
        is_estimated=facts.is_estimated,
        context=dict(facts.context),
        observed_at=record.observed_at,
        valid_until=record.valid_until,
        known_from=record.recorded_at,
        known_until=until,
    )
