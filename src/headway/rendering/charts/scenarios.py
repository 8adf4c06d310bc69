"""The chance to be finished by each day, of several plans over each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import days
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.inks import Ink
from headway.rendering.charts.marks import Axis, Dash, Dot, Margins, Mark, Rule, Scene, Trace, Word

_SHARES = Axis(0, 1.0, (0, 0.2, 0.5, 0.8, 1), "format(datum.value * 100, '.0f') + ' %'")
_INKS: tuple[Ink, ...] = ("muted", "c1", "c2", "c3", "c4")
_DASHES: tuple[Dash, ...] = ("dashed", "solid", "solid", "dotted", "solid")

Curve = tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class PlanOdds:
    """One plan: its name, its S-curve (day, share), its P80; None when it falls into never."""

    name: str
    points: Curve
    p80: date | None


def plans_over_each_other(
    plans: Sequence[PlanOdds], target: date | None = None, frame: Frame = WEB
) -> Chart:
    """Draw the S-curves of up to five plans, the first of which is the plan as it stands.

    Raises Invalid when none has two points.
    """
    shown = [plan for plan in plans if len(plan.points) > 1]
    if not shown:
        sentence = "No plan has an S-curve of two points or more; work the scenarios out first."
        raise Invalid(sentence)
    margins = Margins(left=44, right=16)
    marked = [day for plan in shown for day, share in plan.points if share <= 0.995]
    x = days.axis(
        [*marked, *([target] if target else [])], frame.width - margins.left - margins.right
    )
    marks: list[Mark] = [
        Word(x.low, 1, "Chance to be finished by", ink="muted", baseline="bottom", dx=-36, dy=-20)
    ]
    if target is not None:
        at = days.place(target)
        marks += [
            Rule(at, 0, at, 1, ink="target", dash="dashed", width=1.5),
            Word(
                at,
                1,
                f"Target {phrases.short_day(target)}",
                align="center",
                baseline="bottom",
                dy=-4,
            ),
        ]
    for place, plan in enumerate(shown):
        marks += _plan(plan, place, x)
    title = _title(shown)
    note = "Dashed: the plan as it stands. Dots: P80. All on the same random numbers."
    svg = draw(Scene(x, _SHARES, tuple(marks), margins), frame, title, note)
    columns = ("By", *(plan.name for plan in shown))
    every = sorted({day for plan in shown for day, _ in plan.points})
    chosen = every[:: max(1, len(every) // 60)]
    rows = tuple(
        (phrases.day(day), *(phrases.share(_share_at(plan.points, day)) for plan in shown))
        for day in chosen
    )
    return Chart(title, svg, columns, rows, note)


def _plan(plan: PlanOdds, place: int, x: Axis) -> list[Mark]:
    """Draw one curve, its P80 as a dot, and its name in the empty corner above the curves."""
    ink, dash = _INKS[place % len(_INKS)], _DASHES[place % len(_DASHES)]
    inner = [(days.place(day), share) for day, share in plan.points if days.place(day) <= x.high]
    line = ((x.low, 0.0), *inner, (x.high, plan.points[-1][1]))
    width = 2.25 if place else 1.75
    height, step = 0.94 - 0.09 * place, (x.high - x.low) * 0.03
    marks: list[Mark] = [
        Trace(line, ink=ink, dash=dash, width=width),
        Rule(x.low + step * 0.4, height, x.low + step * 1.4, height, ink=ink, dash=dash, width=3),
        Word(x.low + step * 1.4, height, plan.name, ink=ink, dx=6, bold=True, limit=190),
    ]
    if plan.p80 is not None and days.place(plan.p80) <= x.high:
        at = days.place(plan.p80)
        marks.append(Dot(at, _share_at(plan.points, plan.p80), ink=ink, size=50))
    return marks


def _share_at(curve: Curve, day: date) -> float:
    place = bisect_right([point for point, _ in curve], day)
    return curve[place - 1][1] if place else 0.0


def _title(plans: Sequence[PlanOdds]) -> str:
    """Say which plan lands first at P80, and when."""
    dated = [(plan.p80, plan.name) for plan in plans if plan.p80 is not None]
    if not dated:
        return "No plan has a P80: too many outcomes never finish."
    day, name = min(dated)
    others = [one for one in dated if one[1] != name]
    if others and all(one[0] == day for one in others):
        return f"All land on {phrases.day(day)} at P80."
    return f"{name} lands first at P80, on {phrases.day(day)}."
