"""Everything that projects were ever told, with when it was known: for rules that look back.

One load serves every past moment, so that a trend costs as many queries as a single day.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Record


@dataclass(frozen=True, slots=True)
class ToldRecord:
    """A record with the span in which its subject belonged to a project (None: still)."""

    record: int
    subject: str
    kind: str
    source: str
    payload: Mapping[str, object]
    observed_at: datetime
    recorded_at: datetime
    valid_until: datetime | None
    project_id: UUID
    placed_from: datetime
    placed_until: datetime | None

    def is_known(self, at: datetime) -> bool:
        """Say whether it was known, as the project's, at `at`."""
        is_placed = self.placed_from <= at and (self.placed_until is None or self.placed_until > at)
        return is_placed and self.recorded_at <= at


#: Where each column of a ToldRecord stands.
_COLUMNS = (
    "sequence",
    *("subject__kind", "subject__name", "subject__version"),
    *("kind", "source", "payload", "observed_at", "recorded_at", "valid_until"),
    *("subject__placements__project_id", "subject__placements__known_from"),
    "subject__placements__known_until",
)


def evidence_ever(
    actor: Actor, project_ids: Collection[UUID], at: datetime, *, kinds: Collection[str]
) -> Iterator[ToldRecord]:
    """Yield the records of these kinds that were these projects' at any moment up to `at`.

    One query, oldest first. A subject that came back to a project yields its records once a span.
    """
    require(actor, Permission.VIEW)
    rows = Record.objects.filter(
        workspace_id=actor.workspace_id,
        kind__in=kinds,
        recorded_at__lte=at,
        subject__placements__project_id__in=project_ids,
        subject__placements__known_from__lte=at,
    )
    for row in rows.order_by("sequence").values_list(*_COLUMNS):
        sequence, sort, name, version, kind, source, payload, *rest = row
        subject = f"{sort}:{name}" + (f"@{version}" if version else "")
        yield ToldRecord(sequence, subject, kind, source, json.loads(payload), *rest)
