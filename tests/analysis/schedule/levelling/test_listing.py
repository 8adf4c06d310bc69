"""Laws of the answer at once: what it does not name as a conflict keeps every rule."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.schedule.levelling.listing import lower_bound, search
from headway.analysis.schedule.levelling.problem import (
    ALWAYS,
    FREE,
    NEVER,
    Budget,
    Conflict,
    Kind,
    Link,
    Mode,
    Problem,
    Reason,
    Status,
)
from headway.analysis.schedule.levelling.verification import violations

FEW = Budget(schedules=6, seed=3)


@st.composite
def problems(draw: st.DrawFn, *, hard: bool) -> Problem:
    """Return a small problem; a `hard` one has fixed starts, limits and demands too large."""
    size = draw(st.integers(1, 8))
    counts = st.integers(0, 4)
    links = [
        Link(before, after, draw(st.sampled_from(Kind)), draw(st.integers(-1, 3)))
        for after in range(1, size)
        for before in draw(st.sets(st.integers(0, after - 1), max_size=2))
    ]
    mask = draw(st.lists(st.booleans(), min_size=1, max_size=20))
    most = 6 if hard else 4
    steps = ((0, draw(st.integers(2, 4))), (draw(st.integers(3, 9)), 4))
    modes = {0: (Mode((1, 0), draw(counts), ALWAYS),)} if draw(st.booleans()) else {}
    return Problem(
        durations=np.array([draw(counts) for _ in range(size)]),
        demands=np.array([[draw(st.integers(0, most)), draw(counts)] for _ in range(size)]),
        capacities=(steps, ((0, 4),)),
        links=np.array(links),
        releases=np.array([draw(counts) for _ in range(size)]),
        fixed=np.array([draw(st.sampled_from((FREE, FREE, 2))) if hard else FREE] * size),
        latest=np.array([draw(st.sampled_from((NEVER, 12))) if hard else NEVER] * size),
        calendar=np.array([draw(st.sampled_from((ALWAYS, 0))) for _ in range(size)]),
        calendars=(np.array(mask),),
        modes=modes,
        priorities=np.array([draw(st.integers(0, 1000)) for _ in range(size)]),
    )


@given(problems(hard=False))
@settings(max_examples=60, deadline=None)
def test_where_there_is_enough_of_everything_nothing_is_broken(problem: Problem) -> None:
    found = search(problem, FEW)
    assert found.conflicts == ()
    assert violations(problem, found.schedule) == []
    assert found.lower_bound <= found.schedule.makespan
    assert lower_bound(problem)[0] <= found.schedule.makespan


@given(problems(hard=True))
@settings(max_examples=60, deadline=None)
def test_a_hard_problem_is_answered_and_the_same_seed_gives_the_same_bits(
    problem: Problem,
) -> None:
    first, second = search(problem, FEW), search(problem, FEW)
    assert (first.schedule.starts == second.schedule.starts).all()
    assert first.conflicts == second.conflicts
    assert (first.status is Status.INFEASIBLE) == bool(first.conflicts)


def test_each_reason_is_told() -> None:
    asked = Problem(
        durations=np.array([3, 2, 3, 4]),
        demands=np.array([[5], [1], [1], [1]]),
        capacities=(((0, 1),),),
        fixed=np.array([FREE, 1, FREE, FREE]),
        latest=np.array([NEVER, NEVER, 3, NEVER]),
        calendar=np.array([ALWAYS, 0, ALWAYS, ALWAYS]),
        calendars=(np.array([True, False, True]),),
    )
    found = search(asked, FEW)
    assert set(found.conflicts) == {
        Conflict(0, 0, Reason.DEMAND),
        Conflict(1, 0, Reason.CALENDAR),
        Conflict(2, 0, Reason.WINDOW),
    }


def test_a_clock_ends_the_search_and_a_note_says_so() -> None:
    ticks = iter(range(1000))
    budget = Budget(schedules=None, seconds=5, clock=lambda: float(next(ticks)), seed=1)
    size = 12
    asked = Problem(
        durations=np.arange(1, size + 1),
        demands=np.full((size, 1), 2),
        capacities=(((0, 3),),),
        links=np.array([Link(0, 5), Link(1, 6), Link(2, 7)]),
    )
    found = search(asked, budget)
    assert found.schedules <= 8
    assert "clock" in found.notes[0]


def test_who_listens_may_end_the_search() -> None:
    heard = []
    asked = Problem(np.array([1, 2]), np.array([[1], [1]]), (((0, 1),),))
    search(asked, FEW, lambda found: heard.append(found.schedule.makespan) is not None)
    assert heard == [3]
