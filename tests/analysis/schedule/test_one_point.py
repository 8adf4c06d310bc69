"""Single numbers read as ranges: only on request, by the plan's own history or a stated default."""

from __future__ import annotations

import pytest
from tests.analysis.schedule.plans import dated, numbers, plan_of

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.one_point import finished_work, widened
from headway.analysis.schedule.plan import OnePoint, Plan
from headway.analysis.schedule.reference_class import ENOUGH, FOREIGN, Finished, history
from headway.analysis.schedule.simulation import Settings
from headway.errors import Invalid

ITEMS = tuple(f"id: T{n}, estimate: 10" + (f", after: T{n - 1}" if n else "") for n in range(6))
ASKED = "one_point: history"


def _told(plan: Plan, **options: OnePoint) -> tuple[float, str]:
    found = forecast(plan, Options(Settings(trials=4_000), drivers=0, **options))
    assert found.finish.p80 is not None
    return found.finish.p80, " ".join(found.notes)


def test_nothing_is_widened_silently() -> None:
    p80, notes = _told(numbers(*ITEMS))
    assert p80 == 60.0
    assert "6 of 6 open items have one number and count as certain" in notes


def test_on_request_the_default_is_taken_and_said() -> None:
    p80, notes = _told(numbers(*ITEMS, more=ASKED))
    assert p80 > 66
    assert "a default of others, not your history" in notes
    assert "0.5 to 2 times (P10 to P90), median 1" in notes
    assert "are correlated by" in notes
    assert _told(numbers(*ITEMS), one_point=OnePoint.HISTORY)[0] == p80
    assert _told(numbers(*ITEMS, more=ASKED), one_point=OnePoint.CERTAIN)[0] == 60.0


def test_one_item_has_a_p90_of_twice_its_number() -> None:
    plan, done = widened(numbers("id: A, estimate: 10", more=ASKED))
    assert done is not None
    assert done.rho == 0.0
    assert plan.items[0].estimate is not None
    assert plan.items[0].estimate.numbers == (5.0, 10.0, 20.0)


def test_enough_finished_items_of_a_kind_replace_the_default_for_that_kind() -> None:
    # Each was said to take 2 working days and took 3: Monday to Wednesday.
    past = [
        f"id: P{n}, kind: data, estimate: 2, started: 2026-01-05, finished: 2026-01-07"
        for n in range(ENOUGH)
    ]
    fresh = ("id: D, kind: data, estimate: 10", "id: E, kind: review, estimate: 10")
    plan, done = widened(dated(*past, *fresh, more=ASKED))
    assert done is not None
    assert done.finished == ENOUGH
    assert done.classes["data"].median == pytest.approx(1.5)
    assert done.classes["review"].median == pytest.approx(1.5)  # all work there is
    assert {row.ratio for row in finished_work(plan)} == {1.5}
    assert "how 20 finished items came out" in " ".join(done.notes)


def test_ranges_milestones_and_started_work_are_left_as_they_are_but_for_what_remains() -> None:
    plan, done = widened(
        numbers(
            "id: A, estimate: [1, 2, 3]",
            "id: M, kind: milestone",
            "id: S, estimate: [1, 2, 9], started: 0, remaining: 4",
            "id: N, estimate: 0",
            more=ASKED,
        )
    )
    assert done is not None
    assert done.items == ("S",)
    assert plan.items[2].remaining is not None
    assert plan.items[2].remaining.pessimistic == 8.0


def test_a_plans_own_correlations_are_kept() -> None:
    plan, done = widened(
        numbers(*ITEMS, more=f"{ASKED}\ncorrelations: [{{items: [T0, T1], rho: 0.2}}]")
    )
    assert done is not None
    assert done.rho == 0.0
    assert len(plan.correlations) == 1


def test_a_wrong_word_is_refused() -> None:
    with pytest.raises(Invalid, match="one_point"):
        plan_of("plan: P\none_point: perhaps\nitems: [{id: A, estimate: 1}]")


def test_the_narrowest_class_with_enough_is_taken() -> None:
    rows = [Finished("ann", "data", 2.0)] * ENOUGH + [Finished("bob", "data", 1.0)] * 5
    found = history(rows)
    assert found.of("ann", "data").median == 2.0
    assert found.of("ann", "review").count == ENOUGH
    assert found.of("bob", "data").count == ENOUGH + 5
    assert found.of("", "review") == found.all_work
    assert history(rows[:3]).of("ann", "data") == FOREIGN
