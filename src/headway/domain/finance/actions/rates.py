"""Exchange rates, and the rules by which a workspace counts its money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.models import ExchangeRate, MoneyRules
from headway.domain.finance.queries import money_rules, rate_facts
from headway.domain.finance.rules import (
    MONEY_RULE_FIELDS,
    RATE_FIELDS,
    ExchangeRateFacts,
    MoneyRulesFacts,
)
from headway.domain.finance.rules.rates import NANOS
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.rules.fields import clean
from headway.domain.programs.rules.fields import currency as read_currency
from headway.errors import Invalid, NotFound

Pair = tuple[str, str, date]


@transaction.atomic
def set_exchange_rate(
    actor: Actor,
    pair: Pair,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ExchangeRateFacts:
    """Write down what one unit of a currency was worth in another from a day on (RATE_FIELDS)."""
    require(actor, Permission.PROGRAM)
    place = _place(pair)
    fields = clean(values, RATE_FIELDS)
    if "rate" in fields:
        fields["rate_nanos"] = int(Decimal(str(fields.pop("rate"))) * NANOS)
    rows = ExchangeRate.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = rows.filter(**place).first()
    if row is not None:
        change_row(actor, row, fields, at, "set_exchange_rate", version)
        return rate_facts(row)
    if {"rate_nanos", "source"} - fields.keys():
        sentence = "A new rate needs the rate itself and its source, such as 'ECB reference rate'."
        raise Invalid(sentence)
    row = ExchangeRate(workspace_id=actor.workspace_id, **place, **fields)
    add_row(actor, row, at, "set_exchange_rate", **place, **fields)
    return rate_facts(row)


@transaction.atomic
def remove_exchange_rate(
    actor: Actor, pair: Pair, at: datetime, *, version: int | None = None
) -> None:
    """Take a rate away; that it was there stays in the history."""
    require(actor, Permission.PROGRAM)
    place = _place(pair)
    rows = ExchangeRate.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = rows.filter(**place).first()
    if row is None:
        sentence = f"There is no rate of {pair[0]} in {pair[1]} for {pair[2].isoformat()}."
        raise NotFound(sentence)
    drop_row(actor, row, at, "remove_exchange_rate", version, rate_nanos=row.rate_nanos)


@transaction.atomic
def restore_exchange_rate(
    actor: Actor, pair: Pair, version: int, at: datetime
) -> ExchangeRateFacts:
    """Put a rate back to its earlier `version`: the undo of a change or a removal."""
    require(actor, Permission.PROGRAM)
    place = {"workspace_id__in": [actor.workspace_id], **_place(pair)}
    return rate_facts(put_back(actor, ExchangeRate, version, at, **place))


@transaction.atomic
def set_money_rules(
    actor: Actor, values: Mapping[str, object], at: datetime, *, version: int | None = None
) -> MoneyRulesFacts:
    """Say in which month the fiscal year begins, and when a month counts as overspent."""
    require(actor, Permission.PROGRAM)
    given = {name: value for name, value in values.items() if value not in (None, "")}
    fields = clean(given, MONEY_RULE_FIELDS)
    row = MoneyRules.objects.select_for_update().filter(workspace_id=actor.workspace_id).first()
    if row is not None:
        change_row(actor, row, fields, at, "set_money_rules", version)
    else:
        row = MoneyRules(workspace_id=actor.workspace_id, **fields)
        add_row(actor, row, at, "set_money_rules", **fields)
    return money_rules(actor)


def _place(pair: Pair) -> dict[str, object]:
    base, quote, day = pair
    place = {"base": read_currency("currency", base), "quote": read_currency("currency", quote)}
    if place["base"] == place["quote"]:
        sentence = f"A rate is between two currencies; {base} in {quote} is always 1."
        raise Invalid(sentence)
    return {**place, "day": day}
