"""A bill as it was read, for worlds that need one."""

from __future__ import annotations

from headway.domain.costs.rules import BillDraft


def a_bill(word: str, month: str = "2026-09", amount: str = "12.5") -> BillDraft:
    """Return a bill of one charge; every text of it is `word`."""
    sums = {"category": "Usage", "currency": "USD", "billed": amount, "effective": amount}
    total = {**sums, "rows": 1}
    charge = {**total, "service": word, "tags": {"team": word}}
    return BillDraft(word, word, month, word, word, "0" * 64, 1, 0, [total], [charge])
