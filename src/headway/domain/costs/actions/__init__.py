"""Every write of costs: bringing bills and time sheets, and saying where charges belong."""

from headway.domain.costs.actions.bills import (
    BillFile,
    ImportedBill,
    import_bill,
    rebuild_bills,
    record_bills,
    settle_bills,
)
from headway.domain.costs.actions.rules import (
    remove_allocation_rule,
    restore_allocation_rule,
    set_allocation_rule,
)
from headway.domain.costs.actions.time_sheets import ImportedSheet, import_time_sheet

__all__ = [
    "BillFile",
    "ImportedBill",
    "ImportedSheet",
    "import_bill",
    "import_time_sheet",
    "rebuild_bills",
    "record_bills",
    "remove_allocation_rule",
    "restore_allocation_rule",
    "set_allocation_rule",
    "settle_bills",
]
