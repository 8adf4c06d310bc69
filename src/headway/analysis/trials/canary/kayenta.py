"""The judge that people have: verdicts and scores of Kayenta's NetflixACAJudge-v1.0, reproduced.

Rules read in Kayenta's judge of 2025-04. It is kept as it is, with what it is known to miss: a
series without data may pass (nanStrategy replace), a group without data counts as 100, and a shift
whose interval touches zero passes however large it is. Each of these is noted where it happens.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import uniforms
from headway.analysis.quantities import finite
from headway.analysis.trials.canary.answer import (
    CanaryAnswer,
    Found,
    GroupScore,
    MetricAnswer,
    MetricVerdict,
    Stats,
    Verdict,
    by_threshold,
    grouped,
    not_configured,
    weights_of,
)
from headway.analysis.trials.canary.config import CanaryConfig, Direction, Measure, MetricConfig
from headway.analysis.trials.canary.series import Series, Side
from headway.analysis.trials.canary.shift import Shift, Tied, cles, location_shift

JUDGE = "NetflixACAJudge-v1.0"
CONFIDENCE = 0.98
#: A shift counts when its interval lies beyond this share of its own estimate.
TOLERANCE = 0.25
#: From this share of metrics without data on, the canary fails.
NO_DATA_SHARE = 0.5
NOISE = 1e-5

Values = NDArray[np.float64]

_LABELS = {
    "Pass": MetricVerdict.PASS,
    "High": MetricVerdict.HIGH,
    "Low": MetricVerdict.LOW,
    "Nodata": MetricVerdict.NO_DATA,
    "NodataFailMetric": MetricVerdict.NO_DATA,
    "Error": MetricVerdict.ERROR,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a metric is tried: the level of the interval, the share it must clear, the noise."""

    confidence: float = CONFIDENCE
    tolerance: float = TOLERANCE
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Class:
    """Kayenta's classification of a metric; `is_critical` fails the canary alone."""

    label: str
    reason: str
    is_critical: bool = False
    found: Found = Found("meanRatio")
    is_noisy: bool = False


def judge_as_kayenta(
    control: Side, canary: Side, config: CanaryConfig, *, seed: int = 0
) -> CanaryAnswer:
    """Return Kayenta's verdict on a canary: metrics classified, groups weighted, score held up.

    Every configured metric is judged; one that a side lacks has no data. `seed` is of the noise
    that two constant samples get.
    """
    notes = [*config.notes, *not_configured(control, canary, config)]
    metrics: list[MetricAnswer] = []
    for metric in config.metrics:
        sides = (control.get(metric.name, _NOTHING), canary.get(metric.name, _NOTHING))
        answer, said = _judged(metric, *sides, seed)
        metrics.append(answer)
        notes += said
    counted = [metric for metric in metrics if not metric.config.is_muted]
    groups = group_scores(counted, config)
    score, reason = summary_score(counted, groups)
    notes += [
        f"The group {group.name!r} has no data; Kayenta counts it as 100."
        for group in groups
        if group.has_no_data and not reason
    ]
    verdict = by_threshold(score, config)
    sentence = reason or _sentence(verdict, score, config)
    return CanaryAnswer(
        JUDGE, score, verdict, sentence, metrics, groups, config, seed, tuple(notes)
    )


_NOTHING = Series(np.empty(0))


def _sentence(verdict: Verdict, score: float, config: CanaryConfig) -> str:
    bounds = f"pass from {config.pass_score:g}, marginal from {config.marginal_score:g}"
    return f"{verdict.value.capitalize()}: score {score:g} of 100 ({bounds})."


def _judged(
    metric: MetricConfig, control: Series, canary: Series, seed: int
) -> tuple[MetricAnswer, list[str]]:
    before, after = _prepared(metric, control), _prepared(metric, canary)
    try:
        found = classify(metric, before, after, Asked(seed=seed))
    except Tied:
        reason = "Metric Classification Failed: all values are tied, so no shift can be told."
        found = Class("Error", reason)
    answer = MetricAnswer(
        metric,
        _LABELS[found.label],
        found.reason or f"{metric.name} was classified as {found.label}",
        found.label,
        found.is_critical and found.label != "Pass",
        found.found,
        Stats.of(before, control),
        Stats.of(after, canary),
    )
    notes = []
    if found.is_noisy:
        notes.append(
            f"{metric.name}: both sides are constant; Kayenta adds Gaussian noise of "
            f"{NOISE:g} of the value, here by seed {seed}."
        )
    if found.label == "Pass" and not (before.size and after.size):
        notes.append(f"{metric.name}: a side has no data, and nanStrategy replace passes it.")
    return answer, notes


def _prepared(metric: MetricConfig, series: Series) -> Values:
    """Return the values that are judged: gaps dropped or 0, then outliers dropped."""
    values = series.values if metric.is_removing else series.values_or_zero
    return without_outliers(values, metric.outlier_factor) if metric.drops_outliers else values


def without_outliers(values: Values, factor: float) -> Values:
    """Return the values within `factor` interquartile ranges, or within the 1st to 99th percentile.

    Percentiles interpolate linearly (R-7).
    """
    if not values.size:
        return values
    p01, p25, p75, p99 = np.percentile(values, [1, 25, 75, 99])
    low, high = p25 - factor * (p75 - p25), p75 + factor * (p75 - p25)
    kept: Values = values[(values >= min(p01, low)) & (values <= max(p99, high))]
    return kept


def classify(metric: MetricConfig, control: Values, canary: Values, asked: Asked) -> Class:
    """Return Kayenta's classification of one metric from values without NaN.

    Raises Tied where Kayenta answers Error.
    """
    if not (control.size and canary.size):
        return _without_data(metric)
    if np.array_equal(np.sort(control), np.sort(canary)):
        return Class("Pass", "The Canary and Baseline data are identical", found=_same(metric))
    if np.unique(np.concatenate([control, canary])).size == 1:
        return Class("Pass", "Every value of both sides is the same", found=_same(metric))
    is_noisy = np.unique(control).size == np.unique(canary).size == 1
    if is_noisy:
        control = _noisy(control, asked.seed, f"canary/{metric.name}/control")
        canary = _noisy(canary, asked.seed, f"canary/{metric.name}/canary")
    shift = location_shift(canary, control, asked.confidence)
    effect = _effect(metric, control, canary)
    return replace(_compared(metric, shift, effect, asked.tolerance), is_noisy=is_noisy)


def _without_data(metric: MetricConfig) -> Class:
    if not metric.is_removing:
        return Class("Pass", "", found=_same(metric))
    reason = f"Missing data for {metric.name}"
    if metric.must_have_data and not metric.is_critical:
        return Class("NodataFailMetric", reason)
    return Class("Nodata", reason, metric.is_critical)


def _same(metric: MetricConfig) -> Found:
    return Found(metric.effect.measure.value, effect=1.0)


def _noisy(values: Values, seed: int, stream: str) -> Values:
    """Return `values` with Gaussian noise of 1e-5 of the first: the sum of twelve uniforms less 6.

    Only additions, so that every machine makes the same noise.
    """
    drawn = uniforms(seed, stream, 12 * values.size).reshape(12, values.size)
    total = drawn[0].copy()
    for row in drawn[1:]:
        total += row
    return np.asarray(values + (total - 6.0) * (values[0] * NOISE))


def _effect(metric: MetricConfig, control: Values, canary: Values) -> float:
    """Return the effect size; NaN where it cannot be told, and then it is not asked."""
    if metric.effect.measure is Measure.CLES:
        return cles(canary, control)
    with np.errstate(over="ignore"):
        before, after = float(control.mean()), float(canary.mean())
    return after / before if before and after else math.nan


def _compared(metric: MetricConfig, shift: Shift, effect: float, tolerance: float) -> Class:
    size = metric.effect
    usual = 0.5 if size.measure is Measure.CLES else 1.0
    increase = usual if size.allowed_increase is None else size.allowed_increase
    decrease = usual if size.allowed_decrease is None else size.allowed_decrease
    bound = tolerance * abs(shift.estimate)
    may_rise = metric.direction is not Direction.DECREASE
    may_fall = metric.direction is not Direction.INCREASE
    found = Found(
        size.measure.value,
        finite(effect),
        None,
        low=shift.low,
        high=shift.high,
        estimate=shift.estimate,
    )
    if may_rise and shift.low > bound and _reaches(effect, increase):
        critical = usual if size.critical_increase is None else size.critical_increase
        return _class("High", metric, replace(found, bound=increase), _reaches(effect, critical))
    if may_fall and shift.high < -bound and _reaches(-effect, -decrease):
        critical = usual if size.critical_decrease is None else size.critical_decrease
        return _class("Low", metric, replace(found, bound=decrease), _reaches(-effect, -critical))
    return Class("Pass", "", found=found)


def _reaches(effect: float, bound: float) -> bool:
    """Say whether an effect is as large as `bound`; one that cannot be told is."""
    return math.isnan(effect) or effect >= bound


def _class(label: str, metric: MetricConfig, found: Found, is_large: bool) -> Class:
    is_critical = metric.is_critical and is_large
    critical = " (Critical)" if is_critical else ""
    return Class(label, f"{metric.name} was classified as {label}{critical}", is_critical, found)


def group_scores(metrics: Sequence[MetricAnswer], config: CanaryConfig) -> list[GroupScore]:
    """Return each group's score: the share of Pass among the metrics that were classified."""
    groups = grouped(metrics)
    weights = weights_of(list(groups), config)
    scores = []
    for name, members in groups.items():
        labels = Counter(member.label for member in members)
        total = sum(labels[label] for label in ("Pass", "High", "Low", "NodataFailMetric"))
        score = 100 * (labels["Pass"] / total) if total else 0.0
        scores.append(GroupScore(name, score, weights[name], not total))
    return scores


def summary_score(
    metrics: Sequence[MetricAnswer], groups: Sequence[GroupScore]
) -> tuple[float, str]:
    """Return the score of the canary, and the reason where it failed whatever the groups say."""
    fatal = [metric for metric in metrics if metric.is_fatal]
    if fatal:
        return 0.0, f"Canary Failed: {fatal[0].reason}"
    missing = sum(metric.label == "Nodata" for metric in metrics)
    if metrics and missing / len(metrics) >= NO_DATA_SHARE:
        return 0.0, "Canary Failed: 50% or more metrics returned NODATA"
    total = sum(
        (100.0 if group.has_no_data else group.score) * (group.weight / 100) for group in groups
    )
    return float(Decimal(repr(float(total))).quantize(Decimal("0.01"), ROUND_HALF_UP)), ""
