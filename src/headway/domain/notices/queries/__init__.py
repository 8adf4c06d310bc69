"""Every read of notices: what one was told, how one wants to be told, what a mail would say."""

from headway.domain.notices.queries.briefing import brief_letter
from headway.domain.notices.queries.preferences import (
    PreferenceFacts,
    Stopping,
    address_of_silence,
    address_of_stop,
    links_of_preferences,
    preferences_by_member,
    preferences_of,
    stop_token,
    stopping,
)
from headway.domain.notices.queries.told import NoticeLine, members_by_name, notices_of

__all__ = [
    "NoticeLine",
    "PreferenceFacts",
    "Stopping",
    "address_of_silence",
    "address_of_stop",
    "brief_letter",
    "links_of_preferences",
    "members_by_name",
    "notices_of",
    "preferences_by_member",
    "preferences_of",
    "stop_token",
    "stopping",
]
