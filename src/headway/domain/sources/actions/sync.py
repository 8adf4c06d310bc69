"""Reads a source batch by batch: each batch and the cursor after it are stored together.

The network is never touched inside a write transaction. Killed at any moment, the next reading
goes on from the last stored cursor; what is read twice is stored once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction

from headway.connectors.base import Batch
from headway.connectors.http import Outbound, parse_allowed_hosts
from headway.connectors.registry import KINDS, WORK_KINDS, connect, connect_work
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.actions import Outcome, record_evidence
from headway.domain.sources.actions.rows import forget_stale_refusals, keep_rows, locked_as_read
from headway.domain.sources.models import Source
from headway.domain.sources.rules import Standing, is_due, needs_sweep, reveal
from headway.errors import Conflict, HeadwayError, NotFound, Problem, SourceError

_log = logging.getLogger("headway.sync")


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What a reading brought, in the keys of the command line."""

    source: str
    read: int
    recorded: int
    already_known: int
    tombstoned: int
    refused: tuple[Problem, ...]
    cursor: dict[str, object]


def sync_source(actor: Actor, name: str, at: datetime, *, sweep: bool = False) -> SyncOutcome:
    """Read a source to its end and return what came of it.

    Raises SourceError when the other system fails; the batches before it are kept, and the
    failure is remembered on the source.
    """
    require(actor, Permission.SYNC)
    source = Source.objects.filter(workspace_id=actor.workspace_id, name=name).first()
    if source is None:
        sentence = f"There is no source '{name}' in this workspace."
        raise NotFound(sentence)
    if not source.is_enabled:
        sentence = f"Source '{name}' is disconnected; connect it again before it is read."
        raise Conflict(sentence)
    read = _read_work if source.kind in WORK_KINDS else _read
    try:
        outcome = read(actor, source, at, sweep=sweep or needs_sweep(_standing(source), at))
    except Conflict:
        raise  # somebody changed the connection meanwhile: no fault of the other system
    except HeadwayError as error:
        _remember_failure(source, str(error), at)
        raise
    return outcome


def options_of(source: Source) -> dict[str, object]:
    """Return the connector's options of a source, its secret revealed for this call only."""
    # The source's name stands in every subject, so that a server that moves house keeps them.
    options: dict[str, object] = {"name": source.name, **source.options, "url": source.url}
    if source.project is not None and source.kind in KINDS:
        options.setdefault("project", source.project.slug)
    if source.secret is not None:
        options["token"] = reveal(bytes(source.secret), settings.SOURCE_KEY)
    return options


def outbound() -> Outbound:
    """Return the one client that calls other systems, as the operator allows it."""
    return Outbound(allowed=parse_allowed_hosts(settings.OUTBOUND_ALLOWED))


def _read(actor: Actor, source: Source, at: datetime, *, sweep: bool) -> SyncOutcome:
    read = recorded = known = tombstoned = 0
    refused: list[Problem] = []
    with outbound() as client:
        connector = connect(source.kind, options_of(source), client)
        for batch in connector.read(source.cursor or None, at=at, sweep=sweep):
            kept = _keep(actor, source, batch, at)
            read += len(batch.observations)
            recorded += kept.recorded
            known += kept.already_known
            tombstoned += batch.tombstoned
            refused += batch.refused
            refused += [Problem(f"observation {item.line}", item.reason) for item in kept.refused]
    _remember_success(actor, source, at, sweep=sweep, recorded=recorded)
    return SyncOutcome(
        source.name, read, recorded, known, tombstoned, tuple(refused), dict(source.cursor)
    )


def _read_work(actor: Actor, source: Source, at: datetime, *, sweep: bool) -> SyncOutcome:
    """Read a tracker; its rows are kept here, and `plans` makes items of them."""
    read = changed = known = gone = 0
    refused: list[Problem] = []
    Source.objects.filter(id=source.id, version=source.version).update(notes=[])
    with outbound() as client:
        connector = connect_work(source.kind, options_of(source), client)
        for batch in connector.read_work(source.cursor or None, at=at, sweep=sweep):
            kept = keep_rows(source, batch, at)
            read += len(batch.rows)
            changed, known, gone = changed + kept.changed, known + kept.known, gone + kept.gone
            refused += batch.refused
    if sweep:
        forget_stale_refusals(source, at)
    _remember_success(actor, source, at, sweep=sweep, recorded=changed)
    cursor = dict(source.cursor)
    return SyncOutcome(source.name, read, changed, known, gone, tuple(refused), cursor)


@transaction.atomic
def _keep(actor: Actor, source: Source, batch: Batch, at: datetime) -> Outcome:
    """Store a batch and the cursor to go on from, together or not at all.

    Raises Conflict when the connection was changed while it was read: its cursor may be another's.
    """
    locked_as_read(source)
    kept = record_evidence(actor, batch.observations, at, may_lack_project=True)
    source.cursor = dict(batch.cursor)
    source.save(update_fields=["cursor"])
    return kept


@transaction.atomic
def _remember_success(
    actor: Actor, source: Source, at: datetime, *, sweep: bool, recorded: int
) -> None:
    source.synced_at = at
    source.swept_at = at if sweep else source.swept_at
    source.failures_in_a_row, source.failure = 0, ""
    source.save(update_fields=["synced_at", "swept_at", "failures_in_a_row", "failure"])
    if recorded:
        write_audit(actor, "sync_source", source.name, at, recorded=recorded)


@transaction.atomic
def _remember_failure(source: Source, sentence: str, at: datetime) -> None:
    fresh = Source.objects.select_for_update().get(id=source.id)
    fresh.failed_at = at
    fresh.failure = sentence[:2_000]
    fresh.failures_in_a_row += 1
    fresh.save(update_fields=["failed_at", "failure", "failures_in_a_row"])


def _remember_bug(actor: Actor, name: str, error: Exception, at: datetime) -> SourceError:
    """Say that reading a source met a bug; its words may hold what the source sent: log only."""
    sentence = f"Reading {name} met a bug ({type(error).__name__}); the worker's log says where."
    _remember_failure(Source.objects.get(workspace_id=actor.workspace_id, name=name), sentence, at)
    return SourceError(sentence, retry=False)


def _standing(source: Source) -> Standing:
    return Standing(
        source.is_enabled,
        timedelta(minutes=source.every_minutes),
        source.wanted_at,
        source.synced_at,
        source.swept_at,
        source.failed_at,
        source.failures_in_a_row,
    )


def sync_due(actor: Actor, at: datetime) -> list[SyncOutcome | SourceError]:
    """Read every source of the workspace that is due; a failing one does not stop the others.

    Not even one that meets a bug of ours: that is said of the source, and its detail is in the log.
    """
    require(actor, Permission.SYNC)
    sources = Source.objects.filter(workspace_id=actor.workspace_id).order_by("name")
    due = [source.name for source in sources if is_due(_standing(source), at)]
    done: list[SyncOutcome | SourceError] = []
    for name, moment in zip(due, _moments_from(at), strict=False):
        try:
            done.append(sync_source(actor, name, moment))
        except SourceError as error:
            done.append(error)
        except HeadwayError as error:
            done.append(SourceError(f"{name}: {error}", retry=False))
        except Exception as error:
            _log.exception("source %s met a bug", name)
            done.append(_remember_bug(actor, name, error, moment))
    return done


def _moments_from(at: datetime) -> Iterator[datetime]:
    """Yield the time it is now, given that it was `at` at the first question.

    An alias is seen to have moved between two readings: the second source's interval must not
    start before the first source was read to its end.
    """
    begun = monotonic()
    while True:
        yield at + timedelta(seconds=monotonic() - begun)
