"""Deliveries of MLflow's webhooks: is it genuine, and what does it hint at?

A delivery proves nothing but that something happened: MLflow sends it at best once, without an
actor, and may lose it. So it never becomes evidence; it only says what to read sooner.
Scheme (mlflow 3.17, `mlflow/webhooks/delivery.py`): base64(HMAC-SHA256(secret as typed,
"{delivery id}.{unix seconds}.{raw body}")) in `X-MLflow-Signature: v1,<base64>`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from headway.errors import Refused

#: How far a delivery's time may lie from ours, either way.
TOLERANCE = timedelta(seconds=300)

_REFUSAL = (
    "The delivery was not accepted: its signature, its time or one of the X-MLflow headers is "
    "missing or wrong. Compare the webhook's secret, and the clocks of both machines."
)
_DELIVERY_ID = re.compile(r"[A-Za-z0-9-]{8,100}")
_SECONDS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A genuine delivery. The same `id` again is a retry: answer well and do nothing."""

    id: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Hint:
    """What to read sooner: an object of the registry. Empty texts stand for not said."""

    entity: str
    action: str
    model: str = ""
    version: str = ""
    alias: str = ""

    @property
    def is_known(self) -> bool:
        """Say whether it is about models; prompts, budgets and novelties are not read."""
        return self.entity in {
            "registered_model",
            "model_version",
            "model_version_tag",
            "model_version_alias",
        }


def verify(secret: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery:
    """Return the delivery that `headers` and the raw `body` carry.

    Raises Refused, with one sentence for every reason, unless the signature is right and the time
    lies within five minutes of `at`.
    """
    given = {name.lower(): value for name, value in headers.items()}
    delivery_id = given.get("x-mlflow-delivery-id", "")
    seconds = given.get("x-mlflow-timestamp", "")
    signature = given.get("x-mlflow-signature", "")
    expected = _signature(secret, delivery_id, seconds, body)
    is_genuine = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
    is_whole = bool(_DELIVERY_ID.fullmatch(delivery_id) and _SECONDS.fullmatch(seconds) and secret)
    if not is_genuine or not is_whole:
        raise Refused(_REFUSAL)
    sent_at = _moment(seconds)
    if sent_at is None or abs(at - sent_at) > TOLERANCE:
        raise Refused(_REFUSAL)
    return Delivery(delivery_id, sent_at)


def hint(body: bytes) -> Hint | None:
    """Return what a genuine `body` hints at, None when it cannot be read."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    data = value.get("data")
    held = data if isinstance(data, dict) else {}
    return Hint(
        entity=_text(value, "entity"),
        action=_text(value, "action"),
        model=_text(held, "name"),
        version=_text(held, "version"),
        alias=_text(held, "alias"),
    )


def _signature(secret: str, delivery_id: str, seconds: str, body: bytes) -> str:
    message = f"{delivery_id}.{seconds}.".encode("utf-8", "replace") + body
    mac = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode("ascii")


def _moment(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _text(holder: Mapping[str, object], key: str) -> str:
    value = holder.get(key)
    return value[:300] if isinstance(value, str) else ""
