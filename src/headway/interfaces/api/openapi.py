"""What OpenAPI says beyond the operations themselves: problems, headers, retries, versions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from headway.interfaces.api.operations import DECLARED, Declared
from headway.interfaces.api.problems import MEDIA_TYPE, SORTS

Json = dict[str, Any]

TITLE = "Headway"
DESCRIPTION = (
    "Plan meets evidence: programs of machine-learning work, their forecasts, and the evidence "
    "they rest on. Every answer of 400 and above is a problem (RFC 9457)."
)

_PROBLEM: Json = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "description": "The address of the page on this problem."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "instance": {"type": "string", "description": "The request's id, to quote."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "additionalProperties": False,
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "A JSON pointer into the body."},
                    "parameter": {"type": "string", "description": "The name of a parameter."},
                },
            },
        },
    },
}

_TIME_OF_DAY = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"

_EVERYWHERE = (400, 401, 403, 404, 405, 422, 429, 500, 503)
_HEADERS = {
    401: {"WWW-Authenticate": "Always Bearer."},
    412: {"ETag": "The current version."},
    429: {
        "Retry-After": "Seconds until the next try counts.",
        "RateLimit-Policy": "How many tries (q) in how many seconds (w).",
        "RateLimit": "How many are left (r), and in how many seconds there is one more (t).",
    },
    503: {"Retry-After": "Seconds to wait."},
}
_WITH_BODY = (413, 415)
_POSTED = (409,)
_EDITED = (409, 412, 428)


class Described(OpenAPISchema):
    """ninja's description, in which two shapes of one name are two shapes.

    ninja puts the parts of every answer into one heap by the name of their class, the last one
    wins: a rule of run placement would be described as one of bills. Here a second shape of a name
    gets a number.
    """

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  as ninja makes it
        self._shapes: dict[str, str] = {}
        self._renamed: Mapping[str, str] = {}
        super().__init__(*arguments)

    def add_schema_definitions(self, definitions: Json) -> None:
        """Keep each part under its own name, or under a numbered one where that is taken."""
        self._renamed = {name: self._name_of(name, definitions) for name in definitions}
        for name, definition in definitions.items():
            self.schemas[self._renamed[name]] = _pointed(definition, self._renamed)

    def _create_schema_from_model(self, *given: Any, **more: Any) -> tuple[Json, bool]:  # noqa: ANN401
        self._renamed = {}
        schema, required = super()._create_schema_from_model(*given, **more)
        return _pointed(schema, self._renamed), required

    def _name_of(self, name: str, definitions: Json) -> str:
        """Return the name under which this shape, with all that it points to, is kept."""
        shape = json.dumps(_closure(name, definitions), sort_keys=True, default=str)
        number, found = 1, name
        while self._shapes.setdefault(found, shape) != shape:
            number += 1
            found = f"{name}{number}"
        return found


_POINTER = "#/components/schemas/"


def _closure(name: str, definitions: Json) -> Json:
    """Return a part and every part that it points to, by name."""
    found: Json = {}
    open_names = [name]
    while open_names:
        one = open_names.pop()
        if one in definitions and one not in found:
            found[one] = definitions[one]
            text = json.dumps(definitions[one], default=str)
            open_names += re.findall(rf'"{_POINTER}([^"]+)"', text)
    return found


def _pointed(part: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return `part` with every pointer to a renamed part changed."""
    if isinstance(part, dict):
        return {
            key: _POINTER + names.get(value.removeprefix(_POINTER), value.removeprefix(_POINTER))
            if key == "$ref" and isinstance(value, str) and value.startswith(_POINTER)
            else _pointed(value, names)
            for key, value in part.items()
        }
    return [_pointed(one, names) for one in part] if isinstance(part, list) else part


def complete(schema: Json, prefix: str) -> Json:
    """Return `schema` with every operation's problems and protocol headers described."""
    schema["components"].setdefault("schemas", {})["Problem"] = _PROBLEM
    for one in DECLARED:
        described = schema["paths"][prefix + one.plain_path][one.method.lower()]
        described["responses"] = {
            str(status): content for status, content in described["responses"].items()
        } | {str(status): _problem(status) for status in _problems_of(one)}
        described.setdefault("parameters", []).extend(_headers_of(one))
        described["x-permission"] = str(one.permission)
    completed: Json = _as_2020_12(schema)
    return completed


def _as_2020_12(schema: Any) -> Any:  # noqa: ANN401
    """Return `schema` as JSON Schema 2020-12 writes it; ninja writes tuples the old way.

    A time of day on a person's own clock has no offset, and so is no "time" of RFC 3339.
    """
    if isinstance(schema, list):
        return [_as_2020_12(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _as_2020_12(part) for name, part in schema.items()}
    if isinstance(plain.get("items"), list):
        plain["prefixItems"] = plain.pop("items")
    if plain.get("format") == "time":
        del plain["format"]
        plain["pattern"] = _TIME_OF_DAY
    return plain


def _problems_of(one: Declared) -> set[int]:
    statuses = {*_EVERYWHERE, *getattr(one.view, "also_answers", ())}
    if one.method in {"POST", "PUT", "PATCH"}:
        statuses |= set(_WITH_BODY)
    if one.method == "POST":
        statuses |= set(_POSTED)
    if one.edits:
        statuses |= set(_EDITED)
    return statuses


def _problem(status: int) -> Json:
    titles = [sort.title for sort in SORTS.values() if sort.status == status]
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described: Json = {"description": "; ".join(titles), "content": content}
    if status in _HEADERS:
        described["headers"] = {name: _header(text) for name, text in _HEADERS[status].items()}
    return described


def _header(text: str) -> Json:
    return {"description": text, "schema": {"type": "string"}}


def _headers_of(one: Declared) -> list[Json]:
    if one.method == "POST":
        return [
            {
                "in": "header",
                "name": "Idempotency-Key",
                "required": getattr(one.view, "needs_key", False),
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
                "description": "The same when the request is repeated: it is then done once.",
            }
        ]
    if one.edits:
        return [
            {
                "in": "header",
                "name": "If-Match",
                "required": one.method != "PUT",
                "schema": {"type": "string"},
                "description": "The ETag as it was read; PUT needs none for what does not exist.",
            }
        ]
    return []
