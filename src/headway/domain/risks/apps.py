"""Registers the risks app with Django."""

from django.apps import AppConfig


class RisksConfig(AppConfig):
    """What may happen."""

    name = "headway.domain.risks"
    label = "risks"
