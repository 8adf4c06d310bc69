"""Operations load: what live systems take from people, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, choice, day, number, text
from headway.errors import Invalid

KINDS = ("retraining", "on_call", "incidents", "label_refresh", "other")
#: Hours that one event took of somebody, where nobody has said otherwise: our own assumption.
HOURS_EACH: Mapping[str, float] = {"retraining": 6.0, "incidents": 8.0, "on_call": 1.0}
#: Evidence of so many days back is counted for a suggestion.
LOOK_BACK = timedelta(days=90)
_WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class OperationsLoadFacts:
    """Hours a week that a live system takes from a role, or from one `person` (key) of it."""

    id: UUID
    workspace_id: UUID
    system: str
    system_name: str
    kind: str
    role: str
    person: str
    hours: float
    starts: date
    ends: date | None
    version: int

    @property
    def kind_words(self) -> str:
        """Return its kind as people say it."""
        return self.kind.replace("_", " ")

    def hours_in(self, monday: date) -> float:
        """Return the hours it takes in the week of `monday`: its working days that are covered."""
        last = monday + timedelta(days=_WORKDAYS - 1)
        first = max(self.starts, monday)
        end = last if self.ends is None else min(self.ends, last)
        return self.hours * max(0, (end - first).days + 1) / _WORKDAYS

    def is_running(self, on: date) -> bool:
        """Say whether it takes anything on a day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, slots=True)
class LoadSuggestion:
    """What evidence says that a system takes: events of 90 days, hours each, hours a week."""

    system: str
    system_name: str
    kind: str
    events: int
    hours_each: float
    reserved: float

    @property
    def kind_words(self) -> str:
        """Return its kind as people say it."""
        return self.kind.replace("_", " ")

    @property
    def hours(self) -> float:
        """Return the hours a week that the events took."""
        return round(self.events * self.hours_each / (LOOK_BACK.days / 7), 1)

    @property
    def is_short(self) -> bool:
        """Say whether less is reserved than events took."""
        return self.reserved + 0.05 < self.hours


def weekly_hours(
    loads: Sequence[OperationsLoadFacts], monday: date
) -> Mapping[tuple[str, str], float]:
    """Return hours that live systems take in a week, by (role, person or "")."""
    found: dict[tuple[str, str], float] = {}
    for one in loads:
        if hours := one.hours_in(monday):
            key = (one.role, one.person)
            found[key] = found.get(key, 0.0) + hours
    return found


def require_span(starts: object, ends: object) -> None:
    """Raise Invalid where a load would end before it starts."""
    if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
        sentence = f"It would end on {ends}, before it starts on {starts}; correct one of them."
        raise Invalid(sentence)


def _needed(field: str, value: object) -> date:
    found = day(field, value)
    if found is None:
        sentence = "The first day is empty; write it as 2026-03-15."
        raise Invalid(sentence)
    return found


LOAD_FIELDS: Mapping[str, Reader] = {
    "kind": choice(*KINDS),
    "role": text(100),
    "person": text(60),
    "hours": number(0.1, 2_000, required=True),
    "starts": _needed,
    "ends": day,
}
