"""Routes for tests of the layout: the style guide alone."""

from __future__ import annotations

from headway.interfaces.web.layout.urls import urlpatterns

__all__ = ["urlpatterns"]
