from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.cast import Cast

from headway.domain.sources.actions import add_source, disconnect_source, receive_delivery
from headway.domain.sources.models import Delivery, Source
from headway.domain.sources.rules import SourceDraft
from headway.errors import NotFound, Refused

# The vector made with mlflow 3.17.2's own delivery code: see the connector's tests.
SECRET = "headway-test-secret"
SENT = datetime.fromtimestamp(1767225600, UTC)
BODY = (
    b'{"entity": "model_version_alias", "action": "created", "timestamp": '
    b'"2026-01-01T00:00:00+00:00", "data": {"name": "fraud", "alias": "champion", "version": "7"}}'
)
HEADERS = {
    "X-MLflow-Delivery-Id": "3f2b8f0e-6c1d-4f0a-9b7e-2a1c5d4e6f70",
    "X-MLflow-Timestamp": "1767225600",
    "X-MLflow-Signature": "v1,uz4v8BetMrvhPdlxUE7wOLBCwHuvNJbgBr3IbTTmN18=",
}
DRAFT = SourceDraft("mlflow", "tracker", "https://mlflow.example.org", webhook_secret=SECRET)


@pytest.fixture
def tracker(cast: Cast) -> Source:
    return add_source(cast.mia, DRAFT, SENT - timedelta(days=1))


def wanted(source: Source) -> datetime | None:
    return Source.objects.get(id=source.id).wanted_at


def test_a_genuine_delivery_asks_for_a_reading(tracker: Source) -> None:
    assert receive_delivery(tracker.id, HEADERS, BODY, SENT)
    assert wanted(tracker) == SENT


def test_the_same_delivery_again_changes_nothing(tracker: Source) -> None:
    later = SENT + timedelta(minutes=1)
    assert receive_delivery(tracker.id, HEADERS, BODY, SENT)
    assert not receive_delivery(tracker.id, HEADERS, BODY, later)
    assert wanted(tracker) == SENT
    assert Delivery.objects.count() == 1


def test_a_wrong_signature_or_an_old_time_is_refused_and_leaves_nothing(tracker: Source) -> None:
    before = wanted(tracker)
    with pytest.raises(Refused):
        receive_delivery(tracker.id, HEADERS, BODY + b" ", SENT)
    with pytest.raises(Refused):
        receive_delivery(tracker.id, HEADERS, BODY, SENT + timedelta(minutes=6))
    assert wanted(tracker) == before
    assert not Delivery.objects.exists()


def test_nothing_listens_where_no_webhook_is_set_up(cast: Cast, tracker: Source) -> None:
    silent = add_source(cast.mia, replace(DRAFT, name="other", webhook_secret=None), SENT)
    disconnect_source(cast.mia, "tracker", SENT)
    for source_id in (silent.id, tracker.id, uuid4()):
        with pytest.raises(NotFound):
            receive_delivery(source_id, HEADERS, BODY, SENT)


def test_ids_of_yesterday_are_forgotten(tracker: Source) -> None:
    old = SENT - timedelta(hours=25)
    Delivery.objects.create(
        workspace_id=tracker.workspace_id, source=tracker, delivery_id="old", received_at=old
    )
    receive_delivery(tracker.id, HEADERS, BODY, SENT)
    assert [row.delivery_id for row in Delivery.objects.all()] == [HEADERS["X-MLflow-Delivery-Id"]]
