"""Tell a reader what was done, with the way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string


def tell(request: HttpRequest, sentence: str, undo: str = "") -> None:
    """Show `sentence` on the next full page; `undo` is the address a POST to takes it back."""
    messages.success(request, sentence, extra_tags=undo)


def toast(request: HttpRequest, sentence: str, undo: str = "", *, bad: bool = False) -> str:
    """Return a toast to append to an htmx fragment; it finds its own place in the page."""
    values = {"sentence": sentence, "undo": undo, "bad": bad, "out_of_band": True}
    return render_to_string("layout/_toast.html", values, request)
