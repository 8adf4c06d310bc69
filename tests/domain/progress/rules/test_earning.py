"""How items earn: exact to the cent, never more than planned, and never by a metric's percent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.domain.plans.rules.baselines import PlannedItem
from headway.domain.progress.rules import (
    Deliveries,
    Method,
    Step,
    Work,
    default_method,
    earned_by,
    earned_on,
    measure_fields,
    planned_by,
    planned_points,
    why_earned,
)
from headway.domain.progress.rules.facts import read_steps
from headway.errors import Invalid

START = date(2026, 11, 2)
DAY = timedelta(days=1)


def planned(cost: str = "100.01", days: int = 10, kind: str = "task") -> PlannedItem:
    finish = START + (days - 1) * DAY
    return PlannedItem("Work", kind, START, finish, None, None, Decimal(cost))


def work(method: Method, **more: object) -> Work:
    return Work("p/w", "p", planned(), method, True, **more)  # type: ignore[arg-type]


def test_a_question_earns_whether_the_answer_is_yes_or_no() -> None:
    asked = work(Method.QUESTION, finished=START + 3 * DAY)
    assert earned_by(asked, START + 2 * DAY) == 0
    assert earned_by(asked, START + 3 * DAY) == Decimal("100.01")
    assert why_earned(asked, START + 3 * DAY) == "Answered, yes or no, on 5 Nov 2026."
    assert default_method("experiment") is Method.QUESTION


def test_all_or_nothing_is_planned_for_its_last_day_as_it_earns() -> None:
    whole = work(Method.ALL_OR_NOTHING)
    assert [planned_by(whole, START + days * DAY) for days in (0, 8, 9)] == [
        0,
        0,
        Decimal("100.01"),
    ]


def test_milestones_earn_their_weight_on_the_day_they_were_reached() -> None:
    steps = (
        Step("design", Decimal(1), START),
        Step("build", Decimal(2), START + 4 * DAY),
        Step("hand over", Decimal(1), None),
    )
    built = work(Method.MILESTONES, steps=steps)
    earned = [earned_by(built, START + days * DAY) for days in (0, 4, 9)]
    assert earned == [Decimal("25.00"), Decimal("75.01"), Decimal("75.01")]
    assert why_earned(built, START) == "1 of 3 milestones reached: design."


def test_labels_earn_their_planned_unit_cost_when_accepted_and_never_more_than_planned() -> None:
    came = Deliveries(100, ((START, 40), (START + 5 * DAY, 70)))
    labels = work(Method.LABELS, deliveries=came)
    assert earned_by(labels, START) == Decimal("40.00")
    assert earned_by(labels, START + 5 * DAY) == Decimal("100.01")
    assert why_earned(labels, START) == "40 of 100 labels accepted."
    assert earned_by(work(Method.LABELS), START) == 0


def test_level_of_effort_earns_what_was_planned_by_then_and_never_more() -> None:
    managing = work(Method.EFFORT, finished=START + 2 * DAY)
    for days in range(12):
        day = START + days * DAY
        assert earned_by(managing, day) == planned_by(managing, day)


def test_what_left_the_plan_earns_nothing_and_says_so() -> None:
    gone = work(Method.ALL_OR_NOTHING, is_gone=True)
    assert earned_by(gone, START + 30 * DAY) == 0
    assert "No longer in the plan" in why_earned(gone, START)


def test_milestones_without_a_name_a_weight_or_a_day_are_refused() -> None:
    assert read_steps("steps", [["a", 1, "2026-11-02"], ["b", 2.5]]) == [
        ["a", 1, "2026-11-02"],
        ["b", 2.5, None],
    ]
    for wrong in ("x", [["", 1]], [["a", 0]], [["a", True]], [["a", 1, "soon"]], [["a"]]):
        with pytest.raises(Invalid):
            read_steps("steps", wrong)
    with pytest.raises(Invalid, match="need milestones"):
        measure_fields({"method": "milestones", "steps": []})


works = st.builds(
    lambda cents, begin, days, method, finished: Work(
        "p/w",
        "p",
        PlannedItem(
            "w",
            "task",
            START + begin * DAY,
            START + (begin + days) * DAY,
            None,
            None,
            Decimal(cents) / 100,
        ),
        method,
        finished=None if finished is None else START + finished * DAY,
    ),
    st.integers(0, 10**8),
    st.integers(0, 20),
    st.integers(0, 20),
    st.sampled_from(Method),
    st.none() | st.integers(0, 40),
)


@settings(max_examples=15)
@given(st.lists(works, min_size=1, max_size=6))
def test_value_never_falls_adds_up_to_the_cent_and_stays_within_the_budget(
    found: list[Work],
) -> None:
    budget = sum((one.planned.cost for one in found), Decimal(0))
    curve = dict(planned_points(found))
    before = Decimal(0)
    for days in range(-1, 45):
        day = START + days * DAY
        due = sum((planned_by(one, day) for one in found), Decimal(0))
        earned = sum((earned_by(one, day) for one in found), Decimal(0))
        assert before <= due <= budget
        assert earned <= budget
        assert due == due.quantize(Decimal("0.01"))
        assert curve.get(day, due) == due
        assert earned_on(found, [day]) == [earned]
        before = due
    assert before == budget
