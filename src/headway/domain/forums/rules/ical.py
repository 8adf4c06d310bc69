"""Calendar files by RFC 5545: text escaped, lines folded, nothing that a name holds ends a line.

Times are in UTC, which every calendar shows in its reader's own zone: no zone's rules are shipped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

#: Octets of a line, without its end (RFC 5545, 3.1).
LONGEST_LINE = 75


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who is invited, or who invites."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Event:
    """A meeting or a day. `uid` never changes; `sequence` rises whenever what it says does."""

    uid: str
    sequence: int
    stamp: datetime
    #: A moment, or a day for what lasts all day.
    starts_at: datetime | date
    minutes: int
    summary: str
    place: str = ""
    description: str = ""
    url: str = ""
    organizer: Attendee | None = None
    attendees: Sequence[Attendee] = ()


def calendar_text(events: Iterable[Event], method: str, name: str = "") -> str:
    """Return the events as one calendar. `method` is REQUEST to invite, PUBLISH to show."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Headway//Forums//EN",
        "CALSCALE:GREGORIAN",
    ]
    lines.append(f"METHOD:{method}")
    if name:
        lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_moment(event.stamp)}"
    yield from _when(event)
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.place:
        yield f"LOCATION:{escaped(event.place)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        yield f"URL:{quote(event.url, safe=':/?#&=@%+,;~!$*().-_')}"
    if event.organizer:
        yield f"ORGANIZER;CN={_parameter(event.organizer.name)}:{_mail(event.organizer)}"
    for one in event.attendees:
        yield (
            f"ATTENDEE;CN={_parameter(one.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;"
            f"RSVP=TRUE:{_mail(one)}"
        )
    yield "END:VEVENT"


def _when(event: Event) -> Iterator[str]:
    """Yield when it begins and ends; a day takes nobody's time."""
    begins = event.starts_at
    if isinstance(begins, datetime):
        yield f"DTSTART:{_moment(begins)}"
        yield f"DTEND:{_moment(begins + timedelta(minutes=event.minutes))}"
    else:
        yield f"DTSTART;VALUE=DATE:{begins:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{begins + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"


def escaped(words: str) -> str:
    """Return text as a value: no sign of it can end the value, the line or the event."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(sign for sign in lines if sign == "\n" or _is_plain(sign))
    for sign, said in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(sign, said)
    return plain


def folded(line: str) -> Iterator[str]:
    """Cut a line into pieces of at most 75 octets, never inside a letter.

    Each but the first begins with a space.
    """
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece += sign
        size += octets
    yield piece


def _parameter(words: str) -> str:
    """Return text as a quoted parameter; a quote in it has a sign of its own (RFC 6868)."""
    plain = "".join(filter(_is_plain, words))
    return '"' + plain.replace("^", "^^").replace('"', "^'") + '"'


def _is_plain(sign: str) -> bool:
    """Say whether a sign is neither a control character nor half of one."""
    return unicodedata.category(sign) not in ("Cc", "Cs")


def _mail(one: Attendee) -> str:
    return "mailto:" + quote(one.email, safe="@.+-_")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
