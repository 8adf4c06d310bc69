"""What a bill says once it is read: sums by category and by column, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over rows of one currency, exact. `billed` is cash, `effective` burn: never added.

    `list_cost` and `contracted` are None where the file has no such column.
    """

    billed: Decimal
    effective: Decimal
    list_cost: Decimal | None
    contracted: Decimal | None
    rows: int


@dataclass(frozen=True, slots=True)
class CategorySums:
    """The sums of one charge category (Usage, Purchase, Tax, Credit, Adjustment, Idle)."""

    category: str
    currency: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class ValueSums:
    """The sums of the rows in which a column or a tag holds `value`; "" where it holds none."""

    value: str
    currency: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not counted, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """A total that the file states itself, beside what its rows add up to."""

    line: int
    stated: Decimal
    found: Decimal | None
    agrees: bool

    @property
    def sentence(self) -> str:
        """Return what is to be said of it."""
        if self.agrees:
            return f"The total on line {self.line} ({self.stated}) agrees with the rows."
        return (
            f"The total on line {self.line} says {self.stated}, and the rows that were counted add "
            f"up to {'no one currency' if self.found is None else self.found}; it was not counted."
        )


@dataclass(frozen=True, slots=True)
class BillRead:
    """One file as it was read. `refused` holds the first of `refused_count` refusals."""

    name: str
    dialect: str
    digest: str
    rows: int
    totals: Sequence[CategorySums]
    by: Mapping[str, Sequence[ValueSums]]
    periods: Sequence[str]
    providers: Sequence[str]
    refused: Sequence[RefusedRow]
    refused_count: int
    stated: Sequence[StatedTotal]
    notes: Sequence[str]

    @property
    def currencies(self) -> Sequence[str]:
        """Return the currencies of the counted rows, sorted."""
        return sorted({one.currency for one in self.totals})
