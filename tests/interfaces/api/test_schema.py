"""Schemathesis against the API, in process: what OpenAPI says is what is answered.

Two passes over every operation, from a fixed seed: requests that fit the description, sent to what
is there; and requests that do not. `HEADWAY_CASES` says how many of each (soak: 100).
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import Case, GenerationMode, checks
from tests.cast import Cast
from tests.interfaces.api.callers import BASE, Caller, caller
from tests.interfaces.api.world import Side, fill

from headway.interfaces.api.operations import DECLARED, Declared
from headway.interfaces.api.routes import openapi_text

CASES = int(os.environ.get("HEADWAY_CASES", "2"))

#: What must hold whatever is sent.
ALWAYS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.ignored_auth,
]
#: And when what is sent does not fit the description.
NEGATIVE = [*ALWAYS, checks.negative_data_rejection, checks.missing_required_header]

#: A deck is sent as it is; Schemathesis knows its media type by this name only.
schemathesis.serializer.alias(
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/octet-stream",
)


@cache
def described() -> Any:
    """Return what OpenAPI says; read when it is asked for, it takes seconds."""
    schema = schemathesis.openapi.from_dict(json.loads(openapi_text()))
    schema.app = get_wsgi_application()
    return schema


def _quietly(cases: int) -> settings:
    return settings(
        max_examples=cases,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def _located(case: Case, one: Declared, side: Side) -> None:
    """Point `case` at things that are there."""
    parts = [part for part in side.at(one).split("/") if part]
    pattern = [part for part in one.plain_path.split("/") if part]
    if one.plain_path.endswith("{predecessor}"):
        parts = [*parts[: len(pattern) - 1], "/".join(parts[len(pattern) - 1 :])]
    for name, value in zip(pattern, parts, strict=True):
        if name.startswith("{"):
            case.path_parameters[name[1:-1]] = value


def _try(one: Declared, mode: GenerationMode, alice: Caller, side: Side) -> None:
    operation = described()[BASE + one.plain_path][one.method]
    expected = ALWAYS if mode is GenerationMode.POSITIVE else NEGATIVE

    @_quietly(CASES)
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:
            _located(case, one, side)
        with transaction.atomic():
            headers: dict[str, Any] = {"Authorization": f"Bearer {alice.secret}"}
            case.call_and_validate(headers=headers, checks=expected)
            transaction.set_rollback(True)

    attempt()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the test's connection open between requests, as Django's own test client does."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


#: Schemathesis writes tuples the old way where they lie when it draws a body, and then takes the
#: shape, which an answer shares, for broken. That all are sound as we say them is tested below.
_REWRITTEN = "Invalid Schema Object in response definition"


def test_every_shape_is_a_sound_schema() -> None:
    shapes = json.loads(openapi_text())["components"]["schemas"]
    assert len(shapes) > 300
    for shape in shapes.values():
        Draft202012Validator.check_schema(shape)


def test_every_operation_has_an_id_of_its_own() -> None:
    ids = Counter(one.view.__name__ for one in DECLARED)
    assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.slow
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_what_openapi_says_is_what_is_answered(cast: Cast, mode: GenerationMode) -> None:
    side = fill(cast.alice, "otter")
    alice = caller(cast.alice)
    faults = {}
    for one in DECLARED:
        try:
            _try(one, mode, alice, side)
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - all of them are told
            if _REWRITTEN not in str(error):
                faults[f"{one.method} {one.path}"] = str(error)[:3_000]
    assert faults == {}, "\n\n".join(f"{name}\n{text}" for name, text in faults.items())
