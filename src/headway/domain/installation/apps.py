"""Registers the installation app with Django."""

from django.apps import AppConfig


class InstallationConfig(AppConfig):
    """What spans all apps."""

    name = "headway.domain.installation"
    label = "installation"
