"""People in what leaves the house: each becomes a reference, the same throughout a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.queries import people_of
from headway.observation import digest


@dataclass(frozen=True, slots=True)
class Persons:
    """The people of a workspace; `said` are the names and addresses that texts may hold."""

    workspace_id: UUID
    keys: Mapping[str, str]
    said: Mapping[str, str]
    pattern: re.Pattern[str] | None = None

    def of(self, name: str) -> str:
        """Return the reference of somebody told by key, name, address or label; empty for none."""
        if not name:
            return ""
        return self.keys.get(name) or self.said.get(name) or reference(self.workspace_id, name)

    def in_row(self, row: Mapping[str, object]) -> dict[str, object]:
        """Return a row with every name and address in its texts replaced."""
        return {key: self.hidden(value) for key, value in row.items()}

    def hidden(self, value: object) -> object:
        """Return a JSON-like value with every name and address in its texts replaced."""
        match value:
            case str():
                if self.pattern is None:
                    return value
                return self.pattern.sub(lambda found: self.said[found.group()], value)
            case Mapping():
                return {str(key): self.hidden(part) for key, part in value.items()}
            case list() | tuple():
                return [self.hidden(part) for part in value]
            case _:
                return value


def persons_of(actor: Actor) -> Persons:
    """Return the people of the actor's workspace: its members, and its roster."""
    require(actor, Permission.AUDIT)
    keys: dict[str, str] = {}
    said: dict[str, str] = {}
    members = Member.objects.filter(workspace_id=actor.workspace_id).select_related("user")
    for row in members.order_by("id"):
        ref = reference(actor.workspace_id, row.user.email)
        said[row.user.email] = ref
        if row.user.name:
            said.setdefault(row.user.name, ref)
    for person in people_of(actor):
        ref = said.get(person.email) or reference(actor.workspace_id, person.email or person.key)
        keys[person.key] = ref
        said.setdefault(person.name, ref)
        if person.email:
            said.setdefault(person.email, ref)
    names = sorted((name for name in said if len(name) > 2), key=len, reverse=True)
    whole = "|".join(re.escape(name) for name in names)
    pattern = re.compile(rf"(?<!\w)(?:{whole})(?!\w)") if names else None
    return Persons(actor.workspace_id, keys, said, pattern)


def reference(workspace_id: UUID, name: str) -> str:
    """Return what stands for somebody: opaque, and another in another workspace."""
    told = digest(f"{workspace_id} {name}")
    return f"person-{told[:12]}"
