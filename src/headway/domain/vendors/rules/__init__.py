"""Judgements of vendors: terms on a day, orders, receipts, invoices, approvals; no Django."""

from headway.domain.vendors.rules.contracts import (
    CONTRACT_FIELDS,
    ContractFacts,
    ContractStanding,
    Lapse,
    SlaTerm,
    lapsing,
    standing_of,
)
from headway.domain.vendors.rules.facts import CATEGORIES, VENDOR_FIELDS, VendorFacts
from headway.domain.vendors.rules.invoices import (
    INVOICE_FIELDS,
    InvoiceFacts,
    InvoiceLine,
)
from headway.domain.vendors.rules.matching import Match, Tolerance, match_invoice
from headway.domain.vendors.rules.orders import (
    ORDER_FIELDS,
    RECEIPT_FIELDS,
    ChangeFacts,
    Commitment,
    OrderFacts,
    ReceiptFacts,
    commitment_of,
)

__all__ = [
    "CATEGORIES",
    "CONTRACT_FIELDS",
    "ChangeFacts",
    "Commitment",
    "ContractFacts",
    "ContractStanding",
    "INVOICE_FIELDS",
    "InvoiceFacts",
    "InvoiceLine",
    "Lapse",
    "Match",
    "ORDER_FIELDS",
    "OrderFacts",
    "RECEIPT_FIELDS",
    "ReceiptFacts",
    "SlaTerm",
    "Tolerance",
    "VENDOR_FIELDS",
    "VendorFacts",
    "commitment_of",
    "lapsing",
    "match_invoice",
    "standing_of",
]
