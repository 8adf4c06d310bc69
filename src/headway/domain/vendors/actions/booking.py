"""An approved invoice becomes a cost in the ledger once, or explains one that stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.queries import CostFacts, costs_of
from headway.domain.programs.actions.rows import change_row
from headway.domain.programs.models import Project
from headway.domain.programs.rules.fields import to_minor
from headway.domain.vendors.actions.billing import locked_invoice
from headway.domain.vendors.models import Invoice, InvoiceCost
from headway.domain.vendors.queries.approvals import Thing, approving_of, rules_of
from headway.domain.vendors.queries.billing import InvoicePage, match_of, tolerance_of
from headway.domain.vendors.queries.rows import books_of
from headway.domain.vendors.queries.standing import vendor_named
from headway.domain.vendors.rules import InvoiceFacts
from headway.domain.vendors.rules.approvals import missing_approvals
from headway.domain.vendors.rules.booking import Share, shares_of
from headway.domain.vendors.rules.invoices import OWED
from headway.errors import Conflict, Invalid, Refused
from headway.observation import Observation, SubjectRef

#: The source of costs that come from invoices.
SOURCE = "headway:vendors"


@transaction.atomic
def approve_invoice(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> InvoicePage:
    """Approve the invoice at `place` (vendor, key): what it bills becomes a cost, once.

    Approving an approved one changes nothing. Raises Conflict while a function that has to be
    asked has not approved, Refused for who took it in.
    """
    require(actor, Permission.PROGRAM)
    vendor = vendor_named(actor, place[0])
    row = locked_invoice(vendor, place[1])
    if row.state not in OWED:
        subject = f"invoice:{vendor.key}/{row.key}"
        held = approving_of(actor, subject, at)
        lacking = missing_approvals(held.standings, held.thing.needed)
        if lacking:
            sentence = f"Invoice {row.number} is not approved yet. {lacking}"
            raise Conflict(sentence)
        if not held.thing.needed and row.submitted_by.partition(" ")[0] == actor.label:
            sentence = "You took this invoice in, and nobody approves their own."
            raise Refused(sentence)
        _book(actor, row, at, version)
    books = books_of(actor.workspace_id, None, [vendor.id])
    invoice = books.invoices[row.id]
    return InvoicePage(invoice, match_of(books, invoice, tolerance_of(actor.workspace_id)))


def book_if_owed(actor: Actor, thing: Thing, at: datetime) -> None:
    """Approve an invoice once every function that has to be asked approved it; the caller locks."""
    reader = replace(actor, only=frozenset({Permission.VIEW}))
    vendor = vendor_named(reader, thing.named.place[0])
    row = locked_invoice(vendor, thing.named.place[1])
    held = approving_of(reader, thing.subject, at)
    if row.state != "received" or missing_approvals(held.standings, held.thing.needed):
        return
    if set(rules_of(actor.workspace_id).invoice_functions):
        _book(actor, row, at, None)


def _book(actor: Actor, row: Invoice, at: datetime, version: int | None) -> None:
    """Book an invoice that is to be paid, and say that it is approved."""
    if row.state != "received":
        sentence = f"Invoice {row.number} is {row.state}; only one that is received is approved."
        raise Conflict(sentence)
    books = books_of(actor.workspace_id, None, [row.vendor_id])
    invoice = books.invoices[row.id]
    shares = shares_of(invoice, books.orders, books.contracts)
    slugs = dict(
        Project.objects.filter(id__in=[one.project_id for one in shares]).values_list("id", "slug")
    )
    hand = replace(actor, only=frozenset({Permission.VIEW, Permission.EVIDENCE}))
    standing = costs_of(hand, list(slugs)) if slugs else ()
    taken = set(
        InvoiceCost.objects.filter(workspace_id=actor.workspace_id).values_list("record", flat=True)
    )
    for share in shares:
        explained = _standing(share, invoice, [one for one in standing if one.record not in taken])
        record = explained or _record(hand, share, invoice, slugs, at)
        taken.add(record)
        InvoiceCost.objects.create(
            workspace_id=actor.workspace_id,
            invoice=row,
            project_id=share.project_id,
            category=share.category,
            amount_minor=to_minor(share.amount, invoice.currency),
            record=record,
            is_explained=explained is not None,
            at=at,
        )
    change_row(actor, row, {"state": "approved"}, at, "approve_invoice", version)


def _standing(share: Share, invoice: InvoiceFacts, costs: Sequence[CostFacts]) -> int | None:
    """Return the record of this very cost where the ledger has it already: it is explained."""
    same = [
        one.record
        for one in costs
        if (one.project_id, one.category, one.currency, one.amount)
        == (share.project_id, share.category, invoice.currency, share.amount)
        and (one.period_start, one.period_end) == (invoice.period_start, invoice.period_end)
    ]
    return min(same, default=None)


def _record(
    hand: Actor, share: Share, invoice: InvoiceFacts, slugs: Mapping[UUID, str], at: datetime
) -> int:
    """Record a part of an invoice as what its project spent; return its place in the ledger."""
    slug = slugs[share.project_id]
    payload = {
        "amount": f"{share.amount:f}",
        "currency": invoice.currency,
        "category": share.category,
        "period_start": invoice.period_start,
        "period_end": invoice.period_end,
        "description": f"Invoice {invoice.number} of {invoice.vendor_name}: {share.words}",
    }
    told = Observation(SubjectRef("project", slug), "cost", SOURCE, at, payload, project=slug)
    outcome = record_evidence(hand, [told], at)
    if outcome.refused or not outcome.sequences:
        sentence = (
            outcome.refused[0].reason
            if outcome.refused
            else f"The ledger holds the cost of invoice {invoice.number} already."
        )
        raise Invalid(sentence)
    return outcome.sequences[0]
