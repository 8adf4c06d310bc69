"""Following a thing, and stopping."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.discussion.models import Watch
from headway.domain.discussion.queries import Watching, thing_named, watching_of
from headway.domain.discussion.rules import Thing, read_about
from headway.domain.programs.actions.rows import add_row, change_row
from headway.errors import Refused


@transaction.atomic
def set_watch(actor: Actor, about: str, is_on: bool, at: datetime) -> Watching:
    """Follow a thing, or stop; who stops does not follow by themselves again.

    Raises NotFound for a thing that is not there to see, Refused for nobody in particular.
    """
    require(actor, Permission.DISCUSS)
    thing = thing_named(actor, read_about("about", about))
    if actor.member_id is None:
        sentence = "Only a member can follow a thing; sign in as one."
        raise Refused(sentence)
    row = _row(thing, actor.member_id)
    if row is None:
        _add(actor, thing, actor.member_id, at, is_on=is_on)
    else:
        change_row(actor, row, {"is_on": is_on}, at, "set_watch")
    return watching_of(actor, thing.about)


def follow_by_itself(actor: Actor, thing: Thing, members: Iterable[UUID], at: datetime) -> None:
    """Let members follow a thing from now on, but for those who stopped."""
    for member in members:
        if _row(thing, member) is None:
            _add(actor, thing, member, at, is_on=True)


def _add(actor: Actor, thing: Thing, member: UUID, at: datetime, *, is_on: bool) -> None:
    row = Watch(
        workspace_id=thing.workspace_id,
        kind=thing.about.kind,
        key=thing.about.key,
        member_id=member,
        is_on=is_on,
    )
    add_row(actor, row, at, "set_watch", is_on=is_on)


def _row(thing: Thing, member: UUID) -> Watch | None:
    rows = Watch.objects.select_for_update().filter(workspace_id=thing.workspace_id)
    return rows.filter(kind=thing.about.kind, key=thing.about.key, member_id=member).first()
