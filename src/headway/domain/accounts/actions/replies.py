"""Idempotency: the first answer to a keyed POST is kept and given again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from headway.domain.accounts.models import IdempotentReply
from headway.domain.accounts.rules import Actor
from headway.errors import Conflict, Invalid

#: How long a reply is kept (as Stripe does).
REPLY_LASTS = timedelta(hours=24)

#: A request that has no answer after this long died with its process; its key is free again.
CLAIM_LASTS = timedelta(minutes=10)


def start_reply(
    actor: Actor, key: str, request_digest: str, at: datetime
) -> IdempotentReply | None:
    """Claim `key` for a request; return the kept reply when it was answered before, else None.

    Raises Invalid when the key came with another request, Conflict while the first still runs.
    """
    if not 1 <= len(key) <= 255:
        sentence = f"An Idempotency-Key has 1 to 255 characters; this one has {len(key)}."
        raise Invalid(sentence)
    mine = IdempotentReply.objects.filter(workspace_id=actor.workspace_id, actor=actor.label)
    mine.filter(created_at__lt=at - REPLY_LASTS).delete()
    mine.filter(key=key, status__isnull=True, created_at__lt=at - CLAIM_LASTS).delete()
    try:
        with transaction.atomic():
            IdempotentReply.objects.create(
                workspace_id=actor.workspace_id,
                actor=actor.label,
                key=key,
                request_digest=request_digest,
                created_at=at,
            )
    except IntegrityError:
        return _known_reply(mine.get(key=key), request_digest)
    return None


def _known_reply(reply: IdempotentReply, request_digest: str) -> IdempotentReply:
    if reply.request_digest != request_digest:
        sentence = (
            f"The Idempotency-Key {reply.key!r} was used for another request; "
            "use a new key for a new request."
        )
        raise Invalid(sentence)
    if reply.status is None:
        sentence = "The first request with this Idempotency-Key is still running; try again later."
        raise Conflict(sentence)
    return reply


def finish_reply(
    actor: Actor, key: str, *, status: int | None, body: str = "", etag: str = ""
) -> None:
    """Keep the answer for `key`; with `status` None forget it, so that a retry runs afresh."""
    mine = IdempotentReply.objects.filter(
        workspace_id=actor.workspace_id, actor=actor.label, key=key
    )
    if status is None:
        mine.delete()
    else:
        mine.update(status=status, body=body, etag=etag)
