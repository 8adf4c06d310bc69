"""Registers the discussion app with Django."""

from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    """Comments, mentions, watching and links on every object."""

    name = "headway.domain.discussion"
    label = "discussion"
