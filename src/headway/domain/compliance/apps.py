"""Registers the compliance app with Django."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """What law, standards and our own policies ask, and what answers it."""

    name = "headway.domain.compliance"
    label = "compliance"
