"""Actions: something that somebody has to do by a day, and what it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, choice, day, text
from headway.errors import Invalid

#: What an action can come from; "" is nothing but somebody's word.
SOURCES = (
    "",
    "decision",
    "blocker",
    "risk",
    "issue",
    "promise",
    "assumption",
    "forum",
    "check-in",
)

STATES = ("open", "done", "dropped")


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An action. `owner` is a key of the roster or a name; the source is a kind and a key."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    key: str
    name: str
    owner: str
    due: date | None
    source_kind: str
    source_key: str
    state: str
    note: str
    closed_at: datetime | None
    closed_by: str
    version: int

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be done."""
        return self.state == "open"

    def is_overdue(self, today: date) -> bool:
        """Say whether it should have been done: its day is over."""
        return self.is_open and self.due is not None and self.due < today

    def days_overdue(self, today: date) -> int:
        """Return the calendar days since it was due; 0 when it is not overdue."""
        return (today - self.due).days if self.due and self.is_overdue(today) else 0


def require_source(kind: str, key: str) -> None:
    """Raise Invalid for a source of which only the kind or only the key is said."""
    if bool(kind) == bool(key):
        return
    given = f"kind '{kind}' without a key" if kind else f"key '{key}' without a kind"
    sentence = f"The source of the action has the {given}; give both, or none of the two."
    raise Invalid(sentence)


ACTION_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "owner": text(200),
    "due": day,
    "source_kind": choice(*SOURCES),
    "source_key": text(60),
    "note": text(2_000),
}
