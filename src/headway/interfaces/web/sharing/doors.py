"""The door of every link: guesses are counted, every dead link looks the same, nothing leaks on.

Nobody is signed in here and no cookie counts: the secret in the address is the whole authority.
So the pages are never indexed or stored, and tell no other site where the reader came from.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from headway import clock
from headway.domain.accounts.actions import admit_guess
from headway.domain.accounts.queries import may_guess
from headway.domain.accounts.rules.guesses import Door
from headway.domain.sharing.rules import UnknownLink
from headway.errors import HeadwayError
from headway.interfaces.web.accounts.limits import address_of
from headway.interfaces.web.layout.errors import error_page, status_of, too_many
from headway.interfaces.web.layout.sealing import sealed


def through_link(request: HttpRequest, act: Callable[[datetime], HttpResponse]) -> HttpResponse:
    """Answer as `act` does at this moment, behind the limit of guesses, and seal the answer.

    Only a secret that was never one counts as a guess: many may come with a link that has expired.
    """
    at, address = clock.now(), address_of(request)
    if not may_guess(Door.LINK, at, address=address):
        return sealed(too_many(request))
    try:
        return sealed(act(at))
    except HeadwayError as error:
        if isinstance(error, UnknownLink):
            admit_guess(Door.LINK, at, address=address)
        return sealed(error_page(request, status_of(error), str(error)))
