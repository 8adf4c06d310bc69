"""What is known of a system, as probes see it: facts, subjects, attestations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """A record, or what follows from one. `subject` is `kind:name@version`; `record` opens it."""

    record: int
    subject: str
    kind: str
    fields: Mapping[str, object]
    observed_at: datetime
    valid_until: datetime | None = None

    @property
    def thing(self) -> str:
        """Return what it is about, whatever the version."""
        return self.subject.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Attested:
    """A person's answer to a criterion, as the ledger holds it."""

    record: int
    item: str
    answer: str
    role: str
    statement: str
    link: str | None
    done_on: date | None
    by_ref: str
    observed_at: datetime
    valid_until: datetime | None = None

    @property
    def href(self) -> str:
        """Return the link where a browser may follow it; a pushed one can be anything."""
        link = self.link or ""
        return link if link.startswith(("https://", "http://")) else ""


@dataclass(frozen=True, slots=True)
class Known:
    """All that was known of a system at a moment.

    `subjects` are all it was ever told of, oldest first: one whose evidence falls silent stays
    among them, which is how silence is noticed.
    """

    facts: Sequence[Fact] = ()
    attested: Sequence[Attested] = ()
    subjects: Sequence[str] = field(default=())
