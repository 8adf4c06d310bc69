"""Judgements about check-ins: when one is asked for, and what an answer changes."""

from headway.domain.checkins.rules.answers import (
    ANSWER_FIELDS,
    MOST_ITEMS,
    ItemAnswer,
    blamed,
    changes_of,
    left_of,
    list_of,
    read_line,
)
from headway.domain.checkins.rules.asking import (
    OPEN_FOR,
    Rhythm,
    Standing,
    due_question,
    is_needless,
    standing_of,
    worth_asking,
)

__all__ = [
    "ANSWER_FIELDS",
    "MOST_ITEMS",
    "OPEN_FOR",
    "ItemAnswer",
    "Rhythm",
    "Standing",
    "blamed",
    "changes_of",
    "due_question",
    "is_needless",
    "left_of",
    "list_of",
    "read_line",
    "standing_of",
    "worth_asking",
]
