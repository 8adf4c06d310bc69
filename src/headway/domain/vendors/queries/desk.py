"""The pages of vendors: all of them, one of them, an order, and how they compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import records_about
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import from_minor, meant
from headway.domain.vendors.models import ChangeOrder, InvoiceCost, VendorMember
from headway.domain.vendors.queries.approvals import (
    evidence_of,
)
from headway.domain.vendors.queries.billing import (
    InvoicePage,
    commitments_in,
    matches_of,
    tolerance_of,
)
from headway.domain.vendors.queries.rows import Books, books_of
from headway.domain.vendors.queries.standing import (
    contract_standings,
    order_named,
    vendor_named,
)
from headway.domain.vendors.rules import (
    ChangeFacts,
    Commitment,
    ContractStanding,
    OrderFacts,
    ReceiptFacts,
    VendorFacts,
)
from headway.domain.vendors.rules.credits import (
    Measured,
    ProposedCredit,
    VendorRecord,
    credits_of,
    record_of,
)
from headway.domain.vendors.rules.evidence import WantedEvidence, open_without
from headway.errors import NotFound
from headway.observation import SubjectRef


@dataclass(frozen=True, slots=True)
class VendorPage:
    """One vendor: its contracts with their evidence, orders, invoices, credits, and its people.

    `books` are what it was made of.
    """

    books: Books
    vendor: VendorFacts
    contracts: Sequence[tuple[ContractStanding, Sequence[WantedEvidence]]]
    commitments: Sequence[tuple[Commitment, str]]
    invoices: Sequence[InvoicePage]
    credits: Sequence[ProposedCredit]
    record: VendorRecord
    members: Sequence[tuple[UUID, str]]


@dataclass(frozen=True, slots=True)
class ContractPage:
    """One contract: how it stands, its evidence, and the orders made under it with their homes.

    `books` are its vendor's.
    """

    books: Books
    vendor: VendorFacts
    standing: ContractStanding
    evidence: Sequence[WantedEvidence]
    commitments: Sequence[tuple[Commitment, str]]
    credits: Sequence[ProposedCredit]

    @property
    def gap(self) -> str:
        """Say which wanted evidence does not hold while orders are open; empty where all does."""
        return open_without(self.evidence, sum(one.order.is_open for one, _ in self.commitments))


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order: what is left of it, its changes, what came, its invoices and credits.

    `books` are its vendor's.
    """

    books: Books
    order: OrderFacts
    home: str
    commitment: Commitment
    changes: Sequence[ChangeFacts]
    receipts: Sequence[ReceiptFacts]
    invoices: Sequence[InvoicePage]
    credits: Sequence[ProposedCredit]
    evidence: Sequence[WantedEvidence] = ()

    @property
    def gap(self) -> str:
        """Say which evidence its contract wants does not hold while it is open."""
        return open_without(self.evidence, int(self.order.is_open))


def vendor_page(
    actor: Actor, key: str, at: datetime, known_at: datetime | None = None
) -> VendorPage:
    """Return one vendor with everything of it. NotFound with the nearest key."""
    require(actor, Permission.VIEW)
    vendor = vendor_named(actor, key, known_at)
    books = books_of(actor.workspace_id, known_at, [vendor.id])
    evidence = evidence_of(actor, list(books.contracts.values()), at, known_at)
    pages = matches_of(books, tolerance_of(actor.workspace_id))
    members = VendorMember.objects.select_related("member__user").filter(vendor_id=vendor.id)
    return VendorPage(
        books,
        vendor,
        [(one, evidence[one.contract.id]) for one in contract_standings(books, at.date())],
        [(one, books.homes.get(one.order.program_id, "")) for one in commitments_in(books)],
        pages,
        proposed_credits(actor, books, known_at),
        _record(books, pages),
        [(row.member_id, str(row.member.user)) for row in members.order_by("member__user__email")],
    )


def contract_page(
    actor: Actor, vendor: str, key: str, at: datetime, known_at: datetime | None = None
) -> ContractPage:
    """Return one contract with the orders under it. NotFound where there is none."""
    require(actor, Permission.VIEW)
    held = vendor_named(actor, vendor, known_at)
    books = books_of(actor.workspace_id, known_at, [held.id])
    standings = {one.contract.key: one for one in contract_standings(books, at.date())}
    if key not in standings:
        sentence = f"There is no contract '{key}' with {held.name}{meant(key, standings) or '.'}"
        raise NotFound(sentence)
    contract = standings[key].contract
    orders = {one.id: one for one in books.of_contract(contract.id)}
    alone = replace(books, orders=orders)
    return ContractPage(
        books,
        held,
        standings[key],
        evidence_of(actor, [contract], at, known_at)[contract.id] if contract.wanted else (),
        [(one, books.homes.get(one.order.program_id, "")) for one in commitments_in(alone)],
        proposed_credits(actor, alone, known_at),
    )


def _record(books: Books, pages: Sequence[InvoicePage]) -> VendorRecord:
    matches = [one.match.is_clean for one in pages if one.invoice.is_live]
    return record_of(list(books.orders.values()), books.receipts, matches)


def order_page(
    actor: Actor, home: str, key: str, at: datetime, known_at: datetime | None = None
) -> OrderPage:
    """Return one order of the program at `home`. NotFound with the nearest key."""
    require(actor, Permission.VIEW)
    program = program_named(actor, home, known_at)
    order = order_named(actor, program, key, known_at)
    books = books_of(actor.workspace_id, known_at, [order.vendor_id])
    changes = ChangeOrder.objects.filter(order_id=order.id).order_by("number")
    if known_at is not None:
        changes = changes.filter(at__lte=known_at)
    invoices = [one for one in books.invoices.values() if one.bills(order.id)]
    alone = replace(books, orders={order.id: order})
    contract = books.contracts[order.contract_id]
    wanted = [contract] if order.is_open and contract.wanted else []
    return OrderPage(
        books,
        order,
        home,
        commitments_in(alone)[0],
        [
            ChangeFacts(
                row.number,
                row.units,
                from_minor(row.amount_minor, order.currency),
                row.reason,
                row.at,
                row.by,
            )
            for row in changes
        ],
        books.receipts.get(order.id, ()),
        matches_of(books, tolerance_of(actor.workspace_id), invoices),
        proposed_credits(actor, alone, known_at),
        evidence_of(actor, wanted, at, known_at).get(contract.id, ()),
    )


def proposed_credits(
    actor: Actor, books: Books, known_at: datetime | None = None
) -> Sequence[ProposedCredit]:
    """Return what the terms of contracts give back over these books; one query at most."""
    measured = _measured(actor, books, known_at)
    found: list[ProposedCredit] = []
    for order in books.orders.values():
        contract = books.contracts[order.contract_id]
        if contract.sla and order.state != "cancelled":
            told = [*measured[contract.subject], *measured[_subject(books, order)]]
            found += credits_of(contract, order, books.receipts.get(order.id, ()), told)
    return found


def _subject(books: Books, order: OrderFacts) -> str:
    return f"order:{books.homes.get(order.program_id, '')}/{order.key}"


def _measured(
    actor: Actor, books: Books, known_at: datetime | None
) -> Mapping[str, Sequence[Measured]]:
    """Return what evaluations say of contracts and orders whose terms are bound to a metric."""
    asking = {
        one.id: one
        for one in books.contracts.values()
        if any(term.metric not in ("late", "accepted") for term in one.sla)
    }
    found: dict[str, list[Measured]] = defaultdict(list)
    if not asking:
        return found
    names = {one.subject for one in asking.values()}
    names |= {_subject(books, one) for one in books.orders.values() if one.contract_id in asking}
    subjects = [SubjectRef.parse(one) for one in names]
    for row in records_about(actor, subjects, known_at, kinds=("evaluation",)):
        value = row.payload.get("value")
        if isinstance(value, int | float):
            metric = str(row.payload["metric"])
            found[row.subject].append(Measured(metric, float(value), row.record))
    return found


@dataclass(frozen=True, slots=True)
class CostLink:
    """The record of the ledger that is an invoice's cost; `is_explained`: it stood there before."""

    record: int
    category: str
    amount: Decimal
    is_explained: bool


def invoice_costs(actor: Actor, invoices: Collection[UUID]) -> Mapping[UUID, Sequence[CostLink]]:
    """Return which records are the cost of these invoices; one query."""
    require(actor, Permission.VIEW)
    found: dict[UUID, list[CostLink]] = defaultdict(list)
    rows = InvoiceCost.objects.select_related("invoice").filter(
        workspace_id=actor.workspace_id, invoice_id__in=list(invoices)
    )
    for row in rows.order_by("record"):
        amount = from_minor(row.amount_minor, row.invoice.currency)
        found[row.invoice_id].append(CostLink(row.record, row.category, amount, row.is_explained))
    return found
