"""Registers the programs app with Django."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """What is meant to be done, and for which system."""

    name = "headway.domain.programs"
    label = "programs"
