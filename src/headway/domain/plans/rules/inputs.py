"""Which fields of a work item a person may set, and how each is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from headway.analysis.schedule.plan import NEVER_MOVED, USUAL_PRIORITY
from headway.domain.programs.rules.fields import (
    KEY,
    Reader,
    choice,
    day,
    number,
    shaped,
    text,
    texts,
    whole,
)
from headway.domain.programs.rules.ranges import read_range
from headway.errors import Invalid

key = shaped(KEY, "letters, digits, dots, hyphens and underscores, a letter or digit first")


def range_text(numbers: Sequence[float] | None) -> str:
    """Return a range as `read_range` reads it: 3/5/9, or 5 where it is certain."""
    if not numbers:
        return ""
    shown = [f"{one:.15g}" for one in numbers]
    return shown[0] if len(set(shown)) == 1 else "/".join(shown)


def read_attempts(field: str, value: object) -> dict[str, object] | None:
    """Read the attempts of an experiment: success, feasible, max, each, cost_minor, fallback."""
    if value in (None, ""):
        return None
    if not isinstance(value, Mapping):
        sentence = f"The {field} are a {type(value).__name__}; write success, max and each."
        raise Invalid(sentence)
    known = {"success", "feasible", "max", "each", "cost_minor", "stop_by", "fallback"}
    unknown = set(value) - known
    if unknown or not {"success", "max", "each"} <= set(value):
        sentence = f"The {field} need success, max and each, and know {', '.join(sorted(known))}."
        raise Invalid(sentence)
    success = _needed("success", value["success"])
    if max(success) > 1:
        sentence = f"The chances of the {field} lie between 0 and 1; write 0.6 for 60 %."
        raise Invalid(sentence)
    stop_by = day("stop_by", value.get("stop_by"))
    most = whole(1, 100)("max", value["max"])
    if most is None:
        sentence = f"The {field} have no max; write how often to try, from 1 to 100."
        raise Invalid(sentence)
    feasible = number(0, 1)("feasible", value.get("feasible"))
    return {
        "success": success,
        "feasible": 1.0 if feasible is None else feasible,
        "max": most,
        "each": _needed("each", value["each"]),
        "cost_minor": whole(0, 2**60)("cost", value.get("cost_minor")) or 0,
        "stop_by": stop_by.isoformat() if stop_by else None,
        "fallback": str(value.get("fallback") or "") or None,
    }


def _read_priority(field: str, value: object) -> int:
    found = whole(0, NEVER_MOVED)(field, value)
    return USUAL_PRIORITY if found is None else found  # type: ignore[return-value]


def _needed(field: str, value: object) -> list[float]:
    numbers = read_range(field, value)
    if numbers is None:
        sentence = f"The attempts have no {field}; write three numbers, or one that is certain."
        raise Invalid(sentence)
    return numbers


ITEM_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "kind": choice("task", "experiment", "data", "annotation", "training", "review", "milestone"),
    "owner": text(200),
    "estimate": read_range,
    "remaining": read_range,
    "distribution": choice("", "pert", "triangular", "lognormal", "uniform"),
    "attempts": read_attempts,
    "cost_minor": whole(0, 2**60),
    "not_before": day,
    "deadline": day,
    "started": day,
    "finished": day,
    "pinned": day,
    "done": number(0, 1),
    "calendar": text(100),
    "priority": _read_priority,
    "outline": texts(20, 300),
    "order": whole(0),
}
