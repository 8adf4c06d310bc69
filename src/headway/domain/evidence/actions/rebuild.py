"""Remakes every projection of a workspace from its ledger."""

from __future__ import annotations

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.actions.project import project_records
from headway.domain.evidence.models import Reading, Record, Run


@transaction.atomic
def rebuild_readings(actor: Actor, *, at_once: int = 2_000) -> int:
    """Delete all runs and readings and remake them from the records; return how many records.

    The records are read `at_once` many at a time; the result is the same for any number.

    `queries.projection_export` before and after must be equal: projections hold nothing of
    their own.
    """
    require(actor, Permission.SOURCE)
    Reading.objects.filter(workspace_id=actor.workspace_id).delete()
    Run.objects.filter(workspace_id=actor.workspace_id).delete()
    records = Record.objects.filter(workspace_id=actor.workspace_id).order_by("sequence")
    count = 0
    batch: list[Record] = []
    for record in records.iterator(chunk_size=at_once):
        batch.append(record)
        count += 1
        if len(batch) == at_once:
            project_records(actor.workspace_id, batch)
            batch = []
    project_records(actor.workspace_id, batch)
    return count
