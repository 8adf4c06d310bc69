"""Everything that is said of a thing, found once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.discussion.queries.comments import CommentsPage, comments_on
from headway.domain.discussion.queries.links import links_on
from headway.domain.discussion.queries.things import thing_named
from headway.domain.discussion.queries.watchers import Watching, watching_on
from headway.domain.discussion.rules import About, LinkLine, Thing


@dataclass(frozen=True, slots=True)
class Discussion:
    """A thing with a page of its comments, who follows it, and its links."""

    thing: Thing
    page: CommentsPage
    watching: Watching
    links: Sequence[LinkLine]


def discussion_of(
    actor: Actor, about: About, at: datetime | None = None, *, before: UUID | None = None
) -> Discussion:
    """Return what is said of a thing, as known `at`. NotFound when it is not there to see."""
    thing = thing_named(actor, about, at)
    return Discussion(
        thing,
        comments_on(actor, thing, at, before=before),
        watching_on(actor, thing, at),
        links_on(actor, thing, at),
    )
