from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.mlflow.book import Bench
from tests.peers.fault_server import serving

from headway.connectors.mlflow.signature import Hint, hint, verify
from headway.errors import Refused

# A vector made with mlflow 3.17.2's own delivery code.
SECRET = "headway-test-secret"
AT = datetime.fromtimestamp(1767225600, UTC)
BODY = (
    b'{"entity": "model_version_alias", "action": "created", "timestamp": '
    b'"2026-01-01T00:00:00+00:00", "data": {"name": "fraud", "alias": "champion", "version": "7"}}'
)
HEADERS = {
    "Content-Type": "application/json",
    "X-MLflow-Delivery-Id": "3f2b8f0e-6c1d-4f0a-9b7e-2a1c5d4e6f70",
    "X-MLflow-Timestamp": "1767225600",
    "X-MLflow-Signature": "v1,uz4v8BetMrvhPdlxUE7wOLBCwHuvNJbgBr3IbTTmN18=",
}


def test_the_golden_vector_is_genuine() -> None:
    delivery = verify(SECRET, HEADERS, BODY, AT)
    assert delivery.id == "3f2b8f0e-6c1d-4f0a-9b7e-2a1c5d4e6f70"
    assert delivery.sent_at == AT


def test_header_names_are_read_in_any_case() -> None:
    assert verify(SECRET, {name.upper(): value for name, value in HEADERS.items()}, BODY, AT)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_either_way_are_tolerated(seconds: int) -> None:
    assert verify(SECRET, HEADERS, BODY, AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_an_old_or_early_delivery_is_refused(seconds: int) -> None:
    with pytest.raises(Refused):
        verify(SECRET, HEADERS, BODY, AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("name", ["Delivery-Id", "Timestamp", "Signature"])
@pytest.mark.parametrize(
    "value", [None, "", "x", "v1,", "v2,uz4v8BetMrvhPdlxUE7wOLBCwHuvNJbgBr3IbTTmN18=",
              "1767225601", "-1", "1e9", "٣", "9" * 400, "é", "v1," + "A" * 43 + "="]
)  # fmt: skip
def test_a_header_that_is_missing_or_wrong_is_refused(name: str, value: str | None) -> None:
    headers = {key: held for key, held in HEADERS.items() if key != f"X-MLflow-{name}"}
    if value is not None:
        headers[f"X-MLflow-{name}"] = value
    with pytest.raises(Refused):
        verify(SECRET, headers, BODY, AT)


def test_every_refusal_reads_alike() -> None:
    sentences = set()
    for headers, body, at in [
        ({}, BODY, AT),
        (HEADERS, BODY + b" ", AT),
        (HEADERS, BODY, AT + timedelta(days=1)),
    ]:
        with pytest.raises(Refused) as caught:
            verify(SECRET, headers, body, at)
        sentences.add(str(caught.value))
    assert len(sentences) == 1
    assert SECRET not in sentences.pop()


@pytest.mark.parametrize("secret", ["", "headway-test-secret ", "other"])
def test_another_secret_is_refused(secret: str) -> None:
    with pytest.raises(Refused):
        verify(secret, HEADERS, BODY, AT)


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_any_changed_byte_is_noticed(place: int, change: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= change
    with pytest.raises(Refused):
        verify(SECRET, HEADERS, bytes(changed), AT)


def test_a_body_hints_at_what_to_read() -> None:
    assert hint(BODY) == Hint("model_version_alias", "created", "fraud", "7", "champion")


@pytest.mark.parametrize(
    ("entity", "is_known"),
    [("model_version", True), ("registered_model", True), ("prompt", False), ("novelty", False)],
)
def test_only_models_are_worth_a_look(entity: str, is_known: bool) -> None:
    found = hint(b'{"entity": "%s", "data": {"name": 3}}' % entity.encode())
    assert found == Hint(entity, "")
    assert found.is_known is is_known


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"{", b"[" * 100_000])
def test_an_unreadable_body_hints_at_nothing(body: bytes) -> None:
    assert hint(body) is None


@given(st.binary(max_size=200))
def test_no_body_breaks_the_hint(body: bytes) -> None:
    hint(body)


@pytest.mark.mlflow
@pytest.mark.xdist_group("mlflow")
def test_a_live_delivery_is_genuine(bench: Bench) -> None:
    with serving() as receiver:
        made = bench.server.post(
            "webhooks",
            name=bench.name.strip("-"),
            url=f"{receiver.url}/hook",
            secret=SECRET,
            events=[{"entity": "MODEL_VERSION_ALIAS", "action": "CREATED"}],
        )["webhook"]
        assert isinstance(made, dict)
        event = {"entity": "MODEL_VERSION_ALIAS", "action": "CREATED"}
        bench.server.post(f"webhooks/{made['webhook_id']}/test", event=event)
        bench.server.delete(f"webhooks/{made['webhook_id']}")
    asked = receiver.asked[0]
    sent_at = datetime.fromtimestamp(int(asked.headers["x-mlflow-timestamp"]), UTC)
    assert verify(SECRET, asked.headers, asked.body, sent_at)
    found = hint(asked.body)
    assert found is not None
    assert (found.entity, found.action, found.is_known) == ("model_version_alias", "created", True)
    assert found.model
