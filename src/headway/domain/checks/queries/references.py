"""What a monitor is held against: the reference data that stands, and those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.models import ReferenceData
from headway.domain.checks.rules import MonitorFacts
from headway.domain.programs.queries import facts


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """Reference data without what is stored of it."""

    id: UUID
    number: int
    digest: str
    rows: int | None
    reason: str
    at: datetime
    made_by: str


def references_of(
    actor: Actor, monitor: MonitorFacts, at: datetime | None = None
) -> Sequence[ReferenceLine]:
    """Return the reference data of a monitor, the one that stands first."""
    require(actor, Permission.VIEW, monitor)
    rows = ReferenceData.objects.filter(monitor_id=monitor.id).defer("stored")
    if at is not None:
        rows = rows.filter(at__lte=at)
    return [facts(ReferenceLine, row) for row in rows.order_by("-number")]


def reference_of(
    actor: Actor, monitor: MonitorFacts, at: datetime | None = None
) -> ReferenceLine | None:
    """Return the reference data that stands; None before the first."""
    return next(iter(references_of(actor, monitor, at)), None)


def stored_reference(
    actor: Actor, monitor: MonitorFacts, number: int | None = None
) -> Mapping[str, Any] | None:
    """Return what is stored of reference data (edges, centre, scale, histograms) as JSON."""
    require(actor, Permission.VIEW, monitor)
    rows = ReferenceData.objects.filter(monitor_id=monitor.id)
    if number is not None:
        rows = rows.filter(number=number)
    row = rows.order_by("-number").first()
    return None if row is None else row.stored
