"""Every case file states a plan, its source and the numbers it must give."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.analysis.schedule.plans import plan_of

from headway.analysis.schedule.critical_path import classical_pert, critical_path
from headway.analysis.schedule.draws import certain
from headway.analysis.schedule.forecast import forecast
from headway.analysis.schedule.plan import Estimate
from headway.analysis.schedule.simulation import frame_of, simulate

FOLDER = Path(__file__).parents[2] / "cases" / "schedule"
CASES = {path.stem: yaml.safe_load(path.read_text()) for path in sorted(FOLDER.glob("*.yaml"))}


def _having(key: str) -> list[Any]:
    return [pytest.param(case, id=name) for name, case in CASES.items() if key in case["expect"]]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_case_names_its_source(case: dict[str, Any]) -> None:
    assert len(case["source"]) > 40


@pytest.mark.parametrize("case", _having("duration_of_means"))
def test_the_network_of_expected_durations_is_as_published(case: dict[str, Any]) -> None:
    plan, expect = plan_of(case["plan"]), case["expect"]
    frame = frame_of(plan)
    estimates = [item.duration or Estimate.certain(0) for item in plan.items]
    means = [(e.optimistic + 4 * e.most_likely + e.pessimistic) / 6 for e in estimates]
    path = critical_path(frame, certain(plan, frame.timings, means))
    assert path.duration == pytest.approx(expect["duration_of_means"])
    assert list(path.path) == expect["critical_path"]
    for name in ("total_float", "early_start", "early_finish"):
        for item_id, value in expect.get(name, {}).items():
            assert getattr(path, name)[item_id] == pytest.approx(value, abs=1e-9), (name, item_id)


@pytest.mark.parametrize("case", _having("variance"))
def test_classical_pert_is_as_published(case: dict[str, Any]) -> None:
    plan, expect = plan_of(case["plan"]), case["expect"]
    pert = classical_pert(frame_of(plan))
    assert pert.duration == pytest.approx(expect["duration_of_means"])
    assert pert.variance == pytest.approx(expect["variance"])
    if "p_by_47" in expect:
        assert pert.p_by(47) == pytest.approx(expect["p_by_47"], abs=5e-5)


@pytest.mark.parametrize("case", _having("percentiles"))
def test_the_simulation_meets_the_closed_form(case: dict[str, Any]) -> None:
    answer = forecast(plan_of(case["plan"]))
    found = {"mean": answer.mean, **answer.finish.as_dict()}
    for name, value in case["expect"]["percentiles"].items():
        assert found[name] == pytest.approx(value, abs=case["expect"]["within"]), name


@pytest.mark.parametrize("case", _having("branches"))
def test_attempts_meet_the_closed_form(case: dict[str, Any]) -> None:
    expect = case["expect"]
    futures = simulate(plan_of(case["plan"]))
    assert futures.branches == pytest.approx(expect["branches"], abs=expect["within"])
    for time, share in expect["p_by"].items():
        assert futures.p_on_time(time) == pytest.approx(share, abs=expect["within"])
    cost = math.fsum(futures.cost.tolist()) / futures.trials
    assert cost == pytest.approx(expect["cost_mean"], rel=expect["within"])
