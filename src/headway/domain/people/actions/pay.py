"""Every write of pay and of the rate card.

The audit trail says that pay changed and never to what: it is read by more people than pay is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Pay, Person, RateCard
from headway.domain.people.queries.pay import card_facts, pay_of, rate_card
from headway.domain.people.rules.ladder import (
    CARD_FIELDS,
    PayBand,
    RateCardFacts,
    default_card,
    kept_bands,
)
from headway.domain.people.rules.pay import PAY_FIELDS, PayFacts, read_pay_day, require_pay
from headway.domain.programs.actions.rows import (
    add_row,
    apply_changes,
    change_row,
    delete_dated,
    put_back,
    require_version,
)
from headway.domain.programs.rules.fields import clean, to_minor
from headway.errors import Invalid, NotFound


@transaction.atomic
def set_pay(
    actor: Actor,
    key: str,
    since: object,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> PayFacts:
    """Say what somebody is paid from a day on (PAY_FIELDS); by the function 'pay' only."""
    person = _person(actor, key)
    require_pay(actor)
    day = read_pay_day("day", since)
    fields = clean({"basis": "year", **values}, PAY_FIELDS)
    missing = {"amount", "currency"} - set(fields)
    if missing:
        sentence = f"Pay needs its {' and '.join(sorted(missing))}; write both."
        raise Invalid(sentence)
    amount, money = Decimal(str(fields.pop("amount"))), str(fields["currency"])
    fields["amount_minor"] = to_minor(amount, money)
    row = Pay.objects.select_for_update().filter(person=person, since=day).first()
    if row is None:
        Pay(workspace_id=actor.workspace_id, person=person, since=day, **fields).save()
        told = sorted(fields)
    else:
        require_version(row, version)
        told = sorted(apply_changes(actor, row, fields, at))
    if told:
        write_audit(actor, "set_pay", f"pay of {key}", at, since=day.isoformat())
    return next(one for one in pay_of(actor, key) if one.since == day)


@transaction.atomic
def remove_pay(
    actor: Actor, key: str, since: object, at: datetime, *, version: int | None = None
) -> None:
    """Take away what was said of pay from a day on."""
    person = _person(actor, key)
    require_pay(actor)
    day = read_pay_day("day", since)
    row = Pay.objects.select_for_update().filter(person=person, since=day).first()
    if row is None:
        sentence = f"Nothing was said of the pay of '{key}' from {day} on."
        raise NotFound(sentence)
    require_version(row, version)
    delete_dated(actor, row, at)
    write_audit(actor, "remove_pay", f"pay of {key}", at, since=day.isoformat())


@transaction.atomic
def set_rate_card(
    actor: Actor, values: Mapping[str, object], at: datetime, *, version: int | None = None
) -> RateCardFacts:
    """Edit or replace the rate card (CARD_FIELDS); what is not given stays as it is."""
    require(actor, Permission.PROGRAM)
    given = clean(values, CARD_FIELDS)
    fields = _card_fields(rate_card(actor), given)
    row = RateCard.objects.select_for_update().filter(workspace_id=actor.workspace_id).first()
    if row is not None:
        change_row(actor, row, fields, at, "set_rate_card", version)
        return card_facts(row)
    row = RateCard(workspace_id=actor.workspace_id, **fields)
    return card_facts(add_row(actor, row, at, "set_rate_card", **fields))


def _card_fields(held: RateCardFacts, given: Mapping[str, Any]) -> dict[str, object]:
    """Return the whole card as the table keeps it; roles may name levels that it has only."""
    bands: list[PayBand] = given.get("bands", list(held.bands))
    roles: Mapping[str, str] = given.get("roles", held.roles)
    known = {one.id for one in bands}
    if "roles" in given:
        strange = sorted({level for level in roles.values() if level not in known})
        if strange:
            sentence = f"No band is called {', '.join(strange)}; known are {', '.join(known)}."
            raise Invalid(sentence)
    money = str(given.get("currency", held.currency))
    return {
        "bands": kept_bands(bands, money),
        "roles": {role: level for role, level in sorted(roles.items()) if level in known},
        "on_cost_hundredths": int(given.get("on_cost", held.on_cost) * 100),
        "currency": money,
        **{name: given.get(name, getattr(held, name)) for name in ("hours", "year", "source")},
    }


@transaction.atomic
def restore_rate_card(actor: Actor, version: int, at: datetime) -> RateCardFacts:
    """Put the rate card back to an earlier `version`, 0 for the shipped one."""
    require(actor, Permission.PROGRAM)
    if version:
        held_id = RateCard.objects.filter(workspace_id=actor.workspace_id).values("id")
        return card_facts(put_back(actor, RateCard, version, at, id__in=held_id))
    held = default_card(actor.workspace_id)
    return set_rate_card(actor, {name: getattr(held, name) for name in CARD_FIELDS}, at)


def _person(actor: Actor, key: str) -> Person:
    require(actor, Permission.VIEW)
    row = Person.objects.filter(workspace_id=actor.workspace_id, key=key).first()
    if row is None:
        sentence = f"There is nobody '{key}' on the roster."
        raise NotFound(sentence)
    return row
