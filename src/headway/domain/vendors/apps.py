"""Registers the vendors app with Django."""

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    """Vendors, their contracts, orders and invoices."""

    name = "headway.domain.vendors"
    label = "vendors"
