"""Links for people without an account: how long they work, and when they are spent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from headway.domain.people.rules import EMAIL
from headway.domain.programs.rules.fields import Reader, clean, day, text
from headway.errors import Invalid, NotFound

#: Where a link to a decision leads, below the address of the installation.
ANSWER_PATH = "/answer/{secret}/"

#: How long a link to a decision works at most, and where the decision is not due by a day.
LONGEST_ANSWER = timedelta(days=14)

_DEAD = (
    "This link does not work: it was used, taken back or has expired, or it never was one. "
    "Ask whoever sent it for a new one."
)


class UnknownLink(NotFound):
    """A link whose secret is none: whoever came with it guessed."""


class SpentLink(NotFound):
    """A link that worked once: to its holder the same as an unknown one, but not a guess."""


class LinkState(StrEnum):
    """Where a link stands."""

    OPEN = "open"
    USED = "used"
    REVOKED = "taken back"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class AskDraft:
    """Who is asked to decide: a name, an address to mail to (or none), a last day (or none)."""

    name: str
    email: str = ""
    until: date | None = None


def email_address(field: str, value: object) -> str:
    """Read an e-mail address, or nothing."""
    found = str(text(254)(field, value)).lower()
    if found and not EMAIL.fullmatch(found):
        sentence = f"'{found}' is no e-mail address; write it as name@example.com."
        raise Invalid(sentence)
    return found


ASK_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "email": email_address,
    "until": day,
}


def read_ask(values: Mapping[str, object]) -> AskDraft:
    """Read who is asked to decide; Invalid for what is no name, no address, no day."""
    fields = clean({"name": "", **values}, ASK_FIELDS)
    until = fields.get("until")
    return AskDraft(
        " ".join(str(fields.get("name", "")).split()),
        str(fields.get("email", "")),
        until if isinstance(until, date) else None,
    )


def answer_until(due: date | None, at: datetime, wanted: date | None = None) -> datetime:
    """Return when a link made at `at` ends: with the day wanted, else the decision's due day.

    At most 14 days; a decision without a day, or overdue, gives 14. Raises Invalid for a wanted
    day that is past or further away.
    """
    longest = at + LONGEST_ANSWER
    if wanted is not None:
        ends = end_of(wanted)
        if not at < ends <= end_of(longest.date()):
            sentence = (
                f"The link would end on {wanted}; choose a day from today to {longest.date()}."
            )
            raise Invalid(sentence)
        return min(ends, longest)
    return min(end_of(due), longest) if due is not None and due >= at.date() else longest


def end_of(day: date) -> datetime:
    """Return the last moment of a day, in UTC."""
    return datetime.combine(day, time.max, UTC)


def link_state(
    used_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, at: datetime
) -> LinkState:
    """Return where a link stands at `at`."""
    if used_at is not None:
        return LinkState.USED
    if revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.OPEN if at < expires_at else LinkState.EXPIRED


def dead_link(*, known: bool = False) -> NotFound:
    """Return the one answer for every link that does not work; `known` if its secret was right."""
    return SpentLink(_DEAD) if known else UnknownLink(_DEAD)
