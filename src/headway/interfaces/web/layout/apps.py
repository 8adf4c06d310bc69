"""The layout as a Django app: it owns templates, static files and template tags, no tables."""

from __future__ import annotations

from django.apps import AppConfig


class LayoutConfig(AppConfig):
    """Stands before `allauth` in INSTALLED_APPS, so that account pages wear our templates."""

    name = "headway.interfaces.web.layout"
    label = "layout"
