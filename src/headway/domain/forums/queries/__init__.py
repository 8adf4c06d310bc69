"""Every read of forums."""

from headway.domain.forums.queries.agenda import agenda_of
from headway.domain.forums.queries.calendars import (
    Calendar,
    FeedLine,
    calendar_for,
    feed_of_mine,
    invitation,
    invited_to,
)
from headway.domain.forums.queries.forums import (
    MeetingPage,
    forum_facts,
    forum_named,
    forums_of,
    meeting_facts,
    meeting_named,
    meeting_page,
    meetings_by_forum,
    meetings_of,
    minute_line,
)
from headway.domain.forums.queries.milestones import milestone_calendar
from headway.domain.forums.queries.obligations import (
    obligation_calendar,
    obligation_calendar_for,
)

__all__ = [
    "Calendar",
    "FeedLine",
    "MeetingPage",
    "agenda_of",
    "calendar_for",
    "feed_of_mine",
    "forum_facts",
    "forum_named",
    "forums_of",
    "invitation",
    "invited_to",
    "meeting_facts",
    "meeting_named",
    "meeting_page",
    "meetings_by_forum",
    "milestone_calendar",
    "obligation_calendar",
    "obligation_calendar_for",
    "meetings_of",
    "minute_line",
]
