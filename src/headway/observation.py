"""Observation: what a source claims to have seen. The one value that enters the ledger.

Canonical JSON is RFC 8785. Numbers that JSON cannot carry exactly (decimals, integers beyond
2^53) become strings; NaN and Infinity are refused, because "no value" is `null` and never a number.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import rfc8785

from headway.errors import Invalid

_NOT_A_NUMBER = "{where} is {value}; NaN and Infinity are not evidence: send null for no value."

#: The largest integer that every JSON reader keeps exact (IEEE 754 double).
LARGEST_EXACT = 2**53

SUBJECT = re.compile(
    r"^(?P<kind>[a-z][a-z_]{0,39}):(?P<name>[^@\s][^@\n]{0,299})(?:@(?P<version>[^@\s]{1,200}))?$"
)


@dataclass(frozen=True, slots=True, order=True)
class SubjectRef:
    """What evidence is about, written `kind:name@version` (the version may be absent)."""

    kind: str
    name: str
    version: str = ""

    @classmethod
    def parse(cls, text: str) -> SubjectRef:
        """Read `kind:name@version`. Raises Invalid with the rule when it is not of that form."""
        match = SUBJECT.match(text.strip())
        if match is None:
            sentence = (
                f"Subject {text!r} is not of the form kind:name or kind:name@version; "
                "write for example model:meter-reading@3 or project:screening."
            )
            raise Invalid(sentence)
        return cls(match["kind"], match["name"].strip(), match["version"] or "")

    def __str__(self) -> str:
        """Return the text that `parse` reads."""
        return (
            f"{self.kind}:{self.name}@{self.version}"
            if self.version
            else f"{self.kind}:{self.name}"
        )


@dataclass(frozen=True, slots=True)
class Observation:
    """A claim: this `source` saw `payload` of this `kind` about this `subject` at `observed_at`.

    `project` is where the source says it belongs (a project's slug), None when it does not say.
    Times are aware; the ledger adds when we learned it.
    """

    subject: SubjectRef
    kind: str
    source: str
    observed_at: datetime
    payload: Mapping[str, object]
    valid_until: datetime | None = None
    project: str | None = None


def canonical(value: object) -> str:
    """Return the RFC 8785 text of a JSON-like `value`. Raises Invalid for NaN and Infinity."""
    return rfc8785.dumps(cast("Any", _plain(value, ""))).decode("utf-8")


def digest(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: object, where: str) -> object:
    """Turn `value` into what RFC 8785 can carry; `where` is a JSON pointer for the message."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= LARGEST_EXACT else str(value)
        case float():
            return _finite(value, where)
        case Decimal():
            return _decimal(value, where)
        case datetime():
            return instant(value)
        case Mapping():
            return {str(key): _plain(item, f"{where}/{key}") for key, item in value.items()}
        case Sequence():
            return [_plain(item, f"{where}/{index}") for index, item in enumerate(value)]
        case _:
            kind = type(value).__name__
            sentence = f"{where or 'The payload'} is a {kind}; evidence holds JSON values only."
            raise Invalid(sentence)


def _finite(value: float, where: str) -> float:
    if math.isfinite(value):
        return value
    raise Invalid(_NOT_A_NUMBER.format(where=where or "The value", value=value))


def _decimal(value: Decimal, where: str) -> str:
    if value.is_finite():
        return str(value)
    raise Invalid(_NOT_A_NUMBER.format(where=where or "The value", value=value))


def instant(moment: datetime) -> str:
    """Return an aware `moment` as ISO 8601 in UTC with microseconds and Z; Invalid when naive."""
    if moment.tzinfo is None:
        text = moment.isoformat()
        sentence = f"The time {text} has no zone; write it with an offset, for example {text}Z."
        raise Invalid(sentence)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
