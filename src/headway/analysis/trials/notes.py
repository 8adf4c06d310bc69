"""What a reader of a trial should know besides the answer, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from headway.analysis.summaries.moments import Moments
from headway.analysis.summaries.variant_sums import Lost
from headway.analysis.summaries.variants import Variants
from headway.analysis.trials.answer import MetricAnswer, percent
from headway.analysis.trials.distributions import upper_chi_square
from headway.analysis.trials.looks import Schedule
from headway.analysis.trials.metric import Kind, Metric
from headway.analysis.trials.plan import TrialPlan, Way
from headway.analysis.trials.sample_ratio import MISMATCH, SampleRatio, exposure_sentence
from headway.analysis.trials.sequential import TUNED

#: A lift beyond which the data are doubted before they are believed (Twyman's law).
UNLIKELY = 0.5
#: p-value below which arms lose units differently.
_UNEVEN = 0.001
#: From this share of the units for which intervals are tightest on, it is said that they are wide.
_FAR = 4
#: A split less likely than this is told, though it does not decide.
_ODD = 0.01
#: The largest whole number up to which a float holds each.
_EXACT = 2.0**53


def notes_on(
    found: Variants,
    plan: TrialPlan,
    ratio: SampleRatio,
    answers: Sequence[MetricAnswer],
    when: Schedule,
) -> tuple[str, ...]:
    """Return the notes on a readout, in the order of their weight."""
    total = int(found.units.sum())
    written = [exposure_sentence(found.exposed, total + found.exposed)]
    if MISMATCH <= ratio.p < _ODD:
        written.append(
            f"The split is odd (p {ratio.p:.2g}), though not below {MISMATCH}: look for units "
            "that are lost on one side."
        )
    written += _on_missing(found, plan)
    written += _on_method(plan, found, when)
    written += _on_values(found, plan, answers)
    if not plan.split:
        written.append(
            f"No split was told; an even one over {len(found.names)} variants is taken for planned."
        )
    if found.unassigned:
        written.append(f"{found.unassigned:,} rows have no variant (or no unit) and are left out.")
    return tuple(note for note in written if note)


def _on_missing(found: Variants, plan: TrialPlan) -> Iterator[str]:
    for place, metric in enumerate(plan.metrics):
        arms = found.lost[place]
        units = found.units.sum(axis=1)
        lost = Lost(*(sum(getattr(arm, name) for arm in arms) for name in _KINDS))
        if lost.units:
            yield (
                f"{metric.name}: {lost.units:,} of {int(units.sum()):,} units have no finite value "
                f"({lost.null:,} null, {lost.nan:,} NaN, {lost.infinite:,} infinite) and do not "
                f"count."
            )
            yield _unevenness(metric, [arm.units for arm in arms], units)
        if lost.covariate:
            yield (
                f"{metric.covariate}: {lost.covariate:,} units have no value before the trial; "
                f"they take its mean, so that {metric.name} of theirs is not adjusted."
            )


_KINDS = ("null", "nan", "infinite", "covariate")


def _unevenness(
    metric: Metric, lost: Sequence[int], units: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> str:
    """Return a warning where the arms lose units at different rates, by chi-square."""
    kept = units - np.array(lost)
    table = np.array([np.array(lost), kept], dtype=np.float64)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    if not np.all(expected > 0):
        return ""
    p = upper_chi_square(float(((table - expected) ** 2 / expected).sum()), len(lost) - 1)
    if p >= _UNEVEN:
        return ""
    return (
        f"{metric.name}: the variants lose units at different rates (p {p:.1g}); what is left may "
        "not be comparable. Find out why values are missing before believing the difference."
    )


def _on_method(plan: TrialPlan, found: Variants, when: Schedule) -> Iterator[str]:
    goals = len(plan.goals) * (len(found.names) - 1)
    if goals > 1 and plan.method is not Way.BAYES:
        yield (
            f"{goals} comparisons are corrected together ({plan.correction.value}); intervals are "
            "of each by itself, guardrails stand outside."
        )
    if plan.method is Way.FIXED and plan.planned is None:
        yield (
            "A fixed test counts once, at an end that was set before: say how many units were "
            "planned (--planned), or read sequentially."
        )
    if plan.method is Way.SEQUENTIAL:
        yield from _on_looks(plan, found, when)
    if plan.method is Way.BAYES and len(found.looks) > 1:
        yield "A Bayesian reading keeps no error rate over repeated looks."


def _on_looks(plan: TrialPlan, found: Variants, when: Schedule) -> Iterator[str]:
    if plan.is_group_sequential:
        taken = ", ".join(f"{share * 100:.3g} %" for share in when.fractions) or "none yet"
        yield f"Looks at {taken} of {plan.planned:,} planned units, of {plan.looks} planned looks."
        if len(found.looks) == 1 and when.at and when.index[0]:
            yield (
                "The looks before this one are taken to be where they were planned; looking more "
                "often than that needs --time, by which each look is seen."
            )
        return
    if plan.looks > 1:
        yield (
            f"The reading holds for any number of looks, so {plan.looks} need no planning; with "
            "--planned UNITS they have boundaries of their own, which are tighter."
        )
    units = int(found.units.sum())
    if plan.planned is None and units > _FAR * TUNED:
        yield (
            f"The intervals are tightest at {TUNED:,.0f} units, and {units:,} are in: naming the "
            "planned units beforehand (--planned) makes them narrower."
        )
    yield f"The intervals hold at every look, asymptotically, from {plan.fewest:,} units an arm on."


def _on_values(found: Variants, plan: TrialPlan, answers: Sequence[MetricAnswer]) -> Iterator[str]:
    for answer in answers:
        if answer.relative is not None and abs(answer.relative) > UNLIKELY:
            yield (
                f"{answer.metric.name} of {answer.variant!r} moved by {percent(answer.relative)}: "
                "so much is more often a fault in the data than an effect. Check before believing."
            )
        if answer.metric.covariate and answer.theta == 0.0 and answer.n_control:
            yield (
                f"{answer.metric.name}: the covariate {answer.metric.covariate!r} or the metric "
                f"has no spread; nothing is adjusted."
            )
    for place, metric in enumerate(plan.metrics):
        if plan.trim and metric.kind is Kind.MEAN:
            yield (
                f"{metric.name} is winsorised: what lies beyond its {plan.trim * 100:g} % and "
                f"{(1 - plan.trim) * 100:g} % quantiles is set to them, so means are not those of "
                "the data."
            )
        if any(_is_huge(arm) for arm in found.moments[place]):
            yield (
                f"{metric.name}: values near or beyond 2^53 are read as floats and lose their last "
                f"digits."
            )
        if plan.unit and metric.covariate:
            yield (
                f"{metric.covariate} is averaged over the rows of a unit, {metric.name} is "
                f"{_how(metric)}."
            )


def _is_huge(arm: Sequence[Moments]) -> bool:
    return any(
        np.any(np.hypot(one.mean, np.sqrt(np.abs(np.diagonal(one.cov)))) > _EXACT) for one in arm
    )


def _how(metric: Metric) -> str:
    return "1 where any row is 1" if metric.kind is Kind.PROPORTION else "summed"
