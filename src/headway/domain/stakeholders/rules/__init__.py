"""Judgements about promises: what one may hold, how it stands on a day, and its float."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.programs.rules.calendars import working_days
from headway.domain.programs.rules.fields import Reader, choice, day, text
from headway.errors import Invalid

__all__ = [
    "PROMISE_FIELDS",
    "PromiseFacts",
    "UNCONFIRMED",
    "float_days",
    "require_parties",
]

STATES = ("open", "kept", "broken", "withdrawn")

#: A confirmation is of a day: promised for another one, it is confirmed by nobody yet.
UNCONFIRMED: Mapping[str, object] = {
    "is_confirmed": False,
    "confirmed_by": "",
    "confirmed_at": None,
}


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """A promise. "get": another team or vendor gives it to us; "give": we give it to them.

    `needed_by` None leaves the day to the plan: see `plans`, where the items it feeds are.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    key: str
    name: str
    direction: str
    giver: str
    taker: str
    owner: str
    needed_by: date | None
    promised: date | None
    is_confirmed: bool
    confirmed_by: str
    confirmed_at: datetime | None
    state: str
    note: str
    settled_at: datetime | None
    settled_by: str
    version: int

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be kept."""
        return self.state == "open"

    @property
    def is_ours(self) -> bool:
        """Say whether it is for us to keep."""
        return self.direction == "give"

    @property
    def party(self) -> str:
        """Return the other side: who gives what we get, who gets what we give."""
        return self.taker if self.is_ours else self.giver

    def is_overdue(self, today: date) -> bool:
        """Say whether the promised day is over."""
        return self.is_open and self.promised is not None and self.promised < today


def float_days(
    calendar: Mapping[str, object], needed_by: date | None, promised: date | None
) -> int | None:
    """Return the working days from the promised day to the day it is needed by.

    Both days end: promised and needed on the same day is 0, promised later is negative. None where
    either is open. `calendar` is as kept on the program.
    """
    if needed_by is None or promised is None:
        return None
    if promised <= needed_by:
        return _between(calendar, promised, needed_by)
    return -_between(calendar, needed_by, promised)


def _between(calendar: Mapping[str, object], first: date, last: date) -> int:
    """Return the working days after `first`, up to and with `last`."""
    return working_days(calendar, _next(first), _next(last))


def _next(one: date) -> date:
    return date.fromordinal(one.toordinal() + 1) if one < date.max else one


def require_parties(direction: str, giver: str, taker: str) -> None:
    """Raise Invalid for a promise that nobody else gives, or nobody else gets."""
    if direction == "get" and not giver:
        sentence = "A promise that we get needs its giver: the team or vendor that made it."
        raise Invalid(sentence)
    if direction == "give" and not taker:
        sentence = "A promise that we give needs its taker: the team or vendor that it is made to."
        raise Invalid(sentence)


PROMISE_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "direction": choice("get", "give"),
    "giver": text(200),
    "taker": text(200),
    "owner": text(200),
    "needed_by": day,
    "promised": day,
    "note": text(2_000),
}
