"""Laws of what to connect next: the count is honest, the order holds, what is not due is silent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.assessments.rules.connect import (
    BEFORE_DATA,
    BEFORE_RUNS,
    Connecting,
    NextStep,
    Place,
    ProgramKnown,
    ProjectKnown,
    Question,
    Step,
    connecting,
    hint_of,
    open_questions,
    reason_of,
    title_of,
    worth_of,
)

HERE = Place("fraud", "scores", "Scores")

FULL = ProjectKnown(
    HERE,
    stage="launch",
    has_work=True,
    has_owners=True,
    has_started=True,
    has_runs=True,
    has_measures=True,
    has_bills=True,
    has_promises=True,
    promises=2,
)
WHOLE = ProgramKnown(
    Place("fraud", "", "Fraud"),
    [FULL],
    has_target=True,
    has_cost=True,
    has_budget=True,
    has_risks=True,
)


def asked(*projects: ProjectKnown, has_inbox: bool = False, **program: bool) -> Connecting:
    known = replace(WHOLE, projects=list(projects), **program)
    return connecting(list(open_questions([known], has_inbox=has_inbox)))


def steps_of(found: Connecting) -> dict[Step, int]:
    return {one.step: one.answers for one in found.steps}


class TestWhatIsAsked:
    def test_where_all_is_connected_nothing_is_left_to_connect(self) -> None:
        found = asked(FULL)
        assert (found.open, found.steps) == (0, [])
        assert found.total > 10

    def test_an_empty_workspace_begins_with_a_plan(self) -> None:
        found = connecting(list(open_questions([], has_inbox=False)))
        assert found.steps[0].step is Step.PLAN
        assert found.steps[0].answers == 3
        assert set(steps_of(found)) == {Step.PLAN, Step.SOURCE, Step.CRITERIA, Step.RISKS}
        assert reason_of(found.steps[0]) == ""

    def test_three_projects_without_a_plan_are_nine_questions_and_more(self) -> None:
        bare = replace(FULL, has_work=False, has_owners=True)
        places = [Place("fraud", name, name.title()) for name in ("a", "b", "c")]
        found = asked(*[replace(bare, place=place) for place in places], has_cost=False)
        plan = found.steps[0]
        assert plan.step is Step.PLAN
        assert plan.answers == 15  # three dates, on time, and who: five for each
        assert reason_of(plan) == "A and 2 others have no plan"
        assert worth_of(plan, found.open) == f"answers 15 of {found.open} open questions"

    def test_a_target_is_asked_for_once_there_is_a_plan(self) -> None:
        bare = replace(FULL, has_work=False)
        assert Step.TARGET not in steps_of(asked(bare, has_target=False))
        assert steps_of(asked(FULL, has_target=False)) == {Step.TARGET: 1}

    def test_each_silent_promise_is_a_question_of_its_own(self) -> None:
        silent = replace(FULL, silent=("Recall", "Latency"))
        assert steps_of(asked(silent)) == {Step.METRICS: 2}
        nothing = replace(silent, has_runs=False, has_measures=False)
        assert steps_of(asked(nothing)) == {Step.SOURCE: 3}
        assert steps_of(asked(nothing, has_inbox=True)) == {Step.INBOX: 3}
        questions = asked(silent).steps[0].questions
        assert list(questions) == ["Is “Recall” met?", "Is “Latency” met?"]

    @pytest.mark.parametrize("stage", BEFORE_RUNS)
    def test_before_its_stage_no_run_is_missing(self, stage: str) -> None:
        early = replace(FULL, stage=stage, has_runs=False, has_measures=False)
        assert asked(early).steps == []

    @pytest.mark.parametrize("stage", ["", *BEFORE_DATA])
    def test_before_its_stage_neither_checks_nor_bills_are_missing(self, stage: str) -> None:
        early = replace(FULL, stage=stage, has_started=False, has_bills=False, is_data_silent=True)
        assert asked(early).steps == []
        due = replace(early, stage="integrate")
        assert steps_of(asked(due)) == {Step.BILLS: 1, Step.CHECKS: 1}

    def test_work_that_began_has_a_bill_to_come_whatever_the_stage(self) -> None:
        begun = replace(FULL, stage="", has_bills=False)
        assert steps_of(asked(begun)) == {Step.BILLS: 1}

    def test_promises_that_are_not_due_are_promises(self) -> None:
        later = replace(FULL, promises=0)
        assert asked(later).steps == []
        none = replace(later, has_promises=False)
        assert steps_of(asked(none)) == {Step.CRITERIA: 1}


_flags = st.booleans()
projects = st.builds(
    ProjectKnown,
    st.builds(Place, st.just("p"), st.sampled_from("abc"), st.sampled_from("ABC")),
    stage=st.sampled_from(["", "frame", "data", "experiment", "launch"]),
    has_work=_flags,
    has_owners=_flags,
    has_started=_flags,
    has_runs=_flags,
    has_measures=_flags,
    has_bills=_flags,
    has_promises=_flags,
    promises=st.integers(2, 4),
    silent=st.lists(st.sampled_from(["x", "y"]), max_size=2),
    is_data_silent=_flags,
    is_approval_missing=_flags,
)
programs = st.lists(
    st.builds(
        ProgramKnown,
        st.just(Place("p", "", "P")),
        st.lists(projects, max_size=3),
        has_target=_flags,
        has_cost=_flags,
        has_budget=_flags,
        has_risks=_flags,
    ),
    max_size=3,
)


class TestLaws:
    @given(programs, _flags)
    def test_the_most_useful_step_comes_first_and_ties_keep_their_order(
        self, known: list[ProgramKnown], has_inbox: bool
    ) -> None:
        found = connecting(list(open_questions(known, has_inbox=has_inbox)))
        order = list(Step)
        keys = [(-one.answers, order.index(one.step)) for one in found.steps]
        assert keys == sorted(keys)
        assert all(one.answers > 0 for one in found.steps) or len(found.steps) == 1

    @given(programs, _flags)
    def test_taking_a_step_answers_just_as_many_as_it_said(
        self, known: list[ProgramKnown], has_inbox: bool
    ) -> None:
        questions = list(open_questions(known, has_inbox=has_inbox))
        before = connecting(questions)
        for step in before.steps:
            after = connecting([replace(one, needs=one.needs - {step.step}) for one in questions])
            assert before.open - after.open == step.answers

    @given(programs, _flags)
    def test_following_the_advice_to_its_end_answers_everything(
        self, known: list[ProgramKnown], has_inbox: bool
    ) -> None:
        questions = list(open_questions(known, has_inbox=has_inbox))
        found = connecting(questions)
        single = sum(len(one.needs) == 1 for one in questions)
        assert sum(one.answers for one in found.steps) == single
        while found.steps:
            taken = found.steps[0].step
            questions = [replace(one, needs=one.needs - {taken}) for one in questions]
            found = connecting(questions)
        assert found.open == 0


@pytest.mark.parametrize("step", Step)
def test_every_step_is_said_in_words(step: Step) -> None:
    found = NextStep(step, 1, ["?"], [HERE, Place("", "", "Other")])
    assert title_of(step)[0].isupper()
    assert reason_of(found).startswith("Scores and Other have ")
    assert hint_of(step)


def test_a_program_without_projects_begins_with_a_plan() -> None:
    found = asked(has_cost=False, has_budget=False)
    assert steps_of(found) == {Step.PLAN: 0}
    assert worth_of(found.steps[0], found.open) == "is needed first for 2 of 2 open questions"


def test_one_question_is_said_in_the_singular() -> None:
    question = Question("?", HERE, frozenset({Step.RISKS}))
    found = connecting([question])
    assert worth_of(found.steps[0], found.open) == "answers 1 of 1 open question"
    assert reason_of(found.steps[0]) == "Scores has no risk written down"
