"""Takes a webhook delivery: verified, remembered once, and treated as a hint to read sooner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from headway.connectors.mlflow.signature import hint, verify
from headway.domain.sources.models import Delivery, Source
from headway.domain.sources.rules import reveal
from headway.errors import NotFound

#: How long a delivery's id is remembered.
REMEMBERED = timedelta(hours=24)


@transaction.atomic
def receive_delivery(
    source_id: UUID, headers: Mapping[str, str], body: bytes, at: datetime
) -> bool:
    """Take a delivery for a source; True when it was new and asks for a reading.

    The sender is known by its signature alone. Raises NotFound for a source without a webhook
    secret, Refused for a wrong signature or a time more than five minutes off.
    """
    source = (
        Source.objects.select_for_update()
        .filter(id=source_id, is_enabled=True, webhook_secret__isnull=False)
        .first()
    )
    if source is None or source.webhook_secret is None:
        sentence = "Nothing listens for deliveries at this address."
        raise NotFound(sentence)
    delivery = verify(reveal(bytes(source.webhook_secret), settings.SOURCE_KEY), headers, body, at)
    Delivery.objects.filter(source=source, received_at__lt=at - REMEMBERED).delete()
    _, is_new = Delivery.objects.get_or_create(
        source=source,
        delivery_id=delivery.id,
        defaults={"workspace_id": source.workspace_id, "received_at": at},
    )
    what = hint(body)
    if not is_new or what is None or not what.is_known:
        return False
    source.wanted_at = at
    source.save(update_fields=["wanted_at"])
    return True
