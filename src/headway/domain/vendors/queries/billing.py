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
from headway.domain.vendors.queries.standing import vendor_named
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
    ground = Ground.of(books.orders, books.receipts, books.invoices.values())
    asked = books.invoices.values() if only is None else only
    return [InvoicePage(one, match_invoice(one, ground, tolerance)) for one in asked]


def match_of(books: Books, invoice: InvoiceFacts, tolerance: Tolerance) -> Match:
    """Return how one invoice of these books matches."""
    return matches_of(books, tolerance, [invoice])[0].match


def invoices_of(actor: Actor, at: datetime | None = None) -> Sequence[InvoicePage]:
    """Return the invoices of the workspace with their matches, the newest first; seven queries."""
    require(actor, Permission.VIEW)
    return matches_of(books_of(actor.workspace_id, at), tolerance_of(actor.workspace_id))


def invoice_page(
    actor: Actor, vendor: str, key: str, at: datetime | None = None
) -> tuple[InvoicePage, Books]:
    """Return an invoice with its match, and the books of its vendor; NotFound with the nearest."""
    require(actor, Permission.VIEW)
    held = vendor_named(actor, vendor, at)
    books = books_of(actor.workspace_id, at, [held.id])
    known = {one.key: one for one in books.invoices.values()}
    if key not in known:
        sentence = f"There is no invoice '{key}' of {held.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return matches_of(books, tolerance_of(actor.workspace_id), [known[key]])[0], books


def invoice_named(
    actor: Actor, vendor: VendorFacts, key: str, at: datetime | None = None
) -> InvoicePage:
    """Return the invoice of a vendor with this key, with its match; NotFound with the nearest."""
    return invoice_page(actor, vendor.key, key, at)[0]


def invoices_of_vendor(
    actor: Actor, vendor: VendorFacts, at: datetime | None = None
) -> Sequence[InvoicePage]:
    """Return the invoices of a vendor with their matches, the newest first; six queries."""
    require(actor, Permission.VIEW, vendor)
    books = books_of(actor.workspace_id, at, [vendor.id])
    return matches_of(books, tolerance_of(actor.workspace_id))
