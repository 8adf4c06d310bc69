"""The rate card, and the only reading of what single persons are paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Pay, Person, RateCard
from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.ladder import (
    HourlyCost,
    RateCardFacts,
    default_card,
    held_bands,
)
from headway.domain.people.rules.pay import (
    PayFacts,
    PayTotal,
    may_see_pay,
    own_hourly,
    pay_on,
    pay_totals,
    require_pay,
    yearly_cost,
)
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules.fields import from_minor
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class CostBook:
    """What an hour of anybody costs: by own pay for those who may see it, else by role."""

    card: RateCardFacts
    people: Mapping[str, PersonFacts]
    pays: Mapping[str, Sequence[PayFacts]]

    def of(self, who: str, on: date) -> HourlyCost:
        """Return what an hour of a person (by key) or of a role costs on a day."""
        person = self.people.get(who)
        if person is None:
            return self.card.rate_of(who)
        pay = pay_on(self.pays.get(who, ()), on)
        return own_hourly(pay, self.card) if pay else self.card.rate_of(person.role, person.level)


def rate_card(actor: Actor, at: datetime | None = None) -> RateCardFacts:
    """Return the rate card as known at `at`: the workspace's own, else the shipped one."""
    require(actor, Permission.VIEW)
    for row in rows_at(RateCard, at, workspace_id=actor.workspace_id):
        return card_facts(row)
    return default_card(actor.workspace_id)


def card_facts(row: RateCard) -> RateCardFacts:
    """Return a rate card as a frozen value."""
    bands = held_bands(row.bands, row.currency)
    return facts(RateCardFacts, row, bands=bands, on_cost=Decimal(row.on_cost_hundredths) / 100)


def pay_of(actor: Actor, key: str) -> Sequence[PayFacts]:
    """Return what somebody is paid, newest first. Refused without the function 'pay'."""
    require(actor, Permission.VIEW)
    if not Person.objects.filter(workspace_id=actor.workspace_id, key=key).exists():
        sentence = f"There is nobody '{key}' on the roster."
        raise NotFound(sentence)
    require_pay(actor)
    return sorted(_pays(actor.workspace_id).get(key, ()), key=lambda one: one.since, reverse=True)


def totals_of(actor: Actor, on: date, at: datetime | None = None) -> Sequence[PayTotal]:
    """Return what the people at work on a day cost a year, by role and in all.

    Without the function 'pay' no total of fewer than two people, nor one that tells a single pay.
    """
    require(actor, Permission.VIEW)
    card, pays = rate_card(actor, at), _pays(actor.workspace_id)
    costs = [
        yearly_cost(one, pay_on(pays.get(one.key, ()), on), card)
        for one in _people(actor.workspace_id)
        if one.is_employed(on)
    ]
    return pay_totals(costs, open_to_all=may_see_pay(actor))


def cost_book(actor: Actor, at: datetime | None = None) -> CostBook:
    """Return what an hour of everybody costs, in three queries whatever is asked of it."""
    card = rate_card(actor, at)
    people = {one.key: one for one in _people(actor.workspace_id)}
    return CostBook(card, people, _pays(actor.workspace_id) if may_see_pay(actor) else {})


def hourly_cost(actor: Actor, who: str, on: date, at: datetime | None = None) -> HourlyCost:
    """Return what an hour of a person (by key) or a role costs; for many ask `cost_book` once."""
    return cost_book(actor, at).of(who, on)


def _people(workspace_id: UUID) -> list[PersonFacts]:
    return [facts(PersonFacts, row) for row in Person.objects.filter(workspace_id=workspace_id)]


def _pays(workspace_id: UUID) -> Mapping[str, Sequence[PayFacts]]:
    """Return all pay by key. Private: nothing of it leaves this module but as above."""
    rows = Pay.objects.select_related("person").filter(workspace_id=workspace_id)
    found: dict[str, list[PayFacts]] = {}
    for row in rows:
        amount = from_minor(row.amount_minor, row.currency)
        told = facts(PayFacts, row, person=row.person.key, amount=amount)
        found.setdefault(row.person.key, []).append(told)
    return found
