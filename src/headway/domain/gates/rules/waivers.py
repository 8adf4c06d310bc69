"""Waivers: a requirement set aside until a day. A debt with an owner, and never green."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from headway.domain.gates.rules.decisions import SeenLine
from headway.domain.programs.rules.fields import Reader, clean, day, text
from headway.errors import Conflict, Invalid, Refused

#: What rules that say nothing allow: waivers of one gate at a time, and days of one.
USUAL_CAP = 2
USUAL_DAYS = 90

#: A waiver that ends within so many days is said to.
SOON = timedelta(days=14)

#: Records that may compensate for one requirement.
MOST_RECORDS = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """What a gate's rules allow of waivers: how many stand at once, and for how many days."""

    most: int = USUAL_CAP
    days: int = USUAL_DAYS


@dataclass(frozen=True, slots=True)
class WaiverDraft:
    """A waiver as somebody asks for it."""

    requirement: str
    owner: str
    reason: str
    until: date
    compensating: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GrantedWaiver:
    """A requirement of a gate set aside; it holds up to and including the day `until`."""

    id: UUID
    workspace_id: UUID
    gate_id: UUID
    requirement: str
    owner: str
    reason: str
    compensating: tuple[int, ...]
    until: date
    granted_at: datetime
    granted_by: str
    revoked_at: datetime | None
    record: int | None
    version: int

    def state(self, today: date) -> str:
        """Return open, expiring, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        if self.until < today:
            return "expired"
        return "expiring" if self.until <= today + SOON else "open"

    def holds_on(self, today: date) -> bool:
        """Say whether it is laid over its requirement on a day."""
        return self.state(today) in ("open", "expiring")


def read_records(field: str, value: object) -> list[int]:
    """Read places in the ledger: numbers, or one text with commas; Invalid for anything else."""
    parts: Any = value.replace("#", "").split(",") if isinstance(value, str) else value or ()
    if not isinstance(parts, list | tuple) or len(parts) > MOST_RECORDS:
        sentence = f"The {field} is a list of at most {MOST_RECORDS} numbers of records."
        raise Invalid(sentence)
    found = []
    for part in parts:
        word = str(part).strip()
        if not word:
            continue
        if not word.isascii() or not word.isdigit() or not 0 < int(word) < 2**53:
            sentence = (
                f"The {field} names {word[:40]!r}; write the number of a record, such as 412."
            )
            raise Invalid(sentence)
        found.append(int(word))
    return sorted(set(found))


WAIVER_FIELDS: Mapping[str, Reader] = {
    "requirement": text(60, required=True),
    "owner": text(200, required=True),
    "reason": text(4_000, required=True),
    "until": day,
    "compensating": read_records,
}


def read_waiver(values: Mapping[str, object], today: date, limits: Limits) -> WaiverDraft:
    """Read what somebody asks for; Invalid without a day that lies ahead within the limits."""
    given = {"requirement": "", "owner": "", "reason": "", "until": "", "compensating": ()}
    fields: dict[str, Any] = clean({**given, **values}, WAIVER_FIELDS)
    until, last = fields["until"], today + timedelta(days=limits.days)
    if until is None:
        sentence = "A waiver ends: write the day, such as 2026-03-15."
        raise Invalid(sentence)
    if until <= today:
        sentence = f"The waiver ends on {until}; it has to lie after today, {today}."
        raise Invalid(sentence)
    if until > last:
        sentence = (
            f"The waiver ends on {until}; this gate allows {limits.days} days, so {last} at the "
            "latest. What takes longer is a change of its rules."
        )
        raise Invalid(sentence)
    return WaiverDraft(**{**fields, "compensating": tuple(fields["compensating"])})


def check_waiver(
    draft: WaiverDraft,
    line: SeenLine | None,
    standing: Sequence[GrantedWaiver],
    limits: Limits,
    today: date,
) -> None:
    """Raise for a waiver that this gate's rules forbid.

    Invalid for a requirement that the gate lacks, Refused for one that nobody may set aside and
    past the cap, Conflict for one that is met, or waived already.
    """
    if line is None:
        sentence = f"This gate has no requirement '{draft.requirement}'."
        raise Invalid(sentence)
    if not line.is_waivable:
        sentence = f"“{line.name}” may not be set aside: the rules of this gate say so."
        raise Refused(sentence)
    if line.holds:
        sentence = f"“{line.name}” is {line.verdict.replace('_', ' ')}; there is nothing to waive."
        raise Conflict(sentence)
    held = [one for one in standing if one.holds_on(today)]
    if any(one.requirement == draft.requirement for one in held):
        sentence = f"“{line.name}” is waived already; revoke that first."
        raise Conflict(sentence)
    if len(held) >= limits.most:
        sentence = (
            f"{len(held)} waivers stand at this gate, and its rules allow {limits.most}; pay one "
            "off, or hold the gate."
        )
        raise Refused(sentence)


@dataclass(frozen=True, slots=True)
class Debt:
    """The waivers of a workspace, counted by how they stand: what is still to be paid off."""

    open: int = 0
    expiring: int = 0
    expired: int = 0

    @property
    def owed(self) -> int:
        """Return how many waivers stand now."""
        return self.open + self.expiring


def standing_of(waiver: GrantedWaiver, line: SeenLine | None, today: date) -> str:
    """Return how a waiver stands: paid, once evidence shows its requirement; else by its days."""
    state = waiver.state(today)
    is_paid = state != "revoked" and line is not None and line.holds
    return "paid" if is_paid else state


def debt_of(states: Sequence[str]) -> Debt:
    """Count waivers by how they stand; paid and revoked ones are owed no more."""
    return Debt(*(states.count(state) for state in ("open", "expiring", "expired")))
