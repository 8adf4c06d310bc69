"""Registers the finance app with Django."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """Money meant and money gone."""

    name = "headway.domain.finance"
    label = "finance"
