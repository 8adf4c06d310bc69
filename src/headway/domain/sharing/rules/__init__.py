"""Judgements about what leaves the workspace: how long a link works, when it is spent."""

from headway.domain.sharing.rules.links import (
    ANSWER_PATH,
    ASK_FIELDS,
    LONGEST_ANSWER,
    AskDraft,
    LinkState,
    SpentLink,
    UnknownLink,
    answer_until,
    dead_link,
    link_state,
    read_ask,
)

__all__ = [
    "ANSWER_PATH",
    "ASK_FIELDS",
    "LONGEST_ANSWER",
    "AskDraft",
    "LinkState",
    "SpentLink",
    "UnknownLink",
    "answer_until",
    "dead_link",
    "link_state",
    "read_ask",
]
