"""Frozen values of costs: charges where they belong, bills, rules. Amounts are Decimal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.analysis.cost import Origin


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """What bills say a project spent in a month, of one category of money and currency.

    `effective` is burn, `billed` cash; the two are never added. `record` is the sequence of the
    bill's record. `adds`: it is spent besides what `cost` records of that month tell.
    """

    project_id: UUID
    month: date
    category: str
    effective: Decimal
    billed: Decimal
    currency: str
    record: int
    adds: bool = False


@dataclass(frozen=True, slots=True)
class AllocatedCharge:
    """One charge, or a rule's share of it: where it belongs and what said so.

    `project` is an address, "" of what no rule places. `by` is a rule's key, "tag", "run" or "".
    Amounts are millionths of the currency.
    """

    origin: Origin
    month: date
    currency: str
    record: int
    project: str
    by: str
    category: str
    effective_micros: int
    billed_micros: int
    rows: int
    item: str = ""
    model: str = ""
    adds: bool = False

    @property
    def is_idle(self) -> bool:
        """Say whether it is capacity that nobody used."""
        return self.origin.category == "Idle"


@dataclass(frozen=True, slots=True)
class BillLine:
    """One bill as a list shows it; `totals` are exact, by charge category and currency."""

    id: UUID
    provider: str
    account: str
    month: date
    format: str
    file: str
    sha256: str
    rows: int
    refused: int
    totals: Sequence[Mapping[str, object]]
    notes: Sequence[str]
    known_from: datetime
    known_until: datetime | None
    record: int

    def sums(self, field: str) -> Mapping[str, Decimal]:
        """Return `billed` or `effective` by currency, to the last digit of the file."""
        found: dict[str, Decimal] = {}
        for one in self.totals:
            currency = str(one["currency"])
            found[currency] = found.get(currency, Decimal(0)) + Decimal(str(one[field]))
        return found


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """An allocation rule, as a person said it."""

    id: UUID
    workspace_id: UUID
    key: str
    name: str
    order: int
    conditions: Sequence[Sequence[str]]
    shares: Sequence[Sequence[str]]
    category: str
    adds: bool
    reason: str
    version: int

    @property
    def words(self) -> str:
        """Return what it asks, as a person says it."""
        parts = [f"{field.removeprefix('tag:')} ‘{pattern}’" for field, pattern in self.conditions]
        return " and ".join(parts) or "everything"
