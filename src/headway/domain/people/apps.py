"""Registers the people app with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Who and what does the work."""

    name = "headway.domain.people"
    label = "people"
