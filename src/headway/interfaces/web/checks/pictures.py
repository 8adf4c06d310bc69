"""What runs found as charts: drift over time, two distributions, segments, effects, a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from headway.domain.checks.queries import ColumnHistory, ColumnPicture, RunLine, TrialPage
from headway.domain.checks.rules import (
    ColumnResult,
    Distribution,
    EffectResult,
    MonitorFacts,
    SegmentResult,
)
from headway.errors import Invalid
from headway.interfaces.web.programs.forecasting import drawn
from headway.rendering.charts import (
    Bin,
    Chart,
    DriftCell,
    EffectLooks,
    Look,
    MetricEffect,
    SegmentRow,
    Segments,
    TwoDistributions,
    ValueAt,
    ValueHistory,
    drift_history,
    effect_over_looks,
    metric_effects,
    segments,
    two_distributions,
    value_history,
)
from headway.rendering.charts.drift_history import Standing

#: Segments that a chart shows; the table has the rest.
MOST_SEGMENTS = 30
#: Metrics whose path over the looks is drawn.
MOST_METRICS = 6
#: Metrics of which less is better.
_FALLING = ("rmse", "mae", "log_loss", "brier", "ece", "calibration")


def history_charts(history: ColumnHistory) -> list[Chart]:
    """Draw which columns drifted in which run."""
    cells = tuple(
        DriftCell(row.column, run.at, _standing(one), one.value, _bound(one.bound), one.measure)
        for row in history.rows
        for run, one in zip(history.runs, row.cells, strict=True)
        if one is not None
    )
    return [drawn(drift_history, cells)] if cells else []


def _standing(one: ColumnResult) -> Standing:
    if one.verdict == "unmet":
        return "drifted"
    return "steady" if one.verdict == "met" else "missing"


def _bound(bound: object) -> float | None:
    return float(bound) if isinstance(bound, int | float) else None


def column_charts(
    name: str, picture: ColumnPicture, told: Sequence[tuple[RunLine, ColumnResult | None]]
) -> list[Chart]:
    """Draw a column's two distributions, where they are kept, and its way over the runs."""
    charts = []
    held = picture.distribution
    if held is not None:
        finding = f"Where the values of {name} lie, beside the reference."
        counted = picture.result.n if picture.result else None
        both = TwoDistributions(name, _bins(held), finding, current_rows=counted)
        charts.append(drawn(two_distributions, both))
    cells = tuple(
        DriftCell(name, run.at, _standing(one), one.value, _bound(one.bound), one.measure)
        for run, one in told
        if one is not None
    )
    return [*charts, *([drawn(drift_history, cells)] if cells else [])]


def _bins(held: Distribution) -> tuple[Bin, ...]:
    shares = zip(held.reference, held.current, strict=True)
    if held.edges:
        ends = zip(held.edges, held.edges[1:], strict=False)
        return tuple(Bin(*pair, *end) for pair, end in zip(shares, ends, strict=True))
    return tuple(Bin(*pair, name=name) for name, pair in zip(held.labels, shares, strict=True))


def value_charts(monitor: MonitorFacts, runs: Sequence[RunLine]) -> list[Chart]:
    """Draw the number that each run found, against its bounds."""
    points = tuple(
        ValueAt(run.at, run.value, run.verdict) for run in reversed(runs) if run.state == "done"
    )
    low, high = (monitor.settings.get(name) for name in ("at_least", "at_most"))
    try:
        return [drawn(value_history, ValueHistory(monitor.name, points, low, high))]
    except Invalid:
        return []


def segment_charts(monitor: MonitorFacts, found: Sequence[SegmentResult]) -> list[Chart]:
    """Draw each metric by segment, weakest first, against its floor."""
    floors = monitor.settings.get("floors") or {}
    charts = []
    for metric in dict.fromkeys(one.metric for one in found):
        mine = [one for one in found if one.metric == metric][:MOST_SEGMENTS]
        if not any(one.value is not None for one in mine):
            continue
        rows = tuple(SegmentRow(one.segment, one.value, one.low, one.high, one.n) for one in mine)
        direction: Literal["maximise", "minimise"] = (
            "minimise" if metric in _FALLING else "maximise"
        )
        charts.append(drawn(segments, Segments(rows, metric, floors.get(metric), direction)))
    return charts


def effect_charts(effects: Sequence[EffectResult]) -> list[Chart]:
    """Draw the relative effect on each metric."""
    rows = tuple(_effect(one) for one in effects)
    if not any(row.effect is not None for row in rows):
        return []
    return [drawn(metric_effects, rows)]


def _effect(one: EffectResult) -> MetricEffect:
    scale = abs(one.control) if one.control else None
    low, high = (end / scale if end is not None and scale else None for end in (one.low, one.high))
    verdict = one.verdict or "n/a"
    role: Literal["primary", "guardrail"] = "guardrail" if one.is_guardrail else "primary"
    return MetricEffect(one.metric, one.relative, low, high, verdict, role)


def look_charts(page: TrialPage) -> list[Chart]:
    """Draw the effect on each metric over the looks, the deciding metric first."""
    held = page.trial.plan.get("metrics", ())
    plan = {one["column"]: one for one in held if isinstance(one, Mapping)}
    ordered = sorted(page.series, key=lambda name: list(plan).index(name) if name in plan else 99)
    charts = []
    for metric in ordered[:MOST_METRICS]:
        looks = tuple(
            Look(look.at, _units(look.n, one), one.effect, one.low, one.high)
            for look, one in zip(page.looks, page.series[metric], strict=True)
            if one is not None
        )
        if not any(look.effect is not None for look in looks):
            continue
        wanted = plan.get(metric, {}).get("direction", "increase")
        direction = "maximise" if wanted == "increase" else "minimise"
        method = f"Method: {page.trial.plan.get('method', '')}"
        told = EffectLooks(metric, looks, direction, None, method)  # type: ignore[arg-type]
        charts.append(drawn(effect_over_looks, told))
    return charts


def _units(n: int | None, one: EffectResult) -> int:
    known = (one.n_control or 0) + (one.n_treatment or 0)
    return known or n or 0
