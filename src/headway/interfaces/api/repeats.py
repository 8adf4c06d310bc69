"""Idempotency-Key: a POST that is sent again is answered again, and done once.

The claim of the key, the act and its answer are one transaction: whoever pulls the plug leaves all
of them or none. An operation marked `slow` computes for seconds and would keep all writers waiting;
its claim stands alone, so that a second request meets a 409 while the first still runs.
Only successes are kept: a refused request changed nothing, and may be corrected and sent again.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponse

from headway.domain.accounts.actions import finish_reply, start_reply
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.problems import ApiError, Slug
from headway.observation import digest

HEADER = "Idempotency-Key"

Act = Callable[[], HttpResponse]


def once(request: ApiRequest, act: Act, *, is_slow: bool) -> HttpResponse:
    """Return the answer of `act`, or the one that its key was given before."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not is_slow:
        with transaction.atomic():
            return _claimed(request, key, act)
    try:
        return _claimed(request, key, act)
    except BaseException:
        if not getattr(request, "is_repeat", False):
            finish_reply(request.auth, key, status=None)
        raise


def require_key(request: ApiRequest) -> None:
    """Raise a 400 when the request comes without an Idempotency-Key."""
    if request.headers.get(HEADER) is None:
        sentence = "Send a header Idempotency-Key: the same when you repeat this request."
        raise ApiError(Slug.KEY_MISSING, sentence)


def _claimed(request: ApiRequest, key: str, act: Act) -> HttpResponse:
    request.is_repeat = True  # type: ignore[attr-defined]  # until the claim is ours
    known = start_reply(request.auth, key, _digest(request), request.now)
    if known is not None:
        response = HttpResponse(known.body, content_type="application/json", status=known.status)
        response["Idempotent-Replayed"] = "true"
        if known.etag:
            response["ETag"] = known.etag
        return response
    request.is_repeat = False  # type: ignore[attr-defined]
    response = act()
    finish_reply(
        request.auth,
        key,
        status=response.status_code,
        body=response.content.decode("utf-8"),
        etag=response.get("ETag", ""),
    )
    return response


def _digest(request: ApiRequest) -> str:
    """Return what makes two requests the same: address, content type and body."""
    head = f"{request.method} {request.get_full_path()} {request.content_type}\n"
    return digest(head + request.body.decode("utf-8", "backslashreplace"))
