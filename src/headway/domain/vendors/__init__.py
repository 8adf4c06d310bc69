"""Vendors, their contracts, orders and invoices."""
