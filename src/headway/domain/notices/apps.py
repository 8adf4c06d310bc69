"""Registers the notices app with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Tellings, and the outbox."""

    name = "headway.domain.notices"
    label = "notices"
