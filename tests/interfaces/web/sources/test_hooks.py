"""Claims about the door for deliveries: one refusal for every reason, no session, no details."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.cast import AT, Cast

from headway import clock
from headway.domain.sources.actions import add_source
from headway.domain.sources.models import Delivery, Source
from headway.domain.sources.rules import SourceDraft

SECRET = "four score and seven"
BODY = b'{"entity": "model_version", "action": "created", "data": {"name": "m", "version": "1"}}'


@pytest.fixture
def source(cast: Cast) -> Source:
    draft = SourceDraft("mlflow", "lab", "https://lab.example.org", webhook_secret=SECRET)
    made = add_source(cast.alice, draft, AT)
    Source.objects.filter(id=made.id).update(wanted_at=None)
    return made


def deliver(
    source: uuid.UUID, body: bytes = BODY, secret: str = SECRET, name: str = "delivery-1"
) -> HttpResponse:
    seconds = str(int(clock.now().timestamp()))
    signed = f"{name}.{seconds}.".encode() + body
    mac = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
    headers = {
        "X-MLflow-Delivery-Id": name,
        "X-MLflow-Timestamp": seconds,
        "X-MLflow-Signature": f"v1,{mac}",
    }
    client = Client(enforce_csrf_checks=True)
    return client.post(
        f"/hooks/mlflow/{source}/", body, content_type="application/json", headers=headers
    )


def test_a_genuine_delivery_asks_for_a_reading(source: Source) -> None:
    assert deliver(source.id).status_code == 204
    assert Source.objects.get().wanted_at is not None


def test_the_same_delivery_again_is_answered_well_and_changes_nothing(source: Source) -> None:
    deliver(source.id)
    assert deliver(source.id).status_code == 204
    assert Delivery.objects.count() == 1


def test_every_refusal_looks_the_same(source: Source) -> None:
    answers = [
        deliver(source.id, secret="wrong"),
        deliver(uuid.uuid4()),
        deliver(source.id, body=b"x" * 1_000_001),
        Client().post(f"/hooks/mlflow/{source.id}/", BODY, content_type="application/json"),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (403, b"The delivery was not accepted.\n")
    }
    assert Source.objects.get().wanted_at is None


def test_guessing_is_stopped_and_right_deliveries_are_not_counted(source: Source) -> None:
    for number in range(15):
        assert deliver(source.id, name=f"delivery-{number}").status_code == 204
    statuses = [deliver(source.id, secret="wrong").status_code for _ in range(15)]
    assert statuses[0] == 403
    assert statuses[-1] == 429
