"""Which of a tracker's items are work here, and how they are read: what a person maps, remembered.

Nobody changes a field in the tracker for it: a state's word, the unit of its estimates and what
does not count are said here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from headway.connectors.work import Progress, Unit, WorkRow
from headway.errors import Invalid, Problem

Word = Annotated[str, Field(max_length=450)]


class Counted(StrEnum):
    """Which number is the estimate where an item has time and story points."""

    TIME = "time"  #: estimated time, else story points
    POINTS = "points"  #: story points, else estimated time
    DAYS = "days"  #: the points field holds working days
    HOURS = "hours"  #: the points field holds working hours


@dataclass(frozen=True, slots=True)
class WorkMapping:
    """How a tracker's items are read. `states` are words that mean something else than told.

    Items of `without_kinds` and `without_places` (types, projects) do not count; with `labels`,
    only those that carry one of them do.
    """

    unit: Counted = Counted.TIME
    states: Mapping[str, Progress] = field(default_factory=dict)
    without_kinds: tuple[str, ...] = ()
    without_places: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def as_json(self, rows: Iterable[WorkRow] = ()) -> dict[str, object]:
        """Return plain JSON; with `rows`, every word of theirs stands beside what it means."""
        states = {**told_states(rows), **self.states}
        return {
            "unit": self.unit.value,
            "states": {word: states[word].value for word in sorted(states)},
            "without_kinds": list(self.without_kinds),
            "without_places": list(self.without_places),
            "labels": list(self.labels),
        }


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    unit: Counted = Counted.TIME
    states: Annotated[dict[Word, Progress], Field(max_length=2_000)] = Field(default_factory=dict)
    without_kinds: Annotated[tuple[Word, ...], Field(max_length=500)] = ()
    without_places: Annotated[tuple[Word, ...], Field(max_length=500)] = ()
    labels: Annotated[tuple[Word, ...], Field(max_length=500)] = ()


def read_work_mapping(value: Mapping[str, object], rows: Iterable[WorkRow]) -> WorkMapping:
    """Return a mapping as a person gave it, of its states only those that are not as told.

    Raises Invalid naming each fault.
    """
    try:
        given = _Given.model_validate(dict(value))
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        problems = [Problem("/".join(map(str, one["loc"])), one["msg"]) for one in faults]
        listed = "; ".join(f"{one.where}: {one.sentence}" for one in problems)
        sentence = f"The mapping cannot be used. {listed}. Begin with the one a preview gives."
        raise Invalid(sentence, problems) from None
    told = told_states(rows)
    states = {word: state for word, state in given.states.items() if state is not told.get(word)}
    return WorkMapping(given.unit, states, given.without_kinds, given.without_places, given.labels)


def proposed_mapping(rows: Sequence[WorkRow]) -> WorkMapping:
    """Return how rows are read when nobody has said: by the number that more of them have."""
    points = sum(row.points is not None for row in rows)
    times = sum(row.estimate is not None for row in rows)
    return WorkMapping(Counted.POINTS if points > times else Counted.TIME)


def told_states(rows: Iterable[WorkRow]) -> dict[str, Progress]:
    """Return what each word for a state means, as the tracker itself says most often."""
    counts: dict[str, Counter[Progress]] = {}
    for row in rows:
        if row.status:
            counts.setdefault(row.status, Counter())[row.progress] += 1
    return {word: count.most_common(1)[0][0] for word, count in counts.items()}


def chosen_rows(
    rows: Iterable[WorkRow], mapping: WorkMapping
) -> tuple[list[WorkRow], list[Problem]]:
    """Return the rows that count, read by `mapping`, and why each other does not."""
    kept: list[WorkRow] = []
    left: list[Problem] = []
    for row in rows:
        reason = _why_not(row, mapping)
        if reason:
            left.append(Problem(row.where, reason))
        else:
            kept.append(_read(row, mapping))
    return kept, left


def _why_not(row: WorkRow, mapping: WorkMapping) -> str:
    if row.place in mapping.without_places:
        return f"It is of {row.place}, which does not count here."
    if row.kind in mapping.without_kinds:
        return f"It is of type '{row.kind}', which does not count here."
    if mapping.labels and not set(mapping.labels) & set(row.labels):
        return "It carries none of the labels that count here."
    return ""


def _read(row: WorkRow, mapping: WorkMapping) -> WorkRow:
    progress = mapping.states.get(row.status, row.progress)
    is_by_points = mapping.unit is not Counted.TIME or row.estimate is None
    if row.points is None or not is_by_points:
        return row if progress is row.progress else replace(row, progress=progress)
    units = {Counted.DAYS: Unit.DAYS, Counted.HOURS: Unit.HOURS}
    unit = units.get(mapping.unit, Unit.POINTS)
    return replace(row, progress=progress, estimate=row.points, unit=unit)
