"""Registers the plans app with Django."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """What is planned and what the forecast says of it."""

    name = "headway.domain.plans"
    label = "plans"
