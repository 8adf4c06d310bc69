"""Whom a report names: people by their names; an address never leaves the workspace."""

from __future__ import annotations

from headway.domain.accounts.queries import names_by_address
from headway.domain.accounts.rules import Actor
from headway.domain.people.queries import names_of

_NAMELESS = "a member"


class Names:
    """The names of a workspace's members and of its roster, read once."""

    def __init__(self, actor: Actor) -> None:
        """Read them for `actor`."""
        self._members = names_by_address(actor)
        self._roster = names_of(actor)

    def of_label(self, label: str) -> str:
        """Return the name behind an actor's label ("mia@example.com by token ci")."""
        address = label.partition(" by token ")[0]
        return self._members.get(address, _NAMELESS if "@" in address else address)

    def of_key(self, key: str) -> str:
        """Return the name behind a roster key or whatever else stands as an owner."""
        name = self._roster.get(key, key)
        return self._members.get(name, _NAMELESS) if "@" in name else name

    def key_of(self, name: str) -> str:
        """Return the roster key of a person called `name`, `name` itself when there is none."""
        wanted = name.casefold()
        for key, told in self._roster.items():
            if wanted in (key.casefold(), told.casefold()):
                return key
        return name
