"""Obligations and clocks of incidents as calendars read them: each day on which something binds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from uuid import UUID, uuid5

from headway.domain.accounts.rules import Actor
from headway.domain.compliance.queries import (
    IncidentLine,
    ObligationLine,
    obligation_lines,
    running_clocks,
)
from headway.domain.forums.queries.calendars import Calendar, feed_behind
from headway.domain.forums.rules import Event, calendar_text

#: How long the deadline of a report stands in a calendar, in minutes.
_A_REPORT = 30


def obligation_calendar_for(secret: str, base: str, at: datetime) -> tuple[Calendar, UUID]:
    """Return the calendar of obligations for whoever a secret was made for, and the feed's id.

    `base` is the address of this installation. Raises NotFound as `calendar_for` does.
    """
    feed, actor = feed_behind(secret)
    return obligation_calendar(actor, f"{base}/w/{feed.workspace.slug}", at), feed.id


def obligation_calendar(
    actor: Actor, base: str, at: datetime, *, known_at: datetime | None = None
) -> Calendar:
    """Return the days on which obligations bind or are looked at again, and deadlines to report.

    What binds a system from one day on is one event. `base` is the address of the workspace.
    """
    lines = obligation_lines(actor, at, known_at=known_at)
    events = [
        *_binding(lines, base, at),
        *(_deadline(one, base, at) for one in running_clocks(actor, at, known_at=known_at)),
    ]
    return Calendar("obligations.ics", calendar_text(events, "PUBLISH", "Obligations"), "PUBLISH")


def _binding(lines: Sequence[ObligationLine], base: str, at: datetime) -> Iterator[Event]:
    dated = [(line.day, line) for line in lines if line.day is not None]
    ordered = sorted(dated, key=lambda pair: (pair[1].system.slug, pair[0]))
    for (slug, day), group in groupby(ordered, key=lambda pair: (pair[1].system.slug, pair[0])):
        yield _event(slug, day, [line for _, line in group], base, at)


def _event(slug: str, day: date, lines: Sequence[ObligationLine], base: str, at: datetime) -> Event:
    system = lines[0].system
    articles = ", ".join(line.due.article for line in lines)
    many = f"{len(lines)} obligations" if len(lines) > 1 else f"{lines[0].due.title}"
    page = f"{base}/governance/systems/{slug}/"
    return Event(
        uid=f"{uuid5(system.id, f'obligations {day}')}@headway",
        sequence=int(at.timestamp() // 60),
        stamp=at,
        starts_at=day,
        minutes=0,
        summary=f"{system.name}: {many}",
        description=f"{articles}\n{page}",
        url=page,
    )


def _deadline(line: IncidentLine, base: str, at: datetime) -> Event:
    page = f"{base}/governance/incidents/{line.incident.key}/"
    return Event(
        uid=f"{line.incident.id}@headway",
        sequence=line.incident.version,
        stamp=at,
        starts_at=line.incident.deadline,
        minutes=_A_REPORT,
        summary=f"Report due: {line.incident.title}",
        description=f"{line.clock.sentence}\n{page}",
        url=page,
    )
