"""Exchange rates and the rules by which a workspace counts its money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.models import ExchangeRate, MoneyRules
from headway.domain.finance.rules import ExchangeRateFacts, MoneyRulesFacts
from headway.domain.programs.queries import facts, rows_at
from headway.errors import NotFound


def exchange_rates(actor: Actor, at: datetime | None = None) -> Sequence[ExchangeRateFacts]:
    """Return the rates of a workspace by pair, the newest day first; one query."""
    require(actor, Permission.VIEW)
    rows = rows_at(ExchangeRate, at, workspace_id=actor.workspace_id)
    rows.sort(key=lambda row: (row.base, row.quote, -row.day.toordinal()))
    return [rate_facts(row) for row in rows]


def exchange_rate(
    actor: Actor, base: str, quote: str, day: date, at: datetime | None = None
) -> ExchangeRateFacts:
    """Return the rate that was written down for exactly this day; NotFound without one."""
    for one in exchange_rates(actor, at):
        if (one.base, one.quote, one.day) == (base, quote, day):
            return one
    sentence = f"There is no rate of {base} in {quote} for {day.isoformat()}."
    raise NotFound(sentence)


def money_rules(actor: Actor, at: datetime | None = None) -> MoneyRulesFacts:
    """Return how the workspace counts its money; the defaults where nobody said."""
    require(actor, Permission.VIEW)
    rows = rows_at(MoneyRules, at, workspace_id=actor.workspace_id)
    if not rows:
        return MoneyRulesFacts(actor.workspace_id, actor.workspace_id)
    return facts(MoneyRulesFacts, rows[0])


def rate_facts(row: ExchangeRate) -> ExchangeRateFacts:
    """Return a rate as a frozen value."""
    return facts(ExchangeRateFacts, row, rate=Decimal(row.rate_nanos).scaleb(-9).normalize())
