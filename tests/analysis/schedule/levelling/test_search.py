"""Every answer keeps the rules, whatever the problem, and the same seed gives the same bits."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from tests.analysis.schedule.levelling.problems import any_problems, plain_problems, reference

from headway.analysis.schedule.levelling import kernels
from headway.analysis.schedule.levelling.packing import pack
from headway.analysis.schedule.levelling.problem import (
    NEVER,
    Budget,
    Conflict,
    Link,
    Mode,
    Problem,
    Reason,
    Status,
    constant,
    topological,
)
from headway.analysis.schedule.levelling.search import improve, level
from headway.analysis.schedule.levelling.verification import violations
from headway.errors import Invalid

#: The makespan and the sum of starts of a plan of 40 activities after 4,000 schedules.
RECORDED = (111, 2396)
SHORT = Budget(schedules=300, prove=False)


@given(plain_problems())
@settings(max_examples=60, deadline=None)
def test_the_compiled_scheduler_equals_one_in_plain_python(problem):
    packed = pack(problem)
    numbers = np.arange(problem.size)
    free = np.empty(packed.horizon * len(packed.base), dtype=np.uint64)
    starts = np.zeros(problem.size, dtype=np.int64)
    kernels.serial(packed.forward, numbers, packed.base, free, np.array([packed.horizon]), starts)
    order = topological(problem)
    expected = reference(problem, order)
    assert starts.tolist() == [expected[number] for number in order]


@given(plain_problems())
@settings(max_examples=60, deadline=None)
def test_every_answer_to_a_plain_problem_keeps_the_rules_and_the_bound(problem):
    makespans = []
    for answer in improve(problem, SHORT):
        assert violations(problem, answer.schedule) == []
        assert answer.lower_bound <= answer.schedule.makespan
        makespans.append(answer.schedule.makespan)
    assert makespans == sorted(makespans, reverse=True)


@given(any_problems())
@settings(max_examples=150, deadline=None)
def test_every_answer_to_any_problem_keeps_the_rules_or_names_its_conflicts(problem):
    answer = level(problem, Budget(schedules=60, prove=False))
    broken = violations(problem, answer.schedule)
    assert bool(broken) == bool(answer.conflicts), (broken, answer.conflicts)
    assert (answer.status is Status.INFEASIBLE) == bool(answer.conflicts)
    if not broken:
        assert answer.lower_bound <= answer.schedule.makespan


def jobs(seed: int, size: int = 40) -> Problem:
    """A plan as a benchmark would draw it: four resources, one to three predecessors each."""
    draw = np.random.default_rng(seed)
    links = [
        Link(int(before), after)
        for after in range(1, size)
        for before in set(draw.integers(max(0, after - 12), after, draw.integers(1, 4)))
    ]
    return Problem(
        draw.integers(1, 10, size), draw.integers(0, 6, (size, 4)), constant(7, 8, 9, 10), links
    )


def test_the_same_seed_gives_the_same_bits_and_the_budget_is_kept():
    first, again, other = (
        level(jobs(1), Budget(schedules=4_000, seed=seed, prove=False)) for seed in (1, 1, 2)
    )
    assert first.schedule.starts.tolist() == again.schedule.starts.tolist()
    assert first.history == again.history
    assert first.schedule.starts.tolist() != other.schedule.starts.tolist()
    assert 0 < first.schedules <= 4_000
    assert first.notes == ()
    # Recorded once: another machine, or another version of a compiler, must find the same.
    assert (first.schedule.makespan, int(first.schedule.starts.sum())) == RECORDED


def test_more_schedules_never_give_a_longer_plan():
    few, many = (level(jobs(2), Budget(schedules=n, prove=False)) for n in (10, 5_000))
    assert many.schedule.makespan <= few.schedule.makespan
    assert many.history[-1].makespan == many.schedule.makespan


def test_a_time_limit_stops_the_search_and_is_noted():
    ticks = iter(range(10_000))
    answer = level(jobs(3), Budget(None, 30.0, clock=lambda: float(next(ticks)), prove=False))
    assert answer.seconds >= 30
    assert "limited by time" in answer.notes[0]
    assert violations(jobs(3), answer.schedule) == []


def test_a_search_without_end_or_clock_is_refused():
    with pytest.raises(Invalid, match="no end"):
        level(jobs(3), Budget(schedules=None))
    with pytest.raises(Invalid, match="needs a clock"):
        level(jobs(3), Budget(seconds=1.0))


def test_a_watched_search_can_be_left_at_any_answer():
    answers = improve(jobs(4), Budget(schedules=None, prove=False))
    first = next(answers)
    second = next(answers)
    answers.close()
    assert second.schedule.makespan < first.schedule.makespan


def test_a_schedule_as_short_as_the_longest_path_is_optimal_at_once():
    problem = Problem([3, 4, 2], [[1], [1], [1]], constant(2), [Link(0, 1)])
    answer = level(problem)
    assert answer.status is Status.OPTIMAL
    assert answer.schedule.makespan == answer.lower_bound == 7
    assert answer.bound_by == "the longest path"
    assert answer.schedules == 1


def test_work_that_one_person_must_do_bounds_the_plan():
    problem = Problem([3, 4, 2], [[1], [1], [1]], constant(1), releases=[5, 5, 0])
    answer = level(problem)
    assert answer.schedule.makespan == answer.lower_bound == 12
    assert answer.bound_by == "the work of a resource"


def test_no_activities_are_levelled_to_nothing():
    answer = level(Problem([], [], constant(1)))
    assert (answer.schedule.makespan, answer.status) == (0, Status.OPTIMAL)


def test_each_conflict_has_its_reason():
    problem = Problem(
        durations=[1, 2, 2, 2],
        demands=[[3, 0], [1, 0], [1, 0], [0, 1]],
        capacities=(((0, 1),), ((0, 0), (9, 1))),
        latest=[NEVER, 2, 3, 5],
    )
    answer = level(problem, SHORT)
    assert answer.status is Status.INFEASIBLE
    assert set(answer.conflicts) == {
        Conflict(0, 0, Reason.DEMAND),
        Conflict(2, 0, Reason.WINDOW),
        Conflict(3, 1, Reason.CALENDAR),
    }


def test_work_pauses_where_its_calendar_does_and_holds_nothing_meanwhile():
    weekend = [True] * 3 + [False] * 4 + [True] * 3
    problem = Problem(
        durations=[5, 4],
        demands=[[1], [1]],
        capacities=constant(1),
        calendar=[0, -1],
        calendars=(weekend,),
    )
    answer = level(problem)
    assert answer.schedule.starts.tolist() == [0, 3]
    assert answer.schedule.finishes.tolist() == [9, 7]


def test_whoever_is_free_first_takes_what_either_could_do():
    either = {1: (Mode((0, 1), 3),)}
    problem = Problem([3, 3], [[1, 0], [1, 0]], constant(1, 1), modes=either)
    answer = level(problem)
    assert answer.schedule.modes.tolist() == [0, 1]
    assert answer.schedule.makespan == 3


def test_the_first_list_serves_the_higher_priority_first():
    problem = Problem([3, 3, 3], [[1], [1], [1]], constant(1), priorities=[500, 400, 900])
    assert level(problem, Budget(schedules=1)).schedule.starts.tolist() == [3, 6, 0]


def test_a_second_search_helps_within_a_time_limit_and_ends_with_it():
    before = threading.active_count()
    ticks = iter(range(10_000))
    budget = Budget(None, 50.0, clock=lambda: float(next(ticks)), prove=False, threads=2)
    answers = list(improve(jobs(5), budget))
    assert threading.active_count() == before
    assert violations(jobs(5), answers[-1].schedule) == []
    left = improve(jobs(5), Budget(None, 50.0, clock=lambda: 0.0, threads=2))
    next(left)
    next(left)
    left.close()
    assert threading.active_count() == before
