"""Whether a guess would be evaluated: for doors that pay only for wrong ones."""

from __future__ import annotations

from datetime import datetime

from headway.domain.accounts.models import GuessBucket
from headway.domain.accounts.rules.guesses import Door, guess_limits, guesses_in


def may_guess(door: Door, at: datetime, *, address: str, account: str = "") -> bool:
    """Say whether `door` still evaluates a guess, without counting one.

    For secrets of 256 bits that are shown with every request (API tokens): ask first, and call
    `admit_guess` only when the secret was wrong, so that right ones cost no write.
    """
    limits = dict(guess_limits(door, address, account))
    return all(
        guesses_in(bucket.tokens, bucket.updated_at, at, limits[bucket.key]) >= 1
        for bucket in GuessBucket.objects.filter(key__in=limits)
    )
