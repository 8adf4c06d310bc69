"""Fiscal periods: a workspace's year may begin in any month, and is named for where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, whole

MONEY_RULE_FIELDS: Mapping[str, Reader] = {
    "fiscal_start": whole(1, 12),
    "overspend_percent": whole(0, 1_000),
}


@dataclass(frozen=True, slots=True)
class MoneyRulesFacts:
    """How a workspace counts its money: the first month of its fiscal year, when to warn.

    `overspend_percent`: a month that took this much more than planned raises an alert. `version`
    0: nobody set them, the defaults hold.
    """

    id: UUID
    workspace_id: UUID
    fiscal_start: int = 1
    overspend_percent: int = 10
    version: int = 0


def fiscal_period(month: date, starts: int) -> str:
    """Return the period of a month, such as FY27-P03, for a year that begins in month `starts`.

    A year that does not begin in January is named for the calendar year in which it ends.
    """
    year = month.year + (1 if starts > 1 and month.month >= starts else 0)
    return f"FY{year % 100:02}-P{(month.month - starts) % 12 + 1:02}"
