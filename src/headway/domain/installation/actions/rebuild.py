"""Remakes every projection and proves that nothing changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import chain

from django.db import transaction

from headway.domain.accounts.queries import headway_actor, workspaces
from headway.domain.accounts.rules import Actor
from headway.domain.costs.actions import rebuild_bills, settle_bills
from headway.domain.costs.queries import charge_export
from headway.domain.evidence.actions import rebuild_readings
from headway.domain.evidence.queries import projection_export


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found in one workspace: equal digests, or a projection that had drifted."""

    workspace: str
    records: int
    before: str
    after: str

    @property
    def is_equal(self) -> bool:
        """Say whether the projections were what the ledger gives."""
        return self.before == self.after


def rebuild_projections() -> list[Rebuilt]:
    """Remake the projections of every workspace; each in one transaction."""
    return [_rebuild(headway_actor(row.id), row.slug) for row in workspaces()]


@transaction.atomic
def _rebuild(actor: Actor, slug: str) -> Rebuilt:
    settle_bills(actor)  # a bill that the next tick would have read is no drift
    before = _export_digest(actor)
    records = rebuild_readings(actor)
    rebuild_bills(actor)
    return Rebuilt(slug, records, before, _export_digest(actor))


def _export_digest(actor: Actor) -> str:
    """Return the SHA-256 of the sorted export, line by line."""
    sum_of_lines = hashlib.sha256()
    for line in chain(projection_export(actor), charge_export(actor)):
        sum_of_lines.update(line.encode("utf-8") + b"\n")
    return sum_of_lines.hexdigest()
