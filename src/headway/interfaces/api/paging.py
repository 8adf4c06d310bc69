"""Pages of long lists: opaque cursors that survive new rows, never offsets."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field

from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.problems import ApiError, Slug

Item = TypeVar("Item")

_NUMBER = re.compile(r"[-+.0-9eE]*")

#: The most that one page holds, and what it holds unless asked otherwise.
LONGEST_PAGE = 200
PAGE = 50


def _written_out(value: object) -> object:
    """Refuse a moment given as a number: nobody can tell seconds from milliseconds."""
    if isinstance(value, int | float) or _NUMBER.fullmatch(str(value)):
        sentence = "write a moment as 2026-11-23T09:00:00Z, not as a number"
        raise ValueError(sentence)
    return value


def _in_utc(moment: datetime) -> datetime:
    """Return `moment` in UTC: databases know fewer offsets than ISO 8601 can write."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        sentence = "it lies outside the years 1 to 9999"
        raise ValueError(sentence) from None


Instant = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_utc)]
Moment = Annotated[
    Instant | None,
    Field(description="As known at this moment, with its zone; default: as known now."),
]


class Asked(BaseModel):
    """Which page of a list is asked for."""

    cursor: Annotated[
        str, Field(max_length=500, description="The `next` of the page before; empty: the first.")
    ] = ""
    limit: Annotated[
        int, Field(ge=1, le=LONGEST_PAGE, description="How many items a page holds.")
    ] = PAGE


class At(BaseModel):
    """As of when something is asked for."""

    at: Moment = None

    def moment(self, request: ApiRequest) -> datetime | None:
        """Return the moment to look from, None for now."""
        return self.at or request.since_when


class AskedAt(Asked, At):
    """Which page of a list is asked for, and as of when."""


class Page(BaseModel, Generic[Item]):
    """A page of a list; `next` is the cursor of the page that follows, null on the last one."""

    items: Sequence[Item]
    next: str | None


def cursor_of(place: object) -> str:
    """Return the opaque cursor for a place in a list."""
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def place_in(cursor: str) -> str:
    """Return the place that `cursor` stands for, "" for none."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise _foreign() from None


def number_in(cursor: str) -> int | None:
    """Return the number that `cursor` stands for, None for none."""
    place = place_in(cursor)
    if not place:
        return None
    if not place.isdecimal() or len(place) > 18:
        raise _foreign()
    return int(place)


def _foreign() -> ApiError:
    sentence = "The cursor is not one this list gave out; leave it out to start anew."
    return ApiError(Slug.MALFORMED, sentence)


def page_of(rows: Sequence[Item], key: Callable[[Item], str], asked: Asked) -> Page[Item]:
    """Return a page of `rows`, whole and small, in order of `key`, which names each row once."""
    after = place_in(asked.cursor)
    ordered = sorted((row for row in rows if key(row) > after), key=key)
    shown = ordered[: asked.limit]
    following = cursor_of(key(shown[-1])) if len(ordered) > asked.limit else None
    return Page(items=shown, next=following)
