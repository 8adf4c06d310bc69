"""Saying something about a thing, changing what one said, taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.discussion.actions.watches import follow_by_itself
from headway.domain.discussion.models import Addressee, Comment
from headway.domain.discussion.queries import comment_named, followers_of, mentions_in, thing_named
from headway.domain.discussion.queries.comments import about_of, comment_row
from headway.domain.discussion.queries.mentions import name_of, readers_of
from headway.domain.discussion.rules import (
    COMMENT_FIELDS,
    CommentFacts,
    Mention,
    Thing,
    read_about,
)
from headway.domain.programs.actions.rows import add_row, apply_changes, require_version
from headway.domain.programs.rules.fields import clean
from headway.errors import Conflict, NotFound, Refused


@transaction.atomic
def add_comment(actor: Actor, about: str, words: str, at: datetime) -> CommentFacts:
    """Say `words` about a thing (`kind:key`): plain text, in which @names call people.

    The author and those called follow the thing from now on, unless they stopped; followers are
    to be told, never the author. Raises NotFound for a thing that is not there to see.
    """
    require(actor, Permission.DISCUSS)
    thing = thing_named(actor, read_about("about", about))
    said = str(clean({"text": words}, COMMENT_FIELDS)["text"])
    called = mentions_in(actor, said)
    row = Comment(
        workspace_id=thing.workspace_id,
        kind=thing.about.kind,
        key=thing.about.key,
        member_id=actor.member_id,
        author=name_of(actor),
        at=at,
        text=said,
        mentions=_kept(called),
    )
    add_row(actor, row, at, "add_comment")
    members = [one.member for one in called if one.member is not None]
    mine = [] if actor.member_id is None else [actor.member_id]
    follow_by_itself(actor, thing, [*mine, *members], at)
    _tell(actor, thing, row, members, at)
    return comment_named(actor, row.id)


@transaction.atomic
def edit_comment(
    actor: Actor, comment: UUID, words: str, at: datetime, *, version: int | None = None
) -> CommentFacts:
    """Change what one said oneself; how it read before stays to be seen. Newly called are told.

    Raises Refused for somebody else's comment, Conflict for a deleted one or a stale `version`.
    """
    require(actor, Permission.DISCUSS)
    row = _locked(actor, comment)
    if not _is_mine(actor, row):
        sentence = "Only who wrote a comment changes its words; write one of your own."
        raise Refused(sentence)
    if row.deleted_at is not None:
        sentence = "The comment was deleted; bring it back before you change it."
        raise Conflict(sentence)
    said = str(clean({"text": words}, COMMENT_FIELDS)["text"])
    if said == row.text:
        require_version(row, version)
        return comment_named(actor, row.id)
    called = mentions_in(actor, said)
    before = {one["member"] for one in row.mentions}
    changes = {"text": said, "mentions": _kept(called), "edited_at": at}
    _change(actor, row, changes, at, "edit_comment", version)
    fresh = [one.member for one in called if one.member and str(one.member) not in before]
    thing = thing_named(actor, about_of(row))
    follow_by_itself(actor, thing, fresh, at)
    _tell(actor, thing, row, fresh, at, followers=False)
    return comment_named(actor, row.id)


@transaction.atomic
def remove_comment(
    actor: Actor, comment: UUID, at: datetime, *, version: int | None = None
) -> CommentFacts:
    """Delete a comment of one's own, or, for who answers for programs, anybody's.

    Its place stays, with who deleted it; nobody is told of it any more.
    """
    require(actor, Permission.DISCUSS)
    row = _locked(actor, comment)
    if not _is_mine(actor, row) and not may(actor, Permission.PROGRAM):
        sentence = "Only who wrote a comment deletes it, or who may change the program."
        raise Refused(sentence)
    if row.deleted_at is not None:
        sentence = "The comment was deleted already."
        raise Conflict(sentence)
    gone = {"text": "", "mentions": [], "deleted_at": at, "deleted_by": name_of(actor)}
    _change(actor, row, gone, at, "remove_comment", version)
    Addressee.objects.filter(comment_id=row.id, told_at__isnull=True).delete()
    return comment_named(actor, row.id)


@transaction.atomic
def restore_comment(actor: Actor, comment: UUID, at: datetime) -> CommentFacts:
    """Bring a deleted comment back: its author if they deleted it, or who may change programs."""
    require(actor, Permission.DISCUSS)
    row = _locked(actor, comment)
    if row.deleted_at is None:
        sentence = "The comment is not deleted; there is nothing to bring back."
        raise Conflict(sentence)
    by_author = _is_mine(actor, row) and row.deleted_by == name_of(actor)
    if not by_author and not may(actor, Permission.PROGRAM):
        sentence = "Only who deleted a comment brings it back, or who may change the program."
        raise Refused(sentence)
    past = Comment.history.filter(id=row.id, deleted_at__isnull=True).order_by("-history_id")
    before = past.first()
    if before is None:
        sentence = "Nothing is known of how this comment read."
        raise NotFound(sentence)
    back = {"text": before.text, "mentions": before.mentions, "deleted_at": None, "deleted_by": ""}
    _change(actor, row, back, at, "restore_comment", None)
    return comment_named(actor, row.id)


def _locked(actor: Actor, comment: UUID) -> Comment:
    found = comment_row(actor, comment)
    return Comment.objects.select_for_update().get(id=found.id)


def _is_mine(actor: Actor, row: Comment) -> bool:
    return row.member_id is not None and row.member_id == actor.member_id


def _change(
    actor: Actor,
    row: Comment,
    changes: Mapping[str, object],
    at: datetime,
    action: str,
    version: int | None,
) -> None:
    """Change a row; the audit trail says which fields, not the words: they can be deleted."""
    told = apply_changes(actor, row, changes, at, version)
    write_audit(actor, action, f"comment {row}", at, fields=sorted(told))


def _tell(
    actor: Actor,
    thing: Thing,
    row: Comment,
    called: Sequence[UUID],
    at: datetime,
    *,
    followers: bool = True,
) -> None:
    """Write down who is to be told of a comment: who is called, and who follows; not its author."""
    why = dict.fromkeys(followers_of(actor, thing), "following") if followers else {}
    why |= dict.fromkeys(called, "mentioned")
    allowed = {member.id for member in readers_of(thing.workspace_id)} - {actor.member_id}
    rows = [
        Addressee(
            workspace_id=thing.workspace_id, member_id=member, comment_id=row.id, why=reason, at=at
        )
        for member, reason in why.items()
        if member in allowed
    ]
    Addressee.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _kept(called: Iterable[Mention]) -> list[dict[str, str]]:
    return [
        {"handle": one.handle, "name": one.name, "member": str(one.member or "")} for one in called
    ]
