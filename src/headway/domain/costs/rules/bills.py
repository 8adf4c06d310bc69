"""What of a bill's file becomes evidence: one observation a provider, account and month.

A record holds at most a million signs, so rows that are alike are added up: first by what every
rule may need, then by as many tags, resources and details as fit. Sums are kept to the last digit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from headway.analysis.cost.allocation import PROJECT_TAGS, RUN_TAGS
from headway.errors import Invalid
from headway.observation import Observation, SubjectRef

#: Tags that are kept of every bill, besides those that rules ask for.
TAGS_KEPT = (
    *(PROJECT_TAGS[0], RUN_TAGS[0], "run_id", "project", "team", "model", "experiment"),
    *("environment", "env", "cost-center", "cost_center", "namespace", "label:team"),
)


@dataclass(frozen=True, slots=True)
class BillDraft:
    """A bill as it was read of a file, before it is evidence."""

    provider: str
    account: str
    month: str
    format: str
    file: str
    sha256: str
    rows: int
    refused: int
    totals: Sequence[Mapping[str, object]]
    charges: Sequence[Mapping[str, object]]
    days: Sequence[Mapping[str, object]] = field(default=())
    notes: Sequence[str] = field(default=())

    def told(self) -> dict[str, object]:
        """Return whose bill it is and its totals, as doors tell it."""
        names = ("provider", "account", "month", "rows")
        totals = [dict(total) for total in self.totals]
        return {**{name: getattr(self, name) for name in names}, "totals": totals}

    def observation(self, at: datetime) -> Observation:
        """Return what is recorded of it."""
        payload = {
            "provider": self.provider,
            "account": self.account,
            "month": self.month,
            "format": self.format,
            "file": self.file,
            "sha256": self.sha256,
            "rows": self.rows,
            "refused": self.refused,
            "totals": list(self.totals),
            "charges": list(self.charges),
            "days": list(self.days),
            "notes": [note[:500] for note in self.notes[:50]],
        }
        return Observation(
            bill_subject(self.provider, self.account, self.month), "bill", "bills", at, payload
        )


def bill_subject(provider: str, account: str, month: str) -> SubjectRef:
    """Return what a bill's record is about: `bill:provider/account@2026-09`."""
    name = f"{_word(provider)}/{_word(account)}" if account else _word(provider)
    return SubjectRef("bill", name, month)


def _word(text: str) -> str:
    """Return a name as part of a subject: no spaces, no @."""
    return re.sub(r"[\s@/]+", "-", text.strip().lower())[:140] or "unknown"


def read_month(text: str) -> date:
    """Return the first day of a month written 2026-09. Raises Invalid."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        sentence = f"{text[:40]!r} is not a month; write it as 2026-09."
        raise Invalid(sentence) from None
