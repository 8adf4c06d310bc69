"""A plan is agreed before the first look, and what is done otherwise is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from tests.analysis.trials.found import arm, variants

from headway.analysis.trials import Kind, Metric, TrialPlan, Way, plan_of, read_trial_plan
from headway.analysis.trials.deviations import deviations
from headway.analysis.trials.metric import parse_guardrail, parse_metric
from headway.analysis.trials.plan import Rule, metric_text, plan_of_json
from headway.analysis.trials.reading import judge
from headway.errors import Invalid

TEXT = """
hypothesis: The new ranker raises revenue
variant: arm
unit: user_id
split: {control: 50, new: 50}
method: sequential
planned: 40000
metrics:
  - {column: revenue, covariate: before}
  - clicks:ratio=views
guardrails:
  - latency:+5%
  - {column: errors, kind: proportion, direction: decrease, margin: 0.1}
ship_when: all
locked_on: 2026-03-02
amendments:
  - {on: 2026-03-09, by: Ines, what: "planned: 20000 to 40000", reason: slow}
"""
PLAN = read_trial_plan(TEXT.encode(), "trial.yaml")


def test_a_plan_is_read_as_it_was_written() -> None:
    assert PLAN.metrics == (
        Metric("revenue", covariate="before"),
        Metric("clicks", Kind.RATIO, "views"),
        Metric("latency", margin=0.05, higher_is_better=False),
        Metric("errors", Kind.PROPORTION, margin=0.1, higher_is_better=False),
    )
    assert (PLAN.method, PLAN.rule, PLAN.planned) == (Way.SEQUENTIAL, Rule.ALL, 40_000)
    assert PLAN.split == "control=50,new=50"
    assert PLAN.amendments[0].on == date(2026, 3, 9)


def test_a_plan_survives_json_and_a_change_in_it_is_noticed() -> None:
    document = json.loads(json.dumps(PLAN.as_json()))
    assert plan_of_json(document) == PLAN
    document["alpha"] = 0.1
    with pytest.raises(Invalid, match="changed without an amendment"):
        plan_of_json(document)


def test_the_digest_is_of_what_was_agreed_not_of_when() -> None:
    assert replace(PLAN, locked_on=None, amendments=()).digest == PLAN.digest
    assert replace(PLAN, alpha=0.01).digest != PLAN.digest


def test_a_plan_file_that_was_changed_after_its_lock_is_refused() -> None:
    locked = f"{TEXT}digest: {PLAN.digest}\n"
    assert read_trial_plan(locked.encode(), "trial.yaml") == PLAN
    moved = locked.replace("planned: 40000", "planned: 60000")
    with pytest.raises(Invalid, match=r"trial\.yaml: .* changed after it was locked"):
        read_trial_plan(moved.encode(), "trial.yaml")


def test_an_amendment_says_what_changed_and_from_which_digest() -> None:
    changed = PLAN.amended(date(2026, 3, 10), "Bo", "less traffic", alpha=0.1)
    note = changed.amendments[-1]
    assert (note.what, note.before) == ("alpha: 0.05 → 0.1", PLAN.digest)
    assert changed.alpha == 0.1


@pytest.mark.parametrize(
    ("plan", "reason", "changes", "words"),
    [
        (replace(PLAN, locked_on=None), "why", {"alpha": 0.1}, "not locked"),
        (PLAN, " ", {"alpha": 0.1}, "who makes it and why"),
        (PLAN, "why", {"alpha": 0.05}, "changes nothing"),
    ],
)
def test_an_amendment_needs_a_lock_a_reason_and_a_change(
    plan: TrialPlan, reason: str, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        plan.amended(date(2026, 3, 10), "Bo", reason, **changes)


def test_every_deviation_from_the_plan_is_told() -> None:
    done = replace(PLAN, alpha=0.1, metrics=PLAN.metrics[:1], amendments=())
    told = deviations(PLAN, done, ["2026-03-01", "2026-03-20"], 50_000)
    words = (
        "metrics: revenue:mean with before instead",
        "alpha: 0.1 instead of the planned 0.05",
        "begin on 2026-03-01, before the plan was locked on 2026-03-02",
        "Amended on 2026-03-09 by Ines, after the data began",
        "50,000 units were read, and 40,000 were planned",
    )
    assert len(told) == len(words)
    for sentence, word in zip(told, words, strict=True):
        assert word in sentence
    assert deviations(PLAN, PLAN, ["2026-03-09"], 40_000) == ()


def test_a_method_that_keeps_its_promise_only_once_may_not_look_often() -> None:
    with pytest.raises(Invalid, match="looked at 10 times it is wrong 19.3 % of the time"):
        plan_of({"metrics": ["paid"], "looks": 10})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"metrics": []}, "No metric was named"),
        ({"metrics": ["paid", "paid:mean"]}, "'paid' is named 2 times"),
        ({"metrics": ["paid"], "guardrails": ["paid:-2%"]}, "'paid' is named 2 times"),
        ({"metrics": [], "guardrails": ["paid:-2%"]}, "only guardrails"),
        ({"metrics": ["paid:median"]}, "'median' is no kind of metric"),
        ({"metrics": ["paid:ratio"]}, "is no kind of metric"),
        ({"metrics": ["paid:ratio=paid"]}, "set against itself"),
        ({"metrics": [""]}, "no column"),
        ({"metrics": ["a"], "guardrails": ["b"]}, "has no margin"),
        ({"metrics": ["a"], "guardrails": ["b:much"]}, "'much' is no margin"),
        ({"metrics": ["a"], "guardrails": ["b:-200%"]}, "is a share from 0 to below 1"),
        ({"metrics": ["a"], "guardrails": [{"column": "b"}]}, "'b' has no margin"),
        ({"metrics": ["a"], "alpha": 1.5}, "alpha is 1.5"),
        ({"metrics": ["a"], "alpha": 0}, "alpha is 0;"),
        ({"metrics": ["a"], "alpha": "nan"}, "finite number"),
        ({"metrics": ["a"], "planned": -5}, "planned is -5"),
        ({"metrics": ["a"], "planned": 1.5}, "a whole number"),
        ({"metrics": ["a"], "looks": 0}, "looks is 0"),
        ({"metrics": ["a"], "winsorise": 0.7}, "winsorise is 0.7"),
        ({"metrics": ["a"], "prior": -1}, "prior is -1"),
        ({"metrics": ["a"], "method": "bayesian"}, "choose one of fixed, sequential, bayes"),
        ({"metrics": ["a"], "metods": 1}, "did you mean 'method'"),
        ({"metrics": ["a"], "locked_on": "soon"}, "it is a date"),
        ({"metrics": ["a"], "amendments": [{"by": "Bo"}]}, "has no 'on'"),
        ({"metrics": [{"column": "a", "direction": "up"}]}, "increase or decrease"),
    ],
)
def test_what_a_plan_cannot_say_is_a_sentence(fields: dict[str, object], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        plan_of(fields)


@pytest.mark.parametrize(
    "text", ["a: [", "- a", "metrics: [a]\nmetrics: [b]", "alpha: 2\nmetrics: [a]"]
)
def test_a_plan_file_that_is_none_is_named(text: str) -> None:
    with pytest.raises(Invalid, match=r"trial\.yaml"):
        read_trial_plan(text.encode(), "trial.yaml")


def test_a_sign_says_which_way_a_guardrail_may_move() -> None:
    assert parse_guardrail("a:-2%").higher_is_better
    assert not parse_guardrail("a:+2%").higher_is_better
    assert parse_guardrail("a:ratio=b:0.02") == Metric("a", Kind.RATIO, "b", margin=0.02)
    assert metric_text(parse_metric("a:ratio=b")) == "a:ratio=b"


def test_a_plan_by_units_of_each_variant_is_one_by_units_of_all() -> None:
    plan = plan_of({"metrics": ["a"], "split": {"a": 1, "b": 1, "c": 1}, "sample_size": 100})
    assert plan.planned == 300


def test_the_answer_carries_the_plan_that_was_agreed() -> None:
    found = variants([{"control": [arm(20_000, 1.0)], "new": [arm(20_000, 1.1)]}])
    agreed = TrialPlan((Metric("paid"),), planned=40_000, locked_on=date(2026, 3, 2))
    assert judge(found, agreed).as_json()["plan"] is None
