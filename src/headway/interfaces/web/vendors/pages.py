"""Pages that read: all vendors, one of them, a contract, an order, an invoice, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.queries import members_page
from headway.domain.accounts.rules import Role
from headway.domain.annotation.queries import vendor_quality
from headway.domain.people.queries import names_of
from headway.domain.programs.queries import program_named, programs_of
from headway.domain.progress.queries import HeldUp, held_up
from headway.domain.vendors.queries import (
    approving_of,
    contract_page,
    invoice_costs,
    invoice_page,
    order_page,
    trading_vendors,
    vendor_approvals_waiting,
    vendor_page,
    vendor_queue_times,
    vendor_records,
    vendor_rules,
    vendors_page,
)
from headway.domain.vendors.queries.listing import VendorsPage
from headway.domain.vendors.rules import CATEGORIES
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.vendors.turning import BESIDE, turned
from headway.rendering import phrases

#: Vendors beside each other on a page: of each, everything is read that it ever delivered.
COMPARED = 50

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
        "said": _said(page),
        "lapses": turned(request, page.lapses, "lapses", BESIDE),
        "invoices": turned(request, page.open_invoices, "invoices", BESIDE),
        "lines": turned(request, page.lines),
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "vendors_web/vendors.html", values)


def _said(page: VendorsPage) -> str:
    """Say what waits, what does not match, and what lapses next: one sentence."""
    if not page.lines:
        return "No vendor is written down yet."
    waiting = page.waiting
    parts = []
    if waiting.all:
        yours = f", {waiting.mine} for you" if waiting.mine else ""
        verb = "waits" if waiting.all == 1 else "wait"
        parts.append(f"{phrases.quantity(waiting.all, 'approval')} {verb}{yours}")
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
        "orders": turned(request, page.commitments, "orders", BESIDE),
        "invoices": turned(request, page.invoices, "invoices", BESIDE),
        "credits": turned(request, page.credits, "credits", BESIDE),
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
    page = contract_page(request.actor, vendor, contract, at, request.at)
    held = page.standing.contract
    approving = approving_of(request.actor, held.subject, at, request.at, books=page.books)
    values = {
        "vendor": page.vendor,
        "standing": page.standing,
        "contract": held,
        "evidence": page.evidence,
        "gap": page.gap,
        "approving": approving,
        "held": _held(request, held.subject),
        "orders": turned(request, page.commitments, "orders"),
        "credits": turned(request, page.credits, "credits", BESIDE),
        "ordering": [(one.slug, one.name) for one in programs_of(request.actor)],
        "live": is_live(request),
    }
    return render(request, "vendors_web/contract.html", values)


def purchase(request: WorkspaceRequest, program: str, purchase: str) -> HttpResponse:
    """Show one order: what is left of it, what came, its invoices and how they match."""
    at = request.at or request.now
    page = order_page(request.actor, program, purchase, at, request.at)
    subject = f"order:{program}/{purchase}"
    values = {
        "page": page,
        "order": page.order,
        "gap": page.gap,
        "program": program_named(request.actor, program, request.at),
        "approving": approving_of(request.actor, subject, at, request.at, books=page.books),
        "held": _held(request, subject),
        "live": is_live(request),
    }
    return render(request, "vendors_web/purchase.html", values)


def invoice(request: WorkspaceRequest, vendor: str, invoice: str) -> HttpResponse:
    """Show one invoice: whether it matches, line by line, who approved it, and what it cost."""
    at = request.at or request.now
    page, books = invoice_page(request.actor, vendor, invoice, request.at)
    approving = approving_of(request.actor, page.invoice.subject, at, request.at, books=books)
    costs = invoice_costs(request.actor, [page.invoice.id]).get(page.invoice.id, ())
    values = {
        "vendor": books.vendors[page.invoice.vendor_id],
        "page": page,
        "invoice": page.invoice,
        "approving": approving,
        "held": _held(request, page.invoice.subject),
        "costs": costs if page.invoice.state in ("approved", "paid") else (),
        "live": is_live(request),
    }
    return render(request, "vendors_web/invoice.html", values)


def approvals(request: WorkspaceRequest) -> HttpResponse:
    """Answer what waits for the reader, then list what waits for others, and how long it takes."""
    at = request.at or request.now
    waiting = vendor_approvals_waiting(request.actor, at, request.at)
    parts = {
        name: turned(request, [one for one in waiting if one.is_mine is mine], name)
        for name, mine in (("mine", True), ("others", False))
    }
    hrefs = {
        name: [(one, page_of(request, one.ask.subject)) for one in part.rows]
        for name, part in parts.items()
    }
    values = {
        "parts": parts,
        "mine": hrefs["mine"],
        "others": hrefs["others"],
        "held": _held(request),
        "times": vendor_queue_times(request.actor, at),
        "rules": vendor_rules(request.actor),
        "live": is_live(request),
        "tabs": tabs(request),
    }
    return render(request, "vendors_web/approvals.html", values)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """An item that waits for approvals, with its page, what is approved, and taking over."""

    held: HeldUp
    page: str
    subject: str
    take: str


def _held(request: WorkspaceRequest, subject: str = "") -> Sequence[HeldLine]:
    """Return the work that waits for approvals, or for those of one `subject`."""
    at, only = request.at or request.now, [subject] if subject else None
    found = []
    for rows in held_up(request.actor, at, request.at, only=only).values():
        for one in rows:
            place = {"project": one.project, "item": one.item.key}
            take = address(request, "take_proposal", program=one.program, **place)
            page = address(request, "item", **place)
            found.append(HeldLine(one, page, page_of(request, one.subject), take))
    return sorted(found, key=lambda line: -(line.held.criticality or 0.0))


def comparison(request: WorkspaceRequest) -> HttpResponse:
    """Hold vendors side by side: quality, speed, cost; all of them, or of one kind."""
    kind = request.GET.get("kind", "")
    known = trading_vendors(request.actor, request.at)
    kinds = [one for one in CATEGORIES if any(vendor.kind == one for vendor in known)]
    chosen = [one for one in known if kind not in kinds or one.kind == kind]
    page = turned(request, chosen, size=COMPARED)
    shown = [one.id for one in page.rows]
    quality = vendor_quality(request.actor, request.at, only=shown)
    labels = {one.vendor_id: one for one in quality}
    records = vendor_records(request.actor, shown, request.at)
    rows = [(one, records[one.id], labels.get(one.id)) for one in page.rows]
    values = {
        "rows": rows,
        "page": page,
        "kind": kind,
        "kinds": kinds if len(kinds) > 1 else [],
        "labels": any(told for _, _, told in rows),
        "tabs": tabs(request),
    }
    return render(request, "vendors_web/comparison.html", values)
