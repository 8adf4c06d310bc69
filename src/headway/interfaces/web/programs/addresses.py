"""Addresses as pages write them, and where a reader goes after a button."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from headway.interfaces.web.layout.routes import WorkspaceRequest


def address(request: WorkspaceRequest, name: str, **values: object) -> str:
    """Return the address of route `name` in the reader's workspace; empty where there is none."""
    try:
        return reverse(name, kwargs={"workspace": request.place.slug, **values})
    except NoReverseMatch:
        return ""


def back(request: WorkspaceRequest, default: str) -> HttpResponse:
    """Go back to the page that a form names in `next`, if it is ours; else to `default`."""
    wanted = request.POST.get("next", "")
    # What begins with no slash is no address of ours, and `redirect` takes it for a route's name.
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if ours else default)


def is_live(request: WorkspaceRequest) -> bool:
    """Say whether the reader looks at the present, where one may change things."""
    return request.at is None or request.shell.pinned
