"""Where a workspace command works: the local database as its owner, or a server by its API.

With HEADWAY_URL (and HEADWAY_TOKEN_FILE) the command speaks to that server. Without, it opens the
local database; whoever can read the file is its owner, and may act as a member with `--as`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway import clock
from headway.errors import Invalid, SignInNeeded, SourceError

if TYPE_CHECKING:
    from headway.domain.accounts.rules import Actor


@dataclass(frozen=True, slots=True)
class Here:
    """The local database: who acts, and what time it is there (a sample stands still)."""

    actor: Actor
    now: datetime
    at: datetime | None
    workspace: str


def open_database(*, upgrade: bool = True) -> None:
    """Set Django up and bring the tables up to date. Costs over a second: only when needed.

    With `upgrade` off the tables stay as they are found: `doctor` looks and touches nothing.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.site.settings")
    import django

    django.setup()
    if not upgrade:
        return
    from headway.domain.installation.actions import prepare_database

    prepare_database()


def here(workspace: str = "", as_email: str = "") -> Here:
    """Open the local database and return who acts in which workspace.

    An empty installation gets its first workspace, so that a newcomer's first import works.
    Raises Invalid when HEADWAY_URL names a server: the answer would be of another installation.
    """
    if is_remote():
        sentence = (
            "HEADWAY_URL names a server, and this command works on the local database only; "
            "unset HEADWAY_URL, or run it on the server."
        )
        raise Invalid(sentence)
    open_database()
    from headway.domain.accounts.queries import owner_actor, workspace_named
    from headway.domain.installation.actions import first_workspace

    if not workspace:
        first_workspace(clock.now())
    found = workspace_named(workspace)
    now = found.pinned_at or clock.now()
    return Here(owner_actor(found, as_email), now, found.pinned_at, found.slug)


def is_remote() -> bool:
    """Say whether commands speak to a server."""
    return bool(os.environ.get("HEADWAY_URL"))


def call(
    method: str,
    path: str,
    *,
    body: bytes | None = None,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Any:  # noqa: ANN401 - whatever JSON the server answers
    """Ask the server at HEADWAY_URL and return its JSON. Raises what the server refused as."""
    import httpx

    address = os.environ["HEADWAY_URL"].rstrip("/") + "/api/v1" + path
    sent = {"Authorization": f"Bearer {_token()}", "Content-Type": content_type, **(headers or {})}
    try:
        answer = httpx.request(method, address, content=body, headers=sent, timeout=60.0)
    except httpx.HTTPError as error:
        sentence = f"The server at {os.environ['HEADWAY_URL']} could not be reached: {error}."
        raise SourceError(sentence, retry=True) from None
    if answer.is_success:
        return answer.json() if answer.content else {}
    raise _refusal(answer.status_code, answer.text)


def _refusal(status: int, text: str) -> Exception:
    import json

    try:
        problem = json.loads(text)
        sentence = str(problem.get("detail") or problem.get("title") or text[:300])
    except ValueError:
        sentence = f"The server answered {status}."
    if status == 401:
        return SignInNeeded(sentence)
    if status in (429, 500, 502, 503, 504):
        return SourceError(sentence, retry=True)
    return Invalid(sentence)


def _token() -> str:
    """Return the token in the file that HEADWAY_TOKEN_FILE names."""
    name = os.environ.get("HEADWAY_TOKEN_FILE", "")
    if not name:
        sentence = "HEADWAY_URL is set, but HEADWAY_TOKEN_FILE is not; name a file with a token."
        raise SignInNeeded(sentence)
    try:
        return Path(name).expanduser().read_text().strip()
    except OSError as error:
        sentence = f"The token file {name} cannot be read: {error.strerror}."
        raise SignInNeeded(sentence) from None


def read_file(path: Path, most: int = 64 * 1024 * 1024) -> bytes:
    """Return a file's bytes, "-" being standard input. Raises Invalid when it cannot be read."""
    import sys

    try:
        if str(path) == "-":
            return sys.stdin.buffer.read(most + 1)[: most + 1]
        if path.stat().st_size > most:
            sentence = f"{path} is larger than {most // 1024 // 1024} MB; split it."
            raise Invalid(sentence)
        return path.read_bytes()
    except OSError as error:
        sentence = f"{path} cannot be read: {error.strerror}."
        raise Invalid(sentence) from None
