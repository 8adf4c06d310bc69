"""Who calls: a token in `Authorization: Bearer hw_…`, and nothing else.

A browser's session is not taken here, so that no page elsewhere can make a browser call the API.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja.security import HttpBearer

from headway import clock
from headway.domain.accounts.actions import admit_guess, touch_token
from headway.domain.accounts.queries import actor_for_token, workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.guesses import PER_ADDRESS, Door
from headway.errors import SignInNeeded
from headway.interfaces.api.problems import ApiError, Slug

#: Half an hour's guesses drip in over an hour: one every six minutes.
_WAIT = 3_600 * 2 // PER_ADDRESS

#: What a 429 tells a program: the rule, and when the next try counts (the IETF's RateLimit fields).
_LIMITED = {
    "Retry-After": str(_WAIT),
    "RateLimit-Policy": f'"wrong-tokens";q={PER_ADDRESS};w=3600',
    "RateLimit": f'"wrong-tokens";r=0;t={_WAIT}',
}


class ApiRequest(HttpRequest):
    """A request as an operation gets it.

    `now` is the moment of the request, for actions; `since_when` the moment that reads look from
    unless they are asked for another (a sample is pinned to its own day), None for now.
    """

    auth: Actor
    now: datetime
    since_when: datetime | None


class Bearer(HttpBearer):
    """Lets in whoever holds a token that may do `permission`."""

    openapi_description = "A token made under Settings, Tokens; it starts with hw_."

    def __init__(self, permission: Permission) -> None:
        """Take what the operation needs."""
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Actor:
        """Return the actor; raise when there is none, or when it may not."""
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            sentence = "Send a token: Authorization: Bearer hw_…"
            raise SignInNeeded(sentence)
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Return the actor that `token` stands for, with the request's moments set."""
        at = clock.now()
        try:
            actor, token_id = actor_for_token(token, at)
        except SignInNeeded:
            _count_wrong(request, at)
            raise
        touch_token(token_id, at)
        require(actor, self.permission)
        inside: ApiRequest = request  # type: ignore[assignment]  # made one here
        pinned = workspace_of(actor).pinned_at
        inside.now, inside.since_when = pinned or at, pinned
        return actor


def _count_wrong(request: HttpRequest, at: datetime) -> None:
    """Raise a 429 when this address has shown too many wrong tokens."""
    if not admit_guess(Door.TOKEN, at, address=str(request.META.get("REMOTE_ADDR", ""))):
        sentence = "Too many wrong tokens came from this address; wait before the next one."
        raise ApiError(Slug.TOO_MANY_GUESSES, sentence, _LIMITED)
