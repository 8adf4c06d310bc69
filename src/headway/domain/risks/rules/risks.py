"""Judgements about risks: what one may hold, and what it is worth on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.programs.rules.fields import (
    Reader,
    choice,
    day,
    decimal,
    flag,
    number,
    text,
    texts,
)
from headway.domain.programs.rules.ranges import read_range
from headway.errors import Invalid

#: The most that one risk may cost, in the program's currency.
DEAREST = 1e12

STATES = ("open", "occurred", "closed")


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """A threat or an opportunity. Ranges are (optimistic, most likely, pessimistic).

    `delay` is in working days, `cost` and `mitigation_cost` in the program's currency. The
    `mitigated_…` values are what the response makes of it; None keeps the risk's own. A risk may
    take `closes_days` out of the calendar, somewhere from `closes_from` to `closes_to`: of those
    who need one of `closes_resources`, of everybody where none is named.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    project_id: UUID | None
    key: str
    name: str
    kind: str
    owner: str
    next_action: str
    review_on: date | None
    state: str
    probability: float
    delay: tuple[float, ...] | None
    cost: tuple[float, ...] | None
    mitigated_probability: float | None
    mitigated_delay: tuple[float, ...] | None
    mitigated_cost: tuple[float, ...] | None
    mitigation_cost: Decimal
    is_mitigated: bool
    closes_days: tuple[float, ...] | None
    closes_from: date | None
    closes_to: date | None
    closes_resources: Sequence[str]
    closes_items: Sequence[str]
    version: int

    @property
    def has_response(self) -> bool:
        """Say whether a response is described, carried out or not."""
        values = (self.mitigated_probability, self.mitigated_delay, self.mitigated_cost)
        return any(value is not None for value in values) or bool(self.mitigation_cost)

    @property
    def chance(self) -> float:
        """Return how likely it is as things stand: 1 when it occurred, 0 when it is closed."""
        if self.state != "open":
            return 1.0 if self.state == "occurred" else 0.0
        if self.is_mitigated and self.mitigated_probability is not None:
            return self.mitigated_probability
        return self.probability

    @property
    def closes(self) -> bool:
        """Say whether it takes time out of the calendar."""
        return self.closes_days is not None

    def is_overdue(self, today: date) -> bool:
        """Say whether its review is past."""
        return self.state == "open" and self.review_on is not None and self.review_on < today


def read_delay(field: str, value: object) -> list[float] | None:
    """Read working days; negative for an opportunity."""
    return read_range(field, value, low=-1e6)


def read_cost(field: str, value: object) -> list[float] | None:
    """Read money; negative for an opportunity."""
    return read_range(field, value, low=-DEAREST, high=DEAREST)


def read_price(field: str, value: object) -> Decimal:
    """Read what the response costs: 0 or more."""
    found = decimal(field, 0 if value in (None, "") else value)
    if found < 0:
        sentence = f"The {field.replace('_', ' ')} is {found}; a response costs 0 or more."
        raise Invalid(sentence)
    return found


def require_closure(days: object, first: date | None, last: date | None) -> None:
    """Raise Invalid where the time that a risk takes out of the calendar is half described."""
    if days is None and first is None and last is None:
        return
    if days is None or first is None or last is None:
        sentence = (
            "A risk that closes the calendar needs closes_days (a range), closes_from and "
            "closes_to, the days between which they fall; give all three or none."
        )
        raise Invalid(sentence)
    if last < first:
        sentence = f"The risk closes the calendar until {last}, before {first}; correct one."
        raise Invalid(sentence)


RISK_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "kind": choice("threat", "opportunity"),
    "owner": text(200),
    "next_action": text(300),
    "review_on": day,
    "state": choice(*STATES),
    "probability": number(0, 1, required=True),
    "delay": read_delay,
    "cost": read_cost,
    "mitigated_probability": number(0, 1),
    "mitigated_delay": read_delay,
    "mitigated_cost": read_cost,
    "mitigation_cost": read_price,
    "is_mitigated": flag,
    "closes_days": read_range,
    "closes_from": day,
    "closes_to": day,
    "closes_resources": texts(50, 100),
    "closes_items": texts(200, 130),
}
