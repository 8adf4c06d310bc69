"""Tells what the ledger does not know yet from what it knows: the same evidence is stored once.

An event is the same when source, subject, kind, moment and content are. A state is also the same
when it says what stood just before it, or what was seen at the same moment: A, B, A is kept, and
replaying A, A, B adds nothing, in whatever order it came.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from headway.domain.evidence.models import Record, Subject
from headway.domain.evidence.rules import STATE_KINDS
from headway.domain.evidence.rules.ledger import Draft, same_state

#: Values in one IN (…): SQLite's builds differ in how many they take.
_AT_ONCE = 500

_Identity = tuple[UUID, str, str, datetime, str]


@dataclass(slots=True)
class _Timeline:
    """The states of one subject and kind in order of time; `keys` name their payloads."""

    moments: list[datetime] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)

    def around(self, moment: datetime) -> Sequence[int]:
        """Return the states seen at `moment`, and the one that stood just before."""
        first = bisect_left(self.moments, moment)
        return self.keys[max(first - 1, 0) : bisect_right(self.moments, moment)]

    def add(self, moment: datetime, key: int) -> None:
        """Put a state in its place, after those of the same moment."""
        place = bisect_right(self.moments, moment)
        self.moments.insert(place, moment)
        self.keys.insert(place, key)


_Timelines = dict[tuple[UUID, str], _Timeline]


def fresh_drafts(
    workspace_id: UUID, drafts: Sequence[Draft], subjects: Mapping[str, Subject]
) -> tuple[list[Draft], int]:
    """Return the `drafts` that are new to the ledger, and how many it knows already.

    The drafts come in order of `observed_at`; `subjects` holds each one's subject.
    """
    ids = sorted({subjects[item.subject].id for item in drafts})
    seen: set[_Identity] = set()
    timelines: _Timelines = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        seen |= set(_identities(workspace_id, some, drafts))
        timelines |= _stored_states(workspace_id, some)
    payloads = _payloads_around(drafts, subjects, timelines)
    fresh: list[Draft] = []
    for item in drafts:
        subject_id = subjects[item.subject].id
        identity = (subject_id, item.kind, item.source, item.observed_at, item.payload_digest)
        timeline = timelines.setdefault((subject_id, item.kind), _Timeline())
        stood = [payloads[key] for key in timeline.around(item.observed_at)]
        if identity in seen or any(same_state(item, payload) for payload in stood):
            continue
        fresh.append(item)
        seen.add(identity)
        if item.kind in STATE_KINDS:
            payloads[-len(fresh)] = item.payload
            timeline.add(item.observed_at, -len(fresh))
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


def _stored_states(workspace_id: UUID, subjects: Sequence[UUID]) -> _Timelines:
    """Return the timelines of these subjects, keyed by record id."""
    rows = Record.objects.filter(
        workspace_id=workspace_id, subject_id__in=subjects, kind__in=list(STATE_KINDS)
    ).order_by("observed_at", "sequence")
    timelines: _Timelines = {}
    for subject, kind, moment, key in rows.values_list("subject_id", "kind", "observed_at", "id"):
        timelines.setdefault((subject, kind), _Timeline()).add(moment, key)
    return timelines


def _payloads_around(
    drafts: Sequence[Draft], subjects: Mapping[str, Subject], timelines: _Timelines
) -> dict[int, str]:
    """Return the stored payloads that the drafts are compared with, and no others.

    A long-running run leaves hundreds of states behind; one or two of them matter.
    """
    wanted: set[int] = set()
    for item in drafts:
        timeline = timelines.get((subjects[item.subject].id, item.kind))
        wanted |= set(timeline.around(item.observed_at) if timeline else ())
    keys = sorted(wanted)
    payloads: dict[int, str] = {}
    for start in range(0, len(keys), _AT_ONCE):
        rows = Record.objects.filter(id__in=keys[start : start + _AT_ONCE])
        payloads |= dict(rows.values_list("id", "payload"))
    return payloads
