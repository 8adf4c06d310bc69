"""Every read of checkins: the page of a person, the roster's week, who has not answered."""

from headway.domain.checkins.queries.blocking import HeldUp, held_up
from headway.domain.checkins.queries.pages import (
    CheckInFacts,
    CheckInPage,
    NotCheckedIn,
    RosterLine,
    answers_of,
    check_in_by_link,
    check_in_facts,
    check_in_page,
    not_checked_in,
    roster_page,
    waiting_row,
)
from headway.domain.checkins.queries.work import OpenWork, changed_since, open_work

__all__ = [
    "CheckInFacts",
    "CheckInPage",
    "HeldUp",
    "NotCheckedIn",
    "OpenWork",
    "RosterLine",
    "answers_of",
    "changed_since",
    "check_in_by_link",
    "check_in_facts",
    "check_in_page",
    "held_up",
    "not_checked_in",
    "open_work",
    "roster_page",
    "waiting_row",
]
