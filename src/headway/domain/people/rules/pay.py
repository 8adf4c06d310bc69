"""Pay of single persons, and the totals that others may see: never of fewer than two.

A total that holds one known pay is that pay, whoever else is in it at a public rate; and a total
of all less the totals that are shown is the one that is not. Both are kept from telling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Function, Permission, Scope, may, require
from headway.domain.accounts.rules.permissions import Owned
from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.ladder import HourlyCost, RateCardFacts, read_basis
from headway.domain.programs.rules.fields import LARGEST_AMOUNT, Reader, currency, day, decimal
from headway.errors import Invalid, Refused

#: Why a total is not told.
TOO_FEW = "fewer than two people"


@dataclass(frozen=True, slots=True)
class PayFacts:
    """What somebody is paid from a day on: a full-time year's base, or the cost of an hour."""

    id: UUID
    workspace_id: UUID
    person: str
    since: date
    basis: str
    amount: Decimal
    currency: str
    version: int


@dataclass(frozen=True, slots=True)
class PayTotal:
    """What the people of a role cost a year, with on-cost; `amount` None where `reason` says why.

    `own` counts those whose own pay is in it; the others count at the rate of their role.
    """

    role: str
    people: int
    own: int
    amount: Decimal | None
    currency: str
    reason: str = ""
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class YearlyCost:
    """What one person costs a year, and whether their own pay says so."""

    role: str
    amount: Decimal
    currency: str
    is_own: bool


def may_see_pay(actor: Actor) -> bool:
    """Say whether `actor` sees what single persons are paid: by function, never by role alone.

    A token of such a member does so only where it may do all that its member may.
    """
    holds = Function.PAY in actor.functions and may(actor, Permission.VIEW)
    return holds and (actor.scopes is None or Scope.ADMIN in actor.scopes)


def require_pay(actor: Actor, thing: Owned | None = None) -> None:
    """Return when `actor` may see and change what single persons are paid; else raise Refused."""
    require(actor, Permission.VIEW, thing)
    if not may_see_pay(actor):
        sentence = (
            "What single persons are paid is seen with the function 'pay' only, whatever the role; "
            "ask an owner of the workspace for it. Rates of roles and totals are open."
        )
        raise Refused(sentence)


def read_pay_day(field: str, value: object) -> date:
    """Read the day from which pay holds."""
    found = day(field, value)
    if found is None:
        sentence = "The day from which it holds is empty; write it as 2026-03-15."
        raise Invalid(sentence)
    return found


def read_pay(field: str, value: object) -> Decimal:
    """Read an amount of pay above 0. The message never says the amount."""
    found = decimal(field, value)
    if not 0 < found <= LARGEST_AMOUNT:
        sentence = "The amount must be above 0, and no larger than any budget."
        raise Invalid(sentence)
    return found


PAY_FIELDS: Mapping[str, Reader] = {
    "basis": read_basis,
    "amount": read_pay,
    "currency": currency,
}


def pay_on(pays: Sequence[PayFacts], on: date) -> PayFacts | None:
    """Return the pay that holds on a day: the newest that began; None where none had."""
    begun = [one for one in pays if one.since <= on]
    return max(begun, key=lambda one: one.since, default=None)


def own_hourly(pay: PayFacts, card: RateCardFacts) -> HourlyCost:
    """Return what an hour of somebody costs by their own pay."""
    if pay.basis == "hour":
        return HourlyCost(
            pay.amount, pay.currency, "own pay", "own cost of an hour", "own pay", pay.since.year
        )
    words = f"own pay × {card.on_cost} on-cost ÷ {card.hours:,} hours"
    amount = card.hour_of(pay.amount)
    return HourlyCost(amount, pay.currency, "own pay", words, "own pay", pay.since.year)


def yearly_cost(person: PersonFacts, pay: PayFacts | None, card: RateCardFacts) -> YearlyCost:
    """Return what somebody costs a year at their full-time share, on-cost included."""
    share = Decimal(str(person.full_time_share))
    if pay is None:
        hour = card.rate_of(person.role, person.level)
        return YearlyCost(person.role, hour.amount * card.hours * share, card.currency, False)
    hour = own_hourly(pay, card)
    return YearlyCost(person.role, hour.amount * card.hours * share, pay.currency, True)


def pay_totals(costs: Sequence[YearlyCost], *, open_to_all: bool) -> Sequence[PayTotal]:
    """Return totals by role and currency, then one of all in each currency.

    Where not `open_to_all` a total of one person, or with one own pay in it, is not told; nor is
    the one of all where what it adds to the shown ones would be a single pay.
    """
    found: list[PayTotal] = []
    for money in sorted({one.currency for one in costs}):
        mine = [one for one in costs if one.currency == money]
        totals = [
            _total(role, [one for one in mine if one.role == role], open_to_all)
            for role in sorted({one.role for one in mine})
        ]
        hidden = sum(one.own for one in totals if one.amount is None)
        whole = replace(_total("", mine, open_to_all), is_all=True)
        if hidden == 1:
            whole = replace(whole, amount=None, reason=TOO_FEW)
        found += [*totals, whole]
    return found


def _total(role: str, costs: Sequence[YearlyCost], open_to_all: bool) -> PayTotal:
    own = sum(one.is_own for one in costs)
    if not open_to_all and (len(costs) < 2 or own == 1):
        return PayTotal(role, len(costs), own, None, costs[0].currency, TOO_FEW)
    amount = sum((one.amount for one in costs), Decimal(0))
    return PayTotal(role, len(costs), own, amount, costs[0].currency)
