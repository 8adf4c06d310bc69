"""Judgements about risks: what one may hold, and what it is worth on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
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
from headway.domain.risks.rules.matrix import mean_of
from headway.errors import Invalid

LONGEST_NAME = 300

#: The most that one risk may cost, in the program's currency.
DEAREST = 1e12

STATES = ("open", "occurred", "closed")

#: How far an open risk has been thought through, in the order of the work.
STAGES = ("identified", "assessed", "response planned", "monitoring")

#: What a risk is about; empty: nobody said.
RISK_CATEGORIES = (
    "",
    "data",
    "model",
    "people",
    "compute",
    "vendor",
    "integration",
    "compliance",
    "schedule",
    "money",
    "external",
)

#: What may be done about a threat, and about an opportunity.
THREAT_STRATEGIES = ("avoid", "reduce", "transfer", "accept")
OPPORTUNITY_STRATEGIES = ("exploit", "enhance", "share", "accept")
STRATEGIES = ("", *dict.fromkeys((*THREAT_STRATEGIES, *OPPORTUNITY_STRATEGIES)))


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a risk before it ended, kept to be scored: its chance, and since when.

    `occurred` is how it ended. None of it changes afterwards, whatever is written on the risk.
    """

    probability: float
    occurred: bool
    at: datetime
    delay: tuple[float, ...] | None = None
    cost: tuple[float, ...] | None = None

    def stored(self) -> dict[str, object]:
        """Return plain JSON that `read` understands."""
        return {
            "probability": self.probability,
            "occurred": self.occurred,
            "at": self.at.isoformat(),
            "delay": None if self.delay is None else list(self.delay),
            "cost": None if self.cost is None else list(self.cost),
        }

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> Said | None:
        """Return what `stored` gave; None where nothing was."""
        if not held:
            return None
        delay, cost = (None if held[key] is None else tuple(held[key]) for key in ("delay", "cost"))
        at = datetime.fromisoformat(held["at"])
        return cls(held["probability"], held["occurred"], at, delay, cost)


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """A threat or an opportunity. Ranges are (optimistic, most likely, pessimistic).

    `delay` is in working days, `cost` and `mitigation_cost` in the program's currency. The
    `mitigated_…` values are what the response makes of it; None keeps the risk's own. A risk may
    take `closes_days` out of the calendar, somewhere from `closes_from` to `closes_to`: of those
    who need one of `closes_resources`, of everybody where none is named. `stage` is how far an open
    one is thought through; `said` is what was said before it ended.
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
    cause: str = ""
    event: str = ""
    effect: str = ""
    category: str = ""
    strategy: str = ""
    response: str = ""
    trigger: str = ""
    assumption: str = ""
    stage: str = STAGES[0]
    escalated_to: str = ""
    origin: Mapping[str, object] = field(default_factory=dict)
    ended_at: datetime | None = None
    said: Said | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it may still happen."""
        return self.state == "open"

    @property
    def status(self) -> str:
        """Return where it stands: its stage while it is open, then occurred or closed."""
        return self.stage if self.is_open else self.state

    @property
    def is_threat(self) -> bool:
        """Say whether it would do harm."""
        return self.kind == "threat"

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
    def expected_days(self) -> float | None:
        """Return the working days that it costs on average as things stand; None without delay."""
        softer = self.mitigated_delay if self.is_mitigated else None
        mean = mean_of(softer or self.delay)
        return None if mean is None else self.chance * mean

    @property
    def expected_money(self) -> float | None:
        """Return the money that it costs on average as things stand; None without a cost."""
        softer = self.mitigated_cost if self.is_mitigated else None
        mean = mean_of(softer or self.cost)
        return None if mean is None else self.chance * mean

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


def composed_name(cause: str, event: str, effect: str) -> str:
    """Return the title of a risk made of its three parts; empty without an event."""
    if not event:
        return ""
    because = f"Because {cause}, {event}" if cause else event
    whole = f"{because}, so that {effect}" if effect else because
    return whole if len(whole) <= LONGEST_NAME else f"{whole[: LONGEST_NAME - 1]}…"


def require_strategy(kind: str, strategy: str) -> None:
    """Raise Invalid for a strategy that the other kind of risk has: nobody avoids a chance."""
    fitting = THREAT_STRATEGIES if kind == "threat" else OPPORTUNITY_STRATEGIES
    if strategy and strategy not in fitting:
        said = "a threat" if kind == "threat" else "an opportunity"
        sentence = (
            f"The strategy '{strategy}' is not for {said}; choose {', '.join(fitting)}, or leave "
            "it empty."
        )
        raise Invalid(sentence)


def require_stage(stage: str, ranges: Sequence[object], strategy: str) -> None:
    """Raise Invalid for a stage whose work is not done: no impact, or no strategy, is written."""
    place = STAGES.index(stage)
    if place >= STAGES.index("assessed") and all(one is None for one in ranges):
        sentence = (
            f"The stage '{stage}' needs what the risk would do: a delay, a cost or days that it "
            "closes. Write one, or leave the risk identified."
        )
        raise Invalid(sentence)
    if place >= STAGES.index("response planned") and not strategy:
        sentence = f"The stage '{stage}' needs a strategy: what is done about the risk. Choose one."
        raise Invalid(sentence)


RISK_FIELDS: Mapping[str, Reader] = {
    "name": text(LONGEST_NAME),
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
    "cause": text(500),
    "event": text(500),
    "effect": text(500),
    "category": choice(*RISK_CATEGORIES),
    "strategy": choice(*STRATEGIES),
    "response": text(2_000),
    "trigger": text(500),
    "assumption": text(60),
    "stage": choice(*STAGES),
    "escalated_to": text(200),
}
