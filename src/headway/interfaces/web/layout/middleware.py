"""Every request gets an id; every HeadwayError becomes a page or a toast, in one place."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from headway.errors import HeadwayError, Invalid, SignInNeeded
from headway.interfaces.web.layout.errors import error_page, status_of

_Answer = Callable[[HttpRequest], HttpResponse]
_A_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
#: Addresses whose next part is a secret.
_SECRET_PATH = re.compile(
    r"(/(?:start|answer|shared|password/reset/key|check-in|stop-mails)/)[^/\s]+"
)
_current_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Put the id of the request at hand on every log record, as `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record; Django's own about a request come after it, and carry it."""
        request = getattr(record, "request", None)
        record.request_id = getattr(request, "request_id", None) or _current_id.get()
        return True


class SecretFilter(logging.Filter):
    """Take the secrets of links out of what is logged: Django logs the path of what it refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, without its secrets."""
        if isinstance(record.args, tuple):
            record.args = tuple(_hushed(one) for one in record.args)
        record.msg = _hushed(record.msg)
        return True


def _hushed(value: object) -> object:
    return _SECRET_PATH.sub(r"\1…", value) if isinstance(value, str) else value


class ProxyMiddleware:
    """Take the client's address from the proxy in front: the last entry it wrote, no other.

    Installed only when the operator says that there is a proxy (HEADWAY_BEHIND_PROXY=1); what a
    client writes into X-Forwarded-For itself stands before that entry and is not believed.
    """

    def __init__(self, get_response: _Answer) -> None:
        """Take the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set REMOTE_ADDR, then answer."""
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if told:
            request.META["REMOTE_ADDR"] = told
        return self.get_response(request)


class RequestIdMiddleware:
    """Set `request.request_id` and answer it as X-Request-ID; a proxy's well-formed id is kept.

    Answers are private unless their view says otherwise: nothing here is for shared caches.
    """

    def __init__(self, get_response: _Answer) -> None:
        """Take the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the request, then answer it."""
        given = request.headers.get("X-Request-ID", "")
        name = given if _A_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]
        token = _current_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            _current_id.reset(token)
        response["X-Request-ID"] = name
        response.setdefault("Cache-Control", "private, no-store")
        return response


class ErrorMiddleware:
    """Translate what the domain raises; what else escapes is a bug, and Django's to handle."""

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
        return None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the reader to sign in and back; a fragment sends its whole page there."""
    here = request.get_full_path() if request.method == "GET" else ""
    fragment = request.headers.get("HX-Request") == "true"
    if fragment:
        here = getattr(getattr(request, "htmx", None), "current_url_abs_path", None) or ""
    address = f"{settings.LOGIN_URL}?{urlencode({'next': here})}" if here else settings.LOGIN_URL
    if fragment:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
