"""Tells what the ledger does not know yet from what it knows: the same evidence is stored once.

An event is the same when source, subject, kind, moment and content are. A state is the same when
that is so, or when it says what the subject's latest state says already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.evidence.models import Record, Subject
from headway.domain.evidence.rules import STATE_KINDS
from headway.domain.evidence.rules.ledger import Draft, same_state

#: Subjects in one IN (…): SQLite's builds differ in how many values they take.
_AT_ONCE = 500

_Identity = tuple[UUID, str, str, datetime, str]
_Latest = dict[tuple[UUID, str], tuple[datetime, str]]


def fresh_drafts(
    workspace_id: UUID, drafts: Sequence[Draft], subjects: Mapping[str, Subject]
) -> tuple[list[Draft], int]:
    """Return the `drafts` that are new to the ledger, and how many it knows already.

    The drafts come in order of `observed_at`; `subjects` holds each one's subject.
    """
    ids = sorted({subjects[item.subject].id for item in drafts})
    seen: set[_Identity] = set()
    latest: _Latest = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        seen |= set(_identities(workspace_id, some, drafts))
        latest |= _latest_states(workspace_id, some)
    fresh = [item for item in drafts if _is_new(item, subjects[item.subject].id, seen, latest)]
    return fresh, len(drafts) - len(fresh)


def _identities(
    workspace_id: UUID, subjects: Sequence[UUID], drafts: Sequence[Draft]
) -> Iterator[_Identity]:
    """Yield what makes each record of these subjects the same, within the drafts' time."""
    yield from Record.objects.filter(
        workspace_id=workspace_id,
        subject_id__in=subjects,
        kind__in={item.kind for item in drafts},
        observed_at__gte=drafts[0].observed_at,
        observed_at__lte=drafts[-1].observed_at,
    ).values_list("subject_id", "kind", "source", "observed_at", "payload_digest")


def _latest_states(workspace_id: UUID, subjects: Sequence[UUID]) -> _Latest:
    """Return, for each subject and state kind, when its latest state was observed, and what it is.

    Payloads are read for the latest only: a long-running run leaves hundreds of states behind.
    """
    places = Record.objects.filter(
        workspace_id=workspace_id, subject_id__in=subjects, kind__in=list(STATE_KINDS)
    ).order_by("observed_at", "sequence")
    ids = {
        (subject, kind): record
        for subject, kind, record in places.values_list("subject_id", "kind", "id")
    }
    chosen = list(ids.values())
    latest: _Latest = {}
    for start in range(0, len(chosen), _AT_ONCE):
        rows = Record.objects.filter(id__in=chosen[start : start + _AT_ONCE])
        for row in rows.only("subject_id", "kind", "observed_at", "payload"):
            latest[(row.subject_id, row.kind)] = (row.observed_at, row.payload)
    return latest


def _is_new(item: Draft, subject_id: UUID, seen: set[_Identity], latest: _Latest) -> bool:
    """Say whether `item` is new, and remember it in `seen` and `latest` when it is."""
    identity = (subject_id, item.kind, item.source, item.observed_at, item.payload_digest)
    standing = latest.get((subject_id, item.kind))
    if identity in seen or (standing is not None and same_state(item, standing[1])):
        return False
    seen.add(identity)
    if item.kind in STATE_KINDS and (standing is None or standing[0] <= item.observed_at):
        latest[(subject_id, item.kind)] = (item.observed_at, item.payload)
    return True
