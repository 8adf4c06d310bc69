"""The cursor of a tracker: until when everything has been read, and which items there are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from headway.errors import Invalid


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Walk(_Part):
    """A walk through the pages that has not come to its end.

    `since` None reads everything. `scope` counts the repositories or projects that are done;
    `token` opens the next page of the one in hand; `seen` are the keys met by a whole walk.
    """

    begun: AwareDatetime
    since: AwareDatetime | None = None
    scope: int = Field(default=0, ge=0)
    token: str = Field(default="", max_length=20_000)
    seen: set[str] = Field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Say whether it reads everything."""
        return self.since is None


class Position(_Part):
    """What is remembered between two reads: `parents` holds the parent of every item told."""

    format: Literal[1] = 1
    source: str
    #: A digest of what was selected: another selection is read from the start.
    selection: str
    since: AwareDatetime | None = None
    parents: dict[str, str] = Field(default_factory=dict)
    walk: Walk | None = None

    @classmethod
    def load(cls, cursor: Mapping[str, object] | None, source: str, selection: str) -> Position:
        """Return the position that `cursor` holds; a fresh one for None, {} or another source.

        After a change of selection the items are remembered: the next read says which are gone.
        """
        name = hashlib.sha256(selection.encode()).hexdigest()[:16]
        if not cursor or cursor.get("source") != source:
            return cls(source=source, selection=name)
        try:
            held = cls.model_validate(cursor)
        except ValidationError:
            sentence = (
                f"The cursor of {source} cannot be read; clear it to read the source from the "
                "start: what is known already is not stored twice."
            )
            raise Invalid(sentence) from None
        if held.selection != name:
            return cls(source=source, selection=name, parents=held.parents)
        return held

    def dump(self) -> dict[str, object]:
        """Return plain JSON that `load` reads: equal positions give equal JSON."""
        plain = self.model_dump(mode="json")
        plain["parents"] = dict(sorted(self.parents.items()))
        if self.walk is not None:
            plain["walk"]["seen"] = sorted(self.walk.seen)
        return plain

    def parent_of(self, key: str, parent: str) -> str:
        """Return `parent` for the item `key`, empty when that would close a circle."""
        above, climbed = parent, {key}
        while above:
            if above in climbed:
                return ""
            climbed.add(above)
            above = self.parents.get(above, "")
        return parent

    def end(self, begun: datetime) -> None:
        """Note that everything that changed before `begun` has been read."""
        self.since, self.walk = begun, None
