"""Every write of checkins: ask, remind, hand out a link, answer, take an answer back."""

from headway.domain.checkins.actions.answer import (
    answer_by_link,
    answer_check_in,
    undo_check_in,
)
from headway.domain.checkins.actions.ask import ask_check_ins, issue_check_in_link

__all__ = [
    "answer_by_link",
    "answer_check_in",
    "ask_check_ins",
    "issue_check_in_link",
    "undo_check_in",
]
