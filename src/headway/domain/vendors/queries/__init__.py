"""Every read of vendors: takes the actor and `at`, returns frozen values."""

from headway.domain.vendors.queries.billing import (
    InvoicePage,
    commitments_of,
    invoice_named,
    invoices_of,
    match_of,
    matches_of,
)
from headway.domain.vendors.queries.standing import (
    contract_named,
    contract_standings,
    contracts_of,
    lapses_of,
    order_named,
    orders_of,
    receipts_of,
    vendor_named,
    vendors_of,
)

__all__ = [
    "InvoicePage",
    "commitments_of",
    "contract_named",
    "contract_standings",
    "contracts_of",
    "invoice_named",
    "invoices_of",
    "lapses_of",
    "match_of",
    "matches_of",
    "order_named",
    "orders_of",
    "receipts_of",
    "vendor_named",
    "vendors_of",
]
