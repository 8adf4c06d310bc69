"""A problem is checked when it is made, and what is left out has its default."""

from __future__ import annotations

import numpy as np
import pytest

from headway.analysis.schedule.levelling.problem import (
    ALWAYS,
    FREE,
    NEVER,
    Link,
    Mode,
    Problem,
    constant,
    topological,
)
from headway.errors import Invalid


def small(**fields) -> Problem:
    given = {
        "durations": [3, 2, 0],
        "demands": [[1, 0], [1, 2], [0, 0]],
        "capacities": constant(1, 2),
        "links": [Link(0, 1), Link(1, 2)],
    }
    return Problem(**{**given, **fields})


def test_what_is_left_out_has_its_default():
    problem = small()
    assert problem.releases.tolist() == [0, 0, 0]
    assert problem.fixed.tolist() == [FREE] * 3
    assert problem.latest.tolist() == [NEVER] * 3
    assert problem.calendar.tolist() == [ALWAYS] * 3
    assert problem.priorities.tolist() == [500] * 3


def test_a_problem_cannot_be_changed_after_it_was_checked():
    given = np.array([3, 2, 0])
    problem = small(durations=given)
    given[0] = -5
    assert problem.durations.tolist() == [3, 2, 0]
    with pytest.raises(ValueError, match="read-only"):
        problem.durations[0] = 9


def test_no_activities_are_a_problem_too():
    problem = Problem([], [], constant(1))
    assert problem.size == 0
    assert problem.demands.shape == (0, 1)
    assert problem.links.shape == (0, 5)


def test_a_mode_is_found_by_its_number():
    other = Mode((0, 1), 5)
    problem = small(modes={1: (other,)})
    assert problem.mode(1, 0) == Mode((1, 2), 2, ALWAYS)
    assert problem.mode(1, 1) == other


def test_every_activity_comes_after_those_its_links_name():
    problem = small(links=[Link(2, 0), Link(1, 2)])
    assert topological(problem) == [1, 2, 0]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"durations": [3, -2, 0]}, "duration is -2"),
        ({"demands": [[1], [1], [0]]}, "Demands are 3 by 1"),
        ({"demands": [[1, 0], [-1, 2], [0, 0]]}, "demand is -1"),
        ({"releases": [1]}, "releases has 1 numbers"),
        ({"fixed": [FREE, -2, 0]}, "fixed start is -2"),
        ({"calendar": [0, ALWAYS, ALWAYS]}, "calendar is 0"),
        ({"priorities": [0, 500, 1001]}, "priority is 1001"),
        ({"capacities": (((1, 1),), ((0, 2),))}, "resource 0 steps at"),
        ({"capacities": (((0, 1),), ((0, 2), (0, 3)))}, "resource 1 steps at"),
        ({"links": [Link(0, 1), Link(1, 0)]}, "make a cycle at or before activity 0"),
        ({"links": [Link(0, 0)]}, "make a cycle at or before activity 0"),
        ({"links": [Link(0, 3)]}, "link's activity is 3"),
        ({"links": [(0, 1, 4, 0, ALWAYS)]}, "link's kind is 4"),
        ({"links": [(0, 1)]}, "Links have 2 columns"),
        ({"modes": {1: (Mode((1,), 2),)}}, "A mode of activity 1 has 1 demands"),
        ({"modes": {5: ()}}, "activity with modes is 5"),
    ],
)
def test_nonsense_is_named(fields, sentence):
    with pytest.raises(Invalid, match=sentence):
        small(**fields)
