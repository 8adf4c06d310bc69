"""Time and money together: futures as dots, and the pairs that hold both with a chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import days, scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.marks import (
    Axis,
    Dash,
    Dot,
    Margins,
    Mark,
    Rule,
    Scene,
    Trace,
    Word,
)

Pairs = tuple[tuple[date, Decimal], ...]

#: How the lines are told apart without colour, by percent.
_DASHES: dict[int, Dash] = {80: "solid", 70: "dashed", 50: "dotted"}
#: Beyond this share of the futures on either axis a dot is left out: one would shrink the rest.
_SHOWN = 0.99


@dataclass(frozen=True, slots=True)
class Frontier:
    """The least budget for each date that holds both with `percent`.

    `balanced` is the pair that asks as much of time as of money.
    """

    percent: int
    pairs: Pairs
    balanced: tuple[date, Decimal]


@dataclass(frozen=True, slots=True)
class JointOdds:
    """Futures as (finish, cost), the frontiers by rising chance, and what was promised."""

    points: Pairs
    frontiers: tuple[Frontier, ...]
    currency: str
    target: date | None = None
    budget: Decimal | None = None
    p_joint: float | None = None


def joint_odds(odds: JointOdds, frame: Frame = WEB) -> Chart:
    """Draw futures by finish and cost, with the frontier of each chance, target and budget.

    Raises Invalid without a frontier: then no chance of both reaches a half.
    """
    if not odds.frontiers or not odds.points:
        sentence = "No pair of date and budget holds in half of the futures; there is no frontier."
        raise Invalid(sentence)
    margins = Margins(left=58, right=52, top=44)
    shown = _shown(odds)
    last = max(day for day, _ in shown)
    lines = [(one, _until(one, last)) for one in odds.frontiers]
    pairs = [pair for _, drawn in lines for pair in drawn]
    known = [day for day, _ in (*shown, *pairs)] + ([odds.target] if odds.target else [])
    x = days.axis(known, frame.width - margins.left - margins.right)
    amounts = [float(cost) for _, cost in (*shown, *pairs)]
    amounts += [float(odds.budget)] if odds.budget is not None else []
    scale, unit = _unit(max(amounts))
    y = scales.values([amount / scale for amount in amounts])
    marks = (
        *_promise(odds, x, y, scale),
        *(Dot(days.place(day), float(c) / scale, "muted", size=9) for day, c in shown),
        *(mark for one, drawn in lines for mark in _line(one, drawn, scale)),
        *_levels(lines, y, scale, frame.height - margins.top - margins.bottom),
        Word(x.low, y.high, f"Cost, {odds.currency}{unit}", "muted", dx=-50, dy=-26),
    )
    title, note = _title(odds), _note(odds)
    svg = draw(Scene(x, y, marks, margins), frame, title, note)
    rows = tuple(
        (f"{one.percent} %", phrases.day(day), phrases.money(cost, odds.currency, exact=True))
        for one in odds.frontiers
        for day, cost in one.pairs
    )
    return Chart(title, svg, ("Chance of both", "By", "With"), rows, note)


def _shown(odds: JointOdds) -> Pairs:
    place = max(int(len(odds.points) * _SHOWN) - 1, 0)
    last = sorted(day for day, _ in odds.points)[place]
    dearest = sorted(cost for _, cost in odds.points)[place]
    return tuple((day, cost) for day, cost in odds.points if day <= last and cost <= dearest)


def _unit(most: float) -> tuple[float, str]:
    known = ((1e9, " B"), (1e6, " M"), (1e3, " k"))
    return next((one for one in known if most >= one[0] * 2), (1.0, ""))


def _promise(odds: JointOdds, x: Axis, y: Axis, scale: float) -> list[Mark]:
    marks: list[Mark] = []
    if odds.target is not None:
        at = days.place(odds.target)
        words = f"Target {phrases.short_day(odds.target)}"
        late = (at - x.low) / (x.high - x.low) > 0.6
        marks += [
            Rule(at, y.low, at, y.high, "target", "dashed", 1.5),
            Word(at, y.high, words, "target", "right" if late else "left", "bottom", dy=-4),
        ]
    if odds.budget is not None:
        level = float(odds.budget) / scale
        words = f"Budget {phrases.money(odds.budget, '').strip()}"
        marks += [
            Rule(x.low, level, x.high, level, "target", "dashed", 1.5),
            Word(x.low, level, words, "target", "left", "bottom", dx=4, dy=-3),
        ]
    return marks


def _until(one: Frontier, last: date) -> Pairs:
    """Return the pairs up to the last date that is drawn, and its level at that date."""
    inner = tuple(pair for pair in one.pairs if pair[0] <= last)
    end = max(last, one.balanced[0])
    return (*inner, (end, (inner or one.pairs)[-1][1]))


def _line(one: Frontier, drawn: Pairs, scale: float) -> list[Mark]:
    points = tuple((days.place(day), float(cost) / scale) for day, cost in drawn)
    at, level = days.place(one.balanced[0]), float(one.balanced[1]) / scale
    return [
        Trace(points, "c1", _DASHES.get(one.percent, "solid"), 2.25),
        Dot(at, level, "c1", "diamond", size=80),
    ]


def _levels(lines: list[tuple[Frontier, Pairs]], y: Axis, scale: float, height: int) -> list[Mark]:
    """Say each frontier's chance at its right end."""
    ends = [(days.place(drawn[-1][0]), float(drawn[-1][1]) / scale) for _, drawn in lines]
    places = scales.apart([level for _, level in ends], 14 * (y.high - y.low) / height)
    return [
        Word(at, place, f"{one.percent} %", "c1", dx=6, bold=True, size=12)
        for (at, _), place, (one, _) in zip(ends, places, lines, strict=True)
    ]


def _title(odds: JointOdds) -> str:
    best = odds.frontiers[-1]
    by, cost = phrases.day(best.balanced[0]), phrases.money(best.balanced[1], odds.currency)
    needed = f"{best.percent} % for both takes {by} and {cost}"
    if odds.p_joint is None or odds.target is None or odds.budget is None:
        return f"{needed}."
    held = f"{phrases.day(odds.target)} and {phrases.money(odds.budget, odds.currency)}"
    return f"{phrases.share(odds.p_joint)} chance to keep both {held}; {needed}."


def _note(odds: JointOdds) -> str:
    lines = ", ".join(f"{one.percent} %" for one in odds.frontiers)
    return (
        f"Each dot is one of {len(odds.points)} simulated outcomes. Lines: the least budget for "
        f"each date that holds both with {lines}; diamonds ask as much of time as of money."
    )
