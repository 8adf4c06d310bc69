"""Reopen triggers: what would make an answer wrong, written so that it can be watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from headway.domain.programs.rules.fields import Reader, day, number, text
from headway.errors import Invalid
from headway.rendering.phrases import day as say_day
from headway.rendering.phrases import share


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a taken decision should be asked again; any part that is met is enough.

    `criterion` is an address (project/key), `assumption` a key in the program.
    """

    day: date | None = None
    p_on_time_below: float | None = None
    criterion: str = ""
    assumption: str = ""

    @property
    def sentence(self) -> str:
        """Return what is watched, in words; empty where nothing is."""
        below = self.p_on_time_below
        return ", or when ".join(
            filter(
                None,
                (
                    f"{say_day(self.day)} has passed" if self.day else "",
                    f"P(on time) falls below {share(below)}" if below is not None else "",
                    f"the promise {self.criterion} is unmet" if self.criterion else "",
                    f"the assumption {self.assumption} fails" if self.assumption else "",
                ),
            )
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known when triggers are looked at: today, the odds, what is unmet, what failed.

    `crossed` are assumptions, open or held, whose metric crossed their bound.
    """

    today: date
    p_on_time: float | None = None
    unmet: Set[str] = frozenset()
    failed: Set[str] = frozenset()
    crossed: Set[str] = frozenset()


_PARTS: Mapping[str, Reader] = {
    "day": day,
    "p_on_time_below": number(0, 1),
    "criterion": text(121),
    "assumption": text(60),
}


def read_trigger(field: str, value: object) -> dict[str, object]:
    """Read a trigger as JSON to keep; nothing watches nothing. Raises Invalid for unknown parts."""
    if value in (None, "", {}):
        return {}
    if not isinstance(value, Mapping) or set(value) - set(_PARTS):
        said = field.replace("_", " ")
        sentence = f"The {said} has parts out of {', '.join(_PARTS)}; anything else is not watched."
        raise Invalid(sentence)
    read = {name: _PARTS[name](name, part) for name, part in value.items()}
    criterion = read.get("criterion")
    if criterion and "/" not in str(criterion):
        sentence = f"'{criterion}' names no promise; write it as project/key."
        raise Invalid(sentence)
    kept = {name: part for name, part in read.items() if part not in (None, "")}
    return {
        name: part.isoformat() if isinstance(part, date) else part for name, part in kept.items()
    }


def trigger_of(held: Mapping[str, Any]) -> Trigger:
    """Return the trigger that `read_trigger` gave."""
    until = held.get("day")
    return Trigger(
        date.fromisoformat(until) if until else None,
        held.get("p_on_time_below"),
        held.get("criterion", ""),
        held.get("assumption", ""),
    )


def met_parts(trigger: Trigger, seen: Watched) -> Sequence[str]:
    """Return what of a trigger is met, each as a sentence; what is not known meets nothing."""
    met = []
    if trigger.day is not None and seen.today > trigger.day:
        met.append(f"{say_day(trigger.day)} has passed.")
    below = trigger.p_on_time_below
    if below is not None and seen.p_on_time is not None and seen.p_on_time < below:
        met.append(f"P(on time) is {share(seen.p_on_time)}, below {share(below)}.")
    if trigger.criterion and trigger.criterion in seen.unmet:
        met.append(f"The promise {trigger.criterion} is unmet.")
    if trigger.assumption and trigger.assumption in seen.failed:
        met.append(f"The assumption {trigger.assumption} failed.")
    elif trigger.assumption and trigger.assumption in seen.crossed:
        met.append(f"The assumption {trigger.assumption} does not hold: its metric says so.")
    return met
