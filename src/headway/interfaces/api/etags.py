"""Lost updates: whatever can be edited has an ETag, and every edit must send it as If-Match."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Protocol, TypeVar
from uuid import UUID

from django.http import HttpRequest

from headway.errors import Conflict, NotFound
from headway.interfaces.api.problems import ApiError, Slug


class Versioned(Protocol):
    """Anything that can be edited: it counts its versions."""

    @property
    def id(self) -> UUID:
        """What it is known by."""
        ...

    @property
    def version(self) -> int:
        """How often it was changed, from 1."""
        ...


Row = TypeVar("Row", bound=Versioned)
Answer = TypeVar("Answer")

_ONE_TAG = re.compile(r'\s*((?:W/)?"[^"]*"|\*)\s*')


def etag_of(row: Versioned) -> str:
    """Return the strong ETag of a version of `row`."""
    name = hashlib.sha256(f"{row.id}:{row.version}".encode()).hexdigest()[:16]
    return f'"{row.version}-{name}"'


def edit(request: HttpRequest, read: Callable[[], Row], write: Callable[[int], Answer]) -> Answer:
    """Change what `read` returns by `write(version)`, if the request knows its current version.

    Raises a 428 without If-Match, a 412 with the current ETag when it is an older one.
    """
    current = read()
    _match(request, current)
    try:
        return write(current.version)
    except Conflict:
        # Somebody was quicker between the two lines above, or the conflict is another one.
        now = read()
        if now.version != current.version:
            raise _stale(now) from None
        raise


def edit_or_create(
    request: HttpRequest,
    read: Callable[[], Row],
    write: Callable[[int | None], Answer],
) -> Answer:
    """Do as `edit`; when there is nothing yet make it, for which no If-Match may be sent."""
    try:
        read()
    except NotFound:
        if request.headers.get("If-Match"):
            sentence = "There is nothing of that version: it was removed, or never made."
            raise ApiError(Slug.CHANGED_MEANWHILE, sentence) from None
        return write(None)
    return edit(request, read, write)


def _match(request: HttpRequest, current: Versioned) -> None:
    given = request.headers.get("If-Match", "")
    if not given:
        sentence = "This changes something: send its ETag, as you read it, in a header If-Match."
        raise ApiError(Slug.IF_MATCH_NEEDED, sentence)
    tags = _ONE_TAG.findall(given)
    if "*" not in tags and etag_of(current) not in tags:
        raise _stale(current)


def _stale(current: Versioned) -> ApiError:
    sentence = (
        f"It changed since you read it and is now at version {current.version}; "
        "read it again and decide anew."
    )
    return ApiError(Slug.CHANGED_MEANWHILE, sentence, {"ETag": etag_of(current)})
