"""Accruals: money that belongs to a month although its invoice has not come yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.finance.rules.changes import read_change_amount
from headway.domain.finance.rules.lines import CATEGORIES
from headway.domain.finance.rules.phasing import read_month
from headway.domain.finance.rules.rates import Converted
from headway.domain.programs.rules.fields import Reader, choice, currency, text


@dataclass(frozen=True, slots=True)
class AccrualFacts:
    """What a month owes. `order` is the purchase order it is received under, if any.

    `reversed_on`: its invoice came then and is an actual now; before, it counts as spent.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    project_id: UUID | None
    key: str
    category: str
    month: date
    amount: Decimal
    currency: str
    reason: str
    order: str
    reversed_on: date | None
    invoice: str
    version: int
    converted: Converted | None = None

    @property
    def is_open(self) -> bool:
        """Say whether its invoice is still awaited."""
        return self.reversed_on is None


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A purchase order of which something is neither invoiced nor accrued yet: `open`.

    `ordered` and `invoiced` are in the order's currency, `open` in `currency`, the program's.

    `converted`: the order is in another currency, and was worth this at the rate of its day.
    """

    project_id: UUID | None
    order: str
    name: str
    category: str
    ordered: Decimal
    invoiced: Decimal
    open: Decimal
    currency: str
    ordered_on: date
    converted: Converted | None = None


ACCRUAL_FIELDS: Mapping[str, Reader] = {
    "category": choice(*CATEGORIES),
    "month": read_month,
    "amount": read_change_amount,
    "currency": currency,
    "reason": text(500, required=True),
    "order": text(60),
}
