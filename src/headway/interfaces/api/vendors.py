"""Vendors: contracts, orders with what came, invoices with how they match, and approvals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.programs.queries import program_named
from headway.domain.vendors.actions import (
    answer_vendor_approval,
    approve_invoice,
    change_invoice_state,
    change_order,
    request_vendor_approvals,
    set_contract,
    set_invoice,
    set_order,
    set_receipt,
    set_vendor,
    set_vendor_rules,
)
from headway.domain.vendors.queries import (
    Approving,
    InvoicePage,
    VendorWaiting,
    approving_of,
    commitments_of,
    contract_named,
    contracts_of,
    invoice_named,
    invoices_of_vendor,
    order_named,
    receipts_of,
    vendor_approvals_waiting,
    vendor_ask_named,
    vendor_named,
    vendor_rules,
    vendors_of,
)
from headway.domain.vendors.rules import (
    Commitment,
    ContractFacts,
    InvoiceFacts,
    OrderFacts,
    ReceiptFacts,
    VendorFacts,
)
from headway.domain.vendors.rules.approvals import AskFacts, RulesFacts
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Vendors"])

_VIEW, _PLAN, _RUN = Permission.VIEW, Permission.PLAN, Permission.PROGRAM
_VENDOR = "/vendors/{key}"
_CONTRACT = _VENDOR + "/contracts/{contract}"
_INVOICE = _VENDOR + "/invoices/{invoice}"
_ORDER = "/programs/{slug}/purchases/{key}"
_RECEIPT = _ORDER + "/receipts/{receipt}"

Amount = Annotated[Decimal | None, Field(max_digits=18)]


class VendorBody(Given):
    """What of a vendor can be changed; a new one needs its name."""

    name: str | None = None
    kind: str | None = None
    owner: str | None = None
    note: str | None = None


class TermBody(Given):
    """A promise with its price; `metric` is late, accepted, or the name of a measured one."""

    key: str | None = None
    name: str | None = None
    metric: str
    bound: float
    credit: float
    most: float = 1.0


class DocumentBody(Given):
    """Where something is written down."""

    name: str = "document"
    url: str


class ContractBody(Given):
    """What of a contract can be changed; a new one needs its name, start and currency."""

    name: str | None = None
    program: str | None = None
    starts: date | None = None
    ends: date | None = None
    renewal: Literal["none", "automatic", "option"] | None = None
    notice_days: int | None = None
    currency: str | None = None
    cap: Amount = None
    state: Literal["draft", "signed", "ended"] | None = None
    sla: Annotated[list[TermBody], Field(max_length=20)] | None = None
    wanted: Annotated[list[str], Field(max_length=20)] | None = None
    documents: Annotated[list[DocumentBody], Field(max_length=20)] | None = None
    tax_is_cost: bool | None = None


class PurchaseBody(Given):
    """What of an order can be changed; a new one needs its name, its contract and what it costs."""

    name: str | None = None
    contract: str | None = None
    project: str | None = None
    category: str | None = None
    unit: str | None = None
    units: float | None = None
    unit_price: Amount = None
    amount: Amount = None
    ordered_on: date | None = None
    needed_by: date | None = None
    state: Literal["open", "received", "closed", "cancelled"] | None = None


class ChangeBody(Given):
    """More of an order, or less; of one by units the amount follows from its price."""

    units: float | None = None
    amount: Amount = None
    reason: str


class ReceiptBody(Given):
    """What came for an order."""

    received_on: date | None = None
    delivered: float | None = None
    accepted: float | None = None
    amount: Amount = None
    taken_by: str | None = None
    batch: str | None = None
    note: str | None = None


class LineBody(Given):
    """A line of an invoice; its order as program/key."""

    order: str = ""
    words: str = ""
    units: float | None = None
    unit_price: Amount = None
    amount: Amount = None


class InvoiceBody(Given):
    """What a vendor bills; a new one needs its number, its currency and its lines."""

    number: str | None = None
    invoiced_on: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    due_on: date | None = None
    currency: str | None = None
    tax: Amount = None
    file_name: str | None = None
    file_digest: str | None = None
    lines: Annotated[list[LineBody], Field(max_length=200)] | None = None


class MoveBody(Given):
    """What becomes of an invoice; to dispute or withdraw one takes a reason."""

    move: Literal["approve", "dispute", "reopen", "withdraw", "pay", "unpay"]
    reason: str = ""


class AskedFunctions(Given):
    """Who is asked about what: a subject such as invoice:acme/inv-42, and functions."""

    subject: str
    functions: Annotated[list[str], Field(max_length=4)]


class VendorAnswer(Given):
    """An answer for a function; `seen` is the digest of what was looked at."""

    decision: Literal["approved", "conditions", "refused"]
    statement: str = ""
    seen: str = ""


class RulesBody(Given):
    """Whom the workspace asks about vendors, and how far an invoice may be off."""

    contract_functions: list[str] | None = None
    order_functions: list[str] | None = None
    order_limits: dict[str, Decimal] | None = None
    invoice_functions: list[str] | None = None
    price_tolerance: float | None = None
    units_tolerance: float | None = None


@operation(router, "GET", "/vendors", _VIEW, Page[VendorFacts])
def list_vendors(request: ApiRequest, asked: Query[AskedAt]) -> Page[VendorFacts]:
    """List the vendors, by key."""
    return page_of(vendors_of(request.auth, asked.moment(request)), lambda row: row.key, asked)


@operation(router, "GET", _VENDOR, _VIEW, VendorFacts)
def read_vendor(request: ApiRequest, key: str, asked: Query[At]) -> VendorFacts:
    """Read a vendor."""
    return vendor_named(request.auth, key, asked.moment(request))


@operation(router, "PUT", _VENDOR, _RUN, VendorFacts)
def put_vendor(request: ApiRequest, key: str, body: VendorBody) -> VendorFacts:
    """Set a vendor: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now

    def write(version: int | None) -> VendorFacts:
        return set_vendor(actor, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: vendor_named(actor, key), write)


@operation(router, "GET", _VENDOR + "/contracts", _VIEW, Page[ContractFacts])
def list_contracts(request: ApiRequest, key: str, asked: Query[AskedAt]) -> Page[ContractFacts]:
    """List the contracts with a vendor, by key."""
    moment = asked.moment(request)
    vendor = vendor_named(request.auth, key, moment)
    rows = [one for one in contracts_of(request.auth, moment) if one.vendor_id == vendor.id]
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", _CONTRACT, _VIEW, ContractFacts)
def read_contract(request: ApiRequest, key: str, contract: str, asked: Query[At]) -> ContractFacts:
    """Read a contract."""
    return contract_named(request.auth, key, contract, asked.moment(request))


@operation(router, "PUT", _CONTRACT, _RUN, ContractFacts)
def put_contract(request: ApiRequest, key: str, contract: str, body: ContractBody) -> ContractFacts:
    """Set a contract: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    vendor_named(actor, key)

    def write(version: int | None) -> ContractFacts:
        return set_contract(actor, key, contract, body.given(), at, version=version)

    return edit_or_create(request, lambda: contract_named(actor, key, contract), write)


@operation(router, "GET", "/programs/{slug}/purchases", _VIEW, Page[Commitment])
def list_purchases(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[Commitment]:
    """List the orders of a program with what is received, invoiced and still committed, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = commitments_of(request.auth, [program], moment)[program.id]
    return page_of(rows, lambda row: row.order.key, asked)


@operation(router, "GET", _ORDER, _VIEW, OrderFacts)
def read_purchase(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> OrderFacts:
    """Read a purchase order."""
    moment = asked.moment(request)
    return order_named(request.auth, program_named(request.auth, slug, moment), key, moment)


@operation(router, "PUT", _ORDER, _RUN, OrderFacts)
def put_purchase(request: ApiRequest, slug: str, key: str, body: PurchaseBody) -> OrderFacts:
    """Set a purchase order: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)

    def write(version: int | None) -> OrderFacts:
        return set_order(actor, slug, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: order_named(actor, program, key), write)


@operation(router, "POST", _ORDER + "/changes", _RUN, OrderFacts)
def change_purchase(request: ApiRequest, slug: str, key: str, body: ChangeBody) -> OrderFacts:
    """Order more or less, with the reason."""
    return change_order(request.auth, (slug, key), body.given(), request.now)


@operation(router, "GET", _ORDER + "/receipts", _VIEW, Page[ReceiptFacts])
def list_receipts(
    request: ApiRequest, slug: str, key: str, asked: Query[AskedAt]
) -> Page[ReceiptFacts]:
    """List what came for an order, by key."""
    moment = asked.moment(request)
    order = order_named(request.auth, program_named(request.auth, slug, moment), key, moment)
    return page_of(receipts_of(request.auth, [order], moment)[order.id], lambda row: row.key, asked)


@operation(router, "PUT", _RECEIPT, _PLAN, ReceiptFacts)
def put_receipt(
    request: ApiRequest, slug: str, key: str, receipt: str, body: ReceiptBody
) -> ReceiptFacts:
    """Set a receipt: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    order = order_named(actor, program_named(actor, slug), key)

    def read() -> ReceiptFacts:
        for one in receipts_of(actor, [order])[order.id]:
            if one.key == receipt:
                return one
        sentence = f"There is no receipt '{receipt}' of order {key}."
        raise NotFound(sentence)

    def write(version: int | None) -> ReceiptFacts:
        return set_receipt(actor, (slug, key), receipt, body.given(), at, version=version)

    return edit_or_create(request, read, write)


@operation(router, "GET", _VENDOR + "/invoices", _VIEW, Page[InvoicePage])
def list_invoices(request: ApiRequest, key: str, asked: Query[AskedAt]) -> Page[InvoicePage]:
    """List the invoices of a vendor with how each matches order and receipts, by key."""
    moment = asked.moment(request)
    vendor = vendor_named(request.auth, key, moment)
    rows = invoices_of_vendor(request.auth, vendor, moment)
    return page_of(rows, lambda row: row.invoice.key, asked)


@operation(router, "POST", _VENDOR + "/invoices", _PLAN, InvoicePage, 201)
def take_in_invoice(request: ApiRequest, key: str, body: InvoiceBody) -> InvoicePage:
    """Take in an invoice; the same paper again changes nothing."""
    return set_invoice(request.auth, key, "", body.given(), request.now)


def _invoice(request: ApiRequest, key: str, invoice: str) -> InvoicePage:
    return invoice_named(request.auth, vendor_named(request.auth, key), invoice)


@operation(router, "GET", _INVOICE, _VIEW, InvoicePage)
def read_invoice(request: ApiRequest, key: str, invoice: str, asked: Query[At]) -> InvoicePage:
    """Read an invoice with how it matches."""
    moment = asked.moment(request)
    return invoice_named(request.auth, vendor_named(request.auth, key, moment), invoice, moment)


@operation(router, "PUT", _INVOICE, _PLAN, InvoicePage)
def put_invoice(request: ApiRequest, key: str, invoice: str, body: InvoiceBody) -> InvoicePage:
    """Change an invoice that is not approved yet."""
    actor, at = request.auth, request.now

    def read() -> InvoiceFacts:
        return _invoice(request, key, invoice).invoice

    def write(version: int) -> InvoicePage:
        return set_invoice(actor, key, invoice, body.given(), at, version=version)

    return edit(request, read, write)


@operation(router, "POST", _INVOICE + "/move", _RUN, InvoicePage)
def move_invoice(request: ApiRequest, key: str, invoice: str, body: MoveBody) -> InvoicePage:
    """Approve, dispute, reopen, withdraw or pay an invoice; approved, it is a cost once."""
    place = (key, invoice)
    if body.move == "approve":
        return approve_invoice(request.auth, place, request.now)
    return change_invoice_state(request.auth, place, body.move, request.now, reason=body.reason)


@operation(router, "GET", "/vendor-approvals", _VIEW, Page[VendorWaiting])
def list_vendor_approvals(request: ApiRequest, asked: Query[AskedAt]) -> Page[VendorWaiting]:
    """List the open questions about vendors with how long each waits and who may answer."""
    moment = asked.moment(request)
    rows = vendor_approvals_waiting(request.auth, moment or request.now, moment)
    return page_of(rows, lambda row: str(row.ask.id), asked)


@operation(router, "POST", "/vendor-approvals", _PLAN, Approving)
def ask_about_vendor(request: ApiRequest, body: AskedFunctions) -> Approving:
    """Ask functions to approve a contract, an order or an invoice."""
    return request_vendor_approvals(request.auth, body.subject, body.functions, request.now)


@operation(router, "GET", "/vendor-approvals/{uuid:ask}", _VIEW, Approving)
def read_vendor_approval(request: ApiRequest, ask: UUID, asked: Query[At]) -> Approving:
    """Read what a question is about, what is seen of it, and the digest that an answer names."""
    moment = asked.moment(request)
    subject = vendor_ask_named(request.auth, ask, moment).subject
    return approving_of(request.auth, subject, moment or request.now, moment)


@operation(router, "POST", "/vendor-approvals/{uuid:ask}/answer", Permission.DECIDE, AskFacts)
def answer_about_vendor(request: ApiRequest, ask: UUID, body: VendorAnswer) -> AskFacts:
    """Answer for a function; the first answer counts."""
    values = {"decision": body.decision, "statement": body.statement}
    return answer_vendor_approval(request.auth, ask, values, request.now, seen=body.seen)


@operation(router, "GET", "/vendor-rules", _VIEW, RulesFacts)
def read_vendor_rules(request: ApiRequest) -> RulesFacts:
    """Read whom the workspace asks about vendors."""
    return vendor_rules(request.auth)


@operation(router, "POST", "/vendor-rules", _RUN, RulesFacts)
def keep_vendor_rules(request: ApiRequest, body: RulesBody) -> RulesFacts:
    """Say whom the workspace asks, and how far an invoice may be off."""
    return set_vendor_rules(request.auth, body.given(), request.now)
