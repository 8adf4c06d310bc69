"""Frozen values of costs: charges where they belong, bills, rules. Amounts are Decimal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, eq=False)
class ChargeFacts:
    """What a bill says a project spent in a month, of one category of money and currency.

    `effective` is burn, `billed` cash; the two are never added. `record` is the sequence of the
    bill's record. `adds`: it is spent besides what `cost` records of that month tell. One is equal
    to itself only: tens of thousands are kept between pages, and looked up by what they are.
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
