"""The one way to declare an operation: with the permission it needs and what it answers.

    router = Router(tags=["Programs"])

    @operation(router, "GET", "/programs/{slug}", Permission.VIEW, ProgramFacts)
    def read_program(request: ApiRequest, slug: str) -> ProgramFacts: ...

There is no other way in: the API is built from what was declared here, so that no operation can
lack its permission, its problems or, when it changes something, its protection against repeats
(POST: Idempotency-Key) and lost updates (PATCH, PUT, DELETE: `etags.edit`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any

from django.http import HttpResponse
from ninja import Router
from pydantic import TypeAdapter

from headway.domain.accounts.rules import Permission
from headway.interfaces.api.bearer import ApiRequest, Bearer
from headway.interfaces.api.etags import etag_of
from headway.interfaces.api.repeats import once

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is a file, not JSON."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer that is work under way: what is known of it, and where its state is read."""

    value: Any
    location: str


@dataclass(frozen=True, slots=True)
class Declared:
    """One operation: what it is, whom it lets in, what it answers."""

    method: str
    path: str
    permission: Permission
    answer: Any
    status: int
    view: View

    @property
    def plain_path(self) -> str:
        """Return the path as OpenAPI writes it, its parameters without converters."""
        return re.sub(r"\{\w+:", "{", self.path)

    @property
    def edits(self) -> bool:
        """Say whether it changes something that has an ETag."""
        return self.method in {"PATCH", "PUT", "DELETE"}


#: Every operation, in the order in which it was declared; `routes` imports them all.
DECLARED: list[Declared] = []


def operation(
    router: Router,
    method: str,
    path: str,
    permission: Permission,
    answer: Any,  # noqa: ANN401 - any type that pydantic can write
    status: int = 200,
) -> Callable[[View], View]:
    """Declare the decorated view: it returns an `answer`, or nothing for a 204."""
    writer: TypeAdapter[Any] = TypeAdapter(answer)

    def declare(view: View) -> View:
        @wraps(view)
        def answered(request: ApiRequest, *args: object, **values: object) -> HttpResponse:
            def act() -> HttpResponse:
                return _response(writer, view(request, *args, **values), status)

            if method != "POST":
                return act()
            return once(request, act, is_slow=getattr(view, "is_slow", False))

        DECLARED.append(Declared(method, path, permission, answer, status, view))
        # ninja reads the hints where the view was written, not here.
        answered.__signature__ = signature(view, eval_str=True)  # type: ignore[attr-defined]
        answered.permission = permission  # type: ignore[attr-defined]
        extra = getattr(view, "openapi", None)
        accepted = getattr(view, "accepted", None)
        decorate = router.api_operation(
            [method],
            path,
            auth=Bearer(permission),
            response={status: None if status == 204 or answer is File else answer}
            | ({202: accepted} if accepted else {}),
            operation_id=view.__name__,
            summary=view.__name__.replace("_", " ").capitalize(),
            openapi_extra=extra,
        )
        decorate(answered)
        return view

    return declare


def slow(view: View) -> View:
    """Mark a view that computes for seconds: it must not hold the database's write lock."""
    view.is_slow = True  # type: ignore[attr-defined]
    return view


def may_accept(answer: Any) -> Callable[[View], View]:  # noqa: ANN401
    """Say that a view may return an `Accepted` of this type instead: a 202, for long work."""

    def mark(view: View) -> View:
        view.accepted = answer  # type: ignore[attr-defined]
        return view

    return mark


def also_answers(*statuses: int) -> Callable[[View], View]:
    """Say which problems a view answers besides those that every view of its method may."""

    def mark(view: View) -> View:
        view.also_answers = statuses  # type: ignore[attr-defined]
        return view

    return mark


def documented(**openapi: object) -> Callable[[View], View]:
    """Add to what OpenAPI says of a view."""

    def mark(view: View) -> View:
        view.openapi = openapi  # type: ignore[attr-defined]
        return view

    return mark


def _response(writer: TypeAdapter[Any], value: Any, status: int) -> HttpResponse:  # noqa: ANN401
    """Return `value` as JSON, with an ETag when it can be edited."""
    if status == 204:
        return HttpResponse(status=204)
    if isinstance(value, File):
        return _sent(value)
    if isinstance(value, Accepted):
        told = _response(TypeAdapter(type(value.value)), value.value, 202)
        told["Location"] = value.location
        return told
    body = writer.dump_json(value)
    response = HttpResponse(body, content_type="application/json", status=status)
    if hasattr(value, "id") and hasattr(value, "version"):
        response["ETag"] = etag_of(value)
    response["Cache-Control"] = "no-store"
    return response


def _sent(file: File) -> HttpResponse:
    """Return a file as an answer that is saved under its name."""
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "no-store"
    return response
