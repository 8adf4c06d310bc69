"""Ordering, changing an order, and taking in what came for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import (
    add_row,
    change_row,
    drop_row,
    put_back,
    require_version,
)
from headway.domain.programs.queries import program_named, project_within
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import (
    LARGEST_AMOUNT,
    clean,
    decimal,
    fresh_key,
    number,
    text,
    to_minor,
)
from headway.domain.programs.rules.fields import slug as read_slug
from headway.domain.vendors.models import ChangeOrder, PurchaseOrder, Receipt
from headway.domain.vendors.queries.rows import order_facts, receipt_facts
from headway.domain.vendors.queries.standing import contract_named, contracts_of, order_named
from headway.domain.vendors.rules import (
    ORDER_FIELDS,
    RECEIPT_FIELDS,
    ContractFacts,
    OrderFacts,
    ReceiptFacts,
)
from headway.domain.vendors.rules.contracts import why_no_order
from headway.domain.vendors.rules.facts import from_micros, to_micros
from headway.domain.vendors.rules.orders import amount_of, require_receipt
from headway.errors import Conflict, Invalid, NotFound

_ORDERED = ("units", "unit_price", "amount")


@transaction.atomic
def set_order(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> OrderFacts:
    """Set the purchase order `key` of a program from `values`; "" makes a new one.

    Fields are ORDER_FIELDS, `contract` (vendor/key) and `project` (its address). A new one needs
    its contract, its name, and units with their price, or an amount. What an order is for changes
    by `change_order` once something came or was billed for it. Raises Conflict for a new one under
    a contract that is over.
    """
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    fields, contract = _read(actor, parent, values)
    rows = PurchaseOrder.objects.select_for_update().filter(program_id=parent.id)
    if not key:
        key = fresh_key(str(fields.get("name", "")), rows.values_list("key", flat=True))
    row = rows.filter(key=read_slug("key", key)).first()
    if row is None:
        return _new(actor, parent, (key, contract), fields, at)
    held = _contract(actor, row)
    if contract is not None and contract.id != held.id:
        sentence = f"Order {row.key} is under {held.address}; cancel it and order anew."
        raise Conflict(sentence)
    _work_out(row, fields, held)
    change_row(actor, row, fields, at, "set_order", version)
    return order_facts(row, held)


def _read(
    actor: Actor, program: ProgramFacts, values: Mapping[str, object]
) -> tuple[dict[str, Any], ContractFacts | None]:
    given = dict(values)
    placed: dict[str, Any] = {}
    contract = None
    if "project" in given:
        slug = str(given.pop("project") or "")
        placed["project_id"] = project_within(actor, program, slug).id if slug else None
    if given.get("contract"):
        vendor, _, name = str(given["contract"]).partition("/")
        contract = contract_named(actor, vendor, name)
    given.pop("contract", None)
    return {**clean(given, ORDER_FIELDS), **placed}, contract


def _contract(actor: Actor, row: PurchaseOrder) -> ContractFacts:
    return next(one for one in contracts_of(actor) if one.id == row.contract_id)


def _new(
    actor: Actor,
    program: ProgramFacts,
    place: tuple[str, ContractFacts | None],
    fields: dict[str, Any],
    at: datetime,
) -> OrderFacts:
    key, contract = place
    if contract is None or not fields.get("name"):
        sentence = f"The order '{key}' is new and needs its name and its contract, as vendor/key."
        raise Invalid(sentence)
    row = PurchaseOrder(
        workspace_id=actor.workspace_id,
        program_id=program.id,
        contract_id=contract.id,
        key=key,
        ordered_on=at.date(),
    )
    _work_out(row, fields, contract)
    for name, value in fields.items():
        setattr(row, name, value)
    if reason := why_no_order(contract, row.ordered_on):
        raise Conflict(reason)
    add_row(actor, row, at, "set_order", program=program.slug, **fields)
    return order_facts(row, contract)


def _work_out(row: PurchaseOrder, fields: dict[str, Any], contract: ContractFacts) -> None:
    """Turn units, price and amount into what is kept. Raises Conflict where receipts rest on it."""
    asked = {name: fields.pop(name) for name in _ORDERED if name in fields}
    if not asked:
        if row._state.adding:
            amount_of(None, None, None, contract.currency)  # refuses: nothing was said
        return
    units = asked.get("units", row.units)
    price = asked.get("unit_price", from_micros(row.unit_price_micros))
    amount = amount_of(units, price, asked.get("amount"), contract.currency)
    minor = to_minor(amount, contract.currency)
    worked = {"units": units, "unit_price_micros": to_micros(price), "amount_minor": minor}
    moved = not row._state.adding and any(
        getattr(row, name) != value for name, value in worked.items()
    )
    if moved and (row.receipts.exists() or _is_billed(row)):
        sentence = f"Something came or was billed for {row.key}; write a change order instead."
        raise Conflict(sentence)
    fields |= worked


def _is_billed(row: PurchaseOrder) -> bool:
    invoices = row.contract.vendor.invoices.exclude(state="withdrawn").values_list("lines")
    return any(line["order"] == str(row.id) for (lines,) in invoices for line in lines)


@transaction.atomic
def change_order(
    actor: Actor,
    place: tuple[str, str],
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> OrderFacts:
    """Order more or less at `place` (program, key): `units` or `amount` to add, and the `reason`.

    Of an order by units the amount follows from its price. Raises Conflict for an order that is
    closed, Invalid where less than nothing would be left.
    """
    require(actor, Permission.PROGRAM)
    held = order_named(actor, program_named(actor, place[0]), place[1])
    row = PurchaseOrder.objects.select_for_update().get(id=held.id)
    require_version(row, version)
    if row.state in ("closed", "cancelled"):
        sentence = f"Order {row.key} is {row.state}; order anew."
        raise Conflict(sentence)
    reason = str(text(2_000, required=True)("reason", values.get("reason")))
    units, amount = _more(held, values)
    left = held.amount + amount
    if left < 0 or (units is not None and (held.units or 0) + units < 0):
        sentence = f"Less than 0 would be left of the {held.amount:,} of {row.key}."
        raise Invalid(sentence)
    last = row.changes.aggregate(last=Max("number"))["last"] or 0
    change = ChangeOrder(
        workspace_id=actor.workspace_id,
        order=row,
        number=last + 1,
        units=units,
        amount_minor=to_minor(amount, held.currency),
        reason=reason,
        at=at,
        by=actor.label,
    )
    change.save(force_insert=True)
    fields: dict[str, object] = {"amount_minor": to_minor(left, held.currency)}
    if units is not None:
        fields["units"] = (held.units or 0) + units
    change_row(actor, row, fields, at, "change_order")
    return order_facts(row, _contract(actor, row))


def _more(held: OrderFacts, values: Mapping[str, object]) -> tuple[float | None, Decimal]:
    """Return by how many units and how much money an order changes."""
    if held.is_counted and held.units is not None:
        units = number(-1e12, 1e12, required=True)("units", values.get("units"))
        more = float(str(units))
        whole = amount_of(max(held.units + more, 0.0), held.unit_price, None, held.currency)
        if held.units + more < 0:
            return more, -held.amount - 1
        return more, whole - held.amount
    amount = decimal("amount", values.get("amount"))
    if abs(amount) > LARGEST_AMOUNT:
        sentence = f"The amount {amount:.4g} is larger than any order; check it."
        raise Invalid(sentence)
    return None, amount


@transaction.atomic
def restore_order(actor: Actor, program: str, key: str, version: int, at: datetime) -> OrderFacts:
    """Put an order back to its earlier `version`. Change orders stay: they are taken back by one.

    Raises Conflict where the amount would change though something came or was billed.
    """
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    held = order_named(actor, parent, key)
    before = PurchaseOrder.objects.select_for_update().get(id=held.id)
    rests = before.receipts.exists() or before.changes.exists() or _is_billed(before)
    row = put_back(actor, PurchaseOrder, version, at, program_id=parent.id, key=key)
    if rests and row.amount_minor != before.amount_minor:
        sentence = f"Something rests on what {key} comes to: write a change order instead."
        raise Conflict(sentence)
    return order_facts(row, _contract(actor, row))


@transaction.atomic
def set_receipt(
    actor: Actor,
    place: tuple[str, str],
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ReceiptFacts:
    """Set the receipt `key` of the order at `place` (program, key); "" makes a new one.

    `values` are RECEIPT_FIELDS: what was delivered, and accepted once that is judged. An order
    without a price of a unit takes what the delivery is worth (`amount`).
    """
    require(actor, Permission.PLAN)
    order = order_named(actor, program_named(actor, place[0]), place[1])
    if order.state == "cancelled":
        sentence = f"Order {order.key} was cancelled; nothing is taken in for it."
        raise Conflict(sentence)
    fields = clean(values, RECEIPT_FIELDS)
    if "amount" in fields:
        amount = fields.pop("amount")
        minor = None if amount is None else to_minor(Decimal(str(amount)), order.currency)
        fields["amount_minor"] = minor
    rows = Receipt.objects.select_for_update().filter(order_id=order.id)
    if not key:
        known = set(rows.values_list("key", flat=True))
        key = next(one for one in (f"r{n}" for n in range(1, len(known) + 2)) if one not in known)
    row = rows.filter(key=read_slug("key", key)).first()
    if row is None:
        start: dict[str, Any] = {"received_on": at.date(), "taken_by": actor.label}
        row = Receipt(
            workspace_id=actor.workspace_id, order_id=order.id, key=key, **(start | fields)
        )
        _check(row, order)
        add_row(actor, row, at, "set_receipt", order=order.key, **fields)
    else:
        change_row(actor, row, fields, at, "set_receipt", version)
        _check(row, order)
    return receipt_facts(row, order)


def _check(row: Receipt, order: OrderFacts) -> None:
    amount = None if row.amount_minor is None else Decimal(row.amount_minor)
    counted = order.unit_price is not None
    require_receipt(row.delivered, row.accepted, amount, counted=counted)


@transaction.atomic
def restore_receipt(
    actor: Actor, place: tuple[str, str], key: str, version: int, at: datetime
) -> ReceiptFacts:
    """Put a receipt back to its earlier `version`, or bring one back that was removed."""
    require(actor, Permission.PLAN)
    order = order_named(actor, program_named(actor, place[0]), place[1])
    row = put_back(actor, Receipt, version, at, order_id=order.id, key=key)
    return receipt_facts(row, order)


@transaction.atomic
def remove_receipt(
    actor: Actor, place: tuple[str, str], key: str, at: datetime, *, version: int | None = None
) -> None:
    """Take a receipt away that should not have been written; `restore_receipt` brings it back."""
    require(actor, Permission.PLAN)
    order = order_named(actor, program_named(actor, place[0]), place[1])
    row = Receipt.objects.select_for_update().filter(order_id=order.id, key=key).first()
    if row is None:
        sentence = f"There is no receipt '{key}' of order {order.key}."
        raise NotFound(sentence)
    drop_row(actor, row, at, "remove_receipt", version, order=order.key, delivered=row.delivered)
