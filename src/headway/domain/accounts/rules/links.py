"""One-time links: what they are for, and when they are spent."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from headway.errors import Conflict

#: How long a link lasts.
LINK_LASTS = timedelta(days=7)


class Purpose(StrEnum):
    """What a one-time link is for."""

    INVITE = "invite"
    FIRST_OWNER = "first_owner"
    SAMPLE = "sample"


def refuse_spent(used_at: datetime | None, expires_at: datetime, at: datetime) -> None:
    """Raise Conflict when a link was used or has expired."""
    if used_at is not None or expires_at <= at:
        word = "has been used" if used_at else "has expired"
        sentence = f"This link {word}; a link works once and for 7 days. Ask for a new one."
        raise Conflict(sentence)
