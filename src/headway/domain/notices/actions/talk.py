"""Telling what people said and changed: comments to their addressees, changes to who follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.discussion.models import Addressee, Comment, WatchMark
from headway.domain.discussion.queries import thing_named
from headway.domain.discussion.queries.changes import (
    TRACKED,
    Change,
    changes_after,
    followers_by_thing,
    newest_change,
)
from headway.domain.discussion.rules import About, Kind
from headway.domain.notices.actions.tell import add_notices
from headway.domain.notices.rules import Kind as Sort
from headway.domain.notices.rules import Telling
from headway.errors import NotFound

#: Names of things in one sentence before the rest is counted.
MOST_NAMES = 3


@transaction.atomic
def tell_comments(actor: Actor, at: datetime) -> int:
    """Tell each comment's addressees that they were mentioned, or that something was said.

    The words themselves are not told: they can be deleted, a notice or a mail cannot.
    """
    require(actor, Permission.SYNC)
    waiting = list(
        Addressee.objects.select_for_update(of=("self",))
        .select_related("comment", "member__user")
        .filter(workspace_id=actor.workspace_id, told_at__isnull=True)
        .order_by("at", "id")[:5_000]
    )
    piles: dict[tuple[Comment, str], list[Member]] = defaultdict(list)
    for one in waiting:
        piles[one.comment, one.why].append(one.member)
    count = 0
    for (comment, why), members in piles.items():
        telling = _of_comment(actor, comment, why)
        if telling is not None:
            count += add_notices(actor, members, [(telling, None)], at)
    Addressee.objects.filter(id__in=[one.id for one in waiting]).update(told_at=at)
    return count


def _of_comment(actor: Actor, comment: Comment, why: str) -> Telling | None:
    """Return what is told of a comment; None when its thing is gone."""
    about = About(Kind(comment.kind), comment.key)
    try:
        thing = thing_named(actor, about)
    except NotFound:
        return None
    did = "mentioned you" if why == "mentioned" else "commented"
    link = f"{_place(about)}#c-{comment.id}"
    return Telling(Sort.MENTION, str(comment.id), f"{thing.name}: {comment.author} {did}.", link)


@transaction.atomic
def tell_changes(actor: Actor, at: datetime) -> int:
    """Tell members what others changed of what they follow: one notice for what one person did.

    The first time only marks where the history stands: nobody is told of years.
    """
    require(actor, Permission.SYNC)
    changes: list[Change] = []
    held = WatchMark.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    marks = {mark.kind: mark for mark in held}
    for kind in TRACKED:
        changes += _next_changes(actor, kind, marks.get(kind))
    if not changes:
        return 0
    followers = followers_by_thing(actor, changes)
    members = {
        member.id: member
        for member in Member.objects.select_related("user").filter(
            workspace_id=actor.workspace_id, id__in=set().union(*followers.values())
        )
    }
    piles: dict[tuple[UUID, UUID | None], list[Change]] = defaultdict(list)
    for change in changes:
        for member in followers[change.about]:
            if member in members and members[member].user_id != change.by:
                piles[member, change.by].append(change)
    names = _names(actor, {by for _, by in piles if by})
    count = 0
    for (member, by), pile in piles.items():
        telling = _of_changes(pile, names.get(by, ""))
        count += add_notices(actor, [members[member]], [(telling, None)], at)
    return count


def _next_changes(actor: Actor, kind: Kind, mark: WatchMark | None) -> Sequence[Change]:
    """Return the changes since the mark, and move it on."""
    if mark is None:
        newest = newest_change(actor, kind)
        WatchMark.objects.create(workspace_id=actor.workspace_id, kind=kind, position=newest)
        return []
    found = changes_after(actor, kind, mark.position)
    if found:
        mark.position = found[-1].position
        mark.save(update_fields=["position"])
    return found


def _of_changes(pile: Sequence[Change], who: str) -> Telling:
    """Say in one sentence what somebody changed; each thing once, the rest counted."""
    names = list(dict.fromkeys(change.name for change in pile))
    said = "; ".join(names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        said += f" and {len(names) - MOST_NAMES} more"
    last = pile[-1]
    about = f"changes {last.about.kind} {last.position}"
    return Telling(Sort.MENTION, about, f"{who or 'Headway'} changed {said}.", _place(last.about))


def _names(actor: Actor, users: set[UUID]) -> dict[UUID | None, str]:
    members = Member.objects.select_related("user").filter(
        workspace_id=actor.workspace_id, user_id__in=users
    )
    return {
        member.user_id: member.user.name or member.user.email.partition("@")[0]
        for member in members
    }


def _place(about: About) -> str:
    """Return where a thing is talked about, as a path below the workspace's."""
    return f"discussion/{about.kind}/{quote(about.key, safe='/')}/"
