"""Issues: what has happened and has to be dealt with, from a risk that occurred or of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, day, number, text
from headway.domain.risks.rules.matrix import IMPACT_WORDS, PolicyFacts, Scale, impact_level
from headway.domain.risks.rules.risks import read_price

ISSUE_STATES = ("open", "resolved")


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """An issue. `risk_key` is the risk that occurred; empty: it came of its own.

    `days` (working days) and `money` (the program's currency) are what it does to the plan as
    somebody estimated it; of a risk that occurred the simulation says it instead.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    risk_id: UUID | None
    risk_key: str
    key: str
    name: str
    note: str
    owner: str
    due: date | None
    days: float | None
    money: Decimal | None
    state: str
    raised_at: datetime
    resolved_at: datetime | None
    resolution: str
    version: int

    @property
    def is_open(self) -> bool:
        """Say whether it still has to be dealt with."""
        return self.state == "open"

    def is_overdue(self, today: date) -> bool:
        """Say whether its day is past."""
        return self.is_open and self.due is not None and self.due < today


def severity_of(days: float | None, money: float | None, scale: Scale, policy: PolicyFacts) -> str:
    """Return how severe an effect on the plan is, by the program's own bounds; empty if unknown."""
    level = impact_level(days, money, scale, policy)
    return "" if level is None else IMPACT_WORDS[level - 1]


ISSUE_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "note": text(2_000),
    "owner": text(200),
    "due": day,
    "days": number(-1e6, 1e6),
    "money": read_price,
}
