"""The page of a link to a frozen report, and its files: for whoever holds the link."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from headway.domain.sharing.actions import open_shared, open_shared_file
from headway.interfaces.web.sharing.doors import through_link


def shared(request: HttpRequest, shared: str) -> HttpResponse:
    """Show the frozen report with its watermark."""

    def act(at: datetime) -> HttpResponse:
        values = {"report": open_shared(shared, at), "secret": shared}
        return render(request, "sharing_web/shared.html", values)

    return through_link(request, act)


def shared_file(request: HttpRequest, shared: str, form: str) -> HttpResponse:
    """Send the frozen report as a file, with its watermark."""

    def act(at: datetime) -> HttpResponse:
        content = open_shared_file(shared, form, at)
        response = HttpResponse(content.data, content_type=content.content_type)
        response["Content-Disposition"] = f'attachment; filename="{content.name}"'
        # Should a browser show a downloaded page after all, it shows it as a stranger's.
        response._csp_update = {"sandbox": ["allow-downloads"]}  # type: ignore[attr-defined]
        return response

    return through_link(request, act)
