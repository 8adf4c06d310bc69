"""Registers the costs app with Django."""

from django.apps import AppConfig


class CostsConfig(AppConfig):
    """What bills and time sheets say was spent, and where each amount belongs."""

    name = "headway.domain.costs"
    label = "costs"
