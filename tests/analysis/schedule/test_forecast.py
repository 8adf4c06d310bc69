from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.simulation import ENGINE, Settings
from headway.errors import Invalid, NotFound

PLAN = dated(
    "id: A, estimate: [3, 5, 9], cost: 100, deadline: 2026-01-13",
    "id: B, estimate: [3, 5, 9], after: A, cost: 200",
    "id: C, estimate: [3, 5, 9], after: A",
    "id: M, kind: milestone, after: [B, C]",
    more="target: 2026-01-19\nbudget: {amount: 320.50, currency: EUR}\n"
    "risks: [{id: R, probability: 0.5, delays: [B], delay: 3, cost: 50}]",
)


def _json(plan: Plan = PLAN, **options: Any) -> dict[str, Any]:
    return forecast(plan, Options(**options)).as_json()


def test_the_deterministic_answer_is_most_likely_without_risks() -> None:
    found = _json()["deterministic"]
    assert found["duration"] == 10.0
    assert found["finish"] == "2026-01-16"
    assert found["critical_path"] == ["A", "B", "C", "M"]


def test_percentiles_rise_and_have_dates() -> None:
    found = _json()
    values = [found["finish"][name] for name in ("p10", "p50", "p80", "p90", "p95")]
    assert values == sorted(values)
    days = list(found["finish_dates"].values())
    assert days == sorted(days)
    assert date.fromisoformat(days[0]) >= date(2026, 1, 14)


def test_the_simulation_shows_the_merge_bias_beside_classical_pert() -> None:
    found = _json(without_risks=("R",))
    assert found["finish"]["p50"] > found["pert"]["duration"]
    assert found["p_on_time"] < found["pert"]["p_on_time"]


def test_joint_is_below_both_and_not_their_product() -> None:
    found = _json()
    on_time, within, joint = (found[key] for key in ("p_on_time", "p_within_budget", "p_joint"))
    assert joint <= min(on_time, within)
    assert joint != pytest.approx(on_time * within, abs=0.01)


def test_money_is_text_to_the_cent_in_the_budgets_currency() -> None:
    found = _json()
    assert found["cost"]["p50"] in ("300.00", "350.00")
    assert found["cost"]["currency"] == "EUR"
    assert found["budget"] == {"amount": "320.50", "currency": "EUR"}
    assert _json(budget=Decimal(1000))["p_within_budget"] == 1.0


def test_a_deadline_has_odds_of_its_own() -> None:
    rows = {row["id"]: row for row in _json()["schedule"]}
    assert 0.5 < rows["A"]["p_by_deadline"] < 1.0
    assert rows["B"]["p_by_deadline"] is None
    assert (rows["A"]["start_date"], rows["M"]["start_date"]) == ("2026-01-05", "2026-01-16")


def test_a_number_without_an_answer_is_none_with_a_sentence() -> None:
    found = _json(numbers("id: A, estimate: [1, 2, 3]"))
    assert found["p_on_time"] is found["p_joint"] is found["p_within_budget"] is None
    assert found["pert"]["p_on_time"] is None
    assert {"mean", "p50", "p80", "currency"} < set(found["cost"])
    assert set(found["cost"].values()) == {None}
    assert set(found["finish_dates"].values()) == {None}
    notes = " ".join(found["notes"])
    for words in ("no dates", "No target", "No budget", "states no costs"):
        assert words in notes


def test_the_seed_trials_and_engine_are_told() -> None:
    found = _json(settings=Settings(trials=300, seed=5))
    assert (found["seed"], found["trials"], found["engine"]) == (5, 300, ENGINE)


def test_the_same_question_has_the_same_answer_to_the_bit() -> None:
    assert _json() == _json()
    assert _json(settings=Settings(seed=1)) != _json()


def test_a_risk_can_be_left_out() -> None:
    without = _json(without_risks=("R",))
    assert without["finish"]["p80"] < _json()["finish"]["p80"]
    assert "R" not in {driver["id"] for driver in without["drivers"]}
    with pytest.raises(NotFound, match="no risk 'X'"):
        _json(without_risks=("X",))


def test_a_target_must_fit_the_plan() -> None:
    with pytest.raises(Invalid, match=r"The target is 9.0; the times of plan 'P' are each a date"):
        _json(target=9.0)
    with pytest.raises(Invalid, match="are each a number"):
        _json(numbers("id: A, estimate: 1"), target=date(2026, 1, 5))


def test_drivers_can_be_turned_off() -> None:
    assert _json(drivers=0)["drivers"] == []


def test_capacities_that_were_not_respected_are_said() -> None:
    plan = numbers("id: A, estimate: 1, needs: {p: 1}", more="resources: {p: {capacity: 1}}")
    assert any("were not respected" in note for note in _json(plan)["notes"])
    respected = _json(plan, settings=Settings(respect_resources=True))
    assert any("without being overtaken" in note for note in respected["notes"])


def test_mitigation_that_no_risk_has_is_said() -> None:
    notes = _json(settings=Settings(mitigated=True))["notes"]
    assert "No risk of the plan has a mitigation." in notes
