"""The one rate limit: a token bucket per key, spent by every path that checks a secret."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.domain.accounts.models import GuessBucket


@transaction.atomic
def spend_guess(key: str, per_hour: float, at: datetime) -> bool:
    """Take one guess from the bucket of `key`; False when it is empty.

    The bucket holds `per_hour` guesses and fills evenly. Keys name the path and who tries:
    "token:203.0.113.9".
    """
    bucket, _ = GuessBucket.objects.select_for_update().get_or_create(
        key=key[:200], defaults={"tokens": per_hour, "updated_at": at}
    )
    hours = max(0.0, (at - bucket.updated_at).total_seconds() / 3600)
    left = min(per_hour, bucket.tokens + hours * per_hour)
    allowed = left >= 1
    bucket.tokens = left - 1 if allowed else left
    bucket.updated_at = at
    bucket.save(update_fields=["tokens", "updated_at"])
    return allowed
