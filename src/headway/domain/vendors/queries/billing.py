"""Invoices with how they match, and what is committed: ordered, received, billed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import meant
from headway.domain.vendors.models import VendorRules
from headway.domain.vendors.queries.rows import Books, books_of
from headway.domain.vendors.rules import (
    Commitment,
    InvoiceFacts,
    Match,
    Tolerance,
    VendorFacts,
    commitment_of,
    match_invoice,
)
from headway.domain.vendors.rules.matching import Ground
from headway.domain.vendors.rules.orders import Billed
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """An invoice with how it matches its orders and receipts."""

    invoice: InvoiceFacts
    match: Match


def commitments_of(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[Commitment]]:
    """Return what is committed for programs by program id, an order each; six queries.

    Amounts are in each order's currency (`commitment.order.currency`): never added across two.
    """
    asked = list(programs)
    for program in asked:
        require(actor, Permission.VIEW, program)
    found: dict[UUID, list[Commitment]] = {program.id: [] for program in asked}
    books = books_of(actor.workspace_id, at, programs=list(found))
    for one in commitments_in(books):
        found[one.order.program_id].append(one)
    return found


def commitments_in(books: Books) -> Sequence[Commitment]:
    """Return what is left of each order of these books."""
    billed = books.billed()
    return [
        commitment_of(order, books.receipts.get(order.id, ()), billed.get(order.id, Billed()))
        for order in books.orders.values()
    ]


def tolerance_of(workspace: UUID) -> Tolerance:
    """Return how exact the invoices of a workspace have to be."""
    row = VendorRules.objects.filter(workspace_id=workspace).first()
    return Tolerance(row.price_tolerance, row.units_tolerance) if row else Tolerance()


def matches_of(
    books: Books, tolerance: Tolerance, only: Iterable[InvoiceFacts] | None = None
) -> Sequence[InvoicePage]:
    """Return every invoice of these books (or `only` some) with its match, the newest first."""
    by_vendor: dict[UUID, list[InvoiceFacts]] = {vendor: [] for vendor in books.vendors}
    for invoice in books.invoices.values():
        by_vendor[invoice.vendor_id].append(invoice)
    return [
        InvoicePage(
            one,
            match_invoice(
                one, Ground(books.orders, books.receipts, by_vendor[one.vendor_id]), tolerance
            ),
        )
        for one in (books.invoices.values() if only is None else only)
    ]


def match_of(books: Books, invoice: InvoiceFacts, tolerance: Tolerance) -> Match:
    """Return how one invoice of these books matches."""
    ground = Ground(books.orders, books.receipts, books.of_vendor(invoice.vendor_id))
    return match_invoice(invoice, ground, tolerance)


def invoices_of(actor: Actor, at: datetime | None = None) -> Sequence[InvoicePage]:
    """Return the invoices of the workspace with their matches, the newest first; seven queries."""
    require(actor, Permission.VIEW)
    return matches_of(books_of(actor.workspace_id, at), tolerance_of(actor.workspace_id))


def invoice_named(
    actor: Actor, vendor: VendorFacts, key: str, at: datetime | None = None
) -> InvoicePage:
    """Return the invoice of a vendor with this key, with its match; NotFound with the nearest."""
    require(actor, Permission.VIEW, vendor)
    books = books_of(actor.workspace_id, at, vendor.id)
    known = {one.key: one for one in books.invoices.values()}
    if key not in known:
        sentence = f"There is no invoice '{key}' of {vendor.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return InvoicePage(known[key], match_of(books, known[key], tolerance_of(actor.workspace_id)))
