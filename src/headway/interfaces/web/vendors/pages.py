"""Pages that read: all vendors, one of them, a contract, an order, an invoice, what waits."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.queries import members_page
from headway.domain.accounts.rules import Role
from headway.domain.annotation.queries import vendor_quality
from headway.domain.people.queries import names_of
from headway.domain.programs.queries import program_named, programs_of
from headway.domain.vendors.queries import (
    approving_of,
    invoice_costs,
    invoice_named,
    order_page,
    vendor_approvals_waiting,
    vendor_named,
    vendor_page,
    vendor_queue_times,
    vendor_records,
    vendor_rules,
    vendors_page,
)
from headway.domain.vendors.queries.desk import VendorsPage
from headway.errors import NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.rendering import phrases

#: Sort of thing → its page's route, and what its place is called there.
_PAGES = {
    "contract": ("contract", ("vendor", "contract")),
    "order": ("purchase", ("program", "purchase")),
    "invoice": ("invoice", ("vendor", "invoice")),
}


def page_of(request: WorkspaceRequest, subject: str) -> str:
    """Return the page of what a subject names (contract:…, order:…, invoice:…); empty for none."""
    sort, _, place = subject.partition(":")
    if sort not in _PAGES:
        return ""
    name, parts = _PAGES[sort]
    first, _, second = place.partition("/")
    return address(request, name, **dict(zip(parts, (first, second), strict=True)))


def tabs(request: WorkspaceRequest) -> Sequence[tuple[str, str]]:
    """Return the tabs of the pages across vendors, as (label, address)."""
    names = (
        ("Vendors", "vendors"),
        ("Approvals", "vendor_approvals"),
        ("Comparison", "vendor_comparison"),
        ("Annotation", "annotation"),
    )
    found = [(label, address(request, name)) for label, name in names]
    return [one for one in found if one[1]]


def vendors(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: what waits and what lapses next; then each vendor."""
    at = request.at or request.now
    page = vendors_page(request.actor, at, request.at)
    values = {
        "page": page,
        "names": names_of(request.actor),
        "said": _said(page),
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "vendors_web/vendors.html", values)


def _said(page: VendorsPage) -> str:
    """Say what waits, what does not match, and what lapses next: one sentence."""
    if not page.lines:
        return "No vendor is written down yet."
    mine = sum(one.is_mine for one in page.waiting)
    parts = []
    if page.waiting:
        yours = f", {mine} for you" if mine else ""
        verb = "waits" if len(page.waiting) == 1 else "wait"
        parts.append(f"{phrases.quantity(len(page.waiting), 'approval')} {verb}{yours}")
    wrong = sum(not one.match.is_clean for one in page.open_invoices)
    if wrong:
        verb = "does" if wrong == 1 else "do"
        parts.append(f"{phrases.quantity(wrong, 'invoice')} {verb} not match")
    said = "; ".join(parts) or "Nothing waits"
    next_ = ""
    if page.lapses:
        first = page.lapses[0]
        what = f"{first.what[0].lower()}{first.what[1:]}"
        when = phrases.quantity(first.days, "day") if first.days else "today"
        next_ = f" Next: {what} of {first.contract.vendor_name}, "
        next_ += f"{phrases.day(first.day)} ({when})."
    return f"{said}.{next_}"


def vendor(request: WorkspaceRequest, vendor: str) -> HttpResponse:
    """Show one vendor: contracts with their evidence, orders, invoices, and how it did."""
    page = vendor_page(request.actor, vendor, request.at or request.now, request.at)
    names = names_of(request.actor)
    values = {
        "page": page,
        "vendor": page.vendor,
        "owner": names.get(page.vendor.owner, page.vendor.owner),
        "worrying": [one for one, _ in page.contracts if one.is_worrying],
        "committed": [one for one, _ in page.commitments if one.committed],
        "live": is_live(request),
        "free": _free_people(request, [one for one, _ in page.members]),
    }
    return render(request, "vendors_web/vendor.html", values)


def _free_people(request: WorkspaceRequest, tied: Sequence[object]) -> Sequence[tuple[str, str]]:
    """Return the members of the role vendor who work for nobody of these yet, to be chosen."""
    members = members_page(request.actor, request.now).members
    return [
        (str(one.id), one.name or one.email)
        for one in members
        if one.role == Role.VENDOR and one.id not in tied
    ]


def contract(request: WorkspaceRequest, vendor: str, contract: str) -> HttpResponse:
    """Show one contract: how it stands, its evidence, its promises, its approvals, its orders."""
    at = request.at or request.now
    page = vendor_page(request.actor, vendor, at, request.at)
    found = next((one for one in page.contracts if one[0].contract.key == contract), None)
    if found is None:
        sentence = f"There is no contract '{contract}' with {page.vendor.name}."
        raise NotFound(sentence)
    standing, evidence = found
    held = standing.contract
    values = {
        "vendor": page.vendor,
        "standing": standing,
        "contract": held,
        "evidence": evidence,
        "approving": approving_of(request.actor, held.subject, at, request.at),
        "rows": [one for one in page.commitments if one[0].order.contract_id == held.id],
        "credits": [one for one in page.credits if one.order.contract_id == held.id],
        "ordering": [(one.slug, one.name) for one in programs_of(request.actor)],
        "live": is_live(request),
    }
    return render(request, "vendors_web/contract.html", values)


def purchase(request: WorkspaceRequest, program: str, purchase: str) -> HttpResponse:
    """Show one order: what is left of it, what came, its invoices and how they match."""
    at = request.at or request.now
    page = order_page(request.actor, program, purchase, request.at)
    subject = f"order:{program}/{purchase}"
    values = {
        "page": page,
        "order": page.order,
        "program": program_named(request.actor, program, request.at),
        "approving": approving_of(request.actor, subject, at, request.at),
        "live": is_live(request),
    }
    return render(request, "vendors_web/purchase.html", values)


def invoice(request: WorkspaceRequest, vendor: str, invoice: str) -> HttpResponse:
    """Show one invoice: whether it matches, line by line, who approved it, and what it cost."""
    at = request.at or request.now
    held = vendor_named(request.actor, vendor, request.at)
    page = invoice_named(request.actor, held, invoice, request.at)
    costs = invoice_costs(request.actor, [page.invoice.id]).get(page.invoice.id, ())
    values = {
        "vendor": held,
        "page": page,
        "invoice": page.invoice,
        "approving": approving_of(request.actor, page.invoice.subject, at, request.at),
        "costs": costs if page.invoice.state in ("approved", "paid") else (),
        "live": is_live(request),
    }
    return render(request, "vendors_web/invoice.html", values)


def approvals(request: WorkspaceRequest) -> HttpResponse:
    """Answer what waits for the reader, then list what waits for others, and how long it takes."""
    at = request.at or request.now
    waiting = vendor_approvals_waiting(request.actor, at, request.at)
    rows = [(one, page_of(request, one.ask.subject)) for one in waiting]
    values = {
        "mine": [row for row in rows if row[0].is_mine],
        "others": [row for row in rows if not row[0].is_mine],
        "times": vendor_queue_times(request.actor, at),
        "rules": vendor_rules(request.actor),
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "vendors_web/approvals.html", values)


def comparison(request: WorkspaceRequest) -> HttpResponse:
    """Hold vendors side by side: quality, speed, cost."""
    labels = {one.vendor_id: one for one in vendor_quality(request.actor, request.at)}
    rows = [
        (vendor, record, labels.get(vendor.id))
        for vendor, record in vendor_records(request.actor, request.at)
    ]
    known = [row for row in rows if row[1].receipts or row[1].invoices or row[2]]
    values = {
        "rows": known,
        "silent": len(rows) - len(known),
        "labels": bool(labels),
        "tabs": tabs(request),
    }
    return render(request, "vendors_web/comparison.html", values)
