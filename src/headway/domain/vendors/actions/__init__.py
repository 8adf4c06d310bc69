"""Every write of vendors: terms, orders and their changes, what came, what is billed and paid."""

from headway.domain.vendors.actions.billing import (
    change_invoice_state,
    restore_invoice,
    set_invoice,
)
from headway.domain.vendors.actions.ordering import (
    change_order,
    remove_receipt,
    restore_order,
    restore_receipt,
    set_order,
    set_receipt,
)
from headway.domain.vendors.actions.terms import (
    restore_contract,
    restore_vendor,
    set_contract,
    set_vendor,
)

__all__ = [
    "change_invoice_state",
    "change_order",
    "remove_receipt",
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
]
