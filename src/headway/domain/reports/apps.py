"""Registers the reports app with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Frozen documents."""

    name = "headway.domain.reports"
    label = "reports"
