"""Answers whose address is a secret: they keep it from going any further."""

from __future__ import annotations

from django.http import HttpResponse


def sealed(response: HttpResponse) -> HttpResponse:
    """Return the answer with the headers that keep its address from going any further."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
