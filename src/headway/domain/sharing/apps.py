"""Registers the sharing app with Django."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Links for people outside, and what is sent to them."""

    name = "headway.domain.sharing"
    label = "sharing"
