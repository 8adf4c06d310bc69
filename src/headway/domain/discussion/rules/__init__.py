"""Judgements about talk: what may be talked about, how words are read, what a link may say."""

from headway.domain.discussion.rules.links import (
    LINK_FIELDS,
    LINK_SORTS,
    LinkLine,
    LinkTo,
    said_of,
)
from headway.domain.discussion.rules.things import About, Kind, Thing, read_about
from headway.domain.discussion.rules.words import (
    COMMENT_FIELDS,
    CommentFacts,
    Mention,
    Part,
    handles_in,
    parts_of,
)

__all__ = [
    "COMMENT_FIELDS",
    "LINK_FIELDS",
    "LINK_SORTS",
    "About",
    "CommentFacts",
    "Kind",
    "LinkTo",
    "LinkLine",
    "Mention",
    "Part",
    "Thing",
    "handles_in",
    "parts_of",
    "read_about",
    "said_of",
]
