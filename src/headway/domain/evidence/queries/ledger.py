"""The ledger as pages show it: lists of records, one record opened, the chain verified."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.chain import GENESIS, Break, ChainLink, first_break, seal
from headway.domain.evidence.models import Head, Record
from headway.domain.evidence.queries.placed import waiting, with_home
from headway.domain.evidence.rules import STATE_KINDS
from headway.domain.evidence.rules.ledger import sealed_text
from headway.errors import NotFound
from headway.observation import digest

#: Rows on a page of the evidence list.
PAGE = 50


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """Where the ledger stands: quoted in reports, so that a cut tail can be seen."""

    sequence: int
    digest: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest[:16]}" if self.sequence else "empty"


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record in a list."""

    sequence: int
    subject: str
    kind: str
    source: str
    observed_at: datetime
    recorded_at: datetime
    valid_until: datetime | None
    project: str
    is_scratch: bool = False


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """Records, newest first; `older` is the cursor to the next page."""

    lines: Sequence[RecordLine]
    older: int | None
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record opened: its payload, its place in the chain, and what replaced it."""

    line: RecordLine
    project_name: str
    payload: dict[str, object]
    payload_text: str
    payload_digest: str
    digest: str
    previous: str
    holds: bool
    superseded_by: int | None
    supersedes: int | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject that no project has claimed yet."""

    id: UUID
    text: str
    records: int
    newest: datetime | None


def ledger_head(actor: Actor) -> LedgerHead:
    """Return where the ledger of the actor's workspace stands."""
    require(actor, Permission.VIEW)
    head = Head.objects.filter(workspace_id=actor.workspace_id).first()
    return LedgerHead(head.sequence, head.digest) if head else LedgerHead(0, "")


def _records(actor: Actor, at: datetime | None) -> QuerySet[Record]:
    """Return the records of the workspace that were known at `at`."""
    require(actor, Permission.VIEW)
    rows = Record.objects.filter(workspace_id=actor.workspace_id)
    return rows if at is None else rows.filter(recorded_at__lte=at)


def _line(record: Any) -> RecordLine:  # noqa: ANN401  a Record, annotated by `with_home`
    return RecordLine(
        record.sequence,
        str(record.subject),
        record.kind,
        record.source,
        record.observed_at,
        record.recorded_at,
        record.valid_until,
        record.home_slug or "",
        bool(record.home_is_scratch),
    )


@dataclass(frozen=True, slots=True)
class RecordsView:
    """Which records a reader wants. `subject` matches the start of a subject's name.

    `before` is the cursor of the page before: the sequence of its last record.
    """

    kind: str = ""
    project: str = ""
    subject: str = ""
    before: int | None = None
    limit: int = PAGE


def records_page(
    actor: Actor, view: RecordsView = RecordsView(), at: datetime | None = None
) -> RecordsPage:
    """Return a page of the ledger as `view` asks for it, newest first."""
    rows = with_home(_records(actor, at), at).select_related("subject")
    if view.kind:
        rows = rows.filter(kind=view.kind)
    if view.project:
        rows = rows.filter(home_slug=view.project)
    if view.subject:
        name = view.subject.split(":")[-1].split("@")[0]
        rows = rows.filter(subject__name__istartswith=name)
    if view.before is not None:
        rows = rows.filter(sequence__lt=view.before)
    found = list(rows.order_by("-sequence")[: view.limit + 1])
    lines = [_line(record) for record in found[: view.limit]]
    older = lines[-1].sequence if len(found) > view.limit else None
    return RecordsPage(lines, older, _KINDS_SHOWN)


_KINDS_SHOWN = (
    "run",
    "evaluation",
    "check",
    "model_version",
    "alias_move",
    "dataset_version",
    "metric_series",
    "cost",
    "bill",
    "approval",
    "gate_decision",
    "waiver",
    "attestation",
    "deployment",
    "pipeline_run",
    "drill",
    "audit",
    "card",
    "incident",
    "annotation_delivery",
    "annotation_adjudication",
    "annotation_agreement",
    "annotation_differences",
    "annotation_inspection",
    "annotation_gold",
    "note",
)


def record_page(actor: Actor, sequence: int, at: datetime | None = None) -> RecordPage:
    """Return one record opened. Raises NotFound when it is not in this ledger (or not yet)."""
    rows = with_home(_records(actor, at), at).select_related("subject")
    record = rows.filter(sequence=sequence).first()
    if record is None:
        sentence = f"There is no record {sequence} in this workspace's ledger."
        raise NotFound(sentence)
    earlier, later = _neighbours(actor, record, at)
    return RecordPage(
        line=_line(record),
        project_name=record.home_name or "",
        payload=json.loads(record.payload),
        payload_text=record.payload,
        payload_digest=record.payload_digest,
        digest=record.digest,
        previous=record.previous,
        holds=_holds(record),
        superseded_by=later,
        supersedes=earlier,
        is_stale=bool(record.valid_until and at and record.valid_until < at),
    )


def records_numbered(
    actor: Actor, sequences: Collection[int], at: datetime | None = None
) -> Sequence[tuple[RecordLine, str]]:
    """Return these records with the digest that each was sealed with, oldest first."""
    rows = with_home(_records(actor, at), at).filter(sequence__in=sorted(sequences))
    rows = rows.select_related("subject").order_by("sequence")
    return [(_line(record), record.digest) for record in rows]


def _holds(record: Record) -> bool:
    """Say whether the record's columns and payload still give its digest."""
    link = _link(record)
    return seal(link.previous, link.text) == link.digest


def _neighbours(actor: Actor, record: Record, at: datetime | None) -> tuple[int | None, int | None]:
    """Return the record this one supersedes, and the one that superseded it: state kinds only."""
    if record.kind not in STATE_KINDS:
        return None, None
    same = _records(actor, at).filter(subject_id=record.subject_id, kind=record.kind)
    order = list(same.order_by("observed_at", "sequence").values_list("sequence", flat=True))
    place = order.index(record.sequence)
    return (
        order[place - 1] if place else None,
        order[place + 1] if place + 1 < len(order) else None,
    )


def unplaced_subjects(actor: Actor, limit: int = 200) -> Sequence[SubjectLine]:
    """Return the inbox: subjects of runs and models that belong to no project yet."""
    require(actor, Permission.VIEW)
    rows = (
        waiting(actor.workspace_id, None)
        .annotate(count=Count("records"), newest=Max("records__recorded_at"))
        .order_by("-newest", "name")[:limit]
    )
    return [SubjectLine(row.id, str(row), row.count, row.newest) for row in rows]


def unplaced_count(actor: Actor) -> tuple[int, int]:
    """Return how many subjects belong to no project yet, and how many records they hold."""
    require(actor, Permission.VIEW)
    rows = waiting(actor.workspace_id, None)
    found = rows.aggregate(subjects=Count("id", distinct=True), records=Count("records"))
    return found["subjects"], found["records"]


def chain_break(actor: Actor, anchored: tuple[int, str] | None = None) -> Break | None:
    """Verify the whole ledger of the actor's workspace; None when it holds.

    Every payload is checked against its digest, every row against the chain, its end against the
    stored head, and all of it against an `anchored` (sequence, digest) that was kept outside.
    """
    require(actor, Permission.VIEW)
    head = ledger_head(actor)
    rows = _records(actor, None).select_related("subject").order_by("sequence")
    links = (_link(record) for record in rows.iterator(chunk_size=2_000))
    return first_break(links, (head.sequence, head.digest or GENESIS), anchored)


def _link(record: Record) -> ChainLink:
    """Return the record's link, its text made anew from every column and the payload itself."""
    content = digest(record.payload)
    text = sealed_text(
        {
            "sequence": record.sequence,
            "subject": str(record.subject),
            "kind": record.kind,
            "source": record.source,
            "observed_at": record.observed_at,
            "recorded_at": record.recorded_at,
            "valid_until": record.valid_until,
            "payload": content if content == record.payload_digest else "",
        }
    )
    return ChainLink(record.sequence, text, record.previous, record.digest)
