"""What counts of a tracker and how it is read; rows are kept as they were told."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from headway.connectors.work import Link, Progress, Unit, WorkRow
from headway.domain.sources.rules import (
    Counted,
    WorkMapping,
    chosen_rows,
    kept_row,
    proposed_mapping,
    read_work_mapping,
    row_from,
    told_states,
)
from headway.errors import Invalid, Problem

_TEXT = some.text(max_size=12)
_NUMBER = some.none() | some.floats(0, 1e9, allow_nan=False)
_DAY = some.none() | some.dates(date(1990, 1, 1), date(2199, 12, 31))
_MOMENT = some.none() | some.datetimes(timezones=some.just(UTC))
_ROWS = some.builds(
    WorkRow,
    key=_TEXT,
    name=_TEXT,
    where=_TEXT,
    progress=some.sampled_from(Progress),
    status=_TEXT,
    place=_TEXT,
    is_milestone=some.booleans(),
    parent=_TEXT,
    estimate=_NUMBER,
    unit=some.sampled_from(Unit),
    points=_NUMBER,
    not_before=_DAY,
    due=_DAY,
    created_at=_MOMENT,
    started_at=_MOMENT,
    finished_at=_MOMENT,
    assignee=_TEXT,
    labels=some.lists(_TEXT, max_size=3).map(tuple),
    links=some.lists(some.builds(Link, other=_TEXT), max_size=2).map(tuple),
    blocks=some.lists(_TEXT, max_size=2).map(tuple),
    faults=some.lists(some.builds(Problem, _TEXT, _TEXT), max_size=2).map(tuple),
)


def row(**more: object) -> WorkRow:
    return WorkRow(**{"key": "A-1", "name": "A", "where": "A-1", **more})  # type: ignore[arg-type]


@given(_ROWS)
def test_a_row_is_kept_as_it_was_told(told: WorkRow) -> None:
    assert row_from(kept_row(told)) == told


@given(some.lists(_ROWS, max_size=5))
def test_each_row_counts_or_has_a_reason(rows: list[WorkRow]) -> None:
    mapping = WorkMapping(labels=("ml",), without_kinds=("Bug",))
    kept, left = chosen_rows(rows, mapping)
    assert len(kept) + len(left) == len(rows)
    assert chosen_rows(rows, WorkMapping()) == (kept_by_default(rows), [])


def kept_by_default(rows: list[WorkRow]) -> list[WorkRow]:
    """Without a mapping a row is as told; points stand in where no time is estimated."""
    from dataclasses import replace

    return [
        replace(one, estimate=one.points, unit=Unit.POINTS)
        if one.estimate is None and one.points is not None
        else one
        for one in rows
    ]


@pytest.mark.parametrize(
    ("unit", "estimate", "counts"),
    [
        (Counted.TIME, 8.0, Unit.HOURS),
        (Counted.POINTS, 3.0, Unit.POINTS),
        (Counted.DAYS, 3.0, Unit.DAYS),
        (Counted.HOURS, 3.0, Unit.HOURS),
    ],
)
def test_a_person_says_which_number_counts(unit: Counted, estimate: float, counts: Unit) -> None:
    both = row(estimate=8.0, unit=Unit.HOURS, points=3.0)
    [[found], _] = chosen_rows([both], WorkMapping(unit))
    assert (found.estimate, found.unit) == (estimate, counts)
    time_only = row(estimate=8.0, unit=Unit.HOURS)
    assert chosen_rows([time_only], WorkMapping(unit))[0] == [time_only]


def test_the_number_that_more_items_have_is_proposed() -> None:
    timed, pointed = row(estimate=8.0), row(points=3.0)
    assert proposed_mapping([timed, pointed]).unit is Counted.TIME
    assert proposed_mapping([timed, pointed, pointed]).unit is Counted.POINTS


def test_only_states_that_mean_something_else_are_remembered() -> None:
    rows = [row(status="Review", progress=Progress.STARTED), row(status="Open")]
    assert told_states(rows) == {"Review": Progress.STARTED, "Open": Progress.WAITING}
    given_ = WorkMapping().as_json(rows) | {"states": {"Review": "finished", "Open": "waiting"}}
    mapping = read_work_mapping(given_, rows)
    assert mapping.states == {"Review": Progress.FINISHED}
    # Upstream may say later what Open means: it was never decided here.
    moved = [row(status="Open", progress=Progress.STARTED)]
    assert chosen_rows(moved, mapping)[0][0].progress is Progress.STARTED


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"unit": "weeks"}, "unit"),
        ({"states": []}, "states"),
        ({"states": {"x": "asleep"}}, "states/x"),
        ({"labels": "ml"}, "labels"),
        ({"labels": [1]}, "labels/0"),
        ({"without_kinds": [None]}, "without_kinds/0"),
        ({"labels": ["x"] * 501}, "labels"),
        ({"labels": ["x" * 451]}, "labels/0"),
        ({"what": 1}, "what"),
    ],
)
def test_a_mapping_that_is_none_names_the_place(value: dict[str, object], where: str) -> None:
    with pytest.raises(Invalid, match="The mapping cannot be used") as caught:
        read_work_mapping(value, [])
    assert [one.where for one in caught.value.problems] == [where]
