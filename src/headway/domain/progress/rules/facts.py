"""How an item earns and what it follows, as told by people: fields, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, choice, text
from headway.domain.progress.rules.earning import METHODS, Step
from headway.errors import Invalid

MOST_STEPS = 30
FOLLOWED = ("metric", "labels", "approvals")
MODES = ("propose", "apply")


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """How an item earns its planned value.

    `steps` as stored: [what, weight, day reached or None, planned for: a day, a share or None].
    """

    id: UUID
    workspace_id: UUID
    item_id: UUID
    method: str
    steps: Sequence[Sequence[Any]]
    order: str
    version: int

    @property
    def named_steps(self) -> Sequence[Step]:
        """Return its milestones."""
        return [_named(*one) for one in self.steps]


def _named(what: str, weight: float, day: str | None, due: str | float | None = None) -> Step:
    planned = date.fromisoformat(due) if isinstance(due, str) else due and Decimal(str(due))
    return Step(
        what, Decimal(str(weight)), date.fromisoformat(day) if day else None, planned or None
    )


@dataclass(frozen=True, slots=True)
class FollowFacts:
    """What an item's remaining range is read from, and whether that is proposed or applied."""

    id: UUID
    workspace_id: UUID
    item_id: UUID
    what: str
    criterion_id: UUID | None
    order: str
    subject: str
    mode: str
    version: int


def read_steps(field: str, value: object) -> list[list[object]]:
    """Read milestones: [what, weight above 0, day reached or None, planned for]. Raises Invalid.

    Planned for: a day, a share of the item's days (0.4 or "40%"), or None: by weight.
    """
    if not isinstance(value, list | tuple) or len(value) > MOST_STEPS:
        sentence = f"The {field} are a list of at most {MOST_STEPS} milestones."
        raise Invalid(sentence)
    return [_step(field, one) for one in value]


def _step(field: str, value: object) -> list[object]:
    if not isinstance(value, list | tuple) or len(value) not in (2, 3, 4):
        sentence = (
            f"One of the {field} is {value!r}; write [what, weight, day reached or null, planned "
            f"for: a day, a share or null]."
        )
        raise Invalid(sentence)
    what, weight, reached, due = [*value, None, None][:4]
    if not isinstance(what, str) or not what.strip() or len(what) > 200:
        sentence = f"A milestone is called {what!r}; name it in 1 to 200 letters."
        raise Invalid(sentence)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < 1e6:
        sentence = f"The weight of “{what.strip()}” is {weight!r}; give a number above 0."
        raise Invalid(sentence)
    return [what.strip(), weight, _day(what, reached), _due(what, due)]


def _day(what: str, value: object) -> str | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        sentence = f"“{what}” was reached on {value!r}; write a day as 2026-11-30."
        raise Invalid(sentence) from None


def _due(what: str, value: object) -> str | float | None:
    """Read when a milestone is planned for: a day, a share of the item's days, or nothing."""
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        share = _share(value)
    if share is None or not 0 < share <= 1:
        sentence = (
            f"“{what}” is planned for {value!r}; write a day as 2026-11-30, or a share of the "
            f"item's days as 40%."
        )
        raise Invalid(sentence)
    return share


def _share(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = str(value).strip()
    try:
        return round(float(text[:-1]) / 100, 6) if text.endswith("%") else None
    except ValueError:
        return None


MEASURE_FIELDS: Mapping[str, Reader] = {
    "method": choice(*METHODS),
    "steps": read_steps,
    "order": text(60),
}
FOLLOW_FIELDS: Mapping[str, Reader] = {
    "what": choice(*FOLLOWED),
    "order": text(60),
    "subject": text(400),
    "mode": choice(*MODES),
}


def measure_fields(fields: Mapping[str, object]) -> Mapping[str, object]:
    """Return the fields of a measure that hold together. Raises Invalid."""
    if fields["method"] == "milestones" and not fields.get("steps"):
        sentence = "Weighted milestones need milestones; name at least one with its weight."
        raise Invalid(sentence)
    return fields


def follow_fields(fields: Mapping[str, object], criterion: UUID | None) -> Mapping[str, object]:
    """Return the fields of a follow with its criterion. Raises Invalid."""
    if fields["what"] == "metric" and criterion is None:
        sentence = "An item that follows a metric needs the success criterion; name its key."
        raise Invalid(sentence)
    if fields["what"] == "labels" and not fields["order"]:
        sentence = "An item that follows labels needs the key of their purchase order."
        raise Invalid(sentence)
    if fields["what"] == "approvals" and not fields["subject"]:
        sentence = (
            "An item that follows approvals needs what is approved: contract:vendor/key, "
            "order:program/key or invoice:vendor/key."
        )
        raise Invalid(sentence)
    held = criterion if fields["what"] == "metric" else None
    return {**fields, "criterion_id": held}
