"""Bringing bills: a file becomes one record an account and month, and rows projected from it.

The file stays outside. The same file again changes nothing; a file of the same period that says
something else takes its place, and the past keeps what was known then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from headway.analysis.cost import whole_micros
from headway.connectors.focus import BillMapping, BillRead, bill_parts, bill_read, open_bill
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.models import Bill, Charge, DailyCost, Origin
from headway.domain.costs.queries import kept_tags
from headway.domain.costs.rules import BillDraft, read_month
from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.models import Record
from headway.observation import canonical


@dataclass(frozen=True, slots=True)
class BillFile:
    """A file to be brought: how a table of anybody's is read, and which tags are kept of it.

    `tags` are kept besides the usual ones and those that rules ask.
    """

    path: Path
    name: str
    mapping: BillMapping | None = None
    currency: str = ""
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ImportedBill:
    """What became of a file: its sums, and how many bills are new, replaced or known already."""

    read: BillRead
    recorded: int
    replaced: int
    already_known: int
    records: Sequence[int]
    bills: Sequence[BillDraft]

    def as_json(self) -> dict[str, Any]:
        """Return it as every door tells it; amounts are text."""
        return {
            "format": self.read.dialect,
            "sha256": self.read.digest,
            "rows": self.read.rows,
            "recorded": self.recorded,
            "replaced": self.replaced,
            "already_known": self.already_known,
            "records": list(self.records),
            "bills": [one.told() for one in self.bills],
            "refused": [{"line": one.line, "reason": one.reason} for one in self.read.refused],
            "refused_count": self.read.refused_count,
            "notes": [*self.read.notes, *(one.sentence for one in self.read.stated)],
        }


def import_bill(
    actor: Actor, file: BillFile, at: datetime, *, dry_run: bool = False
) -> ImportedBill:
    """Bring a bill; with `dry_run` only read it.

    Raises Invalid for what is no bill. Rows that cannot be counted are named in `read`, and the
    rest is brought: a bill with refused rows says so wherever it is shown.
    """
    require(actor, Permission.EVIDENCE)
    asked = {"mapping": file.mapping, "currency": file.currency}
    with open_bill(file.path, file.name, **asked) as bill:  # type: ignore[arg-type]
        read = bill_read(bill)
        parts = bill_parts(bill, kept_tags(actor, file.tags)) if read.rows else []
    notes = [*read.notes, *(one.sentence for one in read.stated if not one.agrees)]
    drafts = [
        BillDraft(
            part.provider,
            part.account,
            part.month,
            read.dialect,
            file.name[-300:],
            read.digest,
            part.rows,
            read.refused_count,
            part.totals,
            part.charges,
            part.days,
            [*notes, *part.notes],
        )
        for part in parts
    ]
    if dry_run:
        return ImportedBill(read, 0, 0, 0, (), drafts)
    recorded, replaced, known, records = record_bills(actor, drafts, at)
    return ImportedBill(read, recorded, replaced, known, records, drafts)


@transaction.atomic
def record_bills(
    actor: Actor, drafts: Sequence[BillDraft], at: datetime
) -> tuple[int, int, int, Sequence[int]]:
    """Record bills as evidence and project them; return how many are new, replace one, are known.

    The fourth value are the sequences of the new records.
    """
    outcome = record_evidence(actor, [one.observation(at) for one in drafts], at)
    replaced = settle_bills(actor)
    return outcome.recorded, replaced, outcome.already_known, outcome.sequences


@transaction.atomic
def settle_bills(actor: Actor) -> int:
    """Project the bills of records that are not yet; return how many took another's place."""
    require(actor, Permission.EVIDENCE)
    records = Record.objects.filter(
        workspace_id=actor.workspace_id, kind="bill", bill__isnull=True
    ).order_by("sequence")
    replaced = 0
    for record in records.iterator(chunk_size=50):
        _project(record)
        replaced += _slice(record)
    return replaced


@transaction.atomic
def rebuild_bills(actor: Actor) -> int:
    """Delete every bill, charge and origin and remake them from the records; return how many."""
    require(actor, Permission.SOURCE)
    for model in (DailyCost, Charge, Bill, Origin):
        model.objects.filter(workspace_id=actor.workspace_id).delete()
    settle_bills(actor)
    return Bill.objects.filter(workspace_id=actor.workspace_id).count()


def _project(record: Record) -> None:
    """Write the bill of a record with its charges, days and the origins that are new."""
    payload = json.loads(record.payload)
    bill = Bill.objects.create(
        id=uuid5(record.workspace_id, f"bill:{record.sequence}"),
        workspace_id=record.workspace_id,
        record=record,
        month=read_month(payload["month"]),
        known_from=record.recorded_at,
        **{key: payload[key] for key in _COPIED},
    )
    charges = payload["charges"]
    origins = [_origin(record.workspace_id, payload, one) for one in charges]
    Origin.objects.bulk_create(origins, batch_size=500, ignore_conflicts=True)
    billed, effective = (_micros(charges, field) for field in ("billed", "effective"))
    Charge.objects.bulk_create(
        _merged(record, bill, origins, charges, billed, effective), batch_size=500
    )
    DailyCost.objects.bulk_create(_days(record, bill, payload["days"]), batch_size=500)


_COPIED = ("provider", "account", "format", "file", "sha256", "rows", "refused", "totals", "notes")


def _micros(charges: Sequence[Mapping[str, Any]], field: str) -> list[int]:
    """Return the amounts of charges in millionths; of each currency they add up to its total."""
    found = [0] * len(charges)
    for currency in dict.fromkeys(one["currency"] for one in charges):
        places = [at for at, one in enumerate(charges) if one["currency"] == currency]
        amounts = whole_micros([Decimal(charges[at][field]) for at in places])
        for at, micros in zip(places, amounts, strict=True):
            found[at] = micros
    return found


def _origin(workspace_id: UUID, bill: Mapping[str, Any], charge: Mapping[str, Any]) -> Origin:
    texts = ("sub_account", "service_category", "service", "resource", "category", "currency")
    told = {
        "provider": bill["provider"],
        "account": bill["account"],
        **{one: charge[one] for one in texts},
        "tags": charge["tags"],
    }
    key = uuid5(workspace_id, f"origin:{canonical(told)}")
    return Origin(id=key, workspace_id=workspace_id, **told)


def _merged(
    record: Record,
    bill: Bill,
    origins: Sequence[Origin],
    charges: Sequence[Mapping[str, Any]],
    billed: Sequence[int],
    effective: Sequence[int],
) -> list[Charge]:
    """Return the charges of a bill, those of one origin added up: a pushed record may repeat it."""
    found: dict[UUID, Charge] = {}
    for origin, told, cash, burn in zip(origins, charges, billed, effective, strict=True):
        row = found.get(origin.id)
        if row is None:
            row = found[origin.id] = Charge(
                id=uuid5(record.workspace_id, f"charge:{record.sequence}:{origin.id}"),
                workspace_id=record.workspace_id,
                bill=bill,
                origin_id=origin.id,
                billed_micros=0,
                effective_micros=0,
                rows=0,
            )
        row.billed_micros += cash
        row.effective_micros += burn
        row.rows += told["rows"]
    return list(found.values())


def _days(record: Record, bill: Bill, days: Sequence[Mapping[str, Any]]) -> list[DailyCost]:
    amounts = _day_micros(days)
    return [
        DailyCost(
            id=uuid5(record.workspace_id, f"day:{record.sequence}:{number}"),
            workspace_id=record.workspace_id,
            bill=bill,
            day=date.fromisoformat(told["day"]),
            by=_by(told),
            value=told["service"] if _by(told) == "service" else told["value"],
            currency=told["currency"],
            effective_micros=micros,
        )
        for number, (told, micros) in enumerate(zip(days, amounts, strict=True))
    ]


def _day_micros(days: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the amounts of days; each of what they are told by adds up to its own total."""
    found = [0] * len(days)
    for by in dict.fromkeys(map(_by, days)):
        places = [at for at, one in enumerate(days) if _by(one) == by]
        amounts = _micros([days[at] for at in places], "effective")
        for at, micros in zip(places, amounts, strict=True):
            found[at] = micros
    return found


def _by(day: Mapping[str, Any]) -> str:
    return str(day.get("by", "service"))


def _slice(record: Record) -> int:
    """Say until when each bill of this period held; return 1 where the new one took a place.

    The one observed last counts; a late report of an older state ends when it begins.
    """
    rows = Bill.objects.filter(record__subject_id=record.subject_id).select_related("record")
    states = sorted(rows, key=lambda row: (row.record.observed_at, row.record.sequence))
    learned: datetime | None = None
    for row in reversed(states):
        until = None if learned is None else max(learned, row.known_from)
        if row.known_until != until:
            row.known_until = until
            row.save(update_fields=["known_until"])
        learned = row.known_from if learned is None else min(learned, row.known_from)
    return int(len(states) > 1)
