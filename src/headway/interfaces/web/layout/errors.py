"""How the web tells that something did not work: one page, or one toast for a fragment.

The site names these as its handlers (`handler400` is `bad_request` by its dotted path, and so on)
and `form_expired` as CSRF_FAILURE_VIEW.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from headway.errors import Conflict, HeadwayError, Invalid, NotFound, Problem, Refused, SourceError

_TITLES = {
    400: "This request cannot be read",
    403: "You may not do this",
    404: "There is nothing here",
    405: "This address is for something else",
    409: "This changed meanwhile",
    429: "Too many tries",
    500: "Something broke on our side",
    502: "Another system did not answer",
}
_NEXT_STEPS = {
    400: "Go back, check what was entered and send it again.",
    403: "Ask an owner of the workspace for the permission, or sign in as somebody who has it.",
    404: "The address may be mistyped, the thing removed, or you may not see it. Search for it, "
    "or start from home.",
    405: "Start from home, or go back and use the page's own buttons.",
    409: "Reload the page to see what is there now, then decide again.",
    429: "Wait a few minutes, then try again.",
    500: "Nothing was changed by the step that failed. Try again; if it fails again, send the "
    "request id to whoever runs this server.",
    502: "Try again in a few minutes; the last known state is kept.",
}
_STATUS = ((NotFound, 404), (Refused, 403), (Conflict, 409), (SourceError, 502), (Invalid, 400))


def status_of(error: HeadwayError) -> int:
    """Return the HTTP status that says what `error` says."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def error_page(
    request: HttpRequest, status: int, sentence: str = "", problems: Sequence[Problem] = ()
) -> HttpResponse:
    """Say in the reader's words what happened, what to do next and the id to quote.

    A fragment request (htmx) gets a toast with the same words. Needs no database, no session and
    no signed-in member, so that it can be shown when those are what failed.
    """
    values = {
        "status": status,
        "title": _TITLES.get(status, HTTPStatus(status).phrase),
        "sentence": sentence,
        "next_step": _NEXT_STEPS.get(status, ""),
        "problems": problems,
        "request_id": getattr(request, "request_id", ""),
        "home": getattr(getattr(request, "shell", None), "home", "/"),
    }
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(render_to_string("layout/_error_toast.html", values), status=status)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        return response
    return HttpResponse(render_to_string("layout/error.html", values), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return error_page(request, 500)


def too_many(request: HttpRequest, *_details: object) -> HttpResponse:
    """Answer 429: a door that checks a secret has seen too many guesses."""
    return error_page(request, 429, "There were too many tries from here or at this account.")


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when the form's token is missing or old."""
    return error_page(
        request, 403, "The form was open too long or cookies are blocked. Reload it and send again."
    )
