"""Rows and records as the values that cards are written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.rules.rhythm import Rhythm
from headway.domain.compliance.models import CardText
from headway.domain.compliance.rules.cards import Data, Heard, Number, Words
from headway.domain.evidence.queries import LatestRecord, ThingRecord
from headway.domain.inventory.rules.said import DatasetSaid
from headway.domain.programs.queries import rows_at

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def words_by_about(actor: Actor, known_at: datetime | None) -> Mapping[str, Mapping[str, Words]]:
    """Return what people wrote into cards, by what it is about and by place; one query."""
    require(actor, Permission.VIEW)
    found: dict[str, dict[str, Words]] = {}
    for row in rows_at(CardText, known_at, workspace_id=actor.workspace_id):
        found.setdefault(row.about, {})[row.place] = words_of(row)
    return found


def words_of(row: CardText) -> Words:
    """Return a text as a frozen value."""
    return Words(row.id, row.place, row.text, row.author, row.said_at, row.review_by, row.version)


def numbers_of(row: ThingRecord) -> Iterable[Number]:
    """Yield the measurement of an evaluation, and those of its groups."""
    held = row.payload
    whole: dict[str, Any] = {
        "record": row.record,
        "version": row.version,
        "metric": str(held["metric"]),
        "dataset": str(held["dataset"]),
        "digest": str(held["dataset_digest"] or ""),
        "split": str(held["split"]),
        "is_estimated": bool(held["estimated"]),
        "observed_at": row.observed_at,
        "valid_until": row.valid_until,
    }
    yield Number(
        **whole,
        segment="",
        value=held["value"],
        n=held["n"],
        low=held["low"],
        high=held["high"],
        confidence=held["confidence"],
    )
    for one in held["segments"]:
        yield Number(
            **whole,
            segment=str(one["segment"]),
            value=one["value"],
            n=one["n"],
            low=one["low"],
            high=one["high"],
            confidence=None,
        )


def data_of(row: ThingRecord, entry: DatasetSaid | None) -> Data:
    """Return a version of a dataset as its record tells it; where that is silent, a person."""
    held = row.payload
    texts = {
        key: str(held.get(key) or "")
        for key in ("source", "split", "licence", "personal_data", "consent", "description")
    }
    if entry is not None:
        by = f" (as {entry.said_by} says)"
        for key in ("licence", "consent"):
            told = str(getattr(entry, key))
            texts[key] = texts[key] or (f"{told}{by}" if told else "")
        texts["personal_data"] = texts["personal_data"] or entry.personal_data
    return Data(
        name=row.name,
        version=row.version,
        digest=str(held["digest"]),
        rows=held["rows"],
        columns=held["columns"],
        record=row.record,
        observed_at=row.observed_at,
        **texts,
    )


def approval(row: LatestRecord) -> Heard:
    """Return an approval in words; who gave it stays a reference in the ledger."""
    held = row.payload
    decision = {"conditions": "approved with conditions"}.get(
        str(held["decision"]), str(held["decision"])
    )
    statement = f": {str(held['statement']).rstrip('.')}" if held["statement"] else ""
    text = f"{decision.capitalize()}{statement}"
    return Heard(
        row.record,
        "approval",
        row.subject,
        str(held["function"]),
        text,
        row.observed_at,
        row.valid_until,
    )


def rhythm_words(rhythm: Rhythm) -> str:
    """Return when a monitor runs, in words."""
    if rhythm.hours is not None:
        if rhythm.hours % 24 == 0:
            return "every day" if rhythm.hours == 24 else f"every {rhythm.hours // 24} days"
        return "every hour" if rhythm.hours == 1 else f"every {rhythm.hours} hours"
    named = ", ".join(_DAYS[day] for day in sorted(rhythm.days))
    return f"on {named}" if named else "when it is asked for"
