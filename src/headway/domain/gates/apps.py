"""Registers the gates app with Django."""

from django.apps import AppConfig


class GatesConfig(AppConfig):
    """What a release must show to go on, and who let it."""

    name = "headway.domain.gates"
    label = "gates"
