"""The pages of vendors: all of them, one of them, an order, and how they compare."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import records_about
from headway.domain.programs.models import Project
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import from_minor
from headway.domain.vendors.models import ChangeOrder, InvoiceCost, VendorMember
from headway.domain.vendors.queries.approvals import (
    VendorWaiting,
    evidence_of,
    rules_of,
    vendor_approvals_waiting,
)
from headway.domain.vendors.queries.billing import InvoicePage, commitments_in, matches_of
from headway.domain.vendors.queries.rows import Books, books_of, receipt_rows
from headway.domain.vendors.queries.standing import (
    contract_standings,
    order_named,
    vendor_named,
)
from headway.domain.vendors.rules import (
    ChangeFacts,
    Commitment,
    ContractStanding,
    Lapse,
    OrderFacts,
    ReceiptFacts,
    Tolerance,
    VendorFacts,
    lapsing,
)
from headway.domain.vendors.rules.credits import (
    Measured,
    ProposedCredit,
    VendorRecord,
    credits_of,
    record_of,
)
from headway.domain.vendors.rules.evidence import WantedEvidence
from headway.domain.vendors.rules.tables import (
    INVOICE_COLUMNS,
    LINE_COLUMNS,
    ORDER_COLUMNS,
    Row,
    invoice_rows,
    order_row,
)
from headway.observation import SubjectRef

#: Sums of money by currency: never added across two.
Sums = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class VendorLine:
    """One vendor of the list: what is committed, what waits, what lapses next."""

    vendor: VendorFacts
    contracts: int
    orders: int
    committed: Sums
    invoices: int
    mismatches: int
    lapse: Lapse | None


@dataclass(frozen=True, slots=True)
class VendorsPage:
    """All vendors: what waits and what lapses first, then a line each."""

    lines: Sequence[VendorLine]
    lapses: Sequence[Lapse]
    waiting: Sequence[VendorWaiting]
    open_invoices: Sequence[InvoicePage]
    committed: Sums


@dataclass(frozen=True, slots=True)
class VendorPage:
    """One vendor: its contracts with their evidence, orders, invoices, credits, and its people."""

    vendor: VendorFacts
    contracts: Sequence[tuple[ContractStanding, Sequence[WantedEvidence]]]
    commitments: Sequence[tuple[Commitment, str]]
    invoices: Sequence[InvoicePage]
    credits: Sequence[ProposedCredit]
    record: VendorRecord
    members: Sequence[tuple[UUID, str]]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order: what is left of it, its changes, what came, its invoices and credits."""

    order: OrderFacts
    home: str
    commitment: Commitment
    changes: Sequence[ChangeFacts]
    receipts: Sequence[ReceiptFacts]
    invoices: Sequence[InvoicePage]
    credits: Sequence[ProposedCredit]


def _tolerance(actor: Actor) -> Tolerance:
    rules = rules_of(actor.workspace_id)
    return Tolerance(rules.price_tolerance, rules.units_tolerance)


def vendors_page(actor: Actor, at: datetime, known_at: datetime | None = None) -> VendorsPage:
    """Return every vendor with what waits and lapses; the number of queries stays the same."""
    require(actor, Permission.VIEW)
    whole = books_of(actor.workspace_id, known_at, with_receipts=False)
    open_ = [one for one in whole.invoices.values() if one.state in ("received", "disputed")]
    billed = {line.order_id for one in open_ for line in one.lines}
    asked = {key: one for key, one in whole.orders.items() if key in billed}
    receipts = receipt_rows(actor.workspace_id, known_at, asked) if asked else {}
    books = replace(whole, receipts=receipts)
    standings = contract_standings(books, at.date())
    commitments = commitments_in(books)
    pages = matches_of(books, _tolerance(actor), open_)
    lapses = lapsing(standings, at.date())
    waiting = vendor_approvals_waiting(actor, at, known_at, books=books)
    lines = _lines(books, standings, commitments, pages, lapses)
    return VendorsPage(lines, lapses, waiting, pages, sums_of(commitments))


def _lines(
    books: Books,
    standings: Sequence[ContractStanding],
    commitments: Sequence[Commitment],
    pages: Sequence[InvoicePage],
    lapses: Sequence[Lapse],
) -> Sequence[VendorLine]:
    """Return a line for each vendor; each list is walked once."""
    contracts = Counter(one.contract.vendor_id for one in standings)
    orders: dict[UUID, list[Commitment]] = defaultdict(list)
    for commitment in commitments:
        orders[commitment.order.vendor_id].append(commitment)
    open_ = Counter(one.invoice.vendor_id for one in pages)
    wrong = Counter(one.invoice.vendor_id for one in pages if not one.match.is_clean)
    first = {one.contract.vendor_id: one for one in reversed(lapses)}
    return [
        VendorLine(
            vendor,
            contracts[key],
            sum(one.committed > 0 for one in orders[key]),
            sums_of(orders[key]),
            open_[key],
            wrong[key],
            first.get(key),
        )
        for key, vendor in books.vendors.items()
    ]


def sums_of(commitments: Sequence[Commitment]) -> Sums:
    """Return what is committed by currency, the currencies in order."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in commitments:
        if one.committed:
            found[one.order.currency] += one.committed
    return sorted(found.items())


def vendor_page(
    actor: Actor, key: str, at: datetime, known_at: datetime | None = None
) -> VendorPage:
    """Return one vendor with everything of it. NotFound with the nearest key."""
    require(actor, Permission.VIEW)
    vendor = vendor_named(actor, key, known_at)
    books = books_of(actor.workspace_id, known_at, vendor.id)
    evidence = evidence_of(actor, list(books.contracts.values()), at, known_at)
    pages = matches_of(books, _tolerance(actor))
    members = VendorMember.objects.select_related("member__user").filter(vendor_id=vendor.id)
    return VendorPage(
        vendor,
        [(one, evidence[one.contract.id]) for one in contract_standings(books, at.date())],
        [(one, books.homes.get(one.order.program_id, "")) for one in commitments_in(books)],
        pages,
        proposed_credits(actor, books, known_at),
        _record(books, pages),
        [(row.member_id, str(row.member.user)) for row in members.order_by("member__user__email")],
    )


def _only(books: Books, vendor: VendorFacts) -> Books:
    """Return the books of one vendor."""
    orders = {key: one for key, one in books.orders.items() if one.vendor_id == vendor.id}
    return Books(
        {vendor.id: vendor},
        {key: one for key, one in books.contracts.items() if one.vendor_id == vendor.id},
        orders,
        {key: books.receipts.get(key, ()) for key in orders},
        {key: one for key, one in books.invoices.items() if one.vendor_id == vendor.id},
        books.homes,
    )


def _record(books: Books, pages: Sequence[InvoicePage]) -> VendorRecord:
    receipts = {str(key): rows for key, rows in books.receipts.items()}
    matches = [one.match.is_clean for one in pages if one.invoice.is_live]
    return record_of(list(books.orders.values()), receipts, matches)


def vendor_records(
    actor: Actor, known_at: datetime | None = None
) -> Sequence[tuple[VendorFacts, VendorRecord]]:
    """Return how each vendor did, by name: the ground on which they are compared."""
    require(actor, Permission.VIEW)
    whole, tolerance = books_of(actor.workspace_id, known_at), _tolerance(actor)
    found = []
    for vendor in whole.vendors.values():
        books = _only(whole, vendor)
        found.append((vendor, _record(books, matches_of(books, tolerance))))
    return found


def order_page(actor: Actor, home: str, key: str, known_at: datetime | None = None) -> OrderPage:
    """Return one order of the program at `home`. NotFound with the nearest key."""
    require(actor, Permission.VIEW)
    program = program_named(actor, home, known_at)
    order = order_named(actor, program, key, known_at)
    books = books_of(actor.workspace_id, known_at, order.vendor_id)
    changes = ChangeOrder.objects.filter(order_id=order.id).order_by("number")
    if known_at is not None:
        changes = changes.filter(at__lte=known_at)
    pages = matches_of(books, _tolerance(actor))
    commitment = next(one for one in commitments_in(books) if one.order.id == order.id)
    return OrderPage(
        order,
        home,
        commitment,
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
        [one for one in pages if any(line.order_id == order.id for line in one.invoice.lines)],
        [one for one in proposed_credits(actor, books, known_at) if one.order.id == order.id],
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


def order_table(actor: Actor, known_at: datetime | None = None) -> Sequence[Row]:
    """Return every order as a row, under a head: the table that `import_orders` reads."""
    require(actor, Permission.VIEW)
    books = books_of(actor.workspace_id, known_at)
    projects = Project.objects.filter(workspace_id=actor.workspace_id)
    slugs = dict(projects.values_list("id", "slug"))
    return [
        ORDER_COLUMNS,
        *(
            order_row(one, books.homes.get(one.program_id, ""), slugs)
            for one in books.orders.values()
        ),
    ]


def invoice_table(actor: Actor, known_at: datetime | None = None) -> Sequence[Row]:
    """Return every line of every invoice as a row, under a head; as `import_invoices` reads it."""
    require(actor, Permission.VIEW)
    books = books_of(actor.workspace_id, known_at)
    rows = [row for one in books.invoices.values() if one.is_live for row in invoice_rows(one)]
    return [(*INVOICE_COLUMNS, *LINE_COLUMNS), *rows]
