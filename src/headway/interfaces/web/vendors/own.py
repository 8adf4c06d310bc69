"""The pages of a vendor's own people: what is theirs, an order of theirs, sending an invoice."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.vendors.actions import submit_invoice
from headway.domain.vendors.queries import own_order, own_page
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, edit_page
from headway.interfaces.web.vendors.forms import own_invoice_form
from headway.interfaces.web.vendors.ordering import invoice_values
from headway.interfaces.web.vendors.turning import turned


def own(request: WorkspaceRequest) -> HttpResponse:
    """Show a vendor's people their contracts, orders and invoices."""
    page = own_page(request.actor, request.at or request.now, request.at)
    values = {
        "page": page,
        "orders": turned(request, page.orders, "orders"),
        "invoices": turned(request, page.invoices, "invoices"),
        "live": is_live(request),
        "batches": address(request, "own_batches"),
    }
    return render(request, "vendors_web/own.html", values)


def order(request: WorkspaceRequest, own_order_id: UUID) -> HttpResponse:
    """Show one order of theirs with what came."""
    held = own_order(request.actor, own_order_id, request.at)
    return render(request, "vendors_web/own_order.html", {"order": held})


def new_invoice(request: WorkspaceRequest) -> HttpResponse:
    """Take in an invoice of theirs."""
    page = own_page(request.actor, request.now)
    orders = [(str(one.id), one.label) for one in page.orders if one.state != "cancelled"]
    currencies = {one.currency for one in page.orders}

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = submit_invoice(request.actor, invoice_values(values), request.now)
        return Done(f"Invoice {made.number} is received; you see here when it is approved.")

    edit = Edit(
        "Send an invoice",
        address(request, "own_vendor"),
        own_invoice_form(orders),
        save,
        {
            "invoiced_on": request.now.date(),
            "currency": currencies.pop() if len(currencies) == 1 else "",
        },
        blame="number",
        button="Send",
        area=("own_vendor", "Yours"),
    )
    return edit_page(request, lambda: edit)
