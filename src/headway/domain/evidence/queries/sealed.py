"""The ledger as it was sealed: every row's text and digest, and the content of some."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.chain import ChainLink
from headway.domain.evidence.models import Record
from headway.domain.evidence.queries.placed import in_projects
from headway.domain.evidence.rules.ledger import sealed_text


def sealed_rows(actor: Actor, at: datetime) -> Iterator[ChainLink]:
    """Yield the ledger's rows from the first to the last that was known at `at`.

    Each is told with the text that was sealed: subject, kind, source, times and the digest of the
    content, never the content.
    """
    require(actor, Permission.AUDIT)
    rows = Record.objects.filter(workspace_id=actor.workspace_id)
    last = rows.filter(recorded_at__lte=at).aggregate(last=Max("sequence"))["last"] or 0
    held = rows.filter(sequence__lte=last).select_related("subject").order_by("sequence")
    for row in held.defer("payload").iterator(chunk_size=2_000):
        text = sealed_text(
            {
                "sequence": row.sequence,
                "subject": str(row.subject),
                "kind": row.kind,
                "source": row.source,
                "observed_at": row.observed_at,
                "recorded_at": row.recorded_at,
                "valid_until": row.valid_until,
                "payload": row.payload_digest,
            }
        )
        yield ChainLink(row.sequence, text, row.previous, row.digest)


def payloads_of(
    actor: Actor, project_ids: Collection[UUID], at: datetime, *, without: Collection[str] = ()
) -> Mapping[int, str]:
    """Return the canonical content of the records of these projects, by place in the ledger.

    `without` are kinds that are left out.
    """
    require(actor, Permission.AUDIT)
    rows = Record.objects.filter(workspace_id=actor.workspace_id, recorded_at__lte=at)
    rows = in_projects(rows, project_ids, at).exclude(kind__in=without)
    return dict(rows.order_by("sequence").values_list("sequence", "payload"))
