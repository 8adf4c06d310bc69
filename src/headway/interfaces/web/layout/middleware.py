"""Every request gets an id; every HeadwayError becomes a page or a toast, in one place."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from headway.errors import HeadwayError, Invalid, SignInNeeded
from headway.interfaces.web.layout.errors import error_page, status_of

_log = logging.getLogger("headway.web")
_Answer = Callable[[HttpRequest], HttpResponse]
_A_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """Set `request.request_id` and answer it as X-Request-ID; a proxy's well-formed id is kept."""

    def __init__(self, get_response: _Answer) -> None:
        """Take the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the request, then answer it."""
        given = request.headers.get("X-Request-ID", "")
        name = given if _A_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = name
        return response


class ErrorMiddleware:
    """Translate what the domain raises; what else escapes is a bug and is logged with its id."""

    def __init__(self, get_response: _Answer) -> None:
        """Take the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a HeadwayError; leave a bug to Django's own handling."""
        if isinstance(exception, SignInNeeded):
            return _ask_to_sign_in(request)
        if isinstance(exception, HeadwayError):
            problems = exception.problems if isinstance(exception, Invalid) else ()
            return error_page(request, status_of(exception), str(exception), problems)
        name = getattr(request, "request_id", "")
        _log.error("request %s %s failed", name, request.path, exc_info=exception)
        return None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the reader to sign in and back; a fragment sends its whole page there."""
    address = f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204)
        response["HX-Redirect"] = str(settings.LOGIN_URL)
        return response
    return HttpResponseRedirect(address)
