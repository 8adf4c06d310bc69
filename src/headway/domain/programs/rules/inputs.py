"""Which fields of a program, a project and a system a person may set, and how each is read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from headway.domain.programs.rules.fields import (
    Reader,
    choice,
    currency,
    day,
    slug,
    text,
    whole,
)
from headway.errors import Invalid

#: A charter is a page, not a book.
LARGEST_CHARTER = 20_000


def read_charter(field: str, value: object) -> dict[str, object]:
    """Read a charter: names and texts (problem, decision, baseline, errors, kill criteria …)."""
    if value in (None, ""):
        return {}
    if not isinstance(value, Mapping):
        sentence = f"The {field} is a {type(value).__name__}; write it as names and texts."
        raise Invalid(sentence)
    found = {str(name): str(words) for name, words in value.items()}
    size = len(json.dumps(found))
    if size > LARGEST_CHARTER:
        sentence = f"The {field} has {size} characters; at most {LARGEST_CHARTER} fit."
        raise Invalid(sentence)
    return dict(found)


def _usually(usual: str, *others: str) -> Reader:
    """Return a reader of one word, the `usual` one where nothing is said."""
    read = choice(usual, *others)
    return lambda field, value: read(field, value or usual)


PROGRAM_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "purpose": text(5_000),
    "manager": text(200),
    "sponsor": text(200),
    "target": day,
    "currency": currency,
    "progress": _usually("override", "retained"),
    "one_point": _usually("certain", "history"),
}
PROJECT_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "purpose": text(5_000),
    "owner": text(200),
    "charter": read_charter,
    "order": whole(0),
}
SYSTEM_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "owner": text(200),
    "tier": choice("standard", "high"),
    "state": choice("building", "live", "retired"),
}


def slug_from(name: str, wanted: object = "") -> str:
    """Return the address of a new thing: the one wanted, else made from its name."""
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-")
    if not wanted and not made:
        sentence = f"The name {name!r} has no letter a–z or digit to make an address from; add one."
        raise Invalid(sentence)
    return str(slug("slug", wanted or made))
