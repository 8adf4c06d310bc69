"""Registers the sources app with Django."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Where evidence comes from."""

    name = "headway.domain.sources"
    label = "sources"
