"""The door for MLflow's webhook deliveries: known by signature, told nothing but yes or no."""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from headway import clock
from headway.domain.accounts.actions import admit_guess, excuse_guess
from headway.domain.accounts.rules.guesses import Door
from headway.domain.sources.actions import receive_delivery
from headway.errors import HeadwayError
from headway.interfaces.web.accounts.limits import address_of

#: The largest delivery that is read. MLflow's own measure a few hundred bytes.
LARGEST = 1_000_000

_log = logging.getLogger("headway.security")


@csrf_exempt
def mlflow_hook(request: HttpRequest, source: UUID) -> HttpResponse:
    """Answer 204 to a genuine delivery, seen before or not; else one refusal for every reason.

    Guesses are counted by network address alone, so that nobody can shut the door on the server
    that really sends.
    """
    at, address = clock.now(), address_of(request)
    if not admit_guess(Door.HOOK, at, address=address):
        return _plain(429, "Too many tries.")
    body = request.read(LARGEST + 1)
    try:
        if len(body) > LARGEST:
            return _plain(403, "The delivery was not accepted.")
        receive_delivery(source, dict(request.headers), body, at)
    except HeadwayError as error:
        _log.warning("webhook delivery refused from %s: %s", address, type(error).__name__)
        return _plain(403, "The delivery was not accepted.")
    excuse_guess(Door.HOOK, at, address=address)
    return HttpResponse(status=204)


def _plain(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8", status=status)
