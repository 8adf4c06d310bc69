"""Commands that speak to a server: what is asked, and how its refusals sound like our own.

With HEADWAY_URL (and HEADWAY_TOKEN_FILE) the workspace commands work there, through /api/v1; the
token says whose workspace it is and who acts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from headway.errors import (
    Conflict,
    HeadwayError,
    Invalid,
    NotFound,
    Problem,
    Refused,
    SignInNeeded,
    SourceError,
)
from headway.interfaces.cli.address import named_server
from headway.interfaces.cli.output import say

if TYPE_CHECKING:
    import httpx

#: How long an answer may take, in seconds: a forecast computes, a first reading of a source longer.
PATIENCE = 120.0
LONG_PATIENCE = 3_600.0

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request below /api/v1. `key` makes a POST safe to repeat; `patience` is in seconds.

    `if_match` is the ETag that a change needs, "*" for whatever version there is.
    """

    method: str
    path: str
    query: Mapping[str, str] | None = None
    body: bytes | None = None
    content_type: str = JSON
    key: str = ""
    patience: float = PATIENCE
    if_match: str = ""


def is_remote() -> bool:
    """Say whether commands speak to a server."""
    return bool(os.environ.get("HEADWAY_URL"))


def speaks_to_server(workspace: str, as_email: str) -> bool:
    """Say whether commands speak to a server. Raises Invalid for options that only work locally."""
    if not is_remote():
        return False
    given = {"--workspace": workspace, "--as": as_email}
    named = " and ".join(name for name, value in given.items() if value)
    if named:
        sentence = (
            f"HEADWAY_URL names a server, where the token says who acts in which workspace; "
            f"leave {named} out, or use a token of that place."
        )
        raise Invalid(sentence)
    return True


def call(ask: Ask) -> Any:  # noqa: ANN401 - whatever JSON the server answers
    """Ask the server and return its JSON. Raises what the server refused as."""
    answer = _answer(ask)
    if not answer.content:
        return {}
    try:
        return answer.json()
    except ValueError:
        raise _stranger(answer) from None


def get(path: str, **query: str) -> Any:  # noqa: ANN401 - whatever JSON the server answers
    """Read JSON from the server."""
    return call(Ask("GET", path, query=query))


def post(path: str, body: Mapping[str, object], *, patience: float = PATIENCE) -> Any:  # noqa: ANN401
    """Have the server do something, once, and return its JSON."""
    from uuid import uuid4

    data = json.dumps(body).encode()
    return call(Ask("POST", path, body=data, key=str(uuid4()), patience=patience))


def listed(path: str, **query: str) -> list[dict[str, Any]]:
    """Return every row of a list, page by page."""
    page = get(path, **query)
    rows = list(page["items"])
    while page["next"]:
        page = get(path, **query, cursor=page["next"])
        rows += page["items"]
    return rows


def download(path: str, **query: str) -> bytes:
    """Return a file of the server."""
    return _answer(Ask("GET", path, query=query)).content


def _answer(ask: Ask) -> httpx.Response:
    """Return the server's answer when it is a success; raise what it refused as."""
    import httpx

    server = named_server(os.environ["HEADWAY_URL"])
    headers = {"Authorization": f"Bearer {_token()}", "Content-Type": ask.content_type}
    headers |= {"Idempotency-Key": ask.key} if ask.key else {}
    headers |= {"If-Match": ask.if_match} if ask.if_match else {}
    query = f"?{urlencode(ask.query)}" if ask.query else ""
    address = f"{server.url}/api/v1{ask.path}{query}"
    try:
        answer = httpx.request(
            ask.method,
            address,
            content=ask.body,
            headers=headers,
            timeout=ask.patience,
            trust_env=server.is_private,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        sentence = f"The server at {server.url} could not be reached: {error}."
        raise SourceError(sentence, retry=True) from None
    if answer.is_success:
        return answer
    raise _refusal(answer)


def _refusal(answer: httpx.Response) -> HeadwayError:
    """Return the error that the same question would have met locally."""
    try:
        problem = answer.json()
        sentence = str(problem["detail"])
        faults = [_fault(one) for one in problem["errors"]]
    except (ValueError, KeyError, TypeError):
        return _stranger(answer)
    match answer.status_code:
        case 401:
            return SignInNeeded(sentence)
        case 403:
            return Refused(sentence)
        case 404:
            return NotFound(sentence)
        case 409 | 412:
            return Conflict(sentence)
        case status if status == 429 or status >= 500:
            return SourceError(sentence, retry=True)
    return Invalid(sentence, faults)


def _fault(one: Mapping[str, str]) -> Problem:
    """Return a located fault; the server writes its place as a JSON pointer."""
    where = one.get("pointer", "").removeprefix("/") or one.get("parameter", "")
    return Problem(where, one["detail"])


def _stranger(answer: httpx.Response) -> HeadwayError:
    """Return the error for an answer that Headway would not give: a proxy, another program."""
    url = os.environ["HEADWAY_URL"]
    sentence = (
        f"{url} answered {answer.status_code} and not as a Headway server does; "
        "check HEADWAY_URL and what stands in front of the server."
    )
    return SourceError(sentence, retry=answer.status_code >= 500)


def _token() -> str:
    """Return the token: in the file that HEADWAY_TOKEN_FILE names, or else HEADWAY_TOKEN itself."""
    name = os.environ.get("HEADWAY_TOKEN_FILE", "")
    if name:
        return _checked(_read(name), f"The token file {name}")
    token = os.environ.get("HEADWAY_TOKEN", "")
    if not token:
        sentence = "HEADWAY_URL is set, but HEADWAY_TOKEN_FILE is not; name a file with a token."
        raise SignInNeeded(sentence)
    say("HEADWAY_TOKEN is seen by every program started from here; HEADWAY_TOKEN_FILE is not.")
    return _checked(token, "HEADWAY_TOKEN")


def _read(name: str) -> str:
    try:
        return Path(name).expanduser().read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        sentence = f"The token file {name} cannot be read: {error.strerror}."
        raise SignInNeeded(sentence) from None


def _checked(text: str, place: str) -> str:
    """Return the token in `text`; what no header can hold is refused without being shown."""
    token = text.strip()
    if not (token.isascii() and token.isprintable() and " " not in token) or not token:
        sentence = f"{place} does not hold a token; one is a single word that starts with hw_."
        raise SignInNeeded(sentence)
    return token
