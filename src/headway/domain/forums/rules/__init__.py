"""Judgements about forums: their rhythm, what an agenda holds, what a minute may be, iCal."""

from headway.domain.forums.rules.agenda import (
    Agenda,
    AgendaLine,
    AgendaSection,
    read_agenda,
    write_agenda,
)
from headway.domain.forums.rules.forums import (
    FORUM_FIELDS,
    ForumFacts,
    ForumKind,
    MeetingFacts,
    MeetingState,
    next_start,
    zone_of_forum,
)
from headway.domain.forums.rules.ical import Attendee, Event, calendar_text
from headway.domain.forums.rules.minutes import MinuteDraft, MinuteLine, MinuteSort

__all__ = [
    "FORUM_FIELDS",
    "Agenda",
    "AgendaLine",
    "AgendaSection",
    "Attendee",
    "Event",
    "ForumFacts",
    "ForumKind",
    "MeetingFacts",
    "MeetingState",
    "MinuteDraft",
    "MinuteLine",
    "MinuteSort",
    "calendar_text",
    "next_start",
    "read_agenda",
    "write_agenda",
    "zone_of_forum",
]
