"""Registers the forums app with Django."""

from django.apps import AppConfig


class ForumsConfig(AppConfig):
    """Weeklies, steering committees, change boards."""

    name = "headway.domain.forums"
    label = "forums"
