"""The verifier finds each broken rule: a schedule that is right, then spoiled in one place."""

from __future__ import annotations

import numpy as np
import pytest

from headway.analysis.schedule.levelling.problem import (
    FREE,
    NEVER,
    Kind,
    Link,
    Mode,
    Problem,
    Schedule,
)
from headway.analysis.schedule.levelling.verification import violations

PROBLEM = Problem(
    durations=[2, 3, 0, 2],
    demands=[[1], [2], [0], [1]],
    capacities=(((0, 2), (8, 1)),),
    links=[Link(0, 1), Link(1, 2, Kind.FF, 1, 0), Link(0, 3, Kind.SS, 5)],
    releases=[1, 0, 0, 0],
    fixed=[FREE, FREE, 9, FREE],
    latest=[NEVER, NEVER, NEVER, 10],
    calendar=[0, 0, -1, -1],
    calendars=([True, True, False, True, True, False],),
    modes={3: (Mode((0,), 1),)},
)


def scheduled(**changes) -> Schedule:
    columns = {"starts": [1, 4, 9, 7], "finishes": [4, 8, 9, 9], "modes": [0, 0, 0, 0]}
    columns |= {name: value for name, value in changes.items() if name != "makespan"}
    arrays = {name: np.array(values) for name, values in columns.items()}
    return Schedule(makespan=changes.get("makespan", 9), **arrays)


def test_a_schedule_that_keeps_all_rules_breaks_none():
    assert (
        violations(PROBLEM, scheduled(starts=[1, 4, 9, 8], finishes=[4, 8, 9, 10], makespan=10))
        == []
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Resource 0 is asked for 3 in slot 7; there are 2."),
        ({"makespan": 8}, "The makespan is given as 8; the last finish is 9."),
        ({"starts": [0, 4, 9, 7], "finishes": [2, 8, 9, 9]}, "Activity 0 starts at 0, before 1."),
        ({"starts": [-3, 4, 9, 7]}, "Activity 0 starts at -3, before 1."),
        ({"finishes": [3, 8, 9, 9]}, "Activity 0 starts at 1 and finishes at 3, not 4."),
        ({"starts": [2, 4, 9, 7], "finishes": [5, 8, 9, 9]}, "where its calendar does not work"),
        ({"starts": [1, 3, 9, 7], "finishes": [4, 7, 9, 9]}, "Link FS 0 to 1 with lag 0"),
        ({"starts": [1, 4, 8, 7], "finishes": [4, 8, 8, 9]}, "Link FF 1 to 2 with lag 1"),
        ({"starts": [1, 4, 10, 7], "finishes": [4, 8, 10, 9]}, "it is fixed to 9"),
        ({"starts": [1, 4, 9, 5], "finishes": [4, 8, 9, 7]}, "Link SS 0 to 3 with lag 5"),
        ({"starts": [1, 4, 9, 9], "finishes": [4, 8, 9, 11]}, "finishes at 11, after 10"),
        ({"modes": [0, 1, 0, 0]}, "Activity 1 is done in mode 1; it has 1."),
        ({"starts": [1, 4]}, "The schedule has [2, 4, 4] numbers"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named(changes, sentence):
    found = violations(PROBLEM, scheduled(**changes))
    assert any(sentence in text for text in found), found


def test_capacity_counts_from_the_slot_of_its_step():
    problem = Problem([1], [[2]], (((0, 2), (8, 1)),))
    one = np.zeros(1, dtype=np.int64)
    assert violations(problem, Schedule(one + 7, one + 8, one, 8)) == []
    assert violations(problem, Schedule(one + 8, one + 9, one, 9)) != []
