"""What the page of a one-time link shows before the link is spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.models import OneTimeLink, User
from headway.domain.accounts.rules import Role
from headway.domain.accounts.rules.links import Purpose, refuse_spent
from headway.domain.accounts.rules.secrets import hash_secret
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Where a one-time link leads: `email` is empty when the newcomer gives it.

    `known` says that there is an account for `email`: its owner signs in, the link makes nothing.
    """

    purpose: Purpose
    workspace: str
    role: Role
    email: str
    known: bool


def link_page(secret: str, at: datetime) -> LinkPage:
    """Return where an unspent link leads; NotFound when unknown, Conflict when used or expired."""
    link = (
        OneTimeLink.objects.select_related("workspace")
        .filter(secret_hash=hash_secret(secret))
        .first()
    )
    if link is None:
        sentence = "This link is not known here; ask for a new one."
        raise NotFound(sentence)
    refuse_spent(link.used_at, link.expires_at, at)
    known = bool(link.email) and User.objects.filter(email=link.email).exists()
    return LinkPage(Purpose(link.purpose), link.workspace.name, Role(link.role), link.email, known)
