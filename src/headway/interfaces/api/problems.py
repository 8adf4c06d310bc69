"""Problems: every answer of 400 and above is RFC 9457 `application/problem+json`, made here.

`type` is the address of a page that says what the problem means (`/problems/<slug>`), `detail` the
sentence for a person, `instance` the request's id, `errors` the places that are wrong: a JSON
pointer into the body, or the name of a parameter.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from headway.errors import (
    Conflict,
    HeadwayError,
    Invalid,
    NotFound,
    Problem,
    Refused,
    SignInNeeded,
    SourceError,
)

_log = logging.getLogger("headway.api")

MEDIA_TYPE = "application/problem+json"


class Slug(StrEnum):
    """The last part of a problem's `type`."""

    MALFORMED = "malformed"
    KEY_MISSING = "key-missing"
    SIGN_IN_NEEDED = "sign-in-needed"
    REFUSED = "refused"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    CONFLICT = "conflict"
    CHANGED_MEANWHILE = "changed-meanwhile"
    TOO_LARGE = "too-large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    INVALID = "invalid"
    IF_MATCH_NEEDED = "if-match-needed"
    TOO_MANY_GUESSES = "too-many-guesses"
    BROKEN = "broken"
    SOURCE_FAILED = "source-failed"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of problem: its status, its title, and what a caller does about it."""

    status: int
    title: str
    advice: str


#: `docs/reference/problems.md` lists the same, and a test compares them.
SORTS: Mapping[Slug, Sort] = {
    Slug.MALFORMED: Sort(
        400, "The request cannot be read", "Correct the JSON, the cursor or the header it names."
    ),
    Slug.KEY_MISSING: Sort(
        400,
        "An Idempotency-Key is needed",
        "Send a header Idempotency-Key, new for each request and the same when you retry it.",
    ),
    Slug.SIGN_IN_NEEDED: Sort(
        401,
        "A token is needed",
        "Send `Authorization: Bearer hw_…` with a token from Settings, Tokens.",
    ),
    Slug.REFUSED: Sort(
        403,
        "You may not do this",
        "Use a token whose scopes include the permission, of a member whose role includes it.",
    ),
    Slug.NOT_FOUND: Sort(
        404,
        "There is no such thing",
        "Check the address; what other workspaces hold looks the same.",
    ),
    Slug.METHOD_NOT_ALLOWED: Sort(
        405, "This address does not answer that method", "The header Allow lists those it answers."
    ),
    Slug.CONFLICT: Sort(
        409, "It is so already, or in the way", "Read the thing again and decide anew."
    ),
    Slug.CHANGED_MEANWHILE: Sort(
        412,
        "It changed since you read it",
        "Read it again: the header ETag of this answer is the current version.",
    ),
    Slug.TOO_LARGE: Sort(
        413, "The request is too large", "Send fewer records, in several requests."
    ),
    Slug.UNSUPPORTED_MEDIA_TYPE: Sort(
        415, "This content type is not read here", "Send application/json, or what the page says."
    ),
    Slug.INVALID: Sort(
        422, "The request does not hold what it must", "Each entry of `errors` names a place."
    ),
    Slug.IF_MATCH_NEEDED: Sort(
        428,
        "If-Match is needed",
        "Read the thing, and send its ETag as If-Match, so that nobody's change is lost.",
    ),
    Slug.TOO_MANY_GUESSES: Sort(
        429, "Too many wrong tokens", "Wait as long as the header Retry-After says."
    ),
    Slug.BROKEN: Sort(
        500,
        "Something broke on our side",
        "Nothing was changed. Try again; tell whoever runs this server the request id.",
    ),
    Slug.SOURCE_FAILED: Sort(
        502, "Another system did not answer as it should", "The detail says whether to try again."
    ),
    Slug.BUSY: Sort(503, "The database is busy", "Try again: the header Retry-After says when."),
}


class ApiError(HeadwayError):
    """A problem of the protocol: a header, a content type, a size. `slug` says which."""

    def __init__(self, slug: Slug, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        """Say what is wrong in one `sentence`; `headers` go into the answer."""
        super().__init__(sentence)
        self.slug = slug
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Place:
    """A place that is wrong: a JSON `pointer` into the body, or the name of a `parameter`."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


def problem(
    request: HttpRequest,
    slug: Slug,
    detail: str,
    places: Sequence[Place] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return the answer for one problem."""
    sort = SORTS[slug]
    body: dict[str, object] = {
        "type": f"/problems/{slug}",
        "title": sort.title,
        "status": sort.status,
        "detail": detail,
        "instance": f"urn:headway:request:{getattr(request, 'request_id', 'unknown')}",
        "errors": [_plain(place) for place in places],
    }
    response = HttpResponse(json.dumps(body), content_type=MEDIA_TYPE, status=sort.status)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _plain(place: Place) -> dict[str, str]:
    named = {"detail": place.detail, "pointer": place.pointer, "parameter": place.parameter}
    return {name: value for name, value in named.items() if value is not None}


_SLUGS: Sequence[tuple[type[HeadwayError], Slug]] = (
    (SignInNeeded, Slug.SIGN_IN_NEEDED),
    (Refused, Slug.REFUSED),
    (NotFound, Slug.NOT_FOUND),
    (Conflict, Slug.CONFLICT),
    (SourceError, Slug.SOURCE_FAILED),
    (Invalid, Slug.INVALID),
)


def problem_of(request: HttpRequest, error: Exception) -> HttpResponse:
    """Translate any exception: the one place where the API does so."""
    if isinstance(error, ApiError):
        return problem(request, error.slug, str(error), headers=error.headers)
    if isinstance(error, HeadwayError):
        slug = next((slug for kind, slug in _SLUGS if isinstance(error, kind)), Slug.BROKEN)
        faults = error.problems if isinstance(error, Invalid) else ()
        headers = {"WWW-Authenticate": "Bearer"} if slug == Slug.SIGN_IN_NEEDED else {}
        return problem(request, slug, str(error), [_located(fault) for fault in faults], headers)
    if isinstance(error, OperationalError) and "locked" in str(error):
        sentence = "Another request has been writing for too long; nothing was changed."
        return problem(request, Slug.BUSY, sentence, headers={"Retry-After": "2"})
    name = getattr(request, "request_id", "")
    _log.error("request %s %s failed", name, request.path, exc_info=error)
    return problem(request, Slug.BROKEN, "The request failed, and the failure was logged.")


def _located(fault: Problem) -> Place:
    where = fault.where if fault.where.startswith("/") else f"/{fault.where.replace('.', '/')}"
    return Place(fault.sentence, pointer=where)
