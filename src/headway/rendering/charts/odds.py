"""Charts of odds: when it will be finished (S-curve), and how that chance moved over time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import days
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.marks import Axis, Band, Dot, Margins, Mark, Rule, Scene, Trace, Word

_PERCENT = "format(datum.value * 100, '.0f') + ' %'"
#: The lines a reader looks for: the two percentiles that we publish, and the ends.
_SHARES = Axis(0, 1.0, (0, 0.2, 0.5, 0.8, 1), _PERCENT)
#: Where the rules for the schedule's level lie (good from 0.8, at risk from 0.5).
_LEVELS = Axis(0, 1.0, (0, 0.5, 0.8, 1), _PERCENT)

Curve = tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class FinishOdds:
    """The chance to be finished on or before each day, as simulated `as_of` a day.

    `points` rise in date and share and need not reach 1: what is missing is the chance of "never".
    `p50`, `p80` are None when they fall into never. `previous` is an earlier forecast's curve.
    """

    points: Curve
    p50: date | None
    p80: date | None
    as_of: date
    target: date | None = None
    p_on_time: float | None = None
    previous: Curve = ()
    previous_as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Forecasted:
    """What one past forecast said: `as_of` that day, the chance to be on time and the P80."""

    as_of: date
    p_on_time: float
    p80: date | None


def s_curve(odds: FinishOdds, frame: Frame = WEB) -> Chart:
    """Draw the chance to be finished by each day: P50, P80, the target, the chance of never.

    Raises Invalid when there are fewer than two points.
    """
    if len(odds.points) < 2:
        sentence = f"An S-curve needs two points or more, not {len(odds.points)}; run the forecast."
        raise Invalid(sentence)
    margins = Margins(left=44, right=16)
    marks_of_days = [day for day in (odds.p50, odds.p80, odds.target) if day]
    drawn = [day for day, _ in (*_visible(odds.points), *_visible(odds.previous))]
    x = days.axis([*drawn, *marks_of_days], frame.width - margins.left - margins.right)
    marks = (
        *_curve(odds, x),
        *_never(odds, x),
        *_earlier(odds, x),
        *_target(odds, x),
        *_percentiles(odds, x),
        _heading("Chance to be finished by", x, 1),
    )
    title, note = _finish_title(odds), _finish_note(odds)
    svg = draw(Scene(x, _SHARES, marks, margins), frame, title, note)
    columns = ("By", "Chance to be finished")
    rows = tuple((phrases.day(day), phrases.share(value)) for day, value in _told(odds))
    return Chart(title, svg, columns, rows, note)


def _told(odds: FinishOdds) -> Curve:
    """Return the points with the target's own chance: theirs are whole percents, rounded down."""
    own = {odds.target: odds.p_on_time} if odds.p_on_time is not None else {}
    return tuple((day, own.get(day, value)) for day, value in odds.points)


def odds_over_time(history: tuple[Forecasted, ...], frame: Frame = WEB) -> Chart:
    """Draw how the chance to be on time moved from forecast to forecast, oldest first.

    Raises Invalid for an empty history.
    """
    if not history:
        sentence = "There is no past forecast to draw; publish a forecast first."
        raise Invalid(sentence)
    margins = Margins(left=44, right=44)
    x = days.axis([past.as_of for past in history], frame.width - margins.left - margins.right)
    points = tuple((days.place(past.as_of), past.p_on_time) for past in history)
    marks: tuple[Mark, ...] = (
        Band(((x.low, 0.8, 1.0), (x.high, 0.8, 1.0))),
        Trace(points),
        *(Dot(px, py, hollow=place < len(points) - 1) for place, (px, py) in enumerate(points)),
        *_said(history, points),
        _heading("Chance to finish on time, by day of the forecast", x, 1),
    )
    title = _history_title(history)
    note = (
        f"Last forecast {phrases.day(history[-1].as_of)}: P80 {phrases.day(history[-1].p80)}. "
        "Shaded: good, from 80 %; below 50 % is bad."
    )
    svg = draw(Scene(x, _LEVELS, marks, margins), frame, title, note)
    columns = ("Forecast of", "Chance on time", "P80")
    rows = tuple(
        (phrases.day(past.as_of), phrases.share(past.p_on_time), phrases.day(past.p80))
        for past in history
    )
    return Chart(title, svg, columns, rows, note)


def _heading(text: str, x: Axis, top: float) -> Word:
    """Say what the vertical axis counts, above it, where a rotated word would not be read."""
    return Word(x.low, top, text, ink="muted", baseline="bottom", dx=-36, dy=-20)


def _visible(curve: Curve) -> Curve:
    """Drop the long tail above 99 %: one outlier would press the rest of the curve together."""
    reached = curve[-1][1] if curve else 0.0
    return tuple((day, share) for day, share in curve if share <= reached * 0.995)


def _share_at(curve: Curve, day: date) -> float:
    """Return the share on or before `day`: the last point that is not later."""
    place = bisect_right([point for point, _ in curve], day)
    return curve[place - 1][1] if place else 0.0


def _line(curve: Curve, x: Axis) -> tuple[tuple[float, float], ...]:
    """Return the curve as drawn: from zero on the left edge to its last share on the right edge."""
    inner = [(days.place(day), share) for day, share in curve if days.place(day) <= x.high]
    return ((x.low, 0.0), *inner, (x.high, _share_at(curve, curve[-1][0])))


def _curve(odds: FinishOdds, x: Axis) -> tuple[Mark, ...]:
    line = _line(odds.points, x)
    marks: list[Mark] = []
    if odds.target is not None:
        edge = days.place(odds.target)
        before = [(px, 0.0, py) for px, py in line if px <= edge]
        before.append((edge, 0.0, _share_at(odds.points, odds.target)))
        marks.append(Band(tuple(before)))
    return (*marks, Trace(line))


def _never(odds: FinishOdds, x: Axis) -> tuple[Mark, ...]:
    """Draw the plateau below 1: a bracket at the right edge, with its word."""
    reached = odds.points[-1][1]
    if reached > 0.995:
        return ()
    words = f"never: {phrases.share(1 - reached)}"
    return (
        Rule(x.high, reached, x.high, 1, ink="c2", width=4),
        Word(x.high, (1 + reached) / 2, words, ink="c2", align="right", dx=-8, bold=True),
    )


def _earlier(odds: FinishOdds, x: Axis) -> tuple[Mark, ...]:
    if not odds.previous:
        return ()
    line = _line(odds.previous, x)
    return (Trace(line, ink="muted", dash="dashed", width=1.5),)


def _target(odds: FinishOdds, x: Axis) -> tuple[Mark, ...]:
    if odds.target is None:
        return ()
    at = days.place(odds.target)
    chance = odds.p_on_time if odds.p_on_time is not None else _share_at(odds.points, odds.target)
    late = (at - x.low) / (x.high - x.low) > 0.68
    return (
        Rule(at, 0, at, 1, ink="target", dash="dashed", width=1.5),
        Word(
            at,
            1,
            f"Target {phrases.short_day(odds.target)}",
            ink="target",
            align="right" if late else "center",
            baseline="bottom",
            dy=-4,
            bold=True,
        ),
        Dot(at, _share_at(odds.points, odds.target), ink="target", shape="diamond", size=90),
        Word(
            at,
            _share_at(odds.points, odds.target),
            f"{phrases.share(chance)} on time",
            align="right",
            dx=-10,
            dy=-8,
            size=12,
            bold=True,
        ),
    )


def _percentiles(odds: FinishOdds, x: Axis) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for name, day in (("P50", odds.p50), ("P80", odds.p80)):
        if day is None:
            continue
        at, share = days.place(day), _share_at(odds.points, day)
        words = f"{name}  {phrases.short_day(day)}"
        edge = (at - x.low) / (x.high - x.low) > 0.8
        marks += [
            Rule(at, 0, at, share, ink="c1", dash="dotted"),
            Dot(at, share, size=70),
            Word(
                at,
                share,
                words,
                align="right" if edge else "left",
                dx=-2 if edge else 9,
                dy=16 if edge else 5,
                size=12,
                bold=True,
            ),
        ]
    return tuple(marks)


def _finish_title(odds: FinishOdds) -> str:
    if odds.target is None:
        return f"Finished by {phrases.span(odds.p50, odds.p80)}."
    chance = odds.p_on_time if odds.p_on_time is not None else _share_at(odds.points, odds.target)
    by = f"{phrases.share(chance)} chance to finish by {phrases.day(odds.target)}"
    if odds.p80 is None:
        return f"{by}; no P80, because too many outcomes never finish."
    return f"{by}; P80 is {phrases.day(odds.p80)}."


def _finish_note(odds: FinishOdds) -> str:
    sentences = [f"As of {phrases.day(odds.as_of)}."]
    if odds.previous:
        earlier = f" as of {phrases.day(odds.previous_as_of)}" if odds.previous_as_of else ""
        sentences.append(f"Dashed curve: the previous forecast{earlier}.")
    if odds.points[-1][1] <= 0.995:
        never = phrases.share(1 - odds.points[-1][1])
        sentences.append(f"In {never} of the simulated outcomes it never finishes.")
    return " ".join(sentences)


def _said(history: tuple[Forecasted, ...], points: tuple[tuple[float, float], ...]) -> list[Word]:
    """Word the last chance in bold beside its dot, and the first."""
    (first_x, first_y), (last_x, last_y) = points[0], points[-1]
    last = Word(
        last_x, last_y, phrases.share(history[-1].p_on_time), dx=9, size=13, bold=True, align="left"
    )
    if len(points) == 1:
        return [last]
    first = phrases.share(history[0].p_on_time)
    return [Word(first_x, first_y, first, align="center", baseline="top", dy=9), last]


def _history_title(history: tuple[Forecasted, ...]) -> str:
    now = phrases.share(history[-1].p_on_time)
    if len(history) == 1:
        return f"The chance to finish on time is {now}."
    before, since = phrases.share(history[-2].p_on_time), phrases.day(history[-2].as_of)
    if before == now:
        return f"The chance to finish on time stays at {now} since {since}."
    verb = "rose" if history[-1].p_on_time > history[-2].p_on_time else "fell"
    return f"The chance to finish on time {verb} from {before} to {now} since {since}."
