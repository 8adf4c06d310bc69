"""Registers the checks app with Django."""

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    """Monitors, reference data, runs, online experiments, proposals to retrain."""

    name = "headway.domain.checks"
    label = "checks"
