"""The stored answer: what it holds, and that it is JSON that says the same on every machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from tests.analysis.schedule.plans import dated

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.simulation import Settings
from headway.domain.plans.queries import plan_groups
from headway.domain.plans.rules import answer, answer_of

ROWS = (
    "id: a/A, estimate: [2, 4, 9], cost: 100",
    "id: a/M, kind: milestone, after: a/A, deadline: 2026-01-12",
    "id: b/A, estimate: [1, 1, 2], cost: 50",
    "id: b/done, estimate: 3, started: 2026-01-05, finished: 2026-01-06",
)


def told(plan: Plan, seed: int = 0) -> Mapping[str, Any]:
    found = forecast(plan, Options(Settings(trials=400, seed=seed), drivers=5))
    return answer_of(found, plan_groups(plan))


def test_the_answer_is_json_and_the_same_twice() -> None:
    plan = dated(*ROWS, more="target: 2026-01-14")
    once = json.dumps(told(plan), allow_nan=False)
    assert once == json.dumps(told(plan), allow_nan=False)
    assert once != json.dumps(told(plan, seed=1), allow_nan=False)


def test_each_project_has_its_own_finish_money_and_odds() -> None:
    groups = told(dated(*ROWS, more="target: 2026-01-14"))["projects"]
    assert set(groups) == {"a", "b"}
    assert groups["b"]["p_on_time"] == 1.0
    assert groups["b"]["cost_p50"] == groups["b"]["cost_p80"] == "50.00"
    assert date.fromisoformat(groups["a"]["p50"]) <= date.fromisoformat(groups["a"]["p80"])


def test_without_a_target_and_costs_there_are_no_odds_and_no_money() -> None:
    found = told(dated("id: a/A, estimate: [2, 4, 9]"))
    group, effect = found["projects"]["a"], found["effects"]["a"]
    assert (group["p_on_time"], group["cost_p50"]) == (None, None)
    assert (effect["money_p80"], effect["money_p80_error"]) == (None, None)
    assert effect["money_within_error"] is None
    assert effect["days_p80"] > 2 * effect["days_p80_error"] > 0


def test_what_does_not_decide_the_finish_counts_as_equal() -> None:
    effect = told(dated(*ROWS))["effects"]["b"]
    assert (effect["days_p80"], effect["days_p80_error"]) == (0.0, 0.0)
    assert effect["within_error"] is True


def test_milestones_are_listed_with_their_deadline_and_odds() -> None:
    (milestone,) = told(dated(*ROWS))["milestones"]
    assert (milestone["id"], milestone["deadline"]) == ("a/M", "2026-01-12")
    assert 0.0 < milestone["p_by_deadline"] < 1.0


def test_the_curve_rises_day_by_day_to_one() -> None:
    curve = told(dated(*ROWS))["curve"]
    days, shares = zip(*curve, strict=True)
    assert list(days) == sorted(set(days))
    assert list(shares) == sorted(shares)
    assert shares[-1] == 1.0


def test_a_large_plan_keeps_milestones_and_projects_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answer, "ANSWER_ITEMS", 3)
    found = told(dated(*ROWS))
    assert found["items"] == {}
    assert len(found["milestones"]) == 1
    assert set(found["projects"]) == {"a", "b"}


def test_what_never_ends_has_no_date() -> None:
    row = "id: a/E, kind: experiment, attempts: {success: 0.5, max: 1, each: 2}"
    found = told(dated(row))
    group, effect = found["projects"]["a"], found["effects"]["a"]
    assert group["p80"] is None
    assert group["p_never"] == found["p_never"]
    assert 0.4 < found["p_never"] < 0.6
    assert (effect["days_p80"], effect["within_error"]) == (None, None)


EXPERIMENTS = (
    "id: a/A, estimate: [2, 4, 9], cost: 100",
    "id: a/E, attempts: {success: 0.5, max: 2, each: [1, 2, 4], cost: 50, else: a/F}, after: a/A",
    "id: a/F, estimate: [5, 6, 9], cost: 300",
    "id: a/M, kind: milestone, after: [a/E, a/F], deadline: 2026-01-16",
)
RISKS = (
    "target: 2026-01-20\nbudget: {amount: 400, currency: EUR}\nrisks: ["
    "{id: R, probability: 0.5, delays: [a/A], delay: 5, cost: 90,"
    " mitigated: {probability: 0.1, cost: 20}}]"
)


def test_what_the_pages_need_is_kept_so_that_none_of_them_simulates() -> None:
    found = told(dated(*EXPERIMENTS, more=RISKS))
    one = found["joint"]["frontiers"][-1]
    assert one["probability"] == 0.8
    assert date.fromisoformat(one["balanced"][0]) >= date.fromisoformat(found["target"])
    assert 0 < len(found["joint"]["scatter"]) <= answer.ANSWER_POINTS
    (experiment,) = found["attempts"]
    assert experiment["fallback"] == "a/F"
    (response,) = found["mitigation"]["responses"]
    assert response["gains"]["p80"]["duration"] > 0
    assert found["merge_bias"]["sentence"].startswith("P50 lies")
    assert found["deterministic"]["probability"] < 0.5
    (milestone,) = found["milestones"]
    assert milestone["p_joint"] <= milestone["p_by_deadline"]
    assert milestone["finish_dates"]["p20"] <= milestone["finish_dates"]["p95"]
    assert found["items"]["a/A"]["quadrant"] in ("driver", "steady", "latent", "quiet")


def test_a_plan_without_money_responses_or_experiments_keeps_none_of_them() -> None:
    found = told(dated("id: a/A, estimate: [2, 4, 9]"))
    assert (found["joint"], found["mitigation"], found["attempts"]) == (None, None, [])


def test_the_answer_stays_small() -> None:
    rows = [f"id: a/T{n}, estimate: [2, 4, 9], cost: 100" for n in range(100)]
    assert len(json.dumps(told(dated(*rows)))) < 60_000
