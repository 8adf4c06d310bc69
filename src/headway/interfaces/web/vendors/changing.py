"""Writing: vendors, contracts, orders, receipts, invoices; each with its undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import urlencode

from django.http import HttpResponse

from headway.domain.people.queries import names_of
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
    record_review,
    restore_contract,
    restore_invoice,
    restore_order,
    restore_receipt,
    restore_vendor,
    set_contract,
    set_invoice,
    set_order,
    set_receipt,
    set_vendor,
)
from headway.domain.vendors.queries import (
    contract_named,
    contracts_of,
    invoice_named,
    order_page,
    orders_of,
    vendor_named,
)
from headway.domain.vendors.rules import ContractFacts, InvoiceFacts
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import without
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.vendors.forms import (
    DOCUMENTS,
    LINES,
    PROMISES,
    ChangeForm,
    ContractForm,
    InvoiceForm,
    OrderForm,
    ReceiptForm,
    ReviewForm,
    VendorForm,
)

#: Where the crumbs of these forms begin.
AREA = ("vendors", "Vendors")


def undo(request: WorkspaceRequest, what: str, version: int) -> str:
    """Return the address that puts a thing back to an earlier version; empty for a new one."""
    if version < 1:
        return ""
    query = urlencode({"what": what, "version": version})
    return f"{address(request, 'restore_vendor_thing')}?{query}"


def restore(request: WorkspaceRequest) -> HttpResponse:
    """Put a vendor, a contract, an order, a receipt or an invoice back to an earlier version."""
    sort, _, place = request.GET.get("what", "").partition(":")
    text = request.GET.get("version", "")
    parts = place.split("/")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    actor, now = request.actor, request.now
    match (sort, *parts):
        case ("vendor", key):
            restore_vendor(actor, key, version, now)
        case ("contract", vendor, key):
            restore_contract(actor, vendor, key, version, now)
        case ("order", program, key):
            restore_order(actor, program, key, version, now)
        case ("receipt", program, key, receipt):
            restore_receipt(actor, (program, key), receipt, version, now)
        case ("invoice", vendor, key):
            restore_invoice(actor, vendor, key, version, now)
        case _:
            sentence = "There is nothing of this sort to put back."
            raise NotFound(sentence)
    return leave(request, address(request, "vendors"), Done("It is as it was before."))


def add_vendor(request: WorkspaceRequest) -> HttpResponse:
    """Write a vendor down."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_vendor(request.actor, "", values, request.now)
        return Done(f"{made.name} is written down; now its contract.")

    lists = {"edit-people": sorted(names_of(request.actor))}
    start = {"kind": "annotation"}
    page = address(request, "vendors")
    edit = Edit("Add a vendor", page, VendorForm, save, start, blame="name", lists=lists, area=AREA)
    return edit_page(request, lambda: edit)


def edit_vendor(request: WorkspaceRequest, vendor: str) -> HttpResponse:
    """Change what is written down of a vendor."""

    def save(values: dict[str, object], version: int | None) -> Done:
        done = set_vendor(request.actor, vendor, values, request.now, version=version)
        return Done(f"{done.name} is changed.", undo(request, f"vendor:{vendor}", done.version - 1))

    def load() -> Edit:
        held = vendor_named(request.actor, vendor)
        fields = {name: getattr(held, name) for name in ("name", "kind", "owner", "note")}
        lists = {"edit-people": sorted(names_of(request.actor))}
        page = address(request, "vendor", vendor=vendor)
        return Edit(
            f"Edit {held.name}", page, VendorForm, save, fields, held.version, lists=lists,
            blame="name", area=AREA,
        )  # fmt: skip

    return edit_page(request, load)


def add_contract(request: WorkspaceRequest, vendor: str) -> HttpResponse:
    """Write a contract with a vendor down."""
    held = vendor_named(request.actor, vendor)

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_contract(request.actor, vendor, "", _terms(values), request.now)
        return Done(f"“{made.name}” is written down.")

    edit = Edit(
        f"Add a contract with {held.name}",
        address(request, "vendor", vendor=vendor),
        ContractForm,
        save,
        {"state": "draft", "renewal": "none"},
        blame="name",
        lists={"edit-programs": [one.slug for one in programs_of(request.actor)]},
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def edit_contract(request: WorkspaceRequest, vendor: str, contract: str) -> HttpResponse:
    """Change the terms of a contract; approvals that rest on them fall away."""

    def save(values: dict[str, object], version: int | None) -> Done:
        terms = _terms(values)
        done = set_contract(request.actor, vendor, contract, terms, request.now, version=version)
        back = undo(request, done.subject, done.version - 1)
        return Done(f"“{done.name}” is changed.", back)

    def load() -> Edit:
        held = contract_named(request.actor, vendor, contract)
        programs = {one.id: one.slug for one in programs_of(request.actor)}
        home = programs.get(held.program_id, "") if held.program_id else ""
        return Edit(
            f"Edit “{held.name}”",
            address(request, "contract", vendor=vendor, contract=contract),
            ContractForm,
            save,
            _held_terms(held) | {"program": home},
            held.version,
            blame="name",
            lists={"edit-programs": sorted(programs.values())},
            area=AREA,
        )

    return edit_page(request, load)


def _held_terms(held: ContractFacts) -> dict[str, object]:
    names = ("name", "state", "starts", "ends", "renewal", "notice_days", "currency", "cap")
    fields: dict[str, object] = {name: getattr(held, name) for name in names}
    fields |= {"tax_is_cost": held.tax_is_cost, "wanted": ", ".join(held.wanted)}
    for place, term in enumerate(held.sla[:PROMISES], 1):
        for name in ("metric", "bound", "credit", "most"):
            fields[f"{name}_{place}"] = getattr(term, name)
    for place, (name, url) in enumerate(held.documents[:DOCUMENTS], 1):
        fields |= {f"document_{place}": name, f"url_{place}": url}
    return fields


def _terms(values: Mapping[str, object]) -> dict[str, object]:
    """Return the form's values as the action takes them: promises and documents as lists."""
    plain = {name: value for name, value in values.items() if not name[-1].isdigit()}
    sla = [
        {
            "metric": values[f"metric_{place}"],
            "bound": values[f"bound_{place}"],
            "credit": values[f"credit_{place}"],
            "most": values[f"most_{place}"] or 1.0,
        }
        for place in range(1, PROMISES + 1)
        if values[f"metric_{place}"]
    ]
    documents = [
        {"name": values[f"document_{place}"], "url": values[f"url_{place}"]}
        for place in range(1, DOCUMENTS + 1)
        if values[f"url_{place}"]
    ]
    return {**plain, "sla": sla, "documents": documents}


def review(request: WorkspaceRequest, vendor: str, contract: str) -> HttpResponse:
    """Record what was looked at of a contract; its verdict follows from the record."""
    page = address(request, "contract", vendor=vendor, contract=contract)
    held = contract_named(request.actor, vendor, contract)

    def save(values: dict[str, object], _version: int | None) -> Done:
        item = str(values.pop("item"))
        number = record_review(request.actor, (vendor, contract), item, values, request.now)
        return Done(f"It is record {number}.")

    edit = Edit(
        f"Record a review of “{held.name}”",
        page,
        ReviewForm,
        save,
        {"answer": "met", "item": held.wanted[0] if len(held.wanted) == 1 else ""},
        blame="link",
        button="Record",
        lists={"edit-wanted": list(held.wanted) or ["dpa", "security-review"]},
        area=AREA,
    )
    return edit_page(request, lambda: edit)


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
        held = order_page(request.actor, program, purchase).order
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
    page = order_page(request.actor, program, purchase)
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
        page = order_page(request.actor, program, purchase)
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
