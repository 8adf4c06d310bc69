"""Every read of discussion: of a thing that the reader may see, found by its own query."""

from headway.domain.discussion.queries.comments import (
    CommentsPage,
    comment_named,
    comments_page,
    versions_of_comment,
)
from headway.domain.discussion.queries.links import link_named, links_of
from headway.domain.discussion.queries.mentions import callable_people, mentions_in
from headway.domain.discussion.queries.panel import Discussion, discussion_of
from headway.domain.discussion.queries.things import thing_named, things_near
from headway.domain.discussion.queries.watchers import Watching, followers_of, watching_of

__all__ = [
    "CommentsPage",
    "Discussion",
    "Watching",
    "callable_people",
    "comment_named",
    "comments_page",
    "discussion_of",
    "followers_of",
    "link_named",
    "links_of",
    "mentions_in",
    "thing_named",
    "things_near",
    "versions_of_comment",
    "watching_of",
]
