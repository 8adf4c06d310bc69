"""What CP-SAT proves is right, and what it finds keeps the rules."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from tests.analysis.schedule.levelling.problems import any_problems

from headway.analysis.schedule.levelling.problem import (
    ALWAYS,
    Budget,
    Problem,
    Status,
    constant,
)
from headway.analysis.schedule.levelling.proof import Effort, can_prove, prove
from headway.analysis.schedule.levelling.search import IMPOSSIBLE, improve, level
from headway.analysis.schedule.levelling.verification import violations

#: Two of three units each: one after the other, though work and paths allow it in six slots.
IN_TURN = Problem([3, 3, 3], [[2], [2], [2]], constant(3))


def without_calendars(problem: Problem) -> Problem:
    plain = problem.links.copy()
    plain[:, 4] = ALWAYS
    modes = {
        number: tuple(mode._replace(calendar=ALWAYS) for mode in modes)
        for number, modes in problem.modes.items()
    }
    fields = {field.name: getattr(problem, field.name) for field in dataclasses.fields(problem)}
    del fields["order"]
    fields |= {"links": plain, "modes": modes, "calendar": [ALWAYS] * problem.size}
    return Problem(**fields)


def test_what_no_argument_bounds_is_proved():
    answer = level(IN_TURN)
    assert answer.status is Status.OPTIMAL
    assert answer.lower_bound == answer.schedule.makespan == 9
    assert answer.bound_by == "a proof by CP-SAT"


def test_without_a_proof_nothing_is_called_optimal():
    answer = level(IN_TURN, Budget(schedules=500, prove=False))
    assert answer.status is Status.FEASIBLE
    assert (answer.lower_bound, answer.schedule.makespan) == (6, 9)
    assert answer.gap == 0.5


def test_a_search_without_limit_ends_with_the_proof():
    *_, last = improve(IN_TURN, Budget(schedules=None))
    assert last.status is Status.OPTIMAL


def test_windows_that_cannot_be_kept_are_proved_so():
    problem = Problem([3, 3], [[1], [1]], constant(1), latest=[5, 5])
    answer = level(problem, Budget(schedules=200))
    assert answer.status is Status.INFEASIBLE
    assert IMPOSSIBLE in answer.notes
    assert [conflict.resource for conflict in answer.conflicts] == [0]


def test_a_time_limit_stops_the_proof_too():
    ticks = iter(range(1_000_000))
    budget = Budget(None, 1_000.0, clock=lambda: float(next(ticks)))
    answer = level(IN_TURN, budget)
    assert answer.seconds < 5_000


@given(any_problems().map(without_calendars))
@settings(max_examples=60, deadline=None)
def test_what_is_proved_agrees_with_what_is_found(problem):
    assert can_prove(problem)
    found = level(problem, Budget(schedules=60, prove=False))
    whole = int(found.schedule.makespan) if not found.conflicts else 80
    proof = prove(problem, 0, whole + 1, Effort(0.5), seed=1)
    if proof.impossible:
        # Only what the search could not place either is impossible.
        assert found.conflicts
    if proof.schedule is not None:
        assert violations(problem, proof.schedule) == []
        assert found.lower_bound <= proof.schedule.makespan
    assert proof.bound <= whole + 1


@given(any_problems())
@settings(max_examples=30, deadline=None)
def test_the_whole_chain_keeps_the_rules_or_names_its_conflicts(problem):
    answer = level(problem, Budget(schedules=60))
    assert bool(violations(problem, answer.schedule)) == bool(answer.conflicts)
    if answer.status is Status.OPTIMAL:
        assert answer.lower_bound == answer.schedule.makespan
    if not answer.conflicts:
        assert answer.lower_bound <= answer.schedule.makespan
