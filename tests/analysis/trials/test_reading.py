"""A trial is read by the rules that were set: what is shown, what is not, and what to do."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.analysis.trials.found import arm, of_columns, variants

from headway.analysis.summaries.moments import Moments
from headway.analysis.trials import (
    Decision,
    Kind,
    Metric,
    MetricAnswer,
    TrialPlan,
    Verdict,
    Way,
    judge,
    plan_of,
)
from headway.analysis.trials.multiplicity import Correction
from headway.analysis.trials.plan import Rule
from headway.errors import Invalid

PLAN = TrialPlan((Metric("paid"),), split="50/50", planned=20_000)
GUARDED = replace(PLAN, metrics=(Metric("paid"), Metric("clicks", margin=0.02)))
SLOW = replace(PLAN, metrics=(Metric("paid"), Metric("wait", margin=0.02, higher_is_better=False)))
N = 10_000


def _two(change: float, n: int = N) -> dict[str, list[object]]:
    return {"control": [arm(n, 10.0, 5.0)], "new": [arm(n, 10.0 + change, 5.0)]}


@pytest.mark.parametrize(
    ("change", "decision", "word"),
    [
        (0.5, Decision.SHIP, "better"),
        (-0.5, Decision.STOP, "worse"),
        (0.0, Decision.STOP, "no dif"),
    ],
)
def test_at_its_end_a_trial_ships_what_is_better_and_stops_the_rest(
    change: float, decision: Decision, word: str
) -> None:
    answer = judge(variants([_two(change)]), PLAN)
    assert answer.decision is decision
    assert word in answer.sentence
    assert "n 10,000 control, 10,000 new" in answer.sentence


def test_without_a_planned_end_nothing_shown_means_to_go_on() -> None:
    answer = judge(variants([_two(0.0)]), replace(PLAN, planned=None))
    assert answer.decision is Decision.KEEP_RUNNING
    assert any("counts once" in note for note in answer.notes)


def test_a_fixed_test_is_not_read_before_its_end() -> None:
    answer = judge(variants([_two(5.0, 4000)]), PLAN)
    assert answer.decision is Decision.KEEP_RUNNING
    assert "8,000 of 20,000 planned units" in answer.sentence


def test_a_split_that_is_not_the_planned_one_makes_all_invalid() -> None:
    found = variants([{"control": [arm(5000, 10.0)], "new": [arm(5400, 12.0)]}])
    answer = judge(found, replace(PLAN, planned=None))
    assert (answer.decision, answer.sample_ratio.verdict) == (Decision.INVALID, "unmet")
    assert answer.variants[0].decision is Decision.INVALID
    assert "5,000 / 5,400 units" in answer.sentence


def test_the_fixed_test_is_welchs() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.normal(10.0, 2.0, 400), rng.normal(10.3, 3.0, 300)
    answer = judge(of_columns([a], [b]), replace(PLAN, split="57.1/42.9"))
    metric, wanted = answer.metrics[0], stats.ttest_ind(b, a, equal_var=False)
    ci = wanted.confidence_interval(0.95)
    assert metric.p == pytest.approx(wanted.pvalue, rel=1e-9)
    assert (metric.low, metric.high) == pytest.approx((ci.low, ci.high), rel=1e-9)


def test_the_lift_has_the_variance_of_the_delta_method() -> None:
    metric = judge(variants([_two(0.5)]), PLAN).metrics[0]
    se = math.sqrt(25 / N / 100 + 25 / N * 10.5**2 / 10**4)
    half = stats.t.ppf(0.975, 2 * N - 2) * se
    assert metric.relative == pytest.approx(0.05)
    assert (metric.relative_low, metric.relative_high) == pytest.approx((0.05 - half, 0.05 + half))


def test_where_only_the_difference_leaves_out_nothing_the_sentence_says_that_it_decides() -> None:
    sold = [arm(10_000, 0.1, 0.3)], [arm(10_000, 0.1086, 0.311)]
    answer = judge(variants([{"control": sold[0], "new": sold[1]}]), PLAN)
    metric = answer.metrics[0]
    assert (metric.low or 0) > 0 > (metric.relative_low or 0)
    assert "of the difference, which decides, 0.000" in answer.sentence
    clear = judge(variants([_two(0.5)]), PLAN)
    assert "which decides" not in clear.sentence


def test_a_ratio_of_sums_has_the_error_of_many_resampled_ones() -> None:
    rng = np.random.default_rng(5)
    views = rng.poisson(5.0, (3000, 400)) + 1
    clicks = rng.binomial(views, 0.2)
    ratios = clicks.sum(axis=0) / views.sum(axis=0)
    found = of_columns([clicks[:, 0], views[:, 0]], [clicks[:, 1], views[:, 1]])
    plan = replace(PLAN, metrics=(Metric("clicks", Kind.RATIO, "views"),))
    metric = judge(found, plan).metrics[0]
    assert metric.control == pytest.approx(ratios[0])
    half = ((metric.high or 0) - (metric.low or 0)) / 2
    assert half == pytest.approx(1.96 * math.sqrt(2) * ratios.std(), rel=0.15)


def test_cuped_is_the_regression_on_the_covariate_over_both_arms() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(5.0, 2.0, 4000)
    y = 3.0 * x + rng.normal(0.0, 1.0, 4000)
    new = np.arange(4000) % 2 == 1
    y[new] += 0.2
    plan = replace(PLAN, metrics=(Metric("y", covariate="x"),), planned=4000)
    metric = judge(of_columns([y[~new], x[~new]], [y[new], x[new]]), plan).metrics[0]
    theta = float(np.cov(y, x)[0, 1] / np.var(x, ddof=1))
    assert metric.theta == pytest.approx(theta, rel=1e-12)
    away = y - theta * (x - x.mean())
    wanted = stats.ttest_ind(away[new], away[~new], equal_var=False)
    assert metric.effect == pytest.approx(away[new].mean() - away[~new].mean(), rel=1e-9)
    assert metric.p == pytest.approx(wanted.pvalue, rel=1e-6)
    assert metric.kept == pytest.approx(1 / 37, rel=0.1)


def test_a_covariate_without_spread_takes_nothing_away() -> None:
    a, b = np.arange(300.0), np.arange(300.0) + 1
    plan = replace(PLAN, metrics=(Metric("y", covariate="x"),), planned=None)
    answer = judge(of_columns([a, np.ones(300)], [b, np.ones(300)]), plan)
    assert (answer.metrics[0].theta, answer.metrics[0].kept) == (0.0, 1.0)
    assert any("nothing is adjusted" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("plan", "change", "verdict", "decision"),
    [
        (GUARDED, 0.0, Verdict.MET, Decision.SHIP),
        (GUARDED, -0.5, Verdict.UNMET, Decision.STOP),
        (GUARDED, -0.2, Verdict.INSUFFICIENT, Decision.STOP),
        (SLOW, 0.0, Verdict.MET, Decision.SHIP),
        (SLOW, 0.5, Verdict.UNMET, Decision.STOP),
    ],
)
def test_a_guardrail_holds_by_its_bound_and_every_one_has_to(
    plan: TrialPlan, change: float, verdict: Verdict, decision: Decision
) -> None:
    answer = judge(variants([_two(0.5), _two(change)]), plan)
    guard = answer.metrics[1]
    assert (guard.verdict, answer.decision) == (verdict, decision)
    assert guard.bound is not None
    assert "2 %" in guard.sentence
    assert guard.p_adjusted is None


def test_several_goals_are_corrected_together_and_guardrails_stand_outside() -> None:
    metrics = tuple(Metric(f"m{place}") for place in range(4))
    plan = replace(PLAN, metrics=(*metrics, Metric("guard", margin=0.5)))
    found = variants([_two(0.16), *[_two(0.0)] * 4])
    for correction, verdict in ((Correction.HOLM, "insufficient"), (Correction.NONE, "met")):
        answer = judge(found, replace(plan, correction=correction))
        assert answer.metrics[0].verdict.value == verdict
    raw = answer.metrics[0].p or 0
    assert judge(found, plan).metrics[0].p_adjusted == pytest.approx(4 * raw)


def test_all_goals_are_asked_for_where_the_rule_says_so() -> None:
    plan = replace(PLAN, metrics=(Metric("one"), Metric("two")))
    found = variants([_two(0.5), _two(0.0)])
    assert judge(found, plan).decision is Decision.SHIP
    assert judge(found, replace(plan, rule=Rule.ALL)).decision is Decision.STOP


def test_each_of_several_variants_is_compared_with_the_control_and_the_best_is_shipped() -> None:
    found = variants(
        [{"a": [arm(N, 10.0, 5.0)], "b": [arm(N, 10.4, 5.0)], "c": [arm(N, 10.8, 5.0)]}]
    )
    answer = judge(found, replace(PLAN, split="", planned=None))
    assert [one.variant for one in answer.metrics] == ["b", "c"]
    assert {one.control_name for one in answer.metrics} == {"a"}
    assert "Ship 'c'" in answer.sentence


def test_looking_daily_keeps_the_least_p_and_the_narrowest_interval() -> None:
    days = [f"2026-03-{day:02d}" for day in range(1, 11)]
    parts = {"control": [arm(800, 10.0, 5.0)] * 10, "new": [arm(800, 10.6, 5.0)] * 10}
    plan = TrialPlan((Metric("paid"),), time="day", method=Way.SEQUENTIAL)
    answer = judge(variants([parts], days), plan)
    metric = answer.metrics[0]
    assert answer.decision is Decision.SHIP
    assert metric.p == min(point.p or 1.0 for point in metric.path)
    assert metric.low == max(point.low for point in metric.path if point.low is not None)
    assert len(metric.path) == answer.looks == 10


def test_a_sequential_look_counts_from_200_units_an_arm_on() -> None:
    days = ["2026-03-01", "2026-03-04"]
    parts = {"control": [arm(150, 10.0)] * 2, "new": [arm(150, 20.0)] * 2}
    plan = TrialPlan((Metric("paid"),), time="day", method=Way.SEQUENTIAL)
    metric = judge(variants([parts], days), plan).metrics[0]
    assert [point.p for point in metric.path][0] is None
    assert metric.path[1].p is not None
    early = judge(variants([{name: one[:1] for name, one in parts.items()}], days[:1]), plan)
    assert early.decision is Decision.KEEP_RUNNING


def test_group_sequential_looks_are_taken_when_their_share_is_in() -> None:
    days = [f"2026-03-{day:02d}" for day in range(1, 8)]
    parts = {"control": [arm(700, 10.0, 5.0)] * 7, "new": [arm(700, 10.0, 5.0)] * 7}
    plan = TrialPlan((Metric("paid"),), time="day", method=Way.SEQUENTIAL, looks=5, planned=10_000)
    answer = judge(variants([parts], days), plan)
    assert answer.looks == 4
    assert "Looks at 28 %, 42 %, 70 %, 84 % of 10,000" in " ".join(answer.notes)


def test_before_the_first_planned_look_nothing_is_read() -> None:
    plan = replace(PLAN, method=Way.SEQUENTIAL, looks=5, planned=200_000)
    answer = judge(variants([_two(5.0)]), plan)
    assert answer.decision is Decision.KEEP_RUNNING
    assert "before the first planned look" in answer.sentence


def test_a_bayesian_reading_ships_what_probably_wins_at_little_risk() -> None:
    answer = judge(variants([_two(0.5)]), replace(PLAN, method=Way.BAYES))
    metric = answer.metrics[0]
    assert answer.decision is Decision.SHIP
    assert metric.p is None
    assert metric.chance_to_win is not None
    assert metric.chance_to_win > 0.99
    pulled = judge(variants([_two(0.5)]), replace(PLAN, method=Way.BAYES, prior=0.01)).metrics[0]
    assert (pulled.relative_high or 0) < (metric.relative_high or 0)


@pytest.mark.parametrize(
    ("change", "verdict"), [(0.5, Verdict.MET), (0.0, Verdict.INSUFFICIENT), (-0.5, Verdict.UNMET)]
)
def test_lower_may_be_better(change: float, verdict: Verdict) -> None:
    plan = replace(PLAN, metrics=(Metric("wait", higher_is_better=False),))
    assert judge(variants([_two(-change)]), plan).metrics[0].verdict is verdict


@pytest.mark.parametrize(
    ("found", "metric", "verdict", "words"),
    [
        (of_columns([[]], [[1.0, 2.0]]), Metric("paid"), Verdict.MISSING, "no unit of 'control'"),
        (
            of_columns([[1.0] * 400, [0.0] * 400], [[1.0] * 400, [1.0] * 400]),
            Metric("paid", Kind.RATIO, "views"),
            Verdict.ERROR,
            "'views' adds up to 0 in 'control'",
        ),
        (
            variants([_two(0.5), {"control": [arm(N, 0.0)], "new": [arm(N, 0.0)]}]),
            Metric("errors", margin=0.02),
            Verdict.ERROR,
            "of 0 says nothing",
        ),
    ],
)
def test_a_metric_without_an_answer_decides_nothing(
    found: object, metric: Metric, verdict: Verdict, words: str
) -> None:
    metrics = (Metric("paid"), metric) if metric.is_guardrail else (metric,)
    answer = judge(found, replace(PLAN, metrics=metrics, planned=None, split=""))  # type: ignore[arg-type]
    assert answer.metrics[-1].verdict is verdict
    assert words in answer.metrics[-1].sentence
    assert answer.decision is Decision.INVALID


def test_values_whose_squares_no_float_holds_are_an_error() -> None:
    huge = Moments.of([1e200, -1e200] * 200)
    found = variants([{"control": [huge], "new": [huge]}])
    answer = judge(found, replace(PLAN, planned=None))
    assert answer.metrics[0].verdict is Verdict.ERROR
    assert "squares go beyond" in answer.sentence


def test_without_any_spread_no_test_can_judge() -> None:
    answer = judge(of_columns([[3.0] * 400], [[4.0] * 400]), replace(PLAN, planned=None))
    assert answer.metrics[0].verdict is Verdict.INSUFFICIENT
    assert "without any spread" in answer.sentence
    assert answer.decision is Decision.KEEP_RUNNING


def test_a_change_beyond_half_is_doubted_and_few_days_are_not_enough() -> None:
    days = ["2026-03-01", "2026-03-02"]
    parts = {"control": [arm(N, 10.0)] * 2, "new": [arm(N, 20.0)] * 2}
    plan = TrialPlan((Metric("paid"),), time="day", method=Way.SEQUENTIAL)
    answer = judge(variants([parts], days), plan)
    assert answer.decision is Decision.KEEP_RUNNING
    assert "span 2 days" in answer.sentence
    assert any("Check before believing" in note for note in answer.notes)


def test_an_odd_split_and_a_late_look_are_noted_and_decide_nothing() -> None:
    found = variants([{"control": [arm(44_700, 1.0)], "new": [arm(45_489, 1.0)]}])
    odd = judge(found, replace(PLAN, planned=None))
    assert any("The split is odd (p 0.0086)" in note for note in odd.notes)
    late = judge(found, replace(PLAN, planned=None, method=Way.SEQUENTIAL))
    assert any("tightest at 5,000 units, and 90,189 are in" in note for note in late.notes)
    assert odd.decision is late.decision is Decision.KEEP_RUNNING


def test_arms_that_lose_units_differently_are_told() -> None:
    found = variants([_two(0.5)])
    one, other = found.lost[0]
    lost = ((replace(one, null=100), replace(other, null=300)),)
    notes = judge(replace(found, lost=lost), PLAN).notes
    assert any("400 of 20,000 units have no finite value" in note for note in notes)
    assert any("lose units at different rates" in note for note in notes)


@pytest.mark.parametrize(
    ("names", "fields", "words"),
    [
        (("a",), {}, "holds one variant, 'a'"),
        (("x", "y"), {}, "Which variant is the control"),
        (("a", "b"), {"control": "c"}, "no variant 'c'"),
        (("a", "b"), {"split": "50/60"}, "adds up to 110"),
        (("a", "b"), {"split": "50/25/25"}, "has 3 shares"),
        (("a", "b"), {"split": "a=50,c=50"}, "names 'c'"),
        (("a", "b"), {"split": "a=50,a=50"}, "twice"),
        (("a", "b"), {"split": "half/half"}, "'half' is no share"),
        (("a", "b"), {"split": "100/0"}, "gives one variant everything"),
    ],
)
def test_variants_and_splits_that_do_not_fit_are_a_sentence(
    names: tuple[str, ...], fields: dict[str, object], words: str
) -> None:
    found = variants([{name: [arm(500, 1.0)] for name in names}])
    with pytest.raises(Invalid, match=words):
        judge(found, plan_of({"metrics": ["paid"], **fields}))


@pytest.mark.parametrize("split", ["", "33.3/33.3/33.3", "control=0.4,new=0.6"])
def test_splits_may_be_even_in_thirds_or_named(split: str) -> None:
    names = ("control", "new", "other") if split.count("/") == 2 else ("control", "new")
    sizes = (400, 600, 400) if "=" in split else (500, 500, 500)
    found = variants([{name: [arm(n, 1.0)] for name, n in zip(names, sizes, strict=False)}])
    assert judge(found, plan_of({"metrics": ["paid"], "split": split})).sample_ratio.p > 0.9


@given(
    st.floats(-0.4, 0.4), st.floats(1e-3, 1e3), st.sampled_from(list(Way)), st.integers(150, 5000)
)
@settings(max_examples=30, deadline=None)
def test_the_unit_of_measure_changes_nothing(
    change: float, factor: float, way: Way, n: int
) -> None:
    def read(scale: float) -> MetricAnswer:
        parts = {
            "control": [arm(n, 10.0 * scale, 5.0 * scale)],
            "new": [arm(n, (10.0 + change) * scale, 5.0 * scale)],
        }
        return judge(variants([parts]), replace(PLAN, method=way, planned=None)).metrics[0]

    one, other = read(1.0), read(factor)
    assert other.verdict is one.verdict
    assert other.relative == pytest.approx(one.relative, rel=1e-9, abs=1e-12)
    assert other.p == pytest.approx(one.p, rel=1e-6)
    if one.low is not None:
        assert other.low == pytest.approx(one.low * factor, rel=1e-6, abs=1e-9 * factor)


@given(st.integers(200, 20_000), st.integers(200, 20_000), st.floats(-5, 5), st.sampled_from(Way))
@settings(max_examples=30, deadline=None)
def test_nothing_is_shipped_or_stopped_on_a_split_that_is_off(
    control: int, new: int, change: float, way: Way
) -> None:
    parts = {"control": [arm(control, 10.0)], "new": [arm(new, 10.0 + change)]}
    answer = judge(variants([parts]), replace(PLAN, method=way, planned=None))
    assert (answer.decision is Decision.INVALID) == (answer.sample_ratio.p < 0.001)
