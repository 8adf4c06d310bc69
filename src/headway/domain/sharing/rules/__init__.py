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
from headway.domain.sharing.rules.shares import (
    LONGEST_SHARE,
    ONE_OPENING,
    SHARE_FIELDS,
    SHARED_PATH,
    USUAL_SHARE,
    ShareDraft,
    read_share,
    share_until,
    watermark,
)

__all__ = [
    "LONGEST_SHARE",
    "ONE_OPENING",
    "SHARED_PATH",
    "SHARE_FIELDS",
    "USUAL_SHARE",
    "ShareDraft",
    "read_share",
    "share_until",
    "watermark",
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
