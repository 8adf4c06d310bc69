"""Every read of vendors: takes the actor and `at`, returns frozen values."""

from headway.domain.vendors.queries.approvals import (
    Approving,
    VendorWaiting,
    approving_of,
    evidence_of,
    vendor_approvals_waiting,
    vendor_queue_times,
    vendor_rules,
)
from headway.domain.vendors.queries.billing import (
    InvoicePage,
    commitments_of,
    invoice_named,
    invoices_of,
    match_of,
    matches_of,
)
from headway.domain.vendors.queries.desk import (
    invoice_costs,
    order_page,
    proposed_credits,
    vendor_page,
    vendor_records,
    vendors_page,
)
from headway.domain.vendors.queries.own import own_order, own_page, own_vendor
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
    "invoice_costs",
    "order_page",
    "proposed_credits",
    "vendor_page",
    "vendor_records",
    "vendors_page",
    "own_order",
    "own_page",
    "own_vendor",
    "Approving",
    "VendorWaiting",
    "approving_of",
    "evidence_of",
    "vendor_approvals_waiting",
    "vendor_queue_times",
    "vendor_rules",
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
