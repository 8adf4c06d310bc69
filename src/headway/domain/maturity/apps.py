"""Registers the maturity app with Django."""

from django.apps import AppConfig


class MaturityConfig(AppConfig):
    """How grown up the practice is, from evidence."""

    name = "headway.domain.maturity"
    label = "maturity"
