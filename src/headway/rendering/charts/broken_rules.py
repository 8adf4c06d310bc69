"""Rules about a table that are broken: the share of values that breaks each, beside what may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.inks import Ink
from headway.rendering.charts.marks import Axis, Dot, Margins, Mark, Rule, Scene, Word

_NAMES = 190
_PITCH, _NARROW_PITCH = 24, 40
#: Rules that are drawn; the others stand in the table of the page.
MOST = 30


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule, how many of the values that were looked at break it, and the share that may."""

    name: str
    bad: int
    checked: int
    allowed: float = 0.0
    warns: bool = False

    @property
    def share(self) -> float:
        """Return the share of values that breaks it."""
        return self.bad / self.checked


def broken_rules(rules: Sequence[BrokenRule], frame: Frame = WEB) -> Chart:
    """Draw each broken rule's share of bad values as a bar, the largest first.

    Raises Invalid when there is none.
    """
    rows = sorted((rule for rule in rules if rule.bad), key=lambda rule: (-rule.share, rule.name))
    if not rows:
        sentence = "No rule is broken by any value, so there is nothing to draw."
        raise Invalid(sentence)
    shown = rows[:MOST]
    x = Axis(0, 1, (0, 0.25, 0.5, 0.75, 1), "format(datum.value, '.0%')")
    y = Axis(-0.5, len(shown) - 0.5, falls=True)
    margins = Margins(left=10 if frame.narrow else _NAMES, right=70)
    marks = tuple(mark for place, row in enumerate(shown) for mark in _row(row, place, frame))
    pitch = _NARROW_PITCH if frame.narrow else _PITCH
    height = len(shown) * pitch + margins.top + margins.bottom
    left = f" {len(rows) - len(shown)} more are not drawn." if len(rows) > len(shown) else ""
    note = f"Bars: values that break it. Ticks: the share that may. Not bold: it only warns.{left}"
    title = (
        f"{phrases.quantity(len(rows), 'rule')} broken; most by {rows[0].name}: "
        f"{_percent(rows[0].share)} of {rows[0].checked:,} values."
    )
    svg = draw(Scene(x, y, marks, margins, height), frame, title, note)
    columns = ("Rule", "Break it", "Looked at", "Share", "May")
    return Chart(title, svg, columns, tuple(_cells(row) for row in shown), note)


def _row(row: BrokenRule, place: int, frame: Frame) -> list[Mark]:
    ink: Ink = "c1" if row.warns else "c2"
    marks: list[Mark] = [
        Rule(0, place, 1, place, "grid", width=1),
        Rule(0, place, row.share, place, ink, width=8),
        Word(1, place, _percent(row.share), dx=10, bold=not row.warns),
    ]
    if row.allowed:
        marks.append(Dot(row.allowed, place, "target", "tick", size=120))
    if frame.narrow:
        marks.append(Word(0, place, row.name, dy=-14, limit=frame.width - 20))
    else:
        marks.append(Word(0, place, row.name, align="right", dx=-12, limit=_NAMES - 20))
    return marks


def _percent(share: float) -> str:
    """Return a share in percent; never 0 % of something, nor 100 % of less than all."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f}".rstrip("0").rstrip(".") + " %"


def _cells(row: BrokenRule) -> tuple[str, ...]:
    return (
        row.name,
        f"{row.bad:,}",
        f"{row.checked:,}",
        _percent(row.share),
        _percent(row.allowed),
    )
