"""The links of a thing, from either end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.discussion.models import Link
from headway.domain.discussion.queries.things import thing_named
from headway.domain.discussion.rules import About, Kind, LinkLine, Thing, said_of
from headway.domain.programs.queries import facts, rows_at
from headway.errors import NotFound


def links_of(actor: Actor, about: About, at: datetime | None = None) -> Sequence[LinkLine]:
    """Return the links of a thing from both ends, in the order in which they were made."""
    return links_on(actor, thing_named(actor, about, at), at)


def links_on(actor: Actor, thing: Thing, at: datetime | None = None) -> Sequence[LinkLine]:
    """Return the links of a thing that was found for the actor."""
    require(actor, Permission.VIEW, thing)
    about, here = thing.about, {"workspace_id": thing.workspace_id}
    made = rows_at(Link, at, **here, from_kind=about.kind, from_key=about.key)
    met = rows_at(Link, at, **here, to_kind=about.kind, to_key=about.key)
    name = _namer(actor, at)
    lines = [_line(row, name, from_here=True) for row in made]
    lines += [_line(row, name, from_here=False) for row in met]
    return sorted(lines, key=lambda line: (line.made_at, line.id))


def link_named(actor: Actor, link: UUID) -> LinkLine:
    """Return one link as the end that made it shows it. Raises NotFound."""
    return _line(link_row(actor, link), _namer(actor, None), from_here=True)


def link_row(actor: Actor, link: UUID) -> Link:
    """Return the row of a link whose first end the actor may see; NotFound otherwise."""
    require(actor, Permission.VIEW)
    row = Link.objects.filter(workspace_id=actor.workspace_id, id=link).first()
    if row is None:
        sentence = "There is no such link here."
        raise NotFound(sentence)
    thing_named(actor, About(Kind(row.from_kind), row.from_key))
    return row


def _line(row: Link, name: Callable[[About], str], *, from_here: bool) -> LinkLine:
    other = _other(row, from_here=from_here)
    return facts(
        LinkLine,
        row,
        said=said_of(row.sort, from_here=from_here),
        about=str(other) if other else "",
        name=name(other) if other else "",
        member=row.member_id,
    )


def _other(row: Link, *, from_here: bool) -> About | None:
    if not from_here:
        return About(Kind(row.from_kind), row.from_key)
    return About(Kind(row.to_kind), row.to_key) if row.to_kind else None


def _namer(actor: Actor, at: datetime | None) -> Callable[[About], str]:
    """Return a function that says what a thing is called, each asked for once."""

    @cache
    def name(about: About) -> str:
        try:
            return thing_named(actor, about, at).name
        except NotFound:
            return ""

    return name
