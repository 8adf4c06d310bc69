"""Registers the progress app with Django."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    """How work items earn value, and which take their range from evidence."""

    name = "headway.domain.progress"
    label = "progress"
