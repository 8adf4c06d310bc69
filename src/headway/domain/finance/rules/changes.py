"""Changes of an agreed budget: asked for by one, approved by another, applied whole or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Function
from headway.domain.finance.rules.lines import BudgetLineFacts
from headway.domain.programs.rules.fields import Reader, decimal, meant, text
from headway.errors import Conflict, Invalid, NotFound, Refused

STATES = ("requested", "approved", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class BudgetChangeFacts:
    """`amount` goes from one line to another; without the one the total grows, without the other
    it shrinks. `serves` is what a draw is for: a risk's key, or a change of the plan. `reverses`
    is the key of the approved change that it takes back."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    key: str
    kind: str
    source: str
    target: str
    amount: Decimal
    reason: str
    serves: str
    state: str
    requested_by: str
    requested_by_id: UUID | None
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    version: int
    reverses: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.state == "requested"


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """A budget line as it was agreed."""

    key: str
    name: str
    purpose: str
    category: str
    amount: Decimal
    months: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """A budget that was agreed: from then on only a budget change changes it."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    number: int
    at: datetime
    agreed_by: str
    reason: str
    lines: Sequence[AgreedLine]

    def sum_of(self, *purposes: str) -> Decimal:
        """Return what the agreed lines of these purposes held together."""
        amounts = [line.amount for line in self.lines if line.purpose in purposes]
        return sum(amounts, Decimal(0))


def read_change_amount(field: str, value: object) -> Decimal:
    """Read an amount to be moved: above 0."""
    found = decimal(field, value)
    if found <= 0:
        sentence = f"The {field} is {found}; a change moves more than 0, and its ends say where to."
        raise Invalid(sentence)
    return found


CHANGE_FIELDS: Mapping[str, Reader] = {
    "source": text(60),
    "target": text(60),
    "amount": read_change_amount,
    "reason": text(1_000, required=True),
    "serves": text(200),
}


def kind_of(
    lines: Mapping[str, BudgetLineFacts], source: str, target: str, amount: Decimal, serves: str
) -> str:
    """Return what a change is: transfer, draw, raise or lower. Raises what makes it none.

    A draw takes from contingency or reserve, and says what it is for.
    """
    _require_ends(lines, source, target)
    if not source:
        return "raise"
    giving = lines[source]
    if amount > giving.amount:
        sentence = f"{giving.name} holds {giving.amount:,}; {amount:,} cannot be taken from it."
        raise Invalid(sentence)
    if not target:
        return "lower"
    if giving.purpose == "budget":
        return "transfer"
    if not serves:
        sentence = (
            f"{giving.name} is {giving.purpose}: say what the draw is for, a risk's key or a "
            "change of the plan."
        )
        raise Invalid(sentence)
    return "draw"


def _require_ends(lines: Mapping[str, BudgetLineFacts], source: str, target: str) -> None:
    for key in filter(None, (source, target)):
        if key not in lines:
            sentence = f"There is no budget line '{key}'{meant(key, lines) or '.'}"
            raise NotFound(sentence)
    if source == target:
        sentence = "A change needs two different ends: a line that gives, one that takes, or both."
        raise Invalid(sentence)


def opposite(change: BudgetChangeFacts, others: Sequence[BudgetChangeFacts]) -> dict[str, object]:
    """Return what takes an approved change back: the same amount, the other way round.

    Raises Conflict for one that moved nothing, or that another takes back or waits to.
    """
    if change.state != "approved":
        sentence = f"{change.key} is {change.state}: it moved nothing that could be taken back."
        raise Conflict(sentence)
    for one in others:
        if one.reverses == change.key and one.state in ("requested", "approved"):
            done = "takes it back already" if one.state == "approved" else "waits to take it back"
            sentence = f"{one.key} {done}; {change.key} is taken back once."
            raise Conflict(sentence)
    return {
        "source": change.target,
        "target": change.source,
        "amount": change.amount,
        "serves": change.key,
        "reason": f"Takes {change.key} back: {change.reason}"[:1_000],
    }


def require_other_hand(actor: Actor, change: BudgetChangeFacts) -> None:
    """Return when the actor may answer a change; Refused for the asker, and without finance."""
    if Function.FINANCE not in actor.functions:
        sentence = (
            "A budget change is answered by a member with the function 'finance'; an owner gives "
            "functions on the page of members."
        )
        raise Refused(sentence)
    is_own = actor.member_id is not None and actor.member_id == change.requested_by_id
    if is_own or actor.label == change.requested_by:
        sentence = f"You asked for {change.key} yourself: nobody approves their own change."
        raise Refused(sentence)
