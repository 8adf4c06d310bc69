"""A site with one page that breaks, to see what its readers see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from headway.interfaces.web.layout.routes import Public, route
from headway.site.urls import (
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
)

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]


def bomb(request: HttpRequest) -> HttpResponse:
    """Break as code breaks, with a secret at hand."""
    password = request.POST.get("password", "")
    raise RuntimeError(f"cannot read /srv/headway/secret_key for {len(password)} letters")


urlpatterns = [route("bomb/", bomb, Public("a test"), "bomb", ("GET", "POST"))]
