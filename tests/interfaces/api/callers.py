"""How tests call the API: as somebody of the cast, with a token."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from tests.cast import a_token

from headway.domain.accounts.rules import Actor, Scope

BASE = "/api/v1"


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls operations with one token; bodies are sent as JSON unless `kind` says otherwise."""

    secret: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        kind: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        """Send a request; a POST gets a new Idempotency-Key unless it brings one."""
        if method == "POST" and "Idempotency_Key" not in headers:
            headers["Idempotency_Key"] = str(uuid4())
        named = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.secret:
            named.setdefault("Authorization", f"Bearer {self.secret}")
        data = body if isinstance(body, bytes) else _encoded(body)
        return self.client.generic(method, f"{BASE}{path}", data, content_type=kind, headers=named)  # type: ignore[return-value]

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Read."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        """Make, or do."""
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: object, etag: str = "", **headers: str) -> HttpResponse:
        """Change, as read with `etag`."""
        return self.send("PATCH", path, body, If_Match=etag, **headers)

    def put(self, path: str, body: object, etag: str = "", **headers: str) -> HttpResponse:
        """Set, as read with `etag`."""
        return self.send("PUT", path, body, If_Match=etag, **headers)

    def delete(self, path: str, etag: str = "", **headers: str) -> HttpResponse:
        """Remove, as read with `etag`."""
        return self.send("DELETE", path, If_Match=etag, **headers)


def _encoded(body: object) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def caller(actor: Actor, *scopes: Scope) -> Caller:
    """Return who calls as `actor`, with a token of these scopes: by default all of them."""
    return Caller(a_token(actor, *(scopes or tuple(Scope))))


def problem_in(response: HttpResponse, status: int, slug: str) -> dict[str, Any]:
    """Return the problem in `response`, having checked that it is one of this sort."""
    content = response.content.decode()
    assert response.status_code == status, content
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(content)
    assert problem["type"] == f"/problems/{slug}"
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["instance"] == f"urn:headway:request:{response['X-Request-ID']}"
    return problem


def value_in(response: HttpResponse, status: int = 200) -> Any:  # noqa: ANN401
    """Return the JSON in `response`, having checked its status."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)
