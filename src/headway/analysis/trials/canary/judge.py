"""The judge of ours: worse means surely different *and* by enough to matter; no data never passes.

A metric is worse when the Mann-Whitney test rejects at `alpha`, the effect reaches its floor, and
the direction is a bad one. Too few values for the test ever to reject say nothing. Where the
control is zero there is no ratio: the canary's mean is held against a floor in the metric's own
unit. Alpha is per metric on purpose: more metrics must not make a canary harder to stop.

Values that follow each other resemble each other, and count for fewer: by how much is taken from
the control alone, so that a canary that gets worse half way is not excused by it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from headway.analysis.quantities import finite
from headway.analysis.trials.canary.answer import (
    CanaryAnswer,
    Found,
    GroupScore,
    MetricAnswer,
    MetricVerdict,
    Stats,
    Verdict,
    grouped,
    not_configured,
    weights_of,
)
from headway.analysis.trials.canary.config import (
    CanaryConfig,
    Direction,
    Measure,
    MetricConfig,
    Options,
)
from headway.analysis.trials.canary.kayenta import without_outliers
from headway.analysis.trials.canary.series import Series, Side
from headway.analysis.trials.canary.shift import (
    Tied,
    cles,
    inflation_of,
    location_shift,
    p_value,
    smallest_p,
)

JUDGE = "headway"
UNGROUPED = "ungrouped"
#: A change that is there is seen with this chance, where `detectable` is told.
POWER = 0.8
#: From this share of metrics without an answer on, the canary has none.
UNKNOWN_SHARE = 0.5

Values = NDArray[np.float64]


def judge_canary(
    control: Side, canary: Side, config: CanaryConfig, *, seed: int = 0
) -> CanaryAnswer:
    """Return the verdict on a canary. Deterministic: `seed` is only carried along.

    Every configured metric is judged; one that a side lacks is `no data`.
    """
    metrics = [
        _judged(
            replace(metric, groups=metric.groups or (UNGROUPED,)),
            control.get(metric.name, _NOTHING),
            canary.get(metric.name, _NOTHING),
            config.options,
        )
        for metric in config.metrics
    ]
    counted = [metric for metric in metrics if not metric.config.is_muted]
    groups = _group_scores(counted, config)
    known = any(metric.verdict.is_known for metric in counted)
    verdict, why = _verdict(counted, groups, config)
    fatal = any(metric.is_fatal for metric in counted)
    score = 0.0 if fatal else (_score(groups, counted, proven=True) if known else None)
    return CanaryAnswer(
        judge=JUDGE,
        score=score,
        verdict=verdict,
        sentence=f"{verdict.value.capitalize()}: {why}",
        metrics=metrics,
        groups=groups,
        config=config,
        seed=seed,
        notes=(*config.notes, *not_configured(control, canary, config)),
    )


_NOTHING = Series(np.empty(0))


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of a metric."""

    verdict: MetricVerdict
    reason: str
    found: Found
    is_fatal: bool = False


def _judged(
    metric: MetricConfig, control: Series, canary: Series, options: Options
) -> MetricAnswer:
    before, after = _prepared(metric, control), _prepared(metric, canary)
    said = (
        _without_data(metric, before, after, (control, canary))
        or _too_few(metric, before, after, options)
        or _overflowing(metric, before, after)
        or _compared(metric, before, after, options)
    )
    return MetricAnswer(
        metric,
        said.verdict,
        said.reason,
        said.verdict.value,
        said.is_fatal,
        said.found,
        Stats.of(before, control),
        Stats.of(after, canary),
    )


def _prepared(metric: MetricConfig, series: Series) -> Values:
    """Return the values that are judged. A gap may be a 0 only beside a value that was measured."""
    values = series.values
    if not metric.is_removing and values.size:
        values = series.values_or_zero
    return without_outliers(values, metric.outlier_factor) if metric.drops_outliers else values


def _without_data(
    metric: MetricConfig, before: Values, after: Values, sides: tuple[Series, Series]
) -> _Said | None:
    for name, values, series in zip(("control", "canary"), (before, after), sides, strict=True):
        if not values.size:
            odd = series.gaps + series.infinite
            also = f" ({odd} entries are gaps or infinite)" if odd else ""
            reason = f"The {name} has no value of {metric.name}{also}."
            return _Said(MetricVerdict.NO_DATA, reason, _empty(metric))
    return None


def _too_few(metric: MetricConfig, before: Values, after: Values, options: Options) -> _Said | None:
    """Say that there are fewer values than asked for, or than the test needs to reject at all."""
    m, n = after.size, before.size
    inflation = inflation_of(before)
    smallest = smallest_p(m, n, inflation)
    if min(m, n) >= options.minimum_sample and smallest <= options.alpha:
        return None
    wanted = f"at least {options.minimum_sample} a side are asked for"
    if min(m, n) >= options.minimum_sample:
        alike = " of values that follow each other so closely" if inflation > 1 else ""
        wanted = f"even a clean split{alike} would only give p {smallest:.2g}, above "
        wanted += f"{options.alpha:g}"
    reason = f"{n} values of the control and {m} of the canary: {wanted}."
    return _Said(MetricVerdict.INSUFFICIENT, reason, _empty(metric))


def _overflowing(metric: MetricConfig, before: Values, after: Values) -> _Said | None:
    with np.errstate(all="ignore"):
        numbers = [one for side in (before, after) for one in (side.mean(), side.var())]
    if np.isfinite(numbers).all():
        return None
    reason = f"The values of {metric.name} are too large to be averaged; send them in other units."
    return _Said(MetricVerdict.ERROR, reason, _empty(metric))


def _empty(metric: MetricConfig) -> Found:
    return Found(metric.effect.measure.value)


def _compared(metric: MetricConfig, before: Values, after: Values, options: Options) -> _Said:
    measured = _measured(metric, before, after, options)
    inflation = inflation_of(before)
    p, tends = p_value(after, before, inflation), cles(after, before)
    is_sure = p <= options.alpha
    may_rise = metric.direction is not Direction.DECREASE
    may_fall = metric.direction is not Direction.INCREASE
    low, high, estimate = _interval(after, before, options)
    found = replace(measured.found, p=p, low=low, high=high, estimate=estimate)
    if is_sure and may_rise and tends > 0.5 and measured.effect >= measured.high:
        found = replace(found, bound=measured.high)
        reason = f"It rose: {measured.told}, at or above the bound {measured.high:g}"
        fatal = metric.is_critical and measured.effect >= measured.fatal_high
        return _Said(MetricVerdict.HIGH, _with_n(reason, p, before, after), found, fatal)
    if is_sure and may_fall and tends < 0.5 and measured.effect <= measured.low:
        found = replace(found, bound=measured.low)
        reason = f"It fell: {measured.told}, at or below the bound {measured.low:g}"
        fatal = metric.is_critical and measured.effect <= measured.fatal_low
        return _Said(MetricVerdict.LOW, _with_n(reason, p, before, after), found, fatal)
    is_asked = may_rise if tends > 0.5 else may_fall
    why = "a difference below the bound" if is_asked else "a difference, and not a bad one"
    why = why if is_sure else "within noise"
    unseen = found.detectable
    blind = f"; a change under {unseen:.2g} of the mean could go unseen" if unseen else ""
    reason = f"It holds: {measured.told}, {why}{blind}"
    return _Said(MetricVerdict.PASS, _with_n(reason, p, before, after), found)


def _interval(
    after: Values, before: Values, options: Options
) -> tuple[float | None, float | None, float | None]:
    """Return the shift's interval and estimate, in the metric's unit; None when all are tied."""
    reach = NormalDist().inv_cdf(1 - options.alpha / 2) * math.sqrt(inflation_of(before))
    confidence = 1 - max(math.erfc(reach / math.sqrt(2)), 1e-12)
    try:
        shift = location_shift(after, before, confidence)
    except Tied:
        return None, None, None
    return shift.low, shift.high, shift.estimate


def _with_n(reason: str, p: float, before: Values, after: Values) -> str:
    return f"{reason} (p {p:.2g}; {before.size} control and {after.size} canary values)."


@dataclass(frozen=True, slots=True)
class _Measured:
    """An effect, the bounds that it is held against, and its words."""

    found: Found
    effect: float
    told: str
    high: float
    low: float
    fatal_high: float
    fatal_low: float


def _measured(metric: MetricConfig, before: Values, after: Values, options: Options) -> _Measured:
    size = metric.effect
    base, mean = float(before.mean()), float(after.mean())
    noise = math.sqrt(_variance(before) / before.size + _variance(after) / after.size)
    noise *= math.sqrt(inflation_of(before))
    reach = NormalDist().inv_cdf(1 - options.alpha / 2) + NormalDist().inv_cdf(POWER)
    detectable = finite(reach * noise / abs(base)) if base else None
    if size.measure is Measure.CLES:
        effect = cles(after, before)
        told = f"larger than the control in {effect:.1%} of pairs".replace("%", " %")
        found = Found("cles", effect, detectable=detectable)
        return _bounded(found, effect, told, metric, 0.5, options.effect_floor)
    if base == 0:
        told = f"its mean is {mean:.6g} where the control's is zero"
        found, floor = Found("absolute", mean), options.absolute_floor
        return _Measured(found, mean, told, floor, -floor, floor, -floor)
    effect = 1 + (mean - base) / abs(base)
    told = f"its mean is {effect:.4g} times the control's"
    if not math.isfinite(effect):
        told = f"its mean is {mean:.3g} against {base:.3g}"
    found = Found("meanRatio", finite(effect), detectable=detectable)
    return _bounded(found, effect, told, metric, 1.0, options.effect_floor)


def _bounded(
    found: Found, effect: float, told: str, metric: MetricConfig, same: float, floor: float
) -> _Measured:
    """Return the effect with the bounds of the configuration, else those of the floor."""
    size = metric.effect
    high = same + floor if size.allowed_increase is None else size.allowed_increase
    low = same - floor if size.allowed_decrease is None else size.allowed_decrease
    fatal_high = high if size.critical_increase is None else size.critical_increase
    fatal_low = low if size.critical_decrease is None else size.critical_decrease
    return _Measured(found, effect, told, high, low, fatal_high, fatal_low)


def _variance(values: Values) -> float:
    return float(values.var(ddof=1)) if values.size > 1 else 0.0


def _group_scores(metrics: Sequence[MetricAnswer], config: CanaryConfig) -> list[GroupScore]:
    """Return each group's share of metrics that are proven good; an unknown one is not."""
    groups = grouped(metrics)
    weights = weights_of(list(groups), config)
    return [
        GroupScore(
            name,
            100.0 * _share(members, proven=True),
            weights[name],
            not any(member.verdict.is_known for member in members),
        )
        for name, members in groups.items()
    ]


def _share(members: Sequence[MetricAnswer], *, proven: bool) -> float:
    good = sum(
        member.verdict is MetricVerdict.PASS or not (proven or member.verdict.is_known)
        for member in members
    )
    return good / len(members)


def _score(
    groups: Sequence[GroupScore], metrics: Sequence[MetricAnswer], *, proven: bool
) -> float | None:
    """Return the score, 0 to 100: unknown metrics as not good, or (not `proven`) all as good."""
    members = grouped(metrics)
    total = math.fsum(group.weight for group in groups)
    if total <= 0:
        return None
    shares = (group.weight * _share(members[group.name], proven=proven) for group in groups)
    return round(100 * math.fsum(shares) / total, 2)


def _verdict(
    metrics: Sequence[MetricAnswer], groups: Sequence[GroupScore], config: CanaryConfig
) -> tuple[Verdict, str]:
    """Return the verdict and why: what holds whatever the unknown metrics would have said."""
    fatal = [metric for metric in metrics if metric.is_fatal]
    if fatal:
        return Verdict.FAIL, f"the critical metric {fatal[0].config.name} is worse."
    least = _score(groups, metrics, proven=True)
    most = _score(groups, metrics, proven=False)
    if least is None or most is None:
        return Verdict.NO_DATA, "no metric counts; give one a weight and do not mute all."
    told = _told(metrics, least, config)
    if most < config.marginal_score:
        return Verdict.FAIL, told
    unknown = _unknown(metrics)
    if unknown or least < config.marginal_score:
        return Verdict.NO_DATA, unknown or told
    return (Verdict.PASS if least >= config.pass_score else Verdict.MARGINAL), told


def _unknown(metrics: Sequence[MetricAnswer]) -> str:
    """Return why the metrics without an answer keep the canary from one, or nothing."""
    unknown = [metric for metric in metrics if not metric.verdict.is_known]
    needed = [one for one in unknown if one.config.is_critical or one.config.must_have_data]
    if needed:
        name, verdict = needed[0].config.name, needed[0].verdict
        return f"{name} has to answer and does not ({verdict.value}). {needed[0].reason}"
    if metrics and len(unknown) / len(metrics) >= UNKNOWN_SHARE:
        return f"{len(unknown)} of {len(metrics)} metrics have no answer. {unknown[0].reason}"
    return ""


def _told(metrics: Sequence[MetricAnswer], score: float, config: CanaryConfig) -> str:
    worse = [metric.config.name for metric in metrics if metric.verdict.is_bad]
    silent = sum(not metric.verdict.is_known for metric in metrics)
    parts = [f"score {score:g} of 100 (pass from {config.pass_score:g})"]
    if worse:
        shown = ", ".join(worse[:3]) + (", …" if len(worse) > 3 else "")
        parts.append(f"{len(worse)} of {len(metrics)} metrics worse: {shown}")
    if silent:
        parts.append(f"{silent} without an answer")
    return "; ".join(parts) + "."
