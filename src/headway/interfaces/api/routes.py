"""Every operation, put together under `/api/v1`, and the rest of `/api/` and `/problems/`.

Nothing below these prefixes answers with anything but JSON, plain text or a problem.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from headway.domain.accounts.rules import Permission
from headway.errors import HeadwayError
from headway.interfaces.api import (
    annotation,
    baselines,
    budgets,
    capacity,
    cards,
    cases,
    chains,
    checkins,
    connect,
    costs,
    deciding,
    decisions,
    discussion,
    earned,
    evidence,
    experiments,
    following,
    forecasts,
    forums,
    frameworks,
    gates,
    health,
    inbox,
    inventory,
    issues,
    items,
    law,
    levellings,
    maturity,
    money,
    monitors,
    notices,
    openapi,
    pay,
    people,
    plans,
    programs,
    projects,
    promises,
    radar,
    raid,
    raid_tables,
    reports,
    repositories,
    risks,
    runs,
    scenarios,
    sources,
    staffing,
    systems,
    tables,
    time_sheets,
    vendor_tables,
    vendors,
    workspace,
)
from headway.interfaces.api.bodies import StrictParser, check_size, hold_file
from headway.interfaces.api.operations import DECLARED
from headway.interfaces.api.problems import SORTS, ApiError, Place, Slug, problem, problem_of

RESOURCES = (
    workspace,
    connect,
    deciding,
    programs,
    projects,
    cases,
    items,
    plans,
    forecasts,
    levellings,
    health,
    money,
    costs,
    budgets,
    annotation,
    risks,
    raid,
    raid_tables,
    issues,
    radar,
    promises,
    people,
    pay,
    staffing,
    checkins,
    notices,
    systems,
    gates,
    law,
    decisions,
    earned,
    following,
    baselines,
    scenarios,
    discussion,
    forums,
    frameworks,
    evidence,
    inbox,
    runs,
    sources,
    monitors,
    experiments,
    tables,
    time_sheets,
    inventory,
    maturity,
    capacity,
    cards,
    repositories,
    reports,
    chains,
    vendor_tables,
    vendors,
)

PREFIX = "/api/v1"

#: Django's <converter:name>, OpenAPI's {name}.
_CONVERTED = re.compile(r"/<(?:\w+:)?(\w+)>")

api = NinjaAPI(
    title=openapi.TITLE,
    version="1",
    description=openapi.DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    parser=StrictParser(),
)
for _resource in RESOURCES:
    api.add_router("", _resource.router)


def declared_operations() -> list[tuple[str, str, Permission]]:
    """Return (method, path below /api/v1, permission) of every operation."""
    return [(one.method, one.path, one.permission) for one in DECLARED]


@api.exception_handler(HeadwayError)
@api.exception_handler(Exception)
def _told(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem_of(request, error)


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Say what the parser said; ninja wraps it."""
    return problem_of(request, error.__cause__ if isinstance(error.__cause__, Exception) else error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = [_place(fault) for fault in error.errors[:50]]
    named = ", ".join(place.pointer or place.parameter or "the body" for place in places[:5])
    return problem(request, Slug.INVALID, f"The request is not as described: {named}.", places)


def _place(fault: dict[str, Any]) -> Place:
    """Return where a fault of ninja's lies: its location starts with the source and our name."""
    source, *steps = (str(step) for step in fault["loc"])
    detail = str(fault["msg"])[:300]
    if source == "body":
        pointer = "".join(f"/{_escaped(step)}" for step in steps[1:])
        return Place(detail, pointer=pointer or "/")
    return Place(detail, parameter=".".join(steps)[:200])


def _escaped(step: str) -> str:
    return step[:100].replace("~", "~0").replace("/", "~1")


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return `view` so that whatever goes wrong around it is a problem too."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **values: object) -> HttpResponse:
        try:
            check_size(request)
            hold_file(request)
            _check_address(request)
            response = view(request, *args, **values)
        except Exception as error:  # noqa: BLE001 - the last door: it becomes a 500 and is logged
            return problem_of(request, error)
        if isinstance(response, HttpResponseNotAllowed):
            sentence = f"{request.method} is not answered here; {response['Allow']} is."
            headers = {"Allow": response["Allow"]}
            return problem(request, Slug.METHOD_NOT_ALLOWED, sentence, headers=headers)
        return response

    guarded.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie counts here
    return guarded


def _check_address(request: HttpRequest) -> None:
    """Raise a 400 for characters that no name here can hold."""
    texts = [request.path, *(text for pair in request.GET.lists() for text in [pair[0], *pair[1]])]
    if any("\0" in text for text in texts):
        sentence = "The address holds a NUL character."
        raise ApiError(Slug.MALFORMED, sentence)


@cache
def openapi_text() -> str:
    """Return the OpenAPI description of everything below /api/v1."""
    schema = openapi.Described(api, PREFIX + "/")
    return json.dumps(openapi.complete(dict(schema), PREFIX), default=str)


def openapi_json(request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI description; it holds nothing secret."""
    return HttpResponse(openapi_text(), content_type="application/json")


def problem_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a sort of problem means, in plain text: the address that its `type` names."""
    if slug not in set(Slug):
        return problem(request, Slug.NOT_FOUND, f"There is no sort of problem '{slug}'.")
    sort = SORTS[Slug(slug)]
    text = f"{sort.status} {sort.title}\n\n{sort.advice}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer 404 for what is not there, as a problem."""
    sentence = f"There is nothing at {request.path[:200]}; see {PREFIX}/openapi.json."
    return problem(request, Slug.NOT_FOUND, sentence)


def _patterns() -> Sequence[URLPattern]:
    """Return ninja's addresses, each behind the guard, with the permissions it declares."""
    found = []
    permissions: dict[str, dict[str, Permission]] = {}
    for one in DECLARED:
        permissions.setdefault(one.plain_path, {})[one.method] = one.permission
    by_address = {str(one.pattern): one for one in api.urls[0] if isinstance(one, URLPattern)}
    for pattern in by_address.values():
        guarded = _guarded(pattern.callback)
        declared = permissions.get(_CONVERTED.sub(r"/{\1}", f"/{pattern.pattern}"))
        if declared is None:
            continue  # ninja's own root: an operation that nobody declared does not exist
        guarded.permissions = declared  # type: ignore[attr-defined]
        found.append(path(f"api/v1/{pattern.pattern}", guarded, name=pattern.name))
    return found


class Whatever(StringConverter):
    """Matches what `path` does not: line breaks too."""

    regex = r"[\s\S]*"


register_converter(Whatever, "whatever")

urlpatterns: list[URLPattern] = [
    *_patterns(),
    path("api/v1/openapi.json", _guarded(openapi_json), name="openapi"),
    path("problems/<slug:slug>", _guarded(problem_page), name="problem"),
    path("api/<whatever:rest>", _guarded(unknown)),
]
