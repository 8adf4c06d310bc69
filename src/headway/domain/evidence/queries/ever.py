"""Everything that projects were ever told, with when it was known: for rules that look back.

One load serves every past moment, so that a trend costs as many queries as a single day.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Placement, Record


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


#: A project, since when a subject belonged to it, and until when (None: still).
_Span = tuple[UUID, datetime, datetime | None]


def evidence_ever(
    actor: Actor, project_ids: Collection[UUID], at: datetime, *, kinds: Collection[str]
) -> Iterator[ToldRecord]:
    """Yield the records of these kinds that were these projects' at any moment up to `at`.

    Two queries, oldest first. A subject that came back to a project yields its records once a span.
    """
    require(actor, Permission.VIEW)
    held = Placement.objects.filter(
        workspace_id=actor.workspace_id, project_id__in=project_ids, known_from__lte=at
    )
    names, spans = _spans(held)
    # Hundreds of thousands of checks may stand behind one page: columns, and no join a row.
    rows = Record.objects.filter(
        workspace_id=actor.workspace_id,
        kind__in=kinds,
        recorded_at__lte=at,
        subject_id__in=held.values("subject_id"),
    ).order_by("sequence")
    columns = ("kind", "source", "payload", "observed_at", "recorded_at", "valid_until")
    for sequence, subject, kind, source, payload, observed, recorded, until in rows.values_list(
        "sequence", "subject_id", *columns
    ).iterator(chunk_size=2_000):
        told, name = json.loads(payload), names[subject]
        for project, since, left in spans[subject]:
            yield ToldRecord(
                sequence,
                name,
                kind,
                source,
                told,
                observed,
                recorded,
                until,
                project,
                since,
                left,
            )


def _spans(held: QuerySet[Placement]) -> tuple[dict[UUID, str], dict[UUID, list[_Span]]]:
    """Return the texts of the subjects, and their spans; one that goes on in place is one."""
    names: dict[UUID, str] = {}
    spans: dict[UUID, list[_Span]] = {}
    columns = ("subject_id", "subject__kind", "subject__name", "subject__version")
    for subject, kind, name, version, project, since, until in held.order_by(
        "known_from", "id"
    ).values_list(*columns, "project_id", "known_from", "known_until"):
        names[subject] = f"{kind}:{name}" + (f"@{version}" if version else "")
        own = spans.setdefault(subject, [])
        if own and own[-1][0] == project and own[-1][2] == since:
            own[-1] = (project, own[-1][1], until)
        else:
            own.append((project, since, until))
    return names, spans
