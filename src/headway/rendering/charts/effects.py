"""An online experiment: its effect at each look with the interval that looks may not spoil, and
the effect on every metric beside the margin it must keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import days, scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.inks import Ink
from headway.rendering.charts.marks import (
    Axis,
    Band,
    Dot,
    Margins,
    Mark,
    Rule,
    Scene,
    Shape,
    Trace,
    Word,
)

Direction = Literal["maximise", "minimise"]

_NAMES = 190
_PITCH = 34
_NARROW_PITCH = 50


@dataclass(frozen=True, slots=True)
class Look:
    """What was known of one metric at one look: units seen, the effect and its interval."""

    at: datetime
    n: int
    effect: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class EffectLooks:
    """A metric of an experiment over its looks. `margin` is the loss that is still accepted."""

    metric: str
    looks: tuple[Look, ...]
    direction: Direction = "maximise"
    margin: float | None = None
    method: str = ""


@dataclass(frozen=True, slots=True)
class MetricEffect:
    """The relative effect on one metric, its interval, and the verdict in words.

    `is_worse` says what the interval alone does not: None leaves it to whether it excludes zero.
    """

    metric: str
    effect: float | None
    low: float | None
    high: float | None
    verdict: str
    role: Literal["primary", "secondary", "guardrail"] = "primary"
    margin: float | None = None
    direction: Direction = "maximise"
    is_worse: bool | None = None


def effect_over_looks(told: EffectLooks, frame: Frame = WEB) -> Chart:
    """Draw the effect at each look within its interval, against no effect at all.

    Raises Invalid when no look has an effect.
    """
    looks = sorted(told.looks, key=lambda look: look.at)
    known = [v for look in looks for v in (look.effect, look.low, look.high) if v is not None]
    if not known:
        sentence = f"No look has an effect on {told.metric} yet."
        raise Invalid(sentence)
    margins = Margins(left=58, right=92)
    x = days.axis([look.at.date() for look in looks], frame.width - margins.left - margins.right)
    y = scales.values([0.0, *known, *([] if told.margin is None else [_limit(told)])])
    title, note = _finding(told, looks), _looked(told, looks)
    marks = (
        *_interval(looks),
        Rule(x.low, 0, x.high, 0, "target", "dashed", 1.5),
        Word(x.high, 0, "No effect", dx=9, bold=True),
        *_margin(told, x),
        *(
            Dot(days.instant(look.at), look.effect, "c1", hollow=not _is_shown(look), size=52)
            for look in looks
            if look.effect is not None
        ),
        Word(x.low, y.high, f"effect on {told.metric}", "muted", dx=-48, dy=-24),
    )
    svg = draw(Scene(x, y, marks, margins, 250), frame, title, note)
    columns = ("Look", "Units", "Effect", "Low", "High")
    return Chart(title, svg, columns, tuple(_look_row(look) for look in looks), note)


def metric_effects(rows: Sequence[MetricEffect], frame: Frame = WEB) -> Chart:
    """Draw the relative effect on each metric with its interval, guardrails with their margin.

    Raises Invalid when no metric has an effect.
    """
    known = [
        value
        for row in rows
        for value in (row.effect, row.low, row.high, _limit(row) if row.margin else None)
        if value is not None
    ]
    if not known:
        sentence = "No metric has an effect yet, so there is nothing to compare."
        raise Invalid(sentence)
    pitch = _NARROW_PITCH if frame.narrow else _PITCH
    margins = Margins(left=14 if frame.narrow else _NAMES, right=96)
    x = scales.values([0.0, *known], most=5)
    x = Axis(x.low, x.high, x.ticks, "datum.value == 0 ? '0 %' : format(datum.value, '+.1%')")
    y = Axis(-0.5, len(rows) - 0.5, falls=True)
    marks: list[Mark] = [Rule(0, y.low, 0, y.high, "target", "dashed", 1.5)]
    for place, row in enumerate(rows):
        marks += _metric(row, place, x, frame)
    title = _verdicts(rows)
    note = "Relative effect with its interval. Ticks: the margin that a guardrail must stay inside."
    height = len(rows) * pitch + margins.top + margins.bottom
    svg = draw(Scene(x, y, tuple(marks), margins, height), frame, title, note)
    columns = ("Metric", "Role", "Effect", "Low", "High", "Verdict")
    return Chart(title, svg, columns, tuple(_metric_row(row) for row in rows), note)


def _limit(told: EffectLooks | MetricEffect) -> float:
    """Return where the margin stands: below zero for what should grow, else above."""
    margin = abs(told.margin or 0.0)
    return -margin if told.direction == "maximise" else margin


def _is_shown(look: Look) -> bool:
    """Say whether the interval of a look leaves out no effect."""
    return look.low is not None and look.high is not None and (look.low > 0 or look.high < 0)


def _interval(looks: Sequence[Look]) -> list[Mark]:
    points = tuple(
        (days.instant(look.at), look.low, look.high)
        for look in looks
        if look.low is not None and look.high is not None
    )
    line = tuple((days.instant(k.at), k.effect) for k in looks if k.effect is not None)
    if len(points) == 1:
        at, low, high = points[0]
        return [Rule(at, low, at, high, "c1", width=2.5)]
    return [Band(points), Trace(line, "c1", width=1.75)]


def _margin(told: EffectLooks, x: Axis) -> list[Mark]:
    if told.margin is None:
        return []
    limit = _limit(told)
    return [
        Rule(x.low, limit, x.high, limit, "c2", "dotted", 1.5),
        Word(x.high, limit, "Margin", "c2", dx=9),
    ]


def _finding(told: EffectLooks, looks: Sequence[Look]) -> str:
    last = looks[-1]
    seen = f"after {phrases.quantity(len(looks), 'look')} and {last.n:,} units"
    if last.effect is None or last.low is None or last.high is None:
        return f"{told.metric}: no effect can be stated {seen}."
    said = (
        f"{phrases.number(last.effect, 4)} ({phrases.number(last.low, 4)} to "
        f"{phrases.number(last.high, 4)})"
    )
    if not _is_shown(last):
        return f"{told.metric}: {said} {seen}; no effect is not ruled out."
    better = (last.effect > 0) == (told.direction == "maximise")
    return f"{told.metric} is {'better' if better else 'worse'}: {said} {seen}."


def _looked(told: EffectLooks, looks: Sequence[Look]) -> str:
    method = f"{told.method}. " if told.method else ""
    shown = next((look for look in looks if _is_shown(look)), None)
    first = f" First on {phrases.day(shown.at.date())}." if shown else ""
    return f"{method}Band: the interval. Filled dots: looks that rule out no effect.{first}"


def _look_row(look: Look) -> tuple[str, ...]:
    said = (phrases.number(value, 4) for value in (look.effect, look.low, look.high))
    return (phrases.moment(look.at), f"{look.n:,}", *said)


def _metric(row: MetricEffect, place: int, x: Axis, frame: Frame) -> list[Mark]:
    ink, shape = _look_of(row)
    name = row.metric if row.role == "primary" else f"{row.metric} ({row.role})"
    marks: list[Mark] = [Rule(x.low, place, x.high, place, "grid", width=1)]
    if frame.narrow:
        marks.append(Word(x.low, place, name, dy=-15, limit=frame.width - 110, bold=True))
    else:
        marks.append(Word(x.low, place, name, align="right", dx=-8, limit=_NAMES - 12))
    if row.margin:
        limit = _limit(row)
        marks.append(Rule(limit, place - 0.32, limit, place + 0.32, "c2", width=2))
    if row.low is not None and row.high is not None:
        marks.append(Rule(row.low, place, row.high, place, ink, width=2.5))
    if row.effect is not None:
        marks.append(Dot(row.effect, place, ink, shape))
    marks.append(Word(x.high, place, row.verdict, ink if shape == "diamond" else "text", dx=10))
    return marks


def _look_of(row: MetricEffect) -> tuple[Ink, Shape]:
    """Return how a row is drawn: a diamond for harm, a circle else, grey where nothing is shown."""
    if row.is_worse:
        return "c2", "diamond"
    if row.low is None or row.high is None:
        return "muted", "circle"
    harmed = row.high < 0 if row.direction == "maximise" else row.low > 0
    if harmed and row.is_worse is None:
        return "c2", "diamond"
    gained = row.low > 0 if row.direction == "maximise" else row.high < 0
    return ("c1", "circle") if gained else ("muted", "circle")


def _verdicts(rows: Sequence[MetricEffect]) -> str:
    primary = next((row for row in rows if row.role == "primary"), rows[0])
    harmed = [row.metric for row in rows if _look_of(row)[1] == "diamond"]
    said = f"{primary.metric}: {phrases.share(primary.effect, exact=True)}, {primary.verdict}"
    if not harmed:
        return f"{said}; no metric is shown to be worse."
    return f"{said}; worse: {', '.join(harmed[:3])}."


def _metric_row(row: MetricEffect) -> tuple[str, ...]:
    said = (phrases.share(value, exact=True) for value in (row.effect, row.low, row.high))
    return (row.metric, row.role, *said, row.verdict)
