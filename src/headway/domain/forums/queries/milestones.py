"""A program's milestones as calendars read them: each on the day it lands at P50."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID, uuid5

from headway.domain.forums.queries.calendars import Calendar, feed_behind
from headway.domain.forums.rules import Event, calendar_text
from headway.domain.plans.queries import ForecastFacts, latest_forecast
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.rendering import phrases

#: Milestones that a feed holds.
MOST_EVENTS = 500


def milestone_calendar(secret: str, slug: str, base: str) -> tuple[Calendar, UUID]:
    """Return the milestones of a program for whoever a secret was made for, and the feed's id.

    They are those of the latest forecast: the day at P50, with P80 and the odds of a deadline in
    the text; then the end of the program itself. `base` is the address of this installation.
    Raises NotFound for a secret that is unknown or revoked, and for a program not theirs to see.
    """
    feed, actor = feed_behind(secret)
    program = program_named(actor, slug)
    found = latest_forecast(actor, program)
    page = f"{base}/w/{feed.workspace.slug}/programs/{program.slug}/"
    events = [] if found is None else list(_events(program, found, page))
    name = f"{program.name}: milestones"
    text = calendar_text(events, "PUBLISH", name)
    return Calendar(f"{program.slug}.ics", text, "PUBLISH"), feed.id


def _events(program: ProgramFacts, found: ForecastFacts, page: str) -> Iterator[Event]:
    told = found.answer.get("milestones")
    rows = [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []
    for row in rows[:MOST_EVENTS]:
        day = _day(row.get("p50"))
        if day is not None:
            name = str(row.get("name") or row["id"])
            yield _event(program, found, page, f"item {row['id']}", name, day, _text(row))
    finish = found.finish("p50")
    if finish is not None:
        late = found.finish("p80")
        text = f"P80: {phrases.day(late)}." if late else "P80: never, as things stand."
        if program.target is not None:
            odds = phrases.share(found.p_on_time)
            text += f" Target {phrases.day(program.target)}: {odds}."
        yield _event(program, found, page, "finish", f"{program.name} lands", finish, text)


def _event(  # noqa: PLR0913 - what makes an event
    program: ProgramFacts,
    found: ForecastFacts,
    page: str,
    key: str,
    name: str,
    day: date,
    text: str,
) -> Event:
    """Return an event whose UID stays for ever; a newer forecast has a later number."""
    made = phrases.day(found.at.date())
    return Event(
        uid=f"{uuid5(program.id, key)}@headway",
        sequence=int(found.at.timestamp() // 60),
        stamp=found.at,
        starts_at=day,
        minutes=0,
        summary=f"{name} (P50)" if key != "finish" else name,
        description=f"P50: {phrases.day(day)}. {text}\nForecast of {made}: {page}",
        url=page,
    )


def _text(row: Mapping[str, object]) -> str:
    late, deadline = _day(row.get("p80")), _day(row.get("deadline"))
    text = f"P80: {phrases.day(late)}." if late else "P80: never, as things stand."
    odds = row.get("p_by_deadline")
    if deadline is not None and isinstance(odds, int | float):
        text += f" Deadline {phrases.day(deadline)}: {phrases.share(float(odds))}."
    return text


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
