"""How items earn: exact to the cent, never more than planned, and never by a metric's percent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.domain.plans.rules import ItemMark
from headway.domain.plans.rules.baselines import PlannedItem
from headway.domain.progress.rules import (
    Deliveries,
    Method,
    Step,
    Work,
    default_method,
    earned_by,
    measure_fields,
    planned_by,
    planned_words,
    why_earned,
)
from headway.domain.progress.rules.facts import MeasureFacts, read_steps
from headway.domain.progress.rules.tallies import Known, Tally, gaps
from headway.errors import Invalid

START = date(2026, 11, 2)
DAY = timedelta(days=1)
NIL = UUID(int=0)


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


def steps(*rows: tuple[str, int, int | None, date | Decimal | None]) -> tuple[Step, ...]:
    """Return steps: what, weight, reached so many days after the start, planned for when."""
    return tuple(
        Step(what, Decimal(weight), None if days is None else START + days * DAY, due)
        for what, weight, days, due in rows
    )


def test_milestones_earn_their_weight_on_the_day_they_were_reached() -> None:
    told = steps(("design", 1, 0, None), ("build", 2, 4, None), ("hand over", 1, None, None))
    built = work(Method.MILESTONES, steps=told)
    earned = [earned_by(built, START + days * DAY) for days in (0, 4, 9)]
    assert earned == [Decimal("25.00"), Decimal("75.01"), Decimal("75.01")]
    assert why_earned(built, START) == "1 of 3 milestones reached: design."


def test_milestones_are_planned_for_their_own_days_a_share_of_them_or_by_weight() -> None:
    by_weight = work(Method.MILESTONES, steps=steps(("a", 1, None, None), ("b", 3, None, None)))
    # Ten days: a quarter of the weight ends on the third, all of it on the last.
    at = [planned_by(by_weight, START + days * DAY) for days in (1, 2, 8, 9)]
    assert at == [0, Decimal("25.00"), Decimal("25.00"), Decimal("100.01")]
    assert planned_words(by_weight) == "Planned (by weight over its days): a 4 Nov, b 11 Nov."
    told = steps(
        ("on a day", 1, None, START + 5 * DAY),
        ("halfway", 1, None, Decimal("0.5")),
        ("before it begins", 1, None, START - 9 * DAY),
        ("after its end", 1, None, START + 90 * DAY),
    )
    own = work(Method.MILESTONES, steps=told)
    at = [planned_by(own, START + days * DAY) for days in (-1, 0, 4, 5, 8, 9)]
    assert at == [0, *map(Decimal, ("25.00", "50.00", "75.01", "75.01", "100.01"))]


def test_a_third_of_three_days_is_one_day_and_not_two() -> None:
    thirds = steps(*((name, 1, None, None) for name in "abc"))
    three = Work("p/w", "p", planned("90", 3), Method.MILESTONES, True, steps=thirds)
    assert [planned_by(three, START + days * DAY) for days in range(3)] == [30, 60, 90]


def test_what_has_no_steps_or_no_order_to_plan_by_is_planned_for_the_day_it_earns() -> None:
    for method in (Method.MILESTONES, Method.LABELS):
        assert planned_by(work(method), START + 8 * DAY) == 0
        assert planned_by(work(method), START + 9 * DAY) == Decimal("100.01")
    labels = work(Method.LABELS, deliveries=Deliveries(100, ()))
    assert planned_by(labels, START + 4 * DAY) == Decimal("50.00")
    assert planned_words(labels) == "Planned evenly over its days."


def test_labels_earn_their_planned_unit_cost_when_accepted_and_never_more_than_planned() -> None:
    came = Deliveries(100, ((START, 40), (START + 5 * DAY, 70)))
    labels = work(Method.LABELS, deliveries=came)
    assert earned_by(labels, START) == Decimal("40.00")
    assert earned_by(labels, START + 5 * DAY) == Decimal("100.01")
    assert why_earned(labels, START) == "40 of 100 labels accepted."
    assert earned_by(work(Method.LABELS), START) == 0
    taken_back = Deliveries(100, ((START, 40), (START + DAY, -60)))
    labels = work(Method.LABELS, deliveries=taken_back)
    assert [earned_by(labels, START + days * DAY) for days in (0, 1)] == [40, 0]


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
    read = read_steps("steps", [["a", 1, "2026-11-02"], ["b", 2.5], ["c", 1, None, "40%"]])
    assert read == [["a", 1, "2026-11-02", None], ["b", 2.5, None, None], ["c", 1, None, 0.4]]
    for wrong in (
        *("x", [["", 1]], [["a", 0]], [["a", True]], [["a", 1, "soon"]], [["a"]]),
        *([["a", 1, None, due]] for due in ("soon", "0%", "101%", 0, 1.5, True, "nan%")),
    ):
        with pytest.raises(Invalid):
            read_steps("steps", wrong)
    with pytest.raises(Invalid, match="need milestones"):
        measure_fields({"method": "milestones", "steps": []})


def an_item(days: list[int], cents: int, kind: str) -> PlannedItem:
    """Return an item from one day to another (none: undated), and what it costs."""
    span = [START + day * DAY for day in days]
    start, finish = (min(span), max(span)) if span else (None, None)
    return PlannedItem("w", kind, start, finish, None, None, Decimal(cents) / 100)


days = st.integers(0, 30)
items = st.builds(
    an_item,
    st.just([]) | st.lists(days, min_size=2, max_size=2),
    st.integers(0, 10**8),
    st.sampled_from(["task", "experiment"]),
)
told_steps = st.lists(
    st.tuples(
        st.just("s"),
        st.integers(1, 9),
        st.none() | days.map(lambda one: (START + one * DAY).isoformat()),
        st.none() | st.floats(0.01, 1.0) | days.map(lambda one: (START + one * DAY).isoformat()),
    ),
    max_size=4,
)
measures = st.builds(
    lambda method, told, order: MeasureFacts(NIL, NIL, NIL, method, told, order, 1),
    st.sampled_from([method.value for method in Method]),
    told_steps,
    st.sampled_from(["", "PO", "gone"]),
)
marks = st.none() | st.tuples(st.none(), st.none() | days.map(lambda one: START + one * DAY))
accepted = st.lists(st.tuples(days.map(lambda one: START + one * DAY), st.integers(-5, 60)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(items, st.none() | measures, marks), min_size=1, max_size=6), accepted)
def test_a_tally_says_to_the_cent_what_its_items_add_up_to_and_the_plan_ends_at_the_budget(
    rows: list[tuple[PlannedItem, MeasureFacts | None, ItemMark | None]],
    came: list[tuple[date, int]],
) -> None:
    known = Known(
        {f"p/{n}": mark for n, (_, _, mark) in enumerate(rows) if mark is not None},
        # Nobody knows how an item earned that the plan no longer has.
        {f"p/{n}": told for n, (_, told, mark) in enumerate(rows) if told and mark is not None},
        {"PO": Deliveries(100, came)},
    )
    parts = [Tally(), Tally()]
    for n, (item, _, _) in enumerate(rows):
        parts[n % 2].add(f"p/{n}", item, known)
    whole = Tally()
    for part in parts:
        whole.merge(part)
    works = [known.work(f"p/{n}", item) for n, (item, _, _) in enumerate(rows)]
    planned, earned, effort = whole.courses()
    bends, before = dict(planned.bends()), Decimal(0)
    for day in [START + number * DAY for number in range(-2, 33)]:
        due = sum((planned_by(one, day) for one in works), Decimal(0))
        by_effort = sum((planned_by(one, day) for one in works if one.is_effort), Decimal(0))
        got = sum((earned_by(one, day) for one in works), Decimal(0))
        assert planned.by(day) + effort.by(day) == due
        assert earned.by(day) + effort.by(day) == got
        assert effort.by(day) == by_effort
        assert bends.get(day, due - by_effort) == due - by_effort
        assert before <= due <= whole.budget
        assert 0 <= got <= whole.budget
        assert due == due.quantize(Decimal("0.01"))
        behind = dict((where, gap) for gap, where in gaps(planned_of(rows), known, day))
        for one in works:
            gap = planned_by(one, day) - earned_by(one, day)
            assert behind.get(one.address, 0) == max(gap, 0)
        before = due
    assert before == sum((item.cost for item, _, _ in rows if item.finish), Decimal(0))
    assert whole.gone == sum(mark is None for _, _, mark in rows)


def planned_of(rows: Sequence[tuple[PlannedItem, object, object]]) -> dict[str, PlannedItem]:
    return {f"p/{n}": item for n, (item, _, _) in enumerate(rows)}
