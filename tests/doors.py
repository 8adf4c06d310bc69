"""How tests come in: clients that are signed in as somebody of the cast."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.test import Client

from headway.domain.accounts.rules import Actor


def browser_of(actor: Actor, *, enforce_csrf_checks: bool = False) -> Client:
    """Return a client signed in as `actor`'s person."""
    client = Client(enforce_csrf_checks=enforce_csrf_checks)
    client.force_login(
        get_user_model().objects.get(id=actor.user_id),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client
