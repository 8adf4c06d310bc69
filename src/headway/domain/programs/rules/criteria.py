"""What a success criterion may say: a metric of a subject, a direction, a target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from headway.domain.programs.rules.fields import (
    Reader,
    choice,
    clean,
    day,
    flag,
    number,
    text,
    whole,
)
from headway.errors import Invalid
from headway.observation import SubjectRef

SEGMENT = re.compile(r"\*|[^=]{1,60}=[^=]{1,60}")


class CriterionKind(StrEnum):
    """What sort of promise it is."""

    QUALITY = "quality"
    LATENCY = "latency"
    THROUGHPUT = "throughput"
    COST = "cost"


class Direction(StrEnum):
    """Which way is better."""

    MAXIMISE = "maximise"
    MINIMISE = "minimise"


class Basis(StrEnum):
    """What must reach the target: the estimate itself, or the bad end of its interval."""

    ESTIMATE = "estimate"
    INTERVAL = "interval"


def read_subject(field: str, value: object) -> str:
    """Read what the evidence must be about: `model:meter-reading` means any of its versions."""
    return str(SubjectRef.parse(str(value or "")))


def read_segment(field: str, value: object) -> str:
    """Read a segment: nothing (overall), `digit=3`, or `*` for the worst of all."""
    found = str(value or "").strip()
    if found and not SEGMENT.fullmatch(found):
        sentence = f"The {field} {found[:80]!r} is not name=value, nor * for the worst segment."
        raise Invalid(sentence)
    return found


CRITERION_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "kind": choice(*CriterionKind),
    "is_guardrail": flag,
    "subject": read_subject,
    "metric": text(100, required=True),
    "direction": choice(*Direction),
    "start_value": number(),
    "target": number(required=True),
    "unit": text(30),
    "segment": read_segment,
    "dataset": text(200),
    "split": choice("train", "validation", "test", "live"),
    "basis": choice(*Basis),
    "minimum_n": whole(1),
    "freshness_days": whole(1, 3_650),
    "due": day,
    "order": whole(0),
}

#: What a new criterion cannot do without.
NEEDED = ("subject", "metric", "target")


def read_criterion(values: Mapping[str, object], *, is_new: bool) -> dict[str, object]:
    """Read the fields of a criterion; a new one needs subject, metric and target."""
    missing = [field for field in NEEDED if is_new and values.get(field) in (None, "")]
    if missing:
        sentence = f"A success criterion needs {', '.join(NEEDED)}; missing: {', '.join(missing)}."
        raise Invalid(sentence)
    return clean(values, CRITERION_FIELDS)
