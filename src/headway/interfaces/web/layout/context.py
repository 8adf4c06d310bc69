"""What every template of the web interface can count on."""

from __future__ import annotations

from django.http import HttpRequest

from headway.domain.accounts.rules import permissions_of
from headway.interfaces.web.layout.shell import Shell, current_place


def shell(request: HttpRequest) -> dict[str, object]:
    """Give templates `shell` (from `request.shell`), the current place and the request's id.

    `may` holds what the reader may do here: `{% if "plan" in may %}`.
    """
    frame: Shell = getattr(request, "shell", None) or Shell()
    return {
        "shell": frame,
        "current_place": current_place(frame.places, request.path),
        "may": permissions_of(request.actor) if hasattr(request, "actor") else frozenset(),
        "request_id": getattr(request, "request_id", ""),
    }
