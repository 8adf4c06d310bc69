"""Registers the assessments app with Django."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Verdicts from plan and evidence."""

    name = "headway.domain.assessments"
    label = "assessments"
