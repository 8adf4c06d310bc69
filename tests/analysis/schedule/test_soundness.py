"""Every source of plans gets the same answer about what makes no sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Attempts,
    Correlation,
    Distribution,
    Estimate,
    Item,
    Link,
    Mitigation,
    Plan,
    Rate,
    Resource,
    Risk,
)
from headway.analysis.schedule.soundness import MOST_ITEMS, problems, require_sound
from headway.errors import Invalid

ONE = Estimate.certain(1.0)
SOUND = Item("A", estimate=Estimate(1, 2, 3))
TRY = Attempts(Estimate.certain(0.5), 2, ONE)


def _plan(*items: Item, **more: object) -> Plan:
    return replace(Plan("P", items or (SOUND,)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (Plan("P", ()), "has no items"),
        (_plan(SOUND, SOUND), "id 'A' is used 2 times"),
        (_plan(replace(SOUND, estimate=Estimate(5, 2, 3))), "[5, 2, 3] is out of order"),
        (_plan(replace(SOUND, estimate=Estimate(-1, 2, 3))), "has to lie between 0 and 1e+06"),
        (_plan(replace(SOUND, estimate=Estimate(1, 2, float("nan")))), "not a finite number"),
        (_plan(replace(SOUND, needs={"ghost": 1})), "needs 'ghost', which is not under"),
        (_plan(replace(SOUND, cost=Decimal(-5))), "cost is -5"),
        (_plan(replace(SOUND, after=(Link("Z"),))), "names 'Z' under `after`"),
        (_plan(replace(SOUND, after=(Link("A"),))), "waits for itself"),
        (_plan(replace(SOUND, deadline=date(2026, 1, 5))), "wants a number from 0"),
        (_plan(replace(SOUND, remaining=ONE)), "has `remaining` and no `started`"),
        (_plan(replace(SOUND, started=5.0, finished=2.0)), "before it started"),
        (_plan(replace(SOUND, finished=2.0, started=1.0, remaining=ONE)), "has work remaining"),
        (_plan(replace(SOUND, attempts=replace(TRY, max=0))), "max is 0"),
        (_plan(replace(SOUND, attempts=replace(TRY, feasible=1.5))), "feasible is 1.5"),
        (_plan(replace(SOUND, attempts=replace(TRY, success=Estimate(0.5, 1, 2)))), "success"),
        (_plan(replace(SOUND, attempts=replace(TRY, fallback="A"))), "names the item itself"),
        (_plan(replace(SOUND, attempts=replace(TRY, fallback="Z"))), "names 'Z' under `else`"),
        (_plan(calendar=WEEKDAYS), "a calendar and no `start`"),
        (_plan(calendar=replace(WEEKDAYS, weekdays=()), start=date(2026, 1, 5)), "no working time"),
        (_plan(calendar=WEEKDAYS, start=date(2026, 1, 5), target=9.0), "wants a date"),
        (_plan(target=float("inf")), "finite number"),
        (_plan(resources=(Resource("p", -1),)), "capacity is -1"),
        (_plan(resources=(Resource("p", 1, Rate(Decimal(-1))),)), "rate is -1"),
        (_plan(risks=(Risk("R", 1.5),)), "probability is 1.5"),
        (_plan(risks=(Risk("R", 0.5), Risk("R", 0.5))), "risk id 'R' is used 2 times"),
        (_plan(risks=(Risk("R", 0.5, delays=("Z",), delay=ONE),)), "delays 'Z'"),
        (_plan(risks=(Risk("R", 0.5, delays=("A",)),)), "no `delay`"),
        (_plan(risks=(Risk("R", 0.5, delay=ONE),)), "names no items"),
        (_plan(risks=(Risk("R", 0.5, mitigated=Mitigation(2.0)),)), "mitigated: probability is 2"),
        (_plan(correlations=(Correlation(("A", "Z"), 0.5),)), "no item has that id"),
        (_plan(correlations=(Correlation(("A", "A"), 0.5),)), "two or more different items"),
        (_plan(correlations=(Correlation(("A", "B"), 2.0),)), "rho is 2"),
        (_plan(distribution=Distribution.LOGNORMAL, items=(Item("A", estimate=Estimate(0, 1, 2)),)),
         "has to start above 0"),
    ],
)  # fmt: skip
def test_a_plan_that_makes_no_sense_is_named(plan: Plan, sentence: str) -> None:
    assert sentence in " ".join(problem.sentence for problem in problems(plan))


def test_a_sound_plan_has_no_problems() -> None:
    plan = _plan(SOUND, Item("B", estimate=ONE, after=(Link("A"),), attempts=TRY))
    assert problems(plan) == []
    assert require_sound(plan) is plan


def test_correlations_that_contradict_each_other_are_refused() -> None:
    items = [Item(item_id, estimate=ONE) for item_id in "ABC"]
    pairs = (("A", "B"), 0.9), (("B", "C"), 0.9), (("A", "C"), -0.9)
    plan = _plan(*items, correlations=tuple(Correlation(ids, rho) for ids, rho in pairs))
    assert "not positive semidefinite" in problems(plan)[0].sentence


def test_one_pair_has_one_rho() -> None:
    items = [Item(item_id, estimate=ONE) for item_id in "AB"]
    pairs = (Correlation(("A", "B"), 0.1), Correlation(("B", "A"), 0.2))
    assert "keep one" in problems(_plan(*items, correlations=pairs))[0].sentence


def test_all_problems_come_at_once_and_the_first_is_the_sentence() -> None:
    bad = replace(SOUND, estimate=Estimate(3, 2, 1), line=7)
    with pytest.raises(Invalid, match=r"item A, line 7: Item 'A'.* 2 problems") as caught:
        require_sound(_plan(bad, Item("B", estimate=ONE, after=(Link("Z"),))))
    assert [problem.where for problem in caught.value.problems] == ["item A, line 7", "item B"]


def test_a_plan_beyond_all_measure_is_refused_before_it_is_looked_at() -> None:
    plan = Plan("P", (SOUND,) * (MOST_ITEMS + 1))
    assert [problem.where for problem in problems(plan)] == ["items"]
