"""What was said about a thing, a page at a time, as it reads now or read then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.discussion.models import Comment
from headway.domain.discussion.queries.things import thing_named
from headway.domain.discussion.rules import About, CommentFacts, Kind, Mention, Thing
from headway.domain.programs.queries import facts, rows_at
from headway.errors import NotFound

#: Comments of one page.
PAGE = 20


@dataclass(frozen=True, slots=True)
class CommentsPage:
    """A page of comments, the oldest first; `earlier` is the one to ask before, None at the start.

    `total` counts them all.
    """

    comments: Sequence[CommentFacts]
    earlier: UUID | None
    total: int


def comments_page(
    actor: Actor,
    about: About,
    at: datetime | None = None,
    *,
    before: UUID | None = None,
    limit: int = PAGE,
) -> CommentsPage:
    """Return the newest comments on a thing, or those before the comment `before`.

    Raises NotFound for a thing or a comment that is not there to see.
    """
    return comments_on(actor, thing_named(actor, about, at), at, before=before, limit=limit)


def comments_on(
    actor: Actor,
    thing: Thing,
    at: datetime | None = None,
    *,
    before: UUID | None = None,
    limit: int = PAGE,
) -> CommentsPage:
    """Return a page of the comments on a thing that was found for the actor."""
    require(actor, Permission.VIEW, thing)
    rows = _on(thing)
    if at is not None:
        rows = rows.filter(at__lte=at)
    total = rows.count()
    if before is not None:
        last = rows.filter(id=before).values_list("at", "id").first()
        if last is None:
            sentence = "There is no such comment on this to go back from."
            raise NotFound(sentence)
        rows = rows.filter(Q(at__lt=last[0]) | Q(at=last[0], id__lt=last[1]))
    found = list(rows.order_by("-at", "-id")[: limit + 1])
    shown = found[:limit][::-1]
    if at is not None:
        then = {row.id: row for row in rows_at(Comment, at, id__in=[row.id for row in shown])}
        shown = [then.get(row.id, row) for row in shown]
    return CommentsPage(_facts_of(actor, shown), shown[0].id if len(found) > limit else None, total)


def comment_named(actor: Actor, comment: UUID) -> CommentFacts:
    """Return one comment, of a thing that the actor may see. Raises NotFound."""
    return _facts_of(actor, [comment_row(actor, comment)])[0]


def comment_row(actor: Actor, comment: UUID) -> Comment:
    """Return the row of a comment whose thing the actor may see; NotFound otherwise."""
    require(actor, Permission.VIEW)
    row = Comment.objects.filter(workspace_id=actor.workspace_id, id=comment).first()
    if row is None:
        sentence = "There is no such comment here."
        raise NotFound(sentence)
    thing_named(actor, about_of(row))
    return row


def versions_of_comment(actor: Actor, comment: UUID) -> Sequence[CommentFacts]:
    """Return how a comment read, the newest first; a deleted one shows its tombstone alone."""
    row = comment_row(actor, comment)
    if row.deleted_at is not None:
        return _facts_of(actor, [row])
    past = Comment.history.filter(workspace_id=actor.workspace_id, id=comment)
    rows = [one.instance for one in past.order_by("-history_id") if one.deleted_at is None]
    return _facts_of(actor, rows)


def about_of(row: Comment) -> About:
    """Return what a comment is about."""
    return About(Kind(row.kind), row.key)


def _on(thing: Thing) -> QuerySet[Comment]:
    about = thing.about
    return Comment.objects.filter(workspace_id=thing.workspace_id, kind=about.kind, key=about.key)


def _facts_of(actor: Actor, rows: Sequence[Comment]) -> list[CommentFacts]:
    names = _names(actor, {row.member_id for row in rows if row.member_id})
    return [comment_facts(row, names) for row in rows]


def comment_facts(row: Comment, names: Mapping[UUID, str]) -> CommentFacts:
    """Return a comment as a frozen value; `names` are those that members bear now."""
    author = names.get(row.member_id, row.author) if row.member_id else row.author
    mentions = [
        Mention(one["handle"], one["name"], UUID(one["member"]) if one["member"] else None)
        for one in row.mentions
    ]
    return facts(
        CommentFacts,
        row,
        about=str(about_of(row)),
        author=author,
        member=row.member_id,
        mentions=mentions,
    )


def _names(actor: Actor, ids: set[UUID]) -> Mapping[UUID, str]:
    """Return the names of members who have one: an address is not shown for a name."""
    members = Member.objects.filter(workspace_id=actor.workspace_id, id__in=ids)
    return dict(members.exclude(user__name="").values_list("id", "user__name"))
