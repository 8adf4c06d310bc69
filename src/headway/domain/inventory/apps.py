"""Registers the inventory app with Django."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """What lives: models, data, deployments, pipelines."""

    name = "headway.domain.inventory"
    label = "inventory"
