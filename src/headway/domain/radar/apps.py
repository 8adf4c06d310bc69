"""Registers the radar app with Django."""

from django.apps import AppConfig


class RadarConfig(AppConfig):
    """What plan and evidence propose as risks."""

    name = "headway.domain.radar"
    label = "radar"
