"""Blockers: what stands in the way of work, for how long, and who hears of it after how long.

The level of escalation is worked out from the age and the path; nobody types it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, text, whole
from headway.domain.programs.rules.fields import day as read_day
from headway.errors import Invalid

#: Steps of one path: more than a company has floors between a desk and its head.
MOST_STEPS = 6
#: Working days after which a step may still come: two years.
LONGEST_WAIT = 520

STATES = ("open", "resolved")

_WHO = text(200, required=True)
_DAYS = whole(0, LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Who hears of a blocker once it is `after_days` working days old."""

    who: str
    after_days: int


@dataclass(frozen=True, slots=True)
class BlockerFacts:
    """A blocker. `age_days` are working days since it began, or those that it lasted.

    `waits_for` says whose move it is: a person, a team, a vendor, an event.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    key: str
    name: str
    waits_for: str
    owner: str
    since: date
    escalation: Sequence[EscalationStep]
    state: str
    resolution: str
    resolved_at: datetime | None
    resolved_by: str
    version: int
    age_days: int

    @property
    def is_open(self) -> bool:
        """Say whether it still stands in the way."""
        return self.state == "open"

    @property
    def level(self) -> int:
        """Return how many steps of the path its age has passed; 0: it is with its owner."""
        return level_at(self.escalation, self.age_days)

    @property
    def escalated_to(self) -> str:
        """Return who has it now by the path; empty while it is with its owner."""
        return self.escalation[self.level - 1].who if self.level else ""

    @property
    def next_step(self) -> EscalationStep | None:
        """Return the step that comes next if nothing moves; None after the last or once solved."""
        following = self.escalation[self.level :]
        return following[0] if following and self.is_open else None


def level_at(steps: Sequence[EscalationStep], age_days: int) -> int:
    """Return how many steps a blocker of this age has passed: it never falls as time passes."""
    return sum(1 for step in steps if step.after_days <= age_days)


def read_escalation(field: str, value: object) -> list[dict[str, object]]:
    """Read an escalation path: a list of {who, after_days}, or lines "who after 5".

    Raises Invalid for a step without a person or a day, and for days that do not ascend.
    """
    if value in (None, ""):
        return []
    parts = _lines(value) if isinstance(value, str) else value
    if not isinstance(parts, list) or len(parts) > MOST_STEPS:
        sentence = f"The {field} is a list of at most {MOST_STEPS} steps (who, after_days)."
        raise Invalid(sentence)
    steps = [_step(one) for one in parts]
    for one, other in pairwise(steps):
        if other.after_days <= one.after_days:
            sentence = (
                f"The {field} goes to {other.who} after {other.after_days} days, but to {one.who} "
                f"before that after {one.after_days}; let the days ascend."
            )
            raise Invalid(sentence)
    return [{"who": step.who, "after_days": step.after_days} for step in steps]


def steps_of(held: Sequence[Mapping[str, object]]) -> tuple[EscalationStep, ...]:
    """Return the steps kept as JSON."""
    return tuple(EscalationStep(str(one["who"]), int(str(one["after_days"]))) for one in held)


def escalation_text(steps: Sequence[EscalationStep]) -> str:
    """Return a path as `read_escalation` reads it: one line a step."""
    return "\n".join(f"{step.who} after {step.after_days}" for step in steps)


def _lines(typed: str) -> list[dict[str, object]]:
    return [_typed(line) for line in typed.splitlines() if line.strip()]


def _typed(line: str) -> dict[str, object]:
    """Return one line of a form as a step: "noor after 5", "noor after 5 days"."""
    who, separator, days = line.rpartition(" after ")
    number = days.strip().split(" ")[0] if separator else ""
    return {"who": who, "after_days": number}


def _step(value: object) -> EscalationStep:
    if not isinstance(value, Mapping) or set(value) != {"who", "after_days"}:
        sentence = (
            f"A step of the escalation is {str(value)[:60]!r}; write who and after_days, or in a "
            "form one line each: noor after 5."
        )
        raise Invalid(sentence)
    days = _DAYS("working days of a step", value["after_days"])
    if days is None:
        sentence = "A step of the escalation has no number of days; write it as: noor after 5."
        raise Invalid(sentence)
    return EscalationStep(str(_WHO("person of a step", value["who"])), int(str(days)))


def read_since(field: str, value: object) -> date:
    """Read the day on which it began: a day, and there has to be one."""
    found = read_day(field, value)
    if found is None:
        sentence = "The day since when it blocks is empty; write it as 2026-03-15."
        raise Invalid(sentence)
    return found


BLOCKER_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "waits_for": text(200),
    "owner": text(200),
    "since": read_since,
    "escalation": read_escalation,
}
