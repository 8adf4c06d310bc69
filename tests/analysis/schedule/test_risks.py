from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.simulation import Settings, simulate, without_risk

FEW = Settings(trials=2_000)


def _risky(risk: str, *items: str) -> Plan:
    listed = items or ("id: A, estimate: [1, 2, 6]", "id: B, estimate: [1, 2, 6]")
    return numbers(*listed, more=f"risks: [{{id: R, {risk}}}]")


def test_a_risk_that_cannot_happen_changes_no_bit() -> None:
    plan = _risky("probability: 0, delays: [A], delay: [1, 5, 9], cost: 7")
    bare = simulate(without_risk(plan, "R"), FEW)
    futures = simulate(plan, FEW)
    assert futures.finish.tobytes() == bare.finish.tobytes()
    assert (futures.cost == 0.0).all()


def test_a_risk_that_is_certain_always_delays_and_costs() -> None:
    plan = _risky("probability: 1, delays: [A], delay: 4, cost: 7")
    bare = simulate(without_risk(plan, "R"), FEW)
    futures = simulate(plan, FEW)
    assert futures.finish_of(["A"]) == pytest.approx(bare.finish_of(["A"]) + 4)
    assert (futures.finish_of(["B"]) == bare.finish_of(["B"])).all()
    assert (futures.cost == 7.0).all()


@settings(max_examples=20)
@given(st.floats(0.0, 1.0))
def test_a_risk_happens_as_often_as_its_probability(probability: float) -> None:
    plan = _risky(f"probability: {probability}, delays: [A], delay: 100")
    late = (simulate(plan, FEW).finish >= 100).mean()
    assert late == pytest.approx(probability, abs=4 * 0.5 / FEW.trials**0.5)


def test_one_risk_delays_all_its_items_together_by_one_draw() -> None:
    plan = _risky(
        "probability: 0.5, delays: [A, B], delay: [1, 5, 9]",
        "id: A, estimate: 1",
        "id: B, estimate: 3",
    )
    futures = simulate(plan, FEW)
    assert futures.finish_of(["A"]) - 1 == pytest.approx(futures.finish_of(["B"]) - 3)
    assert len(np.unique(futures.finish)) > 500


def test_an_opportunity_shortens_but_not_below_nothing() -> None:
    plan = _risky("probability: 1, delays: [A], delay: [-9, -3, -1]", "id: A, estimate: 4")
    futures = simulate(plan, FEW)
    assert futures.finish.max() < 4.0
    assert futures.finish.min() == 0.0


def test_mitigation_lowers_the_risk_and_is_paid_only_when_asked_for() -> None:
    plan = _risky(
        "probability: 0.8, delays: [A], delay: 50, cost: 10, mitigated: {probability: 0.1, cost: 3}"
    )
    plain = simulate(plan, FEW)
    better = simulate(plan, Settings(trials=2_000, mitigated=True))
    assert (plain.finish > 50).mean() == pytest.approx(0.8, abs=0.05)
    assert (better.finish > 50).mean() == pytest.approx(0.1, abs=0.04)
    assert set(plain.cost.tolist()) == {0.0, 10.0}
    assert set(better.cost.tolist()) == {3.0, 13.0}


def test_a_mitigation_happens_in_the_same_futures() -> None:
    plan = _risky("probability: 0.8, delays: [A], delay: 50, mitigated: {probability: 0.1}")
    plain = simulate(plan, FEW).finish > 50
    better = simulate(plan, Settings(trials=2_000, mitigated=True)).finish > 50
    assert not (better & ~plain).any()


def test_a_risk_to_finished_work_is_past_and_said() -> None:
    plan = dated(
        "id: A, estimate: 2, finished: 2026-01-06",
        "id: B, estimate: 1, after: A",
        more="risks: [{id: R, probability: 1, delays: [A], delay: 40, cost: 9}]",
    )
    answer = forecast(plan, Options(FEW))
    assert answer.finish.p95 == 3.0
    assert any("risks R were left out" in note for note in answer.notes)


def test_the_cost_of_a_risk_belongs_to_the_group_it_touches() -> None:
    futures = simulate(_risky("probability: 1, delays: [A], delay: 1, cost: 7"), FEW)
    assert (futures.cost_of(["A"]) == 7.0).all()
    assert (futures.cost_of(["B"]) == 0.0).all()


def test_a_lognormal_plan_reads_a_risk_from_zero_as_pert() -> None:
    plan = numbers(
        "id: A, estimate: [1, 2, 4]",
        more="distribution: lognormal\nrisks: [{id: R, probability: 1, cost: [0, 10, 20]}]",
    )
    cost = simulate(plan, FEW).cost
    assert cost.max() < 20.0
    assert cost.mean() == pytest.approx(10.0, abs=0.5)
