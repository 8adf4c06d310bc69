"""Linking one thing to another, or to an address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.discussion.models import Link
from headway.domain.discussion.queries import link_named, thing_named
from headway.domain.discussion.queries.links import link_row
from headway.domain.discussion.queries.mentions import name_of
from headway.domain.discussion.rules import (
    LINK_FIELDS,
    About,
    Kind,
    LinkLine,
    LinkTo,
    read_about,
)
from headway.domain.discussion.rules.links import MOST_LINKS
from headway.domain.programs.actions.rows import add_row, drop_row, put_back
from headway.domain.programs.rules.fields import clean
from headway.errors import Conflict, Invalid, NotFound, Refused


@transaction.atomic
def add_link(actor: Actor, about: str, draft: LinkTo, at: datetime) -> LinkLine:
    """Link a thing to another (`draft.to`) or to an https address; both ends show it.

    Raises NotFound for an end that is not there to see, Conflict for a link that is there already.
    """
    require(actor, Permission.DISCUSS)
    here = thing_named(actor, read_about("about", about)).about
    fields = clean({"sort": draft.sort, "url": draft.url, "title": draft.title}, LINK_FIELDS)
    there = thing_named(actor, read_about("to", draft.to)).about if draft.to else None
    if bool(fields["url"]) == (there is not None):
        sentence = "A link leads to a thing or to an https address; give one of the two."
        raise Invalid(sentence)
    if there == here:
        sentence = "A thing is not linked to itself; name another one."
        raise Invalid(sentence)
    row = Link(
        workspace_id=actor.workspace_id,
        from_kind=here.kind,
        from_key=here.key,
        to_kind=there.kind if there else "",
        to_key=there.key if there else "",
        member_id=actor.member_id,
        made_by=name_of(actor),
        made_at=at,
        **fields,
    )
    _check(row, here, there)
    add_row(actor, row, at, "add_link")
    return link_named(actor, row.id)


@transaction.atomic
def remove_link(actor: Actor, link: UUID, at: datetime, *, version: int | None = None) -> None:
    """Take a link away: who made it, or who may change plans."""
    require(actor, Permission.DISCUSS)
    row = Link.objects.select_for_update().get(id=link_row(actor, link).id)
    _require_hand(actor, row)
    drop_row(actor, row, at, "remove_link", version)


@transaction.atomic
def restore_link(actor: Actor, link: UUID, version: int, at: datetime) -> LinkLine:
    """Put a link back that was taken away: the undo of its removal."""
    require(actor, Permission.DISCUSS)
    past = Link.history.filter(workspace_id=actor.workspace_id, id=link).order_by("-history_id")
    gone = past.first()
    if gone is None:
        sentence = "There never was such a link here."
        raise NotFound(sentence)
    thing_named(actor, About(Kind(gone.from_kind), gone.from_key))
    _require_hand(actor, gone.instance)
    return link_named(actor, put_back(actor, Link, version, at, id=link).id)


def _require_hand(actor: Actor, row: Link) -> None:
    mine = row.member_id is not None and row.member_id == actor.member_id
    if not mine and not may(actor, Permission.PLAN):
        sentence = "Only who made a link takes it away or puts it back, or who may change plans."
        raise Refused(sentence)


def _check(row: Link, here: About, there: About | None) -> None:
    """Raise Conflict for a link that is there already, Invalid for one too many."""
    ends = {"to_kind": row.to_kind, "to_key": row.to_key, "url": row.url}
    ours = Link.objects.filter(workspace_id=row.workspace_id)
    twice = Q(from_kind=here.kind, from_key=here.key, sort=row.sort, **ends)
    if there is not None and row.sort == "relates to":
        twice |= Q(
            from_kind=there.kind,
            from_key=there.key,
            to_kind=here.kind,
            to_key=here.key,
            sort=row.sort,
        )
    if ours.filter(twice).exists():
        sentence = "These two are linked so already."
        raise Conflict(sentence)
    for end in filter(None, (here, there)):
        made = Q(from_kind=end.kind, from_key=end.key)
        met = Q(to_kind=end.kind, to_key=end.key)
        if ours.filter(made | met).count() >= MOST_LINKS:
            sentence = f"{end} has {MOST_LINKS} links, which is all that fit; take one away first."
            raise Invalid(sentence)
