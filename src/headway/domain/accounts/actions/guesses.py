"""The one rate limit: a token bucket per key, spent by every path that checks a secret."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from headway.domain.accounts.models import GuessBucket
from headway.domain.accounts.rules.guesses import (
    KEY_LENGTH,
    Door,
    bucket_size,
    guess_limits,
    guesses_in,
)

#: After this long any bucket is full again, and a row that says so is not needed.
FORGET_AFTER = timedelta(hours=2)


def admit_guess(door: Door, at: datetime, *, address: str, account: str = "") -> bool:
    """Count a guess at `door`, before it is evaluated; False when it must not be evaluated.

    At most 20 an hour from one address and 10 an hour at one account. After a right guess call
    `excuse_guess`, so that only wrong ones count.
    """
    limits = guess_limits(door, address, account)
    return all(spend_guess(key, per_hour, at) for key, per_hour in limits)


def excuse_guess(door: Door, at: datetime, *, address: str, account: str = "") -> None:
    """Give back a guess that was right."""
    for key, per_hour in guess_limits(door, address, account):
        refund_guess(key, per_hour, at)


@transaction.atomic
def spend_guess(key: str, per_hour: float, at: datetime) -> bool:
    """Take one guess from the bucket of `key`; False when it is empty.

    No hour sees more than `per_hour` guesses: the bucket holds half of them, the rest drips in.
    """
    bucket = _locked_bucket(key, per_hour, at)
    left = guesses_in(bucket.tokens, bucket.updated_at, at, per_hour)
    allowed = left >= 1
    bucket.tokens = left - 1 if allowed else left
    bucket.updated_at = at
    bucket.save(update_fields=["tokens", "updated_at"])
    return allowed


@transaction.atomic
def refund_guess(key: str, per_hour: float, at: datetime) -> None:
    """Put one guess back into the bucket of `key`."""
    bucket = _locked_bucket(key, per_hour, at)
    left = guesses_in(bucket.tokens, bucket.updated_at, at, per_hour)
    bucket.tokens = min(bucket_size(per_hour), left + 1)
    bucket.updated_at = at
    bucket.save(update_fields=["tokens", "updated_at"])


def forget_guesses(at: datetime) -> int:
    """Remove buckets that have long been full again; return how many. Part of every tick."""
    removed, _ = GuessBucket.objects.filter(updated_at__lt=at - FORGET_AFTER).delete()
    return removed


def _locked_bucket(key: str, per_hour: float, at: datetime) -> GuessBucket:
    bucket, _ = GuessBucket.objects.select_for_update().get_or_create(
        key=key[:KEY_LENGTH], defaults={"tokens": bucket_size(per_hour), "updated_at": at}
    )
    return bucket
