"""Every write of vendors: terms, orders and their changes, what came, what is billed and paid."""

from headway.domain.vendors.actions.approving import (
    answer_vendor_approval,
    request_vendor_approvals,
    set_vendor_rules,
)
from headway.domain.vendors.actions.billing import (
    change_invoice_state,
    restore_invoice,
    set_invoice,
)
from headway.domain.vendors.actions.booking import approve_invoice
from headway.domain.vendors.actions.members import set_vendor_member, submit_invoice
from headway.domain.vendors.actions.ordering import (
    change_order,
    remove_receipt,
    restore_order,
    restore_receipt,
    set_order,
    set_receipt,
)
from headway.domain.vendors.actions.reviewing import record_review
from headway.domain.vendors.actions.tabling import (
    VENDOR_IMPORTS,
    TableImport,
    import_contracts,
    import_invoices,
    import_orders,
    import_receipts,
)
from headway.domain.vendors.actions.terms import (
    restore_contract,
    restore_vendor,
    set_contract,
    set_vendor,
)

__all__ = [
    "VENDOR_IMPORTS",
    "TableImport",
    "answer_vendor_approval",
    "approve_invoice",
    "change_invoice_state",
    "change_order",
    "import_contracts",
    "import_invoices",
    "import_orders",
    "import_receipts",
    "record_review",
    "remove_receipt",
    "request_vendor_approvals",
    "restore_contract",
    "restore_invoice",
    "restore_order",
    "restore_receipt",
    "restore_vendor",
    "set_contract",
    "set_invoice",
    "set_order",
    "set_receipt",
    "set_vendor",
    "set_vendor_member",
    "submit_invoice",
    "set_vendor_rules",
]
