"""The site as a Django app: it registers the checks of `site.checks`, and holds no tables."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers what must hold before Headway starts."""

    name = "headway.site"
    label = "headway_site"

    def ready(self) -> None:
        """Import the checks: importing registers them."""
        import_module("headway.site.checks")
