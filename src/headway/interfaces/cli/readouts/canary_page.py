"""The answer of `headway readout canary` as one HTML page, and as test cases for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.rendering import phrases
from headway.rendering.charts.effects import MetricEffect, metric_effects
from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of

if TYPE_CHECKING:
    from headway.analysis.trials.canary import CanaryAnswer
    from headway.analysis.trials.canary.answer import MetricAnswer
    from headway.rendering.charts.chart import Chart

#: The verdict on a canary, and on a metric, in words that every page and CI knows.
_CANARY = {"pass": "met", "marginal": "unmet", "fail": "unmet", "no data": "missing"}
_METRIC = {"pass": "met", "high": "unmet", "low": "unmet", "no data": "missing"}
_METRIC |= {"insufficient": "insufficient", "error": "error"}


def as_page(answer: CanaryAnswer, subject: str) -> CheckPage:
    """Return the report: the verdict, each metric of both sides, groups and how it was judged."""
    score = "n/a" if answer.score is None else f"{answer.score:g}"
    config = answer.config
    return CheckPage(
        title="Canary",
        subject=subject,
        answer=answer.sentence,
        level=level_of(_CANARY[answer.verdict.value]),
        facts=(
            Fact("Verdict", answer.verdict.value, f"judged by {answer.judge}"),
            Fact("Score", score, f"pass from {config.pass_score:g}"),
            Fact("Metrics", f"{len(answer.metrics)}", _grouped(answer)),
        ),
        grids=(_metrics(answer), _reasons(answer), _groups(answer)),
        charts=_charts(answer),
        notes=tuple(answer.notes),
        method=(
            ("Judge", answer.judge),
            ("Thresholds", f"pass {config.pass_score:g}, marginal {config.marginal_score:g}"),
            ("Seed", f"{answer.seed}"),
        ),
    )


def as_cases(answer: CanaryAnswer) -> list[Case]:
    """Return a test case for the canary, and one for each metric that counts."""
    whole = Case("canary", "verdict", _CANARY[answer.verdict.value], answer.sentence)
    return [
        whole,
        *(
            Case("canary", one.config.name, _METRIC[one.verdict.value], one.reason)
            for one in answer.metrics
            if not one.config.is_muted
        ),
    ]


def _grouped(answer: CanaryAnswer) -> str:
    return f"in {phrases.quantity(len(answer.groups), 'group')}"


def _metrics(answer: CanaryAnswer) -> Grid:
    heads = ("Metric", "Control", "Canary", "Change", "Interval", "Values", "Verdict")
    rows = tuple(
        (
            Cell(one.config.name + (" (muted)" if one.config.is_muted else "")),
            Cell(_plain(one.control.mean)),
            Cell(_plain(one.canary.mean)),
            Cell(_percent(_relative(one, one.found.estimate))),
            Cell(_interval(one)),
            Cell(f"{one.control.n} and {one.canary.n}"),
            Cell(one.verdict.value, level=level_of(_METRIC[one.verdict.value])),
        )
        for one in answer.metrics
    )
    return Grid("metrics", "Metrics", heads, rows, "No metric.")


def _reasons(answer: CanaryAnswer) -> Grid:
    rows = tuple((Cell(one.config.name), Cell(one.reason)) for one in answer.metrics)
    return Grid("reasons", "What the verdicts rest on", ("Metric", "Because"), rows, "No metric.")


def _groups(answer: CanaryAnswer) -> Grid:
    rows = tuple(
        (
            Cell(group.name),
            Cell(f"{group.weight:g} %"),
            Cell("no data" if group.has_no_data else f"{group.score:g}"),
        )
        for group in answer.groups
    )
    return Grid("groups", "Groups", ("Group", "Weight", "Score"), rows, "No group.")


def _charts(answer: CanaryAnswer) -> tuple[Chart, ...]:
    drawn = [
        MetricEffect(
            metric=one.config.name,
            effect=_relative(one, one.found.estimate),
            low=_relative(one, one.found.low),
            high=_relative(one, one.found.high),
            verdict=one.verdict.value,
            direction="maximise" if one.config.direction.value == "decrease" else "minimise",
            is_worse=one.verdict.is_bad,
        )
        for one in answer.metrics
        if _relative(one, one.found.estimate) is not None
    ]
    return (metric_effects(drawn[:40]),) if drawn else ()


def _relative(one: MetricAnswer, shift: float | None) -> float | None:
    """Return a shift as a share of the control's mean; None where there is no mean but zero."""
    base = one.control.mean
    return None if shift is None or not base else shift / abs(base)


def _interval(one: MetricAnswer) -> str:
    low, high = _relative(one, one.found.low), _relative(one, one.found.high)
    return "n/a" if low is None or high is None else f"{_percent(low)} to {_percent(high)}"


def _plain(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.6g}"


def _percent(share: float | None) -> str:
    return "n/a" if share is None else f"{100 * share:+.1f} %"
