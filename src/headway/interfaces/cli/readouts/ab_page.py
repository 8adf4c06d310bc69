"""The answer of `headway readout ab` as one HTML page, and as test cases for CI."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Literal

from headway.analysis.trials.answer import chance, odds, percent, plain
from headway.rendering.charts.effects import (
    EffectLooks,
    Look,
    MetricEffect,
    effect_over_looks,
    metric_effects,
)
from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of

if TYPE_CHECKING:
    from headway.analysis.trials import MetricAnswer, Readout
    from headway.rendering.charts.chart import Chart

#: What a decision is as a verdict: shipping is the only good one.
_VERDICTS = {"ship": "met", "stop": "unmet", "keep running": "insufficient", "invalid": "error"}
#: Metrics that are drawn over their looks.
_DRAWN = 6


def as_page(answer: Readout) -> CheckPage:
    """Return the report: the decision, the split, each metric, how it stood look by look."""
    ratio = answer.sample_ratio
    return CheckPage(
        title="Online experiment",
        subject=answer.table,
        answer=answer.sentence,
        level=level_of(_VERDICTS[answer.decision.value]),
        facts=(
            Fact("Decision", answer.decision.value, f"alpha {answer.plan.alpha:g}"),
            Fact("Units", f"{answer.units:,}", _planned(answer)),
            Fact("Split", ratio.verdict, f"p {chance(ratio.p)}"),
            Fact("Looks", f"{answer.looks:,}", answer.method),
        ),
        grids=(_metrics(answer), _reasons(answer)),
        charts=_charts(answer),
        notes=(*answer.deviations, *answer.notes),
        method=(("Method", answer.method), ("Split", ratio.sentence), *_agreed(answer)),
    )


def as_cases(answer: Readout) -> list[Case]:
    """Return a test case for the decision, the split, and each metric of each variant."""
    ratio = answer.sample_ratio
    decided = Case("trial", "decision", _VERDICTS[answer.decision.value], answer.sentence)
    return [
        decided,
        Case("trial", "split", ratio.verdict, ratio.sentence),
        *(
            Case(one.variant, one.metric.name, one.verdict.value, one.sentence)
            for one in answer.metrics
        ),
    ]


def _planned(answer: Readout) -> str:
    planned = answer.plan.planned
    return "" if planned is None else f"of {planned:,} planned"


def _agreed(answer: Readout) -> tuple[tuple[str, str], ...]:
    plan = answer.agreed
    if plan is None:
        return ()
    locked = f"locked on {plan.locked_on}" if plan.locked_on else "not locked"
    told = f"{plan.digest}, {locked}, {len(plan.amendments)} amendments"
    return (("Hypothesis", plan.hypothesis or "not written"), ("Plan", told))


def _metrics(answer: Readout) -> Grid:
    heads = (
        "Metric",
        "Variant",
        "Control",
        "Treatment",
        "Change",
        "Interval",
        "p",
        "Verdict",
    )
    rows = tuple(
        (
            Cell(one.metric.name),
            Cell(one.variant),
            Cell(plain(one.control)),
            Cell(plain(one.treatment)),
            Cell(percent(one.relative)),
            Cell(_interval(one)),
            Cell(_p(one)),
            Cell(one.verdict.value, level=level_of(one.verdict.value)),
        )
        for one in answer.metrics
    )
    return Grid("metrics", "Metrics", heads, rows, "No metric.")


def _reasons(answer: Readout) -> Grid:
    rows = tuple((Cell(one.verdict.value), Cell(one.sentence)) for one in answer.metrics)
    return Grid("reasons", "What the verdicts rest on", ("Verdict", "Because"), rows, "No metric.")


def _interval(one: MetricAnswer) -> str:
    if one.relative_low is None:
        return "n/a"
    return f"{percent(one.relative_low)} to {percent(one.relative_high)}"


def _p(one: MetricAnswer) -> str:
    if one.chance_to_win is not None:
        return f"wins {odds(one.chance_to_win)}"
    p = one.p if one.p_adjusted is None else one.p_adjusted
    return "n/a" if p is None else chance(p)


def _charts(answer: Readout) -> tuple[Chart, ...]:
    known = [one for one in answer.metrics if one.relative is not None]
    if not known:
        return ()
    over = [_over_looks(one, answer) for one in known[:_DRAWN]]
    return (metric_effects([_effect(one, answer) for one in known]), *filter(None, over))


def _effect(one: MetricAnswer, answer: Readout) -> MetricEffect:
    several = len(answer.variants) > 1
    role: Literal["primary", "secondary", "guardrail"] = "secondary"
    if one.metric.is_guardrail:
        role = "guardrail"
    elif one.metric == answer.metrics[0].metric:
        role = "primary"
    return MetricEffect(
        metric=f"{one.metric.name}, {one.variant}" if several else one.metric.name,
        effect=one.relative,
        low=one.relative_low,
        high=one.relative_high,
        verdict=one.verdict.value,
        role=role,
        margin=one.metric.margin,
        direction="maximise" if one.metric.higher_is_better else "minimise",
    )


def _over_looks(one: MetricAnswer, answer: Readout) -> Chart | None:
    """Draw the lift over its looks, where the looks are days."""
    looks = [
        Look(day, point.n, point.relative, point.relative_low, point.relative_high)
        for point in one.path
        if (day := _day(point.look)) is not None
    ]
    if len(looks) < 2 or all(look.effect is None for look in looks):
        return None
    return effect_over_looks(
        EffectLooks(
            metric=f"{one.metric.name} of {one.variant}, relative",
            looks=tuple(looks),
            direction="maximise" if one.metric.higher_is_better else "minimise",
            margin=one.metric.margin,
            method=answer.method,
        )
    )


def _day(look: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(look), time(), UTC)
    except ValueError:
        return None
