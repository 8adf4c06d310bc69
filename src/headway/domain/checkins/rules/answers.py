"""What a check-in may say of a piece of work, and what that changes in the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.rules.fields import Reader, day, text
from headway.domain.programs.rules.ranges import read_range
from headway.errors import Invalid, Problem

#: Items of one answer: far more than anybody has open.
MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What is said of the item at `project`/`key`, read at `version`.

    `said` holds what was answered, of ANSWER_FIELDS: `started` and `finished` (days, None: not
    yet), `left` (what is left, in working days), `blocked_by` ("": nothing in the way).
    """

    project: str
    key: str
    version: int | None = None
    said: Mapping[str, object] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return how the plan names the item."""
        return f"{self.project}/{self.key}"


def _read_left(_field: str, value: object) -> list[float] | None:
    return read_range("remaining work", value)


ANSWER_FIELDS: Mapping[str, Reader] = {
    "started": day,
    "finished": day,
    "left": _read_left,
    "blocked_by": text(200),
}
read_line = text(300)


def left_of(item: ItemFacts) -> Sequence[float] | None:
    """Return what is left of an item as the plan has it today, in working days."""
    return item.remaining or item.estimate


def changes_of(item: ItemFacts, said: Mapping[str, object], today: date) -> dict[str, object]:
    """Return what an answer changes in the plan; `said` was read by ANSWER_FIELDS.

    What is left of work that has not begun is its estimate. Raises Invalid for a day to come.
    """
    changes: dict[str, object] = {}
    for name in ("started", "finished"):
        if name in said:
            _refuse_future(item.name, name, said[name], today)
            changes[name] = said[name]
    started = changes.get("started", item.started)
    finished = changes.get("finished", item.finished)
    left = said.get("left")
    if finished is not None or started is None:
        changes["remaining"] = None  # nothing is left of the one, nothing has begun of the other
    elif left is not None and list_of(left) != list_of(left_of(item)):
        changes["remaining"] = left
    if finished is None and started is None and left is not None:
        changes["estimate"] = left
    return {name: value for name, value in changes.items() if _plain(getattr(item, name)) != value}


def _refuse_future(name: str, what: str, value: object, today: date) -> None:
    if isinstance(value, date) and value > today:
        sentence = f"{name} cannot have {what} on {value}, which is to come; today is {today}."
        raise Invalid(sentence)


def list_of(value: object) -> list[float]:
    """Return a range as a list of numbers, empty where there is none."""
    return [float(one) for one in value] if isinstance(value, list | tuple) else []


def _plain(value: object) -> object:
    return list_of(value) if isinstance(value, tuple) else value


def blamed(item: ItemFacts, address: str, error: Invalid) -> Invalid:
    """Return an error that says of which item it speaks."""
    sentence = str(error)
    said = sentence if item.name in sentence else f"{item.name}: {sentence}"
    return Invalid(said, [Problem(address, said)])
