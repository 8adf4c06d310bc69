"""Every write of forums: setting one up, holding a meeting, its minutes, a calendar's address."""

from headway.domain.forums.actions.feeds import make_feed, note_feed_use, revoke_feed
from headway.domain.forums.actions.forums import set_forum
from headway.domain.forums.actions.meetings import (
    close_meeting,
    move_meeting,
    open_meeting,
    plan_meeting,
)
from headway.domain.forums.actions.minutes import drop_minute, restore_minute, write_minute

__all__ = [
    "close_meeting",
    "drop_minute",
    "make_feed",
    "move_meeting",
    "note_feed_use",
    "open_meeting",
    "plan_meeting",
    "restore_minute",
    "revoke_feed",
    "set_forum",
    "write_minute",
]
