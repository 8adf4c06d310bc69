"""Taking in an invoice, disputing it, withdrawing it, noting that it was paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.rules.fields import clean, fresh_key, meant, text, to_minor
from headway.domain.vendors.models import Invoice
from headway.domain.vendors.queries.billing import InvoicePage, match_of, tolerance_of
from headway.domain.vendors.queries.rows import Books, books_of
from headway.domain.vendors.queries.standing import vendor_named
from headway.domain.vendors.rules import INVOICE_FIELDS, VendorFacts
from headway.domain.vendors.rules.invoices import (
    OWED,
    LineDraft,
    plain_number,
    read_lines,
    require_period,
)
from headway.errors import Conflict, Invalid, NotFound

#: From which state an invoice goes where, by the word for it.
_MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "dispute": (("received",), "disputed"),
    "reopen": (("disputed", "withdrawn"), "received"),
    "withdraw": (("received", "disputed"), "withdrawn"),
    "pay": (("approved",), "paid"),
    "unpay": (("paid",), "approved"),
}


@transaction.atomic
def set_invoice(
    actor: Actor,
    vendor: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> InvoicePage:
    """Set the invoice `key` of a vendor; "" takes in a new one, known by its number.

    Fields are INVOICE_FIELDS and `lines`, each with `order` (program/key), `words`, `units`,
    `unit_price`, `amount`. The same paper again changes nothing; another one under a number that
    is taken is refused. What was approved stays as it is.
    """
    require(actor, Permission.PLAN)
    return write_invoice(actor, vendor_named(actor, vendor), key, values, at, version=version)


def write_invoice(
    actor: Actor,
    vendor: VendorFacts,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> InvoicePage:
    """Write an invoice of a vendor, whoever may; the caller has asked for the permission."""
    given = dict(values)
    lines = given.pop("lines", None)
    fields: dict[str, Any] = clean(given, INVOICE_FIELDS)
    rows = Invoice.objects.select_for_update().filter(vendor_id=vendor.id)
    row = rows.filter(key=key).first() if key else rows.filter(number=fields.get("number")).first()
    if key and row is None:
        sentence = f"There is no invoice '{key}' of {vendor.name}."
        raise NotFound(sentence)
    books = books_of(actor.workspace_id, None, [vendor.id])
    currency = str(fields.get("currency", row.currency if row else ""))
    if lines is not None:
        fields |= _lines(books, read_lines(lines, currency or "USD"), currency)
    if "tax" in fields:
        fields["tax_minor"] = to_minor(Decimal(str(fields.pop("tax") or 0)), currency or "USD")
    if row is None:
        row = _new(actor, vendor, fields, at)
    else:
        _change(actor, row, fields, at, (version, bool(key)))
    require_period(row.period_start, row.period_end)
    return _page(actor, vendor, row)


def _lines(books: Books, lines: list[LineDraft], currency: str) -> dict[str, object]:
    """Return the lines of an invoice as they are kept, and what they come to."""
    known = {
        f"{books.homes.get(one.program_id, '')}/{one.key}": one for one in books.orders.values()
    }
    kept = []
    for line in lines:
        if line.order and line.order not in known:
            hint = meant(line.order, known)
            sentence = f"There is no order '{line.order}' with this vendor{hint or '.'}"
            raise Invalid(sentence)
        kept.append(
            {
                "order": str(known[line.order].id) if line.order else "",
                "words": line.words,
                "units": line.units,
                "unit_price": None if line.unit_price is None else str(line.unit_price),
                "amount_minor": to_minor(line.amount, currency or "USD"),
            }
        )
    return {"lines": kept, "net_minor": sum(int(str(one["amount_minor"])) for one in kept)}


def _new(actor: Actor, vendor: VendorFacts, fields: dict[str, Any], at: datetime) -> Invoice:
    for name in ("number", "currency", "lines"):
        if not fields.get(name):
            sentence = f"A new invoice needs its {name}."
            raise Invalid(sentence)
    day = at.date()
    invoiced = fields.get("invoiced_on", day)
    start = {"invoiced_on": day, "period_start": invoiced, "period_end": invoiced}
    known = Invoice.objects.filter(vendor_id=vendor.id).values_list("key", flat=True)
    row = Invoice(
        workspace_id=actor.workspace_id,
        vendor_id=vendor.id,
        key=fresh_key(fields["number"], known),
        submitted_by=actor.label,
        **(start | fields),
    )
    return add_row(actor, row, at, "set_invoice", vendor=vendor.key, **fields)


def _change(
    actor: Actor, row: Invoice, fields: dict[str, Any], at: datetime, how: tuple[int | None, bool]
) -> None:
    """Change an invoice that is not approved; a paper that came twice has to be the same."""
    version, is_named = how
    differs = [name for name, value in fields.items() if getattr(row, name) != value]
    if not differs:
        return
    if not is_named:
        sentence = (
            f"Invoice {row.number} came on {row.invoiced_on} already and differs in "
            f"{', '.join(name.removesuffix('_minor').replace('_', ' ') for name in differs)}; "
            "a number is used once."
        )
        raise Conflict(sentence)
    if row.state in OWED:
        sentence = f"Invoice {row.number} is {row.state}; what was approved stays as it is."
        raise Conflict(sentence)
    change_row(actor, row, fields, at, "set_invoice", version)


def _page(actor: Actor, vendor: VendorFacts, row: Invoice) -> InvoicePage:
    books = books_of(actor.workspace_id, None, [vendor.id])
    invoice = books.invoices[row.id]
    return InvoicePage(invoice, match_of(books, invoice, tolerance_of(actor.workspace_id)))


@transaction.atomic
def change_invoice_state(
    actor: Actor,
    place: tuple[str, str],
    move: str,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
) -> InvoicePage:
    """Move the invoice at `place` (vendor, key): dispute, reopen, withdraw, pay, unpay.

    To dispute or withdraw takes a reason. It is approved by answering for finance, not here.
    """
    require(actor, Permission.PROGRAM)
    vendor = vendor_named(actor, place[0])
    row = locked_invoice(vendor, place[1])
    if move not in _MOVES:
        sentence = f"An invoice cannot '{move}'; known are: {', '.join(_MOVES)}."
        raise Invalid(sentence)
    before, after = _MOVES[move]
    if row.state not in before:
        sentence = f"Invoice {row.number} is {row.state}; to {move} it, it has to be {before[0]}."
        raise Conflict(sentence)
    fields: dict[str, object] = {"state": after}
    if move in ("dispute", "withdraw"):
        fields["reason"] = text(2_000, required=True)("reason", reason)
    if move == "reopen":
        fields["reason"] = ""
        _require_free(row)
    if move in ("pay", "unpay"):
        fields["paid_on"] = at.date() if move == "pay" else None
    change_row(actor, row, fields, at, f"{move}_invoice", version)
    return _page(actor, vendor, row)


def _require_free(row: Invoice) -> None:
    """Raise Conflict where another invoice took the number of one that was withdrawn."""
    others = Invoice.objects.filter(vendor_id=row.vendor_id).exclude(id=row.id)
    for other in others.exclude(state="withdrawn"):
        if plain_number(other.number) == plain_number(row.number) and row.state == "withdrawn":
            sentence = f"Invoice {other.number} took its place; withdraw that one first."
            raise Conflict(sentence)


def locked_invoice(vendor: VendorFacts, key: str) -> Invoice:
    """Return the invoice of a vendor, locked; NotFound where there is none."""
    row = Invoice.objects.select_for_update().filter(vendor_id=vendor.id, key=key).first()
    if row is None:
        sentence = f"There is no invoice '{key}' of {vendor.name}."
        raise NotFound(sentence)
    return row


@transaction.atomic
def restore_invoice(actor: Actor, vendor: str, key: str, version: int, at: datetime) -> InvoicePage:
    """Put an invoice back to its earlier `version`, unless it was approved since or before."""
    require(actor, Permission.PLAN)
    parent = vendor_named(actor, vendor)
    held = locked_invoice(parent, key)
    if held.state in OWED:
        sentence = f"Invoice {held.number} is {held.state}; what was approved stays as it is."
        raise Conflict(sentence)
    row = put_back(actor, Invoice, version, at, vendor_id=parent.id, key=key)
    if row.state in OWED:
        sentence = f"Invoice {row.number} is approved by answering for it, not by going back."
        raise Conflict(sentence)
    return _page(actor, parent, row)
