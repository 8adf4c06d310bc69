"""Who is meant by an @name: a key of the roster, or a member's name; never who may not see it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.permissions import ROLE_PERMISSIONS, Role
from headway.domain.discussion.rules import Mention, handles_in
from headway.domain.people.queries import people_of

#: Roles that may read what is talked about, and so may be called to it.
READERS = [role for role in Role if Permission.VIEW in ROLE_PERMISSIONS[role]]


def mentions_in(actor: Actor, words: str) -> Sequence[Mention]:
    """Return whom the words call, in order; an @name that nobody has stays text."""
    handles = handles_in(words)
    if not handles:
        return []
    known = {one.handle: one for one in callable_people(actor)}
    return [known[handle] for handle in handles if handle in known]


def callable_people(actor: Actor) -> Sequence[Mention]:
    """Return everybody who can be called by an @, by handle; two queries.

    A member answers to their name in small letters with hyphens, and to their first name when it
    is the only one. A key of the roster goes before; it tells the member of the same address, or,
    where the roster has none, of the same name.
    """
    require(actor, Permission.VIEW)
    members = readers_of(actor.workspace_id)
    by_address = {member.user.email: member.id for member in members}
    named = [member for member in members if member.user.name]
    firsts = Counter(handle_of(member.user.name.split()[0]) for member in named)
    found: dict[str, Mention] = {}
    for member in named:
        first, whole = handle_of(member.user.name.split()[0]), handle_of(member.user.name)
        for handle in [whole, *([first] if firsts[first] == 1 else [])]:
            found[handle] = Mention(handle, member.user.name, member.id)
    names = {member.user.name: member.id for member in named}
    for person in people_of(actor):
        told = by_address.get(person.email) if person.email else names.get(person.name)
        found[person.key] = Mention(person.key, person.name, told)
    return [found[handle] for handle in sorted(found) if handle]


def readers_of(workspace_id: UUID) -> Sequence[Member]:
    """Return the members who may read what is talked about, with their users; one query."""
    rows = Member.objects.filter(
        workspace_id=workspace_id, role__in=READERS, user__is_active=True
    ).select_related("user")
    return list(rows)


def members_by_owner(actor: Actor, owners: Iterable[str]) -> Mapping[str, UUID]:
    """Return the member behind each owner (a key of the roster, or a name) that has one."""
    known = callable_people(actor)
    told = {one.handle: one.member for one in known} | {one.name: one.member for one in known}
    return {owner: found for owner in owners if (found := told.get(owner)) is not None}


def handle_of(name: str) -> str:
    """Return a name as an @ calls it: small letters, hyphens between words."""
    return re.sub(r"[^\w.-]+", "-", name.lower()).strip("-.")


def name_of(actor: Actor) -> str:
    """Return the name that stands beside what the actor says: never an address."""
    if actor.member_id is None:
        return "Headway" if actor.kind == "headway" else "somebody"
    member = Member.objects.select_related("user").get(id=actor.member_id)
    return member.user.name or member.user.email.partition("@")[0]
