"""Writing: orders, receipts and invoices; each with its undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from django.http import HttpResponse

from headway.domain.programs.queries import (
    program_named,
    programs_of,
    projects_by_program,
    projects_of,
)
from headway.domain.vendors.actions import (
    approve_invoice,
    change_invoice_state,
    change_order,
    set_invoice,
    set_order,
    set_receipt,
)
from headway.domain.vendors.queries import (
    contracts_of,
    invoice_named,
    order_page,
    orders_of,
    vendor_named,
)
from headway.domain.vendors.rules import InvoiceFacts
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import without
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.vendors.changing import AREA, undo
from headway.interfaces.web.vendors.forms import (
    LINES,
    ChangeForm,
    InvoiceForm,
    OrderForm,
    ReceiptForm,
)


def add_purchase(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Order something."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_order(request.actor, program, "", _given(values), request.now)
        return Done(f"“{made.name}” is ordered: {made.amount:,} {made.currency}.")

    edit = Edit(
        f"Order something for {facts.name}",
        address(request, "vendors"),
        OrderForm,
        save,
        {"state": "open", "category": "annotation", "ordered_on": request.now.date()},
        blame="contract",
        lists=_places(request, program),
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def _places(request: WorkspaceRequest, program: str) -> dict[str, list[str]]:
    facts = program_named(request.actor, program)
    return {
        "edit-contracts": [one.address for one in contracts_of(request.actor)],
        "edit-projects": [one.slug for one in projects_of(request.actor, facts)],
    }


def _given(values: Mapping[str, object]) -> dict[str, object]:
    """Leave out what was not filled where an empty value means: as worked out."""
    return {name: value for name, value in values.items() if value != "" or name in _MAY_CLEAR}


_MAY_CLEAR = frozenset({"project", "unit", "needed_by"})


def edit_purchase(request: WorkspaceRequest, program: str, purchase: str) -> HttpResponse:
    """Change an order; once something came, what it is for changes by a change order."""

    def save(values: dict[str, object], version: int | None) -> Done:
        given = _given(values)
        done = set_order(request.actor, program, purchase, given, request.now, version=version)
        back = undo(request, f"order:{program}/{purchase}", done.version - 1)
        return Done(f"“{done.name}” is changed.", back)

    def load() -> Edit:
        held = order_page(request.actor, program, purchase, request.now).order
        facts = program_named(request.actor, program)
        rows = projects_by_program(request.actor, [facts])[facts.id]
        slugs = {one.id: one.slug for one in rows}
        names = ("name", "category", "unit", "units", "unit_price", "ordered_on", "needed_by")
        fields: dict[str, object] = {name: getattr(held, name) for name in (*names, "state")}
        fields["amount"] = "" if held.is_counted else held.amount
        fields |= {
            "contract": f"{held.vendor}/{held.contract}",
            "project": slugs.get(held.project_id, "") if held.project_id else "",
        }
        return Edit(
            f"Edit “{held.name}”",
            address(request, "purchase", program=program, purchase=purchase),
            OrderForm,
            save,
            fields,
            held.version,
            blame="units",
            lists=_places(request, program),
            area=AREA,
        )

    return edit_page(request, load)


def change_purchase(request: WorkspaceRequest, program: str, purchase: str) -> HttpResponse:
    """Order more or less, with the reason."""
    page = order_page(request.actor, program, purchase, request.now)
    counted = page.order.is_counted

    def save(values: dict[str, object], version: int | None) -> Done:
        done = change_order(
            request.actor, (program, purchase), values, request.now, version=version
        )
        return Done(f"It comes to {done.amount:,} {done.currency} now.")

    edit = Edit(
        f"Change order for “{page.order.name}”",
        address(request, "purchase", program=program, purchase=purchase),
        without(ChangeForm, "amount" if counted else "units"),
        save,
        version=page.order.version,
        blame="units" if counted else "amount",
        button="Order the change",
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def receipt(request: WorkspaceRequest, program: str, purchase: str) -> HttpResponse:
    """Take in what came, or correct what was taken in (`?receipt=key`)."""
    key = request.GET.get("receipt", "")[:60]

    def save(values: dict[str, object], version: int | None) -> Done:
        place = (program, purchase)
        given = _given(values) if not key else values
        done = set_receipt(request.actor, place, key, given, request.now, version=version)
        back = undo(request, f"receipt:{program}/{purchase}/{done.key}", done.version - 1)
        return Done(f"Receipt {done.key} is written down.", back)

    def load() -> Edit:
        page = order_page(request.actor, program, purchase, request.now)
        held = next((one for one in page.receipts if one.key == key), None)
        if key and held is None:
            sentence = f"There is no receipt '{key}' of order {purchase}."
            raise NotFound(sentence)
        gone = ("amount",) if page.order.unit_price is not None else ("delivered", "accepted")
        fields: dict[str, object] = {"received_on": request.now.date()}
        if held is not None:
            fields = {name: getattr(held, name) for name in ReceiptForm.readers}
        return Edit(
            f"{'Correct' if held else 'Take in'} what came for “{page.order.name}”",
            address(request, "purchase", program=program, purchase=purchase),
            without(ReceiptForm, *gone),
            save,
            fields,
            held.version if held else None,
            blame="accepted" if page.order.unit_price is not None else "amount",
            area=AREA,
        )

    return edit_page(request, load)


def add_invoice(request: WorkspaceRequest, vendor: str) -> HttpResponse:
    """Take in an invoice."""
    held = vendor_named(request.actor, vendor)

    def save(values: dict[str, object], _version: int | None) -> Done:
        page = set_invoice(request.actor, vendor, "", invoice_values(values), request.now)
        return Done(f"Invoice {page.invoice.number}: {page.match.result}.")

    edit = Edit(
        f"Take in an invoice of {held.name}",
        address(request, "vendor", vendor=vendor),
        InvoiceForm,
        save,
        {"invoiced_on": request.now.date()},
        blame="number",
        lists={"edit-orders": _orders(request, vendor)},
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def _orders(request: WorkspaceRequest, vendor: str) -> list[str]:
    programs = programs_of(request.actor)
    slugs = {one.id: one.slug for one in programs}
    found = orders_of(request.actor, programs)
    return [
        f"{slugs[home]}/{one.key}" for home, rows in found.items() for one in rows
        if one.vendor == vendor
    ]  # fmt: skip


def invoice_values(values: Mapping[str, object]) -> dict[str, object]:
    """Return the form's values as the action takes them: rows that say something are lines."""
    plain = {name: value for name, value in values.items() if not name[-1].isdigit()}
    lines = []
    for place in range(1, LINES + 1):
        parts = {
            name: values[f"{name}_{place}"]
            for name in ("order", "words", "units", "unit_price", "amount")
        }
        if any(parts.values()):
            lines.append(parts)
    return {**plain, "lines": lines}


def edit_invoice(request: WorkspaceRequest, vendor: str, invoice: str) -> HttpResponse:
    """Change an invoice that is not approved yet."""

    def save(values: dict[str, object], version: int | None) -> Done:
        given = invoice_values(values)
        page = set_invoice(request.actor, vendor, invoice, given, request.now, version=version)
        back = undo(request, page.invoice.subject, page.invoice.version - 1)
        return Done(f"Invoice {page.invoice.number}: {page.match.result}.", back)

    def load() -> Edit:
        held = invoice_named(request.actor, vendor_named(request.actor, vendor), invoice).invoice
        if len(held.lines) > LINES:
            sentence = f"It has {len(held.lines)} lines, more than this form; import it again."
            raise Conflict(sentence)
        return Edit(
            f"Edit invoice {held.number}",
            address(request, "invoice", vendor=vendor, invoice=invoice),
            InvoiceForm,
            save,
            _held_lines(held),
            held.version,
            blame="number",
            lists={"edit-orders": _orders(request, vendor)},
            area=AREA,
        )

    return edit_page(request, load)


def _held_lines(held: InvoiceFacts) -> dict[str, object]:
    fields: dict[str, object] = {name: getattr(held, name) for name in InvoiceForm.readers}
    for place, one in enumerate(held.lines, 1):
        row = asdict(one)
        fields |= {
            f"{name}_{place}": row[name]
            for name in ("order", "words", "units", "unit_price", "amount")
        }
    return fields


def move_invoice(request: WorkspaceRequest, vendor: str, invoice: str) -> HttpResponse:
    """Dispute, reopen, withdraw, approve or pay an invoice."""
    move = request.POST.get("move", "")
    place, version = (vendor, invoice), asked_version(request)
    page = address(request, "invoice", vendor=vendor, invoice=invoice)
    try:
        if move == "approve":
            found = approve_invoice(request.actor, place, request.now, version=version)
        else:
            found = change_invoice_state(
                request.actor, place, move, request.now,
                reason=request.POST.get("reason", ""), version=version,
            )  # fmt: skip
    except Refused as error:
        raise Invalid(str(error)) from error
    sentence = f"Invoice {found.invoice.number} is {found.invoice.state}."
    return leave(request, page, Done(sentence))
