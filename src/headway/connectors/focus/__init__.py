"""Reads bills of any cloud as FOCUS rows: exact sums, refused rows by line, never a guessed total.

file → opened (gz, CSV, Parquet, JSON, XLSX; header found) → dialect → rows → sums and groups
"""

from headway.connectors.focus.grouping import BillPart, bill_parts
from headway.connectors.focus.reading import Bill, BillMapping, open_bill, read_bill_mapping
from headway.connectors.focus.summing import bill_read, read_bill
from headway.connectors.focus.values import (
    BillRead,
    CategorySums,
    RefusedRow,
    StatedTotal,
    Sums,
    ValueSums,
)

__all__ = [
    "Bill",
    "BillMapping",
    "BillPart",
    "BillRead",
    "CategorySums",
    "RefusedRow",
    "StatedTotal",
    "Sums",
    "ValueSums",
    "bill_parts",
    "bill_read",
    "open_bill",
    "read_bill",
    "read_bill_mapping",
]
