"""What a body may be: JSON in UTF-8, not too large, not too deep, no NaN, no key twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import BaseModel, ConfigDict

from headway.interfaces.api.problems import ApiError, Slug

#: Bytes of the largest body: 1,000 records of evidence with room to spare.
LARGEST_BODY = 12 * 1024 * 1024

#: Bytes of the largest file, which is the body of one operation as it is, by its address.
LARGEST_FILE = 64 * 1024 * 1024
_FILES = {
    "/api/v1/plan-imports": LARGEST_FILE,
    "/api/v1/bill-imports": LARGEST_FILE,
    "/api/v1/data-tables": 256 * 1024 * 1024,
    "/api/v1/evidence/results": 256 * 1024 * 1024,
}

#: How deep lists and objects may nest.
DEEPEST = 32

JSON = "application/json"


def check_size(request: HttpRequest) -> None:
    """Raise a 413 before a body that is too large is read."""
    length = request.headers.get("Content-Length") or "0"
    most = _FILES.get(request.path, LARGEST_BODY)
    if length.isdecimal() and int(length) > most:
        sentence = f"The body has {int(length):,} bytes; at most {most:,} are read."
        raise ApiError(Slug.TOO_LARGE, sentence)


def hold_file(request: HttpRequest) -> None:
    """Read a body that is a file: Django's own limit is one for forms, and would refuse it."""
    if request.path in _FILES and not hasattr(request, "_body"):
        request._body = request.read()  # noqa: SLF001 - where `request.body` looks first


def check_type(request: HttpRequest, *allowed: str) -> str:
    """Return the content type of the body; raise a 415 when it is none of `allowed`."""
    given = str(request.content_type or "").lower()
    if given not in allowed:
        sentence = f"The body is {given[:100] or 'of no type'}; send {' or '.join(allowed)}."
        raise ApiError(Slug.UNSUPPORTED_MEDIA_TYPE, sentence)
    return given


def text_of(request: HttpRequest) -> str:
    """Return the body as text; raise a 400 when it is not UTF-8."""
    try:
        return request.body.decode("utf-8")
    except UnicodeDecodeError as error:
        sentence = f"The body is not UTF-8 at byte {error.start}."
        raise ApiError(Slug.MALFORMED, sentence) from None


def json_of(text: str) -> Any:  # noqa: ANN401
    """Return the JSON value in `text`. Raises a 400 that says what is wrong."""
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
        _check_depth(value)
        plain = json.dumps(value, ensure_ascii=False, allow_nan=False)
        plain.encode("utf-8")
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        sentence = f"The body is not JSON that can be kept: {str(error)[:200]}."
        raise ApiError(Slug.MALFORMED, sentence) from None
    if r"\u0000" in plain.replace(r"\\", ""):
        sentence = "The body holds a NUL character, which no database keeps; leave it out."
        raise ApiError(Slug.MALFORMED, sentence)
    return value


def _no_constant(name: str) -> float:
    sentence = f"{name} is not a value; send null for no value"
    raise ValueError(sentence)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        sentence = f"the key {twice[:60]!r} is given twice"
        raise ValueError(sentence)
    return value


def _check_depth(value: object) -> None:
    """Raise a 400 when lists and objects nest deeper than DEEPEST."""
    layer = _nesting([value])
    for _ in range(DEEPEST):
        if not layer:
            return
        layer = _nesting(
            part
            for whole in layer
            for part in (whole.values() if isinstance(whole, dict) else whole)
        )
    if layer:
        raise _too_deep()


def _nesting(values: Iterable[object]) -> list[dict[str, object] | list[object]]:
    return [value for value in values if isinstance(value, dict | list)]


def _too_deep() -> ApiError:
    return ApiError(Slug.MALFORMED, f"The body nests deeper than {DEEPEST} levels; flatten it.")


class StrictParser(Parser):
    """ninja's parser with our rules."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401
        """Return the JSON value of the body."""
        check_type(request, JSON)
        return json_of(text_of(request))


class Given(BaseModel):
    """Base of all bodies: exact keys. What is not sent stays as it is; null empties a field."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    def given(self) -> dict[str, Any]:
        """Return what was sent, and only that."""
        return self.model_dump(exclude_unset=True)
