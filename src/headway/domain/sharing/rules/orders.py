"""Standing orders: when a pack is due, for whom, and how it goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from headway.domain.people.rules.moments import (
    local_day,
    moment_on,
    next_weekly,
    read_hour,
    read_zone,
    zone_of,
)
from headway.domain.programs.rules.fields import Reader, choice, clean, day, flag, text, whole
from headway.domain.reports.rules import Audience, Format
from headway.domain.sharing.rules.links import email_address
from headway.errors import Invalid

RHYTHMS = ("weekly", "monthly")

#: How long before it is due a draft is composed, so that somebody can read it.
LEAD = timedelta(days=1)

#: People one pack is mailed to: a list longer than this is what mailing lists are for.
MOST_RECIPIENTS = 50

#: Audiences a standing order may send; a vendor's letter is asked for by hand.
SENDABLE = tuple(one for one in Audience if one != Audience.VENDOR)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a pack is mailed to."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """A standing order as it is asked for. `on_day` is 0 Monday to 6 Sunday, or of the month."""

    name: str
    audiences: Sequence[str]
    formats: Sequence[str]
    recipients: Sequence[Recipient]
    rhythm: str
    on_day: int
    hour: time
    time_zone: str
    by_link: bool
    sends: bool
    until: date | None


def read_recipients(_field: str, value: object) -> list[dict[str, str]]:
    """Read who gets the pack: a list, or lines of "Name <address>" or an address."""
    rows = value if isinstance(value, list | tuple) else str(value or "").splitlines()
    found: dict[str, str] = {}
    for row in rows:
        if isinstance(row, Mapping):
            name, email = str(row.get("name") or ""), str(row.get("email") or "")
        else:
            before, _, rest = str(row).strip().rpartition("<")
            name, email = before.strip(" \"'"), rest.rstrip("> ").strip()
        if not email and not name:
            continue
        if not email:
            sentence = f"'{name[:80]}' has no address; write it as Name <name@example.com>."
            raise Invalid(sentence)
        address = email_address("recipients", email)
        found.setdefault(address, " ".join(str(text(200)("recipients", name)).split()) or address)
    if not found or len(found) > MOST_RECIPIENTS:
        sentence = f"There are {len(found)} recipients; name 1 to {MOST_RECIPIENTS}."
        raise Invalid(sentence)
    return [{"name": name, "email": email} for email, name in found.items()]


def _words(known: Sequence[str], what: str, *, needed: bool) -> Reader:
    def read(_field: str, value: object) -> list[str]:
        words = value if isinstance(value, list | tuple) else str(value or "").split(",")
        found = list(dict.fromkeys(str(word).strip() for word in words if str(word).strip()))
        for word in found:
            if word not in known:
                sentence = f"'{word[:40]}' is no {what} here; there is {', '.join(known)}."
                raise Invalid(sentence)
        if needed and not found:
            sentence = f"No {what} is chosen; choose at least one of {', '.join(known)}."
            raise Invalid(sentence)
        return found

    return read


ORDER_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "audiences": _words(SENDABLE, "audience", needed=True),
    "formats": _words(tuple(Format), "format", needed=False),
    "recipients": read_recipients,
    "rhythm": choice(*RHYTHMS),
    "on_day": whole(0, 28),
    "hour": read_hour,
    "time_zone": read_zone,
    "by_link": flag,
    "sends": flag,
    "until": day,
}


def read_order(values: Mapping[str, object]) -> OrderDraft:
    """Read a standing order. Raises Invalid for a day that no week or not every month has."""
    usual = {"name": "", "audiences": "executive", "formats": "pdf", "recipients": ""}
    usual |= {"rhythm": "weekly", "on_day": "0", "hour": "08:00", "time_zone": ""}
    fields = clean({**usual, "by_link": "", "sends": "", "until": "", **values}, ORDER_FIELDS)
    on_day, hour = fields["on_day"], fields["hour"]
    low, high = (0, 6) if fields["rhythm"] == "weekly" else (1, 28)
    if not isinstance(on_day, int) or not low <= on_day <= high or not isinstance(hour, time):
        sentence = (
            "A weekly pack is due on a day from 0 (Monday) to 6 (Sunday), a monthly one on a day "
            f"from 1 to 28, at an hour such as 08:00; this is day {on_day} at {hour}."
        )
        raise Invalid(sentence)
    recipients = read_recipients("recipients", fields["recipients"])
    until = fields["until"]
    return OrderDraft(
        str(fields["name"]),
        [str(one) for one in _list(fields["audiences"])],
        [str(one) for one in _list(fields["formats"])],
        [Recipient(one["name"], one["email"]) for one in recipients],
        str(fields["rhythm"]),
        on_day,
        hour,
        str(fields["time_zone"]),
        bool(fields["by_link"]),
        bool(fields["sends"]),
        until if isinstance(until, date) else None,
    )


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def next_due(rhythm: str, on_day: int, hour: time, time_zone: str, after: datetime) -> datetime:
    """Return the first moment after `after` at which a pack is due, by the order's own clock."""
    zone = zone_of(time_zone)
    if rhythm == "weekly":
        return next_weekly(on_day, hour, zone, after)
    first = local_day(after, zone).replace(day=1)
    for _ in range(3):
        found = moment_on(first.replace(day=on_day), hour, zone)
        if found > after:
            return found
        first = (first + timedelta(days=32)).replace(day=1)
    return datetime.max.replace(tzinfo=UTC)
