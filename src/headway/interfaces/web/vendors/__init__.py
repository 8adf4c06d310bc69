"""Vendors: contracts, orders, invoices and approvals; and the pages that a vendor's people see."""
