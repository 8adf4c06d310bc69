"""Who follows a thing: who said so, and who does by themselves as its owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.discussion.models import Watch
from headway.domain.discussion.queries.mentions import members_by_owner, readers_of
from headway.domain.discussion.queries.things import thing_named
from headway.domain.discussion.rules import About, Thing
from headway.domain.programs.queries import rows_at


@dataclass(frozen=True, slots=True)
class Watching:
    """Who follows a thing, by name; and whether the reader is one of them."""

    about: str
    followers: Sequence[str]
    is_mine: bool


def watching_of(actor: Actor, about: About, at: datetime | None = None) -> Watching:
    """Return who follows a thing, as known `at`."""
    return watching_on(actor, thing_named(actor, about, at), at)


def watching_on(actor: Actor, thing: Thing, at: datetime | None = None) -> Watching:
    """Return who follows a thing that was found for the actor."""
    on = followers_of(actor, thing, at)
    names = sorted(
        member.user.name or member.user.email.partition("@")[0]
        for member in readers_of(actor.workspace_id)
        if member.id in on
    )
    return Watching(str(thing.about), names, actor.member_id in on)


def followers_of(actor: Actor, thing: Thing, at: datetime | None = None) -> set[UUID]:
    """Return the members who follow a thing: those who said so, and its owner unless stopped."""
    require(actor, Permission.VIEW, thing)
    rows = rows_at(
        Watch,
        at,
        workspace_id=thing.workspace_id,
        kind=thing.about.kind,
        key=thing.about.key,
    )
    on = {row.member_id for row in rows if row.is_on}
    off = {row.member_id for row in rows} - on
    owners = members_by_owner(actor, [thing.owner]) if thing.owner else {}
    return on | (set(owners.values()) - off)
