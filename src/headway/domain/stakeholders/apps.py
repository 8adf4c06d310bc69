"""Registers the stakeholders app with Django."""

from django.apps import AppConfig


class StakeholdersConfig(AppConfig):
    """What others give, and what they get."""

    name = "headway.domain.stakeholders"
    label = "stakeholders"
