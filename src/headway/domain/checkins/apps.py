"""Registers the checkins app with Django."""

from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    """What people say of their own work."""

    name = "headway.domain.checkins"
    label = "checkins"
